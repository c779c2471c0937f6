// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/equity.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/bootstrap.h"
#include "analysis/ltv/groups.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/store.h"
#include "sink/table_fields.h"

enum { MOST = EMP_LIFETIME_PARAMETERS, BLOCK = 1 << 15 };

/* The sums of a group. */
struct sums {
    double customers; /* their weights */
    double equity, expected;
    double gradient[MOST], spend_gradient[MOST];
};

struct row {
    const char *grouping, *group;
    double customers;
    double equity, low, high, share, mean, expected;
    double drawn_low, drawn_high; /* by the bootstrap; NaN: it was not asked for */
};

static const struct emp_table_field fields[] = {
    {"grouping", EMP_FIELD_TEXT, offsetof(struct row, grouping)},
    {"group", EMP_FIELD_TEXT, offsetof(struct row, group)},
    {"customers", EMP_FIELD_REAL, offsetof(struct row, customers)},
    {"expected_purchases", EMP_FIELD_REAL, offsetof(struct row, expected)},
    {"equity", EMP_FIELD_REAL, offsetof(struct row, equity)},
    {"equity_lo", EMP_FIELD_REAL, offsetof(struct row, low)},
    {"equity_hi", EMP_FIELD_REAL, offsetof(struct row, high)},
    {"bootstrap_lo", EMP_FIELD_REAL, offsetof(struct row, drawn_low)},
    {"bootstrap_hi", EMP_FIELD_REAL, offsetof(struct row, drawn_high)},
    {"equity_share", EMP_FIELD_REAL, offsetof(struct row, share)},
    {"mean_clv", EMP_FIELD_REAL, offsetof(struct row, mean)},
    {.name = NULL},
};

struct equity {
    const struct emp_ltv_work *work;
    const struct emp_ltv_values *values;
    struct emp_ltv_groups groups;
    size_t blocks;
    struct sums *sums; /* by block, then by group; those of the first block are of all at last */
};

/* --- Sums --- */

/* A customer of the sample with this weight. One whose value does not exist counts, and adds
 * nothing. */
static struct sums sums_of(const struct emp_ltv_values *values, uint32_t customer, double weight)
{
    const struct emp_lifetime_outlook *outlook = &values->outlook[values->pattern[customer]];
    struct emp_ltv_spend_value spend = emp__ltv_spend_of(values, customer);
    double value = weight * outlook->discounted * spend.value;
    struct sums out = {.customers = weight, .expected = weight * outlook->expected};
    if (isnan(value))
        return out;
    out.equity = value;
    for (int p = 0; p < MOST; p++) {
        out.gradient[p] = value * outlook->gradient[p];
        out.spend_gradient[p] = value * spend.gradient[p];
    }
    return out;
}

static void add(struct sums *sum, const struct sums *more)
{
    sum->customers += more->customers;
    sum->equity += more->equity;
    sum->expected += more->expected;
    for (int p = 0; p < MOST; p++) {
        sum->gradient[p] += more->gradient[p];
        sum->spend_gradient[p] += more->spend_gradient[p];
    }
}

static emp_status sum_block(void *user, size_t block, emp_error *error)
{
    const struct equity *equity = user;
    const struct emp_ltv_sample *sample = &equity->work->observation;
    struct sums *sums = equity->sums + block * equity->groups.count;
    size_t end = (block + 1) * BLOCK < sample->count ? (block + 1) * BLOCK : sample->count;
    (void)error;
    for (size_t i = block * BLOCK; i < end; i++) {
        struct sums own =
            sums_of(equity->values, sample->customer[i], sample->weight ? sample->weight[i] : 1.0);
        for (size_t g = 0; g < equity->groups.groupings; g++) {
            uint32_t group = equity->groups.members[g][i];
            if (group != EMP_LTV_NO_GROUP)
                add(&sums[group], &own);
        }
    }
    emp__store_touched(equity->work->input->customers->store, BLOCK * sizeof(struct sums));
    return EMP_OK;
}

static emp_status sum_groups(struct equity *equity, emp_error *error)
{
    size_t groups = equity->groups.count;
    equity->blocks = (equity->work->observation.count + BLOCK - 1) / BLOCK;
    emp_status status =
        emp__new_array(&equity->sums, equity->blocks * groups, sizeof *equity->sums, error);
    if (status == EMP_OK)
        status =
            emp__parallel(equity->work->input->threads, equity->blocks, sum_block, equity, error);
    for (size_t block = 1; block < equity->blocks && status == EMP_OK; block++)
        for (size_t g = 0; g < groups; g++)
            add(&equity->sums[g], &equity->sums[block * groups + g]);
    return status;
}

/* --- The table --- */

static struct row row_of(const struct equity *equity, size_t g)
{
    const struct emp_ltv_rule *rule = &equity->values->rule;
    const struct emp_ltv_group *group = &equity->groups.groups[g];
    const struct sums *sums = &equity->sums[g];
    double purchases = emp__lifetime_error(sums->gradient, rule->covariance, MOST);
    double spend = emp__lifetime_error(sums->spend_gradient, rule->spend_covariance, MOST);
    double reach = equity->values->reach * sqrt(purchases * purchases + spend * spend);
    double all = equity->sums[0].equity;
    return (struct row){
        .grouping = group->grouping,
        .group = group->name,
        .customers = sums->customers,
        .equity = sums->equity,
        .low = sums->equity - reach,
        .high = sums->equity + reach,
        .share = all > 0.0 ? sums->equity / all : NAN,
        .mean = sums->equity / sums->customers,
        .expected = sums->expected,
        .drawn_low = NAN,
        .drawn_high = NAN,
    };
}

static emp_status add_intervals(const struct equity *equity, struct row *rows, emp_error *error)
{
    struct emp_ltv_interval *intervals = NULL;
    emp_status status = emp__new_array(&intervals, equity->groups.count, sizeof *intervals, error);
    if (status == EMP_OK)
        status =
            emp__ltv_bootstrap(equity->work, equity->values, &equity->groups, intervals, error);
    for (size_t g = 0; g < equity->groups.count && status == EMP_OK; g++) {
        rows[g].drawn_low = intervals[g].low;
        rows[g].drawn_high = intervals[g].high;
    }
    free(intervals);
    return status;
}

static emp_status list_rows(struct equity *equity, const struct emp_table *customers,
                            struct row **out, emp_error *error)
{
    emp_status status = emp__ltv_groups(equity->work, customers, &equity->groups, error);
    if (status == EMP_OK)
        status = sum_groups(equity, error);
    if (status == EMP_OK)
        status = emp__new_array(out, equity->groups.count, sizeof **out, error);
    for (size_t g = 0; g < equity->groups.count && status == EMP_OK; g++)
        (*out)[g] = row_of(equity, g);
    return status == EMP_OK && emp__ltv_can_draw(equity->work) ? add_intervals(equity, *out, error)
                                                               : status;
}

emp_status emp__ltv_equity(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                           struct emp_result *result, emp_error *error)
{
    struct equity equity = {.work = work, .values = values};
    bool has_value = values->outlook && values->rule.spend != EMP_LTV_NO_SPEND;
    struct emp_table *table = NULL;
    struct row *rows = NULL;
    emp_status status = EMP_OK;
    if (has_value && work->observation.count > 0)
        status = list_rows(&equity, emp__result_customers(result), &rows, error);
    if (status == EMP_OK)
        status = emp__result_add_table(result, "ltv_equity", equity.groups.count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields, (struct emp_table_items){rows, sizeof *rows},
                                       error);
    free(rows);
    free(equity.sums);
    emp__ltv_groups_free(work->input->customers->store, &equity.groups);
    return status;
}
