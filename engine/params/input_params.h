// SPDX-License-Identifier: Apache-2.0
/*
 * The parameters that every run has, whatever it analyses: where the records come from and what
 * their columns mean (`input`), where the results go (`output`), and the keys at the top.
 */
#ifndef EMP_PARAMS_INPUT_PARAMS_H
#define EMP_PARAMS_INPUT_PARAMS_H

#include "params/conditions.h"
#include "params/roles.h"
#include "params/text_format.h"
#include "text/record.h" /* EMP_DELIMITER_BLANKS */

enum emp_returns { EMP_RETURNS_NET, EMP_RETURNS_SEPARATE, EMP_RETURNS_DROP, EMP_RETURNS_REJECT };
enum emp_missing_customer { EMP_MISSING_REJECT, EMP_MISSING_DROP };

/* `input.customers`: files with a row for each customer, whose columns the analyses name. */
struct emp_customer_file_params {
    struct emp_texts files;         /* none: there is no customers file */
    struct emp_column_ref customer; /* the column with the id */
    struct emp_text_format format;
    struct emp_texts missing; /* texts that say that there is no value */
};

struct emp_input_params {
    struct emp_texts files; /* none: there are no transactions */
    struct emp_roles columns;
    char *time_format; /* NULL: ISO 8601 */
    struct emp_text_format format;
    int64_t amount_decimals;
    int returns;
    struct emp_conditions where;
    int missing_customer;
    struct emp_customer_file_params customers;
    double max_bad_share;
    bool allow_empty;
};

/* Which of the two kinds of input there is; one of them at least. */
static inline bool emp__has_transactions(const struct emp_input_params *input)
{
    return input->files.count > 0;
}
static inline bool emp__has_customer_file(const struct emp_input_params *input)
{
    return input->customers.files.count > 0;
}

struct emp_output_params {
    char *folder;
};

struct emp_general_params {
    int64_t
        analysis_date; /* days since 1970-01-01; EMP_NO_DATE: the day after the last transaction */
    int64_t partitions;
    uint64_t memory;        /* bytes; 0: not given */
    char *temporary_folder; /* NULL: not given */
    int64_t seed;
};

extern const struct emp_schema emp__input_schema, emp__output_schema, emp__general_schema;

#endif
