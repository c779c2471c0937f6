// SPDX-License-Identifier: Apache-2.0
/*
 * Customer ids: any text, or digits, in one order and 8 bytes each.
 *
 * An id of 1 to 17 digits is its value and its length, so that "7" and "007" are different ids that
 * stand beside each other. Every other id is text. The order of ids, and so of every customer
 * table: digits by value, then by length; then texts byte by byte.
 */
#ifndef EMP_SOURCE_IDS_H
#define EMP_SOURCE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The word of a text id: this bit, and the offset of its bytes in `text`. */
#define EMP_ID_TEXT (UINT64_C(1) << 63)

/* The longest customer id; longer ones are rejected with their row. */
enum { EMP_ID_MAX = 255 };

struct emp_ids {
    size_t count;
    uint64_t *word; /* count words: value << 5 | length, or EMP_ID_TEXT | offset */
    char *text;     /* at an offset: one byte of length, then the bytes */
};

/* True, and the id's word in *out, if the `length` bytes are 1 to 17 digits. */
bool emp__id_number(const char *bytes, size_t length, uint64_t *out);

/* Prints an id of digits (a word without EMP_ID_TEXT) to `out` (24 bytes); returns its length. */
size_t emp__id_print_digits(uint64_t word, char *out);

/*
 * The bytes of id `i` and their number in *length. A number is printed into `scratch` (24 bytes);
 * the result points there or into the ids, and no zero byte follows it.
 */
const char *emp__id_bytes(const struct emp_ids *ids, size_t i, char *scratch, size_t *length);

/* The id with a zero byte behind it, in `out`, which is returned. */
char *emp__id_text(const struct emp_ids *ids, size_t i, char out[EMP_ID_MAX + 1]);

/* Less than, equal to or greater than 0 as id `a` of `x` stands before, at or behind `b` of `y`. */
int emp__id_compare(const struct emp_ids *x, size_t a, const struct emp_ids *y, size_t b);

/* Frees what the ids hold, not the struct, which is empty afterwards. Takes NULL. */
void emp__ids_free(struct emp_ids *ids);

#endif
