// SPDX-License-Identifier: Apache-2.0
#include "logistic/collinearity.h"

#include <math.h>
#include <string.h>

#include "logistic/dependence.h"

/* Below this a coefficient of terms of deviation 1 is 0 but for rounding. */
#define COEFFICIENT_LEAST 1e-9

struct collinearity {
    struct emp_pass pass;
    struct emp_dependence dependence;
    double *inverse, *relation;
};

static void carve(struct emp_carver *carver, struct collinearity *c)
{
    size_t columns = c->pass.walk.columns;
    emp__pass_carve(carver, &c->pass);
    emp__dependence_carve(carver, &c->dependence, columns);
    c->inverse = emp__carve(carver, columns, columns * sizeof(double));
    c->relation = emp__carve(carver, columns, sizeof(double));
}

size_t emp__collinearity_workspace(const struct emp_logistic_data *data, int threads)
{
    struct emp_carver carver = {0};
    struct collinearity c = {.pass.walk = emp__walk(data, threads, NULL)};
    carve(&carver, &c);
    return emp__carved(&carver);
}

/* (x_j - m_j) s_j is the sum of relation[k] (x_k - m_k) s_k, k < j, and relation[0]. */
static void write_relation(const struct collinearity *c, size_t j, double *out)
{
    const struct emp_standard *standard = &c->pass.standard;
    out[0] = standard->mean[j];
    if (!(standard->scale[j] > 0))
        return;
    emp__dependence_relation(&c->dependence, j, c->relation);
    double constant = c->relation[0];
    for (size_t k = 1; k < j; k++) {
        if (fabs(c->relation[k]) < COEFFICIENT_LEAST)
            continue;
        constant -= c->relation[k] * standard->scale[k] * standard->mean[k];
        out[k] = c->relation[k] * standard->scale[k] / standard->scale[j];
    }
    out[0] += constant / standard->scale[j];
}

static void write_inflation(const struct collinearity *c, double weight, double *out)
{
    size_t columns = c->pass.walk.columns;
    emp__symmetric_invert(&c->dependence.factor, c->inverse);
    for (size_t j = 1; j < columns; j++) {
        double inflation = fmax(1, weight * c->inverse[j * columns + j]);
        out[j - 1] = c->dependence.skipped[j] ? 0 : inflation;
    }
}

static void write_moments(const struct collinearity *c, const struct emp_collinearity *out)
{
    const struct emp_standard *standard = &c->pass.standard;
    for (size_t j = 1; j < c->pass.walk.columns; j++) {
        double scale = standard->scale[j];
        if (out->mean)
            out->mean[j - 1] = standard->mean[j];
        if (out->deviation)
            out->deviation[j - 1] = scale > 0 ? 1 / scale : 0;
    }
}

static void write_result(const struct collinearity *c, double weight, struct emp_collinearity *out)
{
    size_t columns = c->pass.walk.columns;
    out->dependent_terms = 0;
    if (out->relation)
        memset(out->relation, 0, (columns - 1) * columns * sizeof *out->relation);
    for (size_t j = 1; j < columns; j++) {
        bool dependent = c->dependence.skipped[j];
        out->dependent[j - 1] = dependent;
        out->dependent_terms += dependent;
        if (dependent && out->relation)
            write_relation(c, j, out->relation + (j - 1) * columns);
    }
    if (out->inflation)
        write_inflation(c, weight, out->inflation);
    write_moments(c, out);
}

enum emp_logistic_status emp__collinearity(const struct emp_logistic_data *data, int threads,
                                           struct emp_collinearity *out, void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct collinearity c = {.pass.walk = emp__walk(data, threads, NULL)};
    carve(&carver, &c);
    struct emp_census census = emp__pass_moments(&c.pass);
    out->term = census.term;
    if (census.term != EMP_LOGISTIC_NO_TERM)
        return EMP_LOGISTIC_RANGE;
    if (!(census.weight > 0))
        return EMP_LOGISTIC_EMPTY;
    emp__dependence(&c.pass, NULL, EMP_COLLINEARITY_TOLERANCE, &c.dependence);
    write_result(&c, census.weight, out);
    return EMP_LOGISTIC_CONVERGED;
}
