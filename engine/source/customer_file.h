// SPDX-License-Identifier: Apache-2.0
/*
 * The reading of the customers file: threads take chunks, take them apart record by record, and
 * decode the id and the columns that are named. Every customer goes to the sink of the history, as
 * a row without an amount, and its values wait until the customers are numbered
 * (features/attributes.h).
 */
#ifndef EMP_SOURCE_CUSTOMER_FILE_H
#define EMP_SOURCE_CUSTOMER_FILE_H

#include "source/attribute_rows.h"
#include "source/bad_rows.h"

struct emp_customer_file {
    struct emp_texts paths;
    struct emp_wanted_columns wanted; /* slot 0: the customer; then the columns, as requested */
    struct emp_chunk_reader *reader;
    struct emp_reject_log *rejects;
    uint64_t used, rejected; /* of the rows read; no other fate is there */
};

/* The columns besides the id, at most. */
enum { EMP_ATTRIBUTES_MAX = EMP_COLUMNS_MAX - 1 };

/* What is to be read. */
struct emp_customer_file_request {
    const struct emp_customer_file_params *params;
    const struct emp_attribute_column *columns; /* that are wanted */
    size_t column_count;                        /* up to EMP_ATTRIBUTES_MAX */
    const char *folder;                         /* relative file names start here */
    int threads;
    const emp_options *options;
};

/*
 * Reads everything into `sink` and `rows` (NULL: the values are not wanted), which are ended. A
 * field that is empty or one of the texts for missing values is missing; one that is no number or
 * no text, as its column wants, makes a bad row, which is in out->rejects and nowhere else. Texts
 * are taken as they are, blanks included. Errors are those of the files, of the sink, of the rows
 * and of memory. The caller releases *out with emp__customer_file_free(), also after a failure;
 * what the request points to must outlive it.
 */
emp_status emp__customer_file_read(const struct emp_customer_file_request *request,
                                   struct emp_attribute_rows *rows, const struct emp_row_sink *sink,
                                   struct emp_customer_file *out, emp_error *error);

/* Opens every file and finds the columns, without reading on. */
emp_status emp__customer_file_check(const struct emp_customer_file_request *request,
                                    struct emp_customer_file *out, emp_error *error);

void emp__customer_file_free(struct emp_customer_file *file);

/* Makes a row that was read a bad one, since its customer stands at `first` already; `rejected` and
   `used` are left to the caller. Each thread has its own number in [0, threads). */
emp_status emp__customer_file_repeated(const struct emp_customer_file *file, int thread,
                                       const struct emp_attribute_row *row, uint64_t first,
                                       emp_error *error);

#endif
