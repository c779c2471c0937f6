// SPDX-License-Identifier: Apache-2.0
/*
 * The parameters that every run has, whatever it analyses: where the records come from and what
 * their columns mean (`input`), where the results go (`output`), and the keys at the top.
 */
#ifndef EMP_PARAMS_INPUT_PARAMS_H
#define EMP_PARAMS_INPUT_PARAMS_H

#include "params/conditions.h"
#include "params/roles.h"
#include "text/record.h" /* EMP_DELIMITER_BLANKS */

enum emp_returns { EMP_RETURNS_NET, EMP_RETURNS_SEPARATE, EMP_RETURNS_DROP, EMP_RETURNS_REJECT };
enum emp_missing_customer { EMP_MISSING_REJECT, EMP_MISSING_DROP };

struct emp_input_params {
    struct emp_texts files;
    struct emp_roles columns;
    char *time_format; /* NULL: ISO 8601 */
    char delimiter;    /* one byte; EMP_DELIMITER_BLANKS: runs of blanks */
    char decimal;
    char thousands; /* 0: none */
    char *encoding;
    bool header;
    int64_t amount_decimals;
    int returns;
    struct emp_conditions where;
    int missing_customer;
    double max_bad_share;
    bool allow_empty;
};

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
