// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/scores.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "lifetime/bgnbd.h"
#include "random/portable_math.h"

/* A value of a customer who has a pattern and a model; NaN: there is none. */
typedef double value_of(const struct emp_ltv_values *values, uint32_t customer);

static const struct emp_lifetime_outlook *outlook_of(const struct emp_ltv_values *values,
                                                     uint32_t customer)
{
    return &values->outlook[values->pattern[customer]];
}

/* One end of an interval of the logarithm. */
static double end_of(double value, double error, double reach)
{
    double end = value * emp__exp(reach * error);
    return isfinite(end) ? end : NAN;
}

static double p_alive(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->p_alive;
}

static double p_alive_horizon(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->p_alive_later;
}

static double p_alive_mbgnbd(const struct emp_ltv_values *values, uint32_t customer)
{
    return values->p_alive_mbgnbd[values->pattern[customer]];
}

static double p_no_purchase(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->no_purchase;
}

static double expected(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->expected;
}

static double expected_lo(const struct emp_ltv_values *values, uint32_t customer)
{
    const struct emp_lifetime_outlook *outlook = outlook_of(values, customer);
    return end_of(outlook->expected, outlook->expected_error, -values->reach);
}

static double expected_hi(const struct emp_ltv_values *values, uint32_t customer)
{
    const struct emp_lifetime_outlook *outlook = outlook_of(values, customer);
    return end_of(outlook->expected, outlook->expected_error, values->reach);
}

static double expected_spend(const struct emp_ltv_values *values, uint32_t customer)
{
    return emp__ltv_spend_of(values, customer).value;
}

static double clv(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->discounted * emp__ltv_spend_of(values, customer).value;
}

/* The models of purchases and of spend are fitted apart: their errors are independent. */
static double clv_end(const struct emp_ltv_values *values, uint32_t customer, double reach)
{
    const struct emp_lifetime_outlook *outlook = outlook_of(values, customer);
    struct emp_ltv_spend_value spend = emp__ltv_spend_of(values, customer);
    double error =
        sqrt(outlook->discounted_error * outlook->discounted_error + spend.error * spend.error);
    double value = outlook->discounted * spend.value;
    /* A margin may be negative, and then the larger end is the lower one. */
    return end_of(value, error, value < 0.0 ? -reach : reach);
}

static double clv_lo(const struct emp_ltv_values *values, uint32_t customer)
{
    return clv_end(values, customer, -values->reach);
}

static double clv_hi(const struct emp_ltv_values *values, uint32_t customer)
{
    return clv_end(values, customer, values->reach);
}

static double clv_unlimited(const struct emp_ltv_values *values, uint32_t customer)
{
    return outlook_of(values, customer)->unlimited * emp__ltv_spend_of(values, customer).value;
}

/* --- The columns --- */

/* What the columns work on; kept by the table. */
struct column {
    const char *name;
    value_of *value;
};

static const struct column columns[] = {
    {"p_alive", p_alive},
    {"p_alive_horizon", p_alive_horizon},
    {"p_alive_mbgnbd", p_alive_mbgnbd},
    {"p_no_purchase", p_no_purchase},
    {"expected_purchases", expected},
    {"expected_purchases_lo", expected_lo},
    {"expected_purchases_hi", expected_hi},
    {"expected_spend", expected_spend},
    {"clv", clv},
    {"clv_lo", clv_lo},
    {"clv_hi", clv_hi},
    {"clv_unlimited", clv_unlimited},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct source {
    const struct emp_ltv_values *values;
    value_of *value;
};

struct kept {
    struct emp_ltv_values values;
    struct source sources[COLUMNS];
};

static void reals(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct source *column = source;
    const struct emp_ltv_values *values = column->values;
    double *real = out;
    for (size_t i = 0; i < count; i++) {
        bool has = values->outlook && values->pattern[rows[i]] != EMP_LTV_NO_PATTERN;
        real[i] = has ? column->value(values, rows[i]) : NAN;
    }
}

static void repeats(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_ltv_values *values = source;
    int64_t *x = out;
    for (size_t i = 0; i < count; i++) {
        uint32_t pattern = values->pattern[rows[i]];
        x[i] = pattern == EMP_LTV_NO_PATTERN ? EMP_MISSING : values->patterns.x[pattern];
    }
}

static void times(const struct emp_ltv_values *values, const double *time, const uint32_t *rows,
                  size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t pattern = values->pattern[rows[i]];
        out[i] = pattern == EMP_LTV_NO_PATTERN ? NAN : time[pattern];
    }
}

static void last_times(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_ltv_values *values = source;
    times(values, values->patterns.t_x, rows, count, out);
}

static void ages(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_ltv_values *values = source;
    times(values, values->patterns.age, rows, count, out);
}

