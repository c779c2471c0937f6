// SPDX-License-Identifier: Apache-2.0
/*
 * The parameters that every run has, whatever it analyses: where the records come from and what
 * their columns mean (`input`), where the results go (`output`), and the keys at the top.
 */
#ifndef EMP_PARAMS_INPUT_PARAMS_H
#define EMP_PARAMS_INPUT_PARAMS_H

#include "params/schema.h"

/* A column of an input file: by its header name or by its number, counted from 1. */
struct emp_column_ref {
    char *name;     /* as written; NULL: the role is not mapped */
    int64_t number; /* the name as a number, or 0 */
    struct emp_place place;
};

/* Which column plays which role. `amount` is either one column or price x quantity. */
struct emp_roles {
    struct emp_column_ref customer, time, amount, price, price_quantity;
    struct emp_column_ref order, product, quantity, channel, cost;
};

enum emp_condition_kind {
    EMP_WHERE_EQ,
    EMP_WHERE_NE,
    EMP_WHERE_LT,
    EMP_WHERE_LE,
    EMP_WHERE_GT,
    EMP_WHERE_GE,
    EMP_WHERE_IN,
    EMP_WHERE_NOT_IN,
    EMP_WHERE_STARTS_WITH,
    EMP_WHERE_NOT_STARTS_WITH,
    EMP_WHERE_EMPTY
};

/* One condition of `where`; a row is kept if it meets all of them. */
struct emp_condition {
    struct emp_column_ref column;
    enum emp_condition_kind kind;
    struct emp_texts operands; /* texts to compare with; one but for IN and NOT_IN */
    bool empty;                /* EMPTY: what the emptiness of the field must be */
    int64_t mantissa;          /* LT .. GE: the operand as mantissa x 10^-scale */
    int scale;
};

struct emp_conditions {
    struct emp_condition *items;
    size_t count;
};

enum emp_returns { EMP_RETURNS_NET, EMP_RETURNS_SEPARATE, EMP_RETURNS_DROP, EMP_RETURNS_REJECT };
enum emp_missing_customer { EMP_MISSING_REJECT, EMP_MISSING_DROP };

/* The delimiter that stands for runs of blanks. */
#define EMP_DELIMITER_BLANKS ' '

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
    int64_t seed;
};

extern const struct emp_schema emp__input_schema, emp__output_schema, emp__general_schema;

#endif
