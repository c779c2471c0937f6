// SPDX-License-Identifier: Apache-2.0
/*
 * Synthetic purchase histories: customers who buy, stay and spend as the models of the field say,
 * written as a CSV file of any size.
 *
 * The same options give the same bytes on every machine and for any number of threads (compressed
 * files: the same bytes when unpacked, and the same bytes for one version of zlib or libzstd).
 */
#ifndef EMPTOR_GENERATE_H
#define EMPTOR_GENERATE_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/options.h>
#include <emptor/status.h>
#include <emptor/visibility.h>

/* The ways in which a row can be broken on purpose: name, text. */
#define EMP_FAULT_LIST(X)                                                                          \
    X(EMP_FAULT_BAD_DATE, "bad_date")                 /* month 13 */                               \
    X(EMP_FAULT_BAD_AMOUNT, "bad_amount")             /* a letter in the amount */                 \
    X(EMP_FAULT_HUGE_AMOUNT, "huge_amount")           /* more than 64 bits hold */                 \
    X(EMP_FAULT_MISSING_AMOUNT, "missing_amount")     /* an empty field */                         \
    X(EMP_FAULT_MISSING_CUSTOMER, "missing_customer") /* an empty field */                         \
    X(EMP_FAULT_MISSING_FIELD, "missing_field")       /* the last field and its delimiter */       \
    X(EMP_FAULT_EXTRA_FIELD, "extra_field")           /* one more than the header has */           \
    X(EMP_FAULT_STRAY_QUOTE, "stray_quote")           /* a quote inside the amount */              \
    X(EMP_FAULT_BAD_TEXT, "bad_text")                 /* bytes that are not UTF-8 in the id */     \
    X(EMP_FAULT_OPEN_QUOTE, "open_quote")             /* the last record never ends */

typedef enum emp_fault {
#define EMP_FAULT_ENUM(name, text) name,
    EMP_FAULT_LIST(EMP_FAULT_ENUM)
#undef EMP_FAULT_ENUM
        EMP_FAULT_COUNT
} emp_fault;

/* "bad_date" and so on; a static string. */
EMP_API const char *emp_fault_text(emp_fault fault);

/* What a generated file holds. `rows` = good rows + `dirty_rows`, without the header. */
typedef struct emp_generate_report {
    uint64_t customers;
    uint64_t orders; /* purchases, returns not counted */
    uint64_t rows;
    uint64_t return_rows; /* good rows with a negative amount */
    uint64_t dirty_rows;
    uint64_t faults[EMP_FAULT_COUNT]; /* the dirty rows by fault */
    uint64_t bytes;                   /* before compression, with the header */
    int64_t amount_minor;             /* the sum of all good rows */
} emp_generate_report;

/*
 * Writes a history to `out_path`: "-" is standard output; names that end in .gz and .zst are
 * compressed. A file appears under its name when it is complete and synced, or not at all (devices
 * and pipes are written as they are).
 *
 * `options_path` names a YAML file (see emp_generate_reference()); NULL stands for the defaults.
 * `sets` are `set_count` overrides "KEY=VALUE". `options` may be NULL; its `progress` is told the
 * rows and bytes written so far. *report is untouched on failure and may be NULL.
 */
EMP_API emp_status emp_generate(const char *options_path, const char *const *sets, size_t set_count,
                                const char *out_path, const emp_options *options,
                                emp_generate_report *report, emp_error *error);

/* The reference of the generator's options as Markdown in *out, to be released with free(). */
EMP_API emp_status emp_generate_reference(char **out, emp_error *error);

#endif
