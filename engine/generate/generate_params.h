// SPDX-License-Identifier: Apache-2.0
/* The options of a synthetic history, from a YAML file of their own. */
#ifndef EMP_GENERATE_PARAMS_H
#define EMP_GENERATE_PARAMS_H

#include "params/schema.h"

enum emp_dropout {
    EMP_DROPOUT_GEOMETRIC,
    EMP_DROPOUT_MODIFIED,
    EMP_DROPOUT_EXPONENTIAL,
    EMP_DROPOUT_NONE
};
enum emp_row_order { EMP_ORDER_TIME, EMP_ORDER_CUSTOMER, EMP_ORDER_SHUFFLED };
enum emp_id_style { EMP_IDS_INTEGER, EMP_IDS_TEXT };
enum emp_time_style { EMP_TIMES_DATE, EMP_TIMES_DATETIME };
enum emp_column_set { EMP_COLUMNS_FULL, EMP_COLUMNS_MINIMAL };

/* Names with weights, in the order of the file. */
struct emp_weighted_names {
    char **names;
    double *weights;
    uint32_t count;
};

/* Weights for the parts of a cycle; count 0: no season. */
struct emp_factors {
    double values[12];
    size_t count;
};

struct emp_generate_params {
    int64_t customers, seed, start, end;
    double purchase_shape, purchase_scale;
    int64_t purchase_most;
    int dropout;
    double dropout_a, dropout_b, dropout_shape, dropout_scale;
    double acquisition_share;
    double spend_p, spend_q, spend_gamma;
    int64_t spend_decimals;
    double basket_lines, basket_quantity;
    int64_t products;
    double products_exponent, cost_low, cost_high;
    struct emp_weighted_names channels;
    struct emp_factors months, weekdays;
    double returns_share, returns_delay;
    double dirty_share;
    struct emp_texts dirty_faults;
    bool dirty_open_quote;
    double quoted_rows, quoted_products;
    int columns, ids, times, order, delimiter;
};

extern const struct emp_schema emp__generate_schema;

/* The number of the fault of that name, or -1. */
int emp__fault_find(const char *name);

#endif
