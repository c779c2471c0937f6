// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/ltv/fit.h"
#include "analysis/ltv/patterns.h"
#include "analysis/ltv/spend.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "random/distributions.h"
#include "scale/double_key.h"
#include "scale/quantile.h"

/* The purpose of the draws; the subject is the number of the replicate. */
enum { DRAWS = 1 };

struct bootstrap {
    const struct emp_ltv_work *work;
    const struct emp_ltv_values *values;
    const struct emp_ltv_groups *groups;
    size_t replicates;
    uint64_t *equity; /* of each group, then of each replicate, as keys; those that have none: */
    uint8_t *failed;
};

bool emp__ltv_can_draw(const struct emp_ltv_work *work)
{
    return work->params->bootstrap > 0 && work->chosen < work->fit_count;
}

/* What a replicate works on. */
struct draw {
    double *customers;  /* how often each of the calibration counts, times its weight */
    double *patterns;   /* the same of their patterns */
    double *discounted; /* of the patterns that are valued */
};

static void free_draw(struct draw *draw)
{
    free(draw->customers);
    free(draw->patterns);
    free(draw->discounted);
}

static emp_status new_draw(const struct bootstrap *b, struct draw *out, emp_error *error)
{
    emp_status status =
        emp__new_array(&out->customers, b->work->calibration.count, sizeof *out->customers, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&out->patterns, b->work->calibrated.count, sizeof *out->patterns, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->discounted, b->values->patterns.count,
                                sizeof *out->discounted, error);
    return status;
}

static void draw_customers(const struct bootstrap *b, size_t replicate, struct draw *draw)
{
    const struct emp_ltv_sample *sample = &b->work->calibration;
    struct emp_stream stream;
    emp__stream_open(&stream, b->work->input->seed, DRAWS, replicate);
    for (size_t i = 0; i < sample->count; i++) {
        double weight = sample->weight ? sample->weight[i] : 1.0;
        draw->customers[i] = weight * (double)emp__stream_poisson(&stream, 1.0);
        draw->patterns[b->work->calibrated.pattern[i]] += draw->customers[i];
    }
}

/* Fits the chosen model and the spend to a draw, on one thread; *rule is that of the run before. */
static emp_status fit_again(const struct bootstrap *b, const struct draw *draw,
                            struct emp_ltv_rule *rule, emp_error *error)
{
    struct emp_lifetime_data data = emp__ltv_data(&b->work->calibrated);
    struct emp_lifetime_fit fit;
    struct emp_ltv_spend spend;
    data.weight = draw->patterns;
    emp_status status = emp__ltv_fit_model(b->work, rule->model, &data, 1, &fit, error);
    if (status == EMP_OK)
        status = emp__ltv_fit_spend(b->work, draw->customers, 1, &spend, error);
    if (status != EMP_OK)
        return status;
    memcpy(rule->parameter, fit.parameter, sizeof rule->parameter);
    rule->status = fit.status;
    emp__ltv_spend_rule(&spend, rule);
    return EMP_OK;
}

/* The groups' sums under a rule, added up in order of id. */
static void add_up(const struct bootstrap *b, const struct emp_ltv_values *values,
                   const double *discounted, double *sums)
{
    const struct emp_ltv_sample *sample = &b->work->observation;
    for (size_t i = 0; i < sample->count; i++) {
        uint32_t customer = sample->customer[i];
        double weight = sample->weight ? sample->weight[i] : 1.0;
        double value = weight * discounted[values->pattern[customer]] *
                       emp__ltv_spend_of(values, customer).value;
        for (size_t g = 0; g < b->groups->groupings && !isnan(value); g++) {
            uint32_t group = b->groups->members[g][i];
            if (group != EMP_LTV_NO_GROUP)
                sums[group] += value;
        }
    }
}

static emp_status value_again(const struct bootstrap *b, const struct draw *draw,
                              const struct emp_ltv_rule *rule, size_t replicate, emp_error *error)
{
    struct emp_ltv_values values = *b->values;
    double *sums = NULL;
    emp_status status = emp__new_array(&sums, b->groups->count, sizeof *sums, error);
    if (status != EMP_OK)
        return status;
    values.rule = *rule;
    emp__ltv_discounted(&values, draw->discounted);
    add_up(b, &values, draw->discounted, sums);
    for (size_t g = 0; g < b->groups->count; g++)
        b->equity[g * b->replicates + replicate] = emp__double_key(sums[g]);
    free(sums);
    return EMP_OK;
}

static emp_status run_replicate(void *user, size_t replicate, emp_error *error)
{
    const struct bootstrap *b = user;
    struct emp_ltv_rule rule = b->values->rule;
    struct draw draw = {.customers = NULL};
    emp_status status = new_draw(b, &draw, error);
    if (status == EMP_OK) {
        draw_customers(b, replicate, &draw);
        status = fit_again(b, &draw, &rule, error);
    }
    if (status == EMP_OK && rule.status == EMP_LIFETIME_NO_DATA)
        b->failed[replicate] = 1;
    else if (status == EMP_OK)
        status = value_again(b, &draw, &rule, replicate, error);
    free_draw(&draw);
    return status;
}

/* Replicates that failed are left out. */
static struct emp_ltv_interval interval_of(const struct bootstrap *b, size_t group)
{
    uint64_t *keys = b->equity + group * b->replicates;
    double rest = 0.5 * (1.0 - b->values->rule.confidence);
    size_t n = 0;
    for (size_t r = 0; r < b->replicates; r++)
        if (!b->failed[r])
            keys[n++] = keys[r];
    if (n == 0)
        return (struct emp_ltv_interval){NAN, NAN};
    return (struct emp_ltv_interval){emp__quantile(keys, n, rest),
                                     emp__quantile(keys, n, 1.0 - rest)};
}

emp_status emp__ltv_bootstrap(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                              const struct emp_ltv_groups *groups, struct emp_ltv_interval *out,
                              emp_error *error)
{
    struct bootstrap b = {.work = work,
                          .values = values,
                          .groups = groups,
                          .replicates = (size_t)work->params->bootstrap};
    emp_status status =
        emp__new_array(&b.equity, groups->count * b.replicates, sizeof *b.equity, error);
    if (status == EMP_OK)
        status = emp__new_array(&b.failed, b.replicates, 1, error);
    if (status == EMP_OK)
        status = emp__parallel(work->input->threads, b.replicates, run_replicate, &b, error);
    for (size_t g = 0; g < groups->count && status == EMP_OK; g++)
        out[g] = interval_of(&b, g);
    free(b.equity);
    free(b.failed);
    return status;
}
