// SPDX-License-Identifier: Apache-2.0
/*
 * Where the bytes stand that structure a text (delimiters, line feeds, quotes), and how often a
 * byte occurs. Every variant gives the same results.
 *
 * All but the plain variant read up to EMP_TEXT_SLACK bytes behind the text and never write there.
 * Cost: one pass over the text and 4 bytes written for each offset. On rows of three fields (three
 * offsets in 26 bytes) a core at 2.8 GHz scans, in GB/s: plain 1.5, portable 5.5, avx2 13, avx512
 * 15, avx512_vbmi2 20; it counts a byte at more than 60, which is the cache's speed.
 */
#ifndef EMP_TEXT_SCAN_H
#define EMP_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/batch.h"
#include "text/lines.h"
#include "text/slack.h"

/* Entries that a scan may use as scratch behind those that it returns. */
#define EMP_SCAN_SPARE 64

/*
 * Writes the offsets of every byte of `text` that equals set[0], set[1], set[2] or set[3] (repeat a
 * byte to ask for fewer), ascending; returns how many. length < 2^32; `out` has room for length +
 * EMP_SCAN_SPARE entries, those behind the returned ones being undefined.
 */
typedef size_t emp_scan_fn(const char *text, size_t length, const char set[4], uint32_t *out);

/* How often `byte` occurs. */
typedef size_t emp_count_fn(const char *text, size_t length, char byte);

/*
 * Text whose fields may be quoted, by the rules of text/record.h. `inside` says that the text
 * begins inside quotes; otherwise it begins with a field.
 */
struct emp_quoted_text {
    const char *text;
    size_t length;
    char delimiter;
    bool inside;
};

/* How far the text is well-formed, and what it is up to there. */
struct emp_quoted_extent {
    size_t valid;  /* the first byte that cannot stand where it does, or the length */
    size_t end;    /* behind the last line feed outside quotes before that; 0: there is none */
    bool inside;   /* if all is valid: it ends inside quotes */
    size_t marked; /* delimiters and line feeds outside quotes before `valid` */
};

/*
 * Writes the offsets of those delimiters and line feeds, as a scan does. Every record that ends at
 * a line feed among them is well-formed.
 */
typedef struct emp_quoted_extent emp_scan_quoted_fn(const struct emp_quoted_text *text,
                                                    uint32_t *out);

/* The same without writing; `marked` is not counted. */
typedef struct emp_quoted_extent emp_measure_quoted_fn(const struct emp_quoted_text *text);

struct emp_text_kernels {
    const char *name;
    emp_scan_fn *scan;
    emp_count_fn *count;
    emp_scan_quoted_fn *scan_quoted;
    emp_measure_quoted_fn *measure_quoted;
    const struct emp_batch_kernels *batch;
    emp_lines_fn *lines; /* NULL: this variant has none */
};

extern const struct emp_text_kernels emp__text_plain, emp__text_portable;
#if defined(__x86_64__)
extern const struct emp_text_kernels emp__text_avx2;
extern const struct emp_text_kernels emp__text_avx512;       /* F and BW */
extern const struct emp_text_kernels emp__text_avx512_vbmi2; /* and VBMI, VBMI2 */
#endif

/*
 * The fastest kernels that this machine runs if `name` is NULL, or else those of that name
 * ("plain", "portable", "avx2", "avx512", "avx512_vbmi2"); NULL if they are unknown, or cannot run
 * here.
 */
const struct emp_text_kernels *emp__text_kernels(const char *name);

#endif
