// SPDX-License-Identifier: Apache-2.0
#include "features/preparation.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/blocks.h"
#include "random/portable_math.h"
#include "scale/rank_table.h"
#include "scale/yeo_johnson.h"

typedef enum emp_problem_kind step(const struct emp_prepared *prepared, double value, double *out);

enum emp_problem_kind emp__prepare_clean(const struct emp_prepared *prepared, double value,
                                         double *out)
{
    if (isnan(value)) {
        if (prepared->recipe.steps.missing.how == EMP_FILL_REJECT)
            return EMP_PROBLEM_MISSING;
        value = prepared->fill;
    }
    if (!(fabs(value) <= EMP_VALUE_MAX))
        return isinf(value) ? EMP_PROBLEM_INFINITE : EMP_PROBLEM_HUGE;
    value = value < prepared->low ? prepared->low : value;
    value = value > prepared->high ? prepared->high : value;
    *out = value + 0.0; /* there is one zero */
    return EMP_PROBLEM_NONE;
}

enum emp_problem_kind emp__prepare_curve(const struct emp_prepared *prepared, double value,
                                         double *out)
{
    enum emp_problem_kind kind = emp__prepare_clean(prepared, value, &value);
    if (kind != EMP_PROBLEM_NONE)
        return kind;
    switch (prepared->recipe.steps.transform) {
    case EMP_TRANSFORM_LOG1P:
        if (value <= -1.0)
            return EMP_PROBLEM_LOG1P;
        value = emp__log1p(value);
        break;
    case EMP_TRANSFORM_SQRT:
        if (value < 0.0)
            return EMP_PROBLEM_SQRT;
        value = sqrt(value);
        break;
    case EMP_TRANSFORM_RANK:
        value = emp__rank_at(prepared->knots, prepared->heights, prepared->knot_count, value);
        break;
    case EMP_TRANSFORM_YEO_JOHNSON:
        value = emp__yeo_johnson(value, prepared->lambda);
        break;
    default:
        break;
    }
    *out = value;
    return EMP_PROBLEM_NONE;
}

/* All four steps. */
static enum emp_problem_kind make_ready(const struct emp_prepared *prepared, double value,
                                        double *out)
{
    enum emp_problem_kind kind = emp__prepare_curve(prepared, value, &value);
    if (kind != EMP_PROBLEM_NONE)
        return kind;
    if (prepared->constant && prepared->recipe.steps.scale != EMP_SCALE_NONE)
        value = 0.0;
    else
        value = (value - prepared->shift) / prepared->divisor;
    if (!(fabs(value) <= EMP_PREPARED_MAX))
        return EMP_PROBLEM_TOO_LARGE;
    *out = value + 0.0;
    return EMP_PROBLEM_NONE;
}

struct each {
    const struct emp_prepared *prepared;
    step *step;
    const double *values;
    struct emp_prepare_output output;
    atomic_bool failed;
};

static void step_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    struct each *each = user;
    bool failed = false;
    double *out = each->output.out + first * each->output.stride;
    for (size_t i = 0; i < count; i++, out += each->output.stride)
        failed |= each->step(each->prepared, each->values[first + i], out) != EMP_PROBLEM_NONE;
    if (failed)
        atomic_store(&each->failed, true);
}

static struct emp_prepare_problem first_problem(const struct each *each, size_t row,
                                                enum emp_problem_kind kind)
{
    struct emp_prepare_problem problem = {.kind = kind, .row = row, .value = each->values[row]};
    problem.filled = isnan(problem.value);
    if (problem.filled)
        problem.value = each->prepared->fill;
    return problem;
}

/* The first row with a problem, and how many rows have one of its kind. */
static struct emp_prepare_problem find_problem(const struct each *each, size_t n)
{
    struct emp_prepare_problem problem = {.kind = EMP_PROBLEM_NONE};
    for (size_t i = 0; i < n; i++) {
        double ignored;
        enum emp_problem_kind kind = each->step(each->prepared, each->values[i], &ignored);
        if (kind == EMP_PROBLEM_NONE)
            continue;
        if (problem.kind == EMP_PROBLEM_NONE)
            problem = first_problem(each, i, kind);
        problem.count += kind == problem.kind;
    }
    return problem;
}

emp_status emp__prepare_each(const struct emp_prepared *prepared, step *each_step,
                             struct emp_prepare_input input, struct emp_prepare_output output,
                             struct emp_prepare_problem *problem)
{
    enum { BLOCK = 4096 };
    struct each each = {
        .prepared = prepared, .step = each_step, .values = input.values, .output = output};
    emp__blocks(input.threads, input.n, BLOCK, step_block, &each);
    if (!atomic_load(&each.failed))
        return EMP_OK;
    *problem = find_problem(&each, input.n);
    return EMP_ERR_DATA;
}

emp_status emp__prepare_apply(const struct emp_prepared *prepared, struct emp_prepare_input input,
                              struct emp_prepare_output output, struct emp_prepare_problem *problem,
                              emp_error *error)
{
    struct emp_prepare_problem found;
    if (emp__prepare_each(prepared, make_ready, input, output, &found) == EMP_OK)
        return EMP_OK;
    if (problem)
        *problem = found;
    return emp__prepare_fail(&prepared->recipe, &found, NULL, error);
}

void emp__prepared_free(struct emp_prepared *prepared)
{
    free(prepared->recipe.name);
    free(prepared->knots);
    free(prepared->heights);
    *prepared = (struct emp_prepared){0};
}