static void pasts(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_ltv_values *values = source;
    double *past = out;
    for (size_t i = 0; i < count; i++)
        past[i] = values->past[rows[i]];
}

static enum emp_ltv_word word_of(const struct emp_ltv_values *values, uint32_t customer)
{
    uint32_t pattern = values->pattern[customer];
    if (pattern == EMP_LTV_NO_PATTERN)
        return EMP_LTV_NO_PURCHASE;
    if (!values->outlook)
        return EMP_LTV_NO_MODEL;
    if (values->contract && values->patterns.ended[pattern])
        return EMP_LTV_ENDED;
    enum emp_ltv_word spend = emp__ltv_spend_of(values, customer).status;
    if (spend != EMP_LTV_OK)
        return spend;
    bool once = values->rule.model == &emp__bgnbd && values->patterns.x[pattern] == 0;
    return once ? EMP_LTV_ALIVE_BY_CONSTRUCTION : EMP_LTV_OK;
}

static void words(const void *source, const uint32_t *rows, size_t count, void *out)
{
    uint16_t *word = out;
    for (size_t i = 0; i < count; i++)
        word[i] = (uint16_t)word_of(source, rows[i]);
}

/* x, t_x and age, which contracts do not have. */
static emp_status add_facts(const struct emp_ltv_values *values, struct emp_table *table,
                            emp_error *error)
{
    const struct emp_column facts[] = {
        {.name = "x", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I64, .compute = repeats},
        {.name = "t_x", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64, .compute = last_times},
        {.name = "age", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64, .compute = ages},
    };
    size_t count = values->contract ? 1 : 3;
    emp_status status = EMP_OK;
    for (size_t c = 0; c < count && status == EMP_OK; c++) {
        struct emp_column column = facts[c];
        column.source = values;
        status = emp__table_add(table, column, NULL, error);
    }
    return status;
}

static emp_status add_values(struct kept *kept, struct emp_table *table, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t c = 0; c < COLUMNS && status == EMP_OK; c++) {
        if (columns[c].value == p_alive_mbgnbd && !kept->values.p_alive_mbgnbd)
            continue;
        kept->sources[c] = (struct source){&kept->values, columns[c].value};
        status = emp__table_add(table,
                                (struct emp_column){.name = columns[c].name,
                                                    .type = EMP_COLUMN_REAL,
                                                    .storage = EMP_STORE_F64,
                                                    .compute = reals,
                                                    .source = &kept->sources[c]},
                                NULL, error);
    }
    return status;
}

/* What a history has brought; a table of numbers does not tell. */
static emp_status add_past(const struct emp_ltv_values *values, struct emp_table *table,
                           emp_error *error)
{
    const struct emp_column column = {.name = "historic_value",
                                      .type = EMP_COLUMN_REAL,
                                      .storage = EMP_STORE_F64,
                                      .compute = pasts,
                                      .source = values};
    return values->past ? emp__table_add(table, column, NULL, error) : EMP_OK;
}

static emp_status add_status(const struct emp_ltv_values *values, struct emp_table *table,
                             emp_error *error)
{
    emp_status status = emp__table_add(table,
                                       (struct emp_column){.name = "ltv_status",
                                                           .type = EMP_COLUMN_TEXT,
                                                           .storage = EMP_STORE_LABEL,
                                                           .compute = words,
                                                           .source = values},
                                       NULL, error);
    return status == EMP_OK ? emp__table_labels(table, emp__ltv_value_words, EMP_LTV_WORDS, error)
                            : status;
}

/* What the table owns and its columns work on. */
static emp_status new_kept(struct emp_table *table, struct kept **out, emp_error *error)
{
    struct kept *kept = NULL;
    emp_status status = emp__new_array(&kept, 1, sizeof *kept, error);
    if (status != EMP_OK)
        return status;
    status = emp__table_keep(table, kept, error);
    if (status != EMP_OK)
        free(kept);
    *out = kept;
    return status;
}

emp_status emp__ltv_customer_columns(struct emp_ltv_work *work, struct emp_table *table,
                                     const struct emp_ltv_values **values, emp_error *error)
{
    struct kept *kept = NULL;
    emp_status status = new_kept(table, &kept, error);
    if (status == EMP_OK)
        status = emp__ltv_values(work, &kept->values, error);
    if (status == EMP_OK)
        status = add_facts(&kept->values, table, error);
    if (status == EMP_OK)
        status = add_values(kept, table, error);
    if (status == EMP_OK)
        status = add_past(&kept->values, table, error);
    if (status == EMP_OK)
        status = add_status(&kept->values, table, error);
    if (status == EMP_OK)
        *values = &kept->values;
    return status;
}
