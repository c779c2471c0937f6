// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/number_format.h"

/* --- The list --- */

static double penalty_of(const struct emp_logistic_params *params, const char *name)
{
    const struct emp_named_reals *factors = &params->penalty_factors;
    size_t at = emp__named_find(factors->names, factors->count, name);
    return at < factors->count ? factors->values[at] : 1.0;
}

/* Takes over the texts of the term, also on failure. */
static emp_status add_term(struct emp_terms *terms, struct emp_term term, emp_error *error)
{
    emp_status status = EMP_OK;
    if (terms->count == EMP_TERMS_MAX)
        status = emp__fail(error, EMP_ERR_DATA,
                           "there are more than %d terms; '%s' is one of those with many",
                           EMP_TERMS_MAX, term.name);
    if (status == EMP_OK)
        status = emp__grow_array(&terms->items, &terms->capacity, terms->count + 1,
                                 sizeof *terms->items, error);
    if (status == EMP_OK) {
        terms->items[terms->count++] = term;
        return EMP_OK;
    }
    free(term.name);
    free(term.level);
    return status;
}

/* A term of one factor; `level` is copied. */
static emp_status add_factor(struct emp_terms *terms, const char *name, const char *level,
                             struct emp_term term, emp_error *error)
{
    term.factors = 1;
    term.group = terms->groups;
    emp_status status = emp__copy_text(&term.name, name, strlen(name), error);
    if (status == EMP_OK)
        status = emp__copy_text(&term.level, level, strlen(level), error);
    if (status == EMP_OK)
        return add_term(terms, term, error);
    free(term.name);
    return status;
}

/* "(1.5, 3]", and without end at the last one. */
static emp_status bin_name(const struct emp_curve *curve, size_t bin, char **out, emp_error *error)
{
    char low[32], high[32];
    int lows = (int)emp__format_double(curve->at[bin - 1], low);
    if (bin == curve->count)
        return emp__format_text(out, error, "above %.*s", lows, low);
    int highs = (int)emp__format_double(curve->at[bin], high);
    return emp__format_text(out, error, "(%.*s, %.*s]", lows, low, highs, high);
}

static emp_status add_bins(struct emp_terms *terms, const struct emp_number_code *code,
                           struct emp_term term, emp_error *error)
{
    emp_status status = EMP_OK;
    term.factor[0].kind = EMP_FACTOR_BIN;
    for (size_t bin = 1; bin <= code->curve.count && status == EMP_OK; bin++) {
        char *level = NULL;
        term.factor[0].index = (uint32_t)bin;
        status = bin_name(&code->curve, bin, &level, error);
        if (status == EMP_OK)
            status = add_factor(terms, code->prepared.recipe.name, level, term, error);
        free(level);
    }
    return status;
}

static emp_status add_number(struct emp_terms *terms, const struct emp_number_code *code,
                             struct emp_term term, emp_error *error)
{
    const char *name = code->prepared.recipe.name;
    term.unit = code->prepared.divisor;
    term.factor[0].kind = EMP_FACTOR_NUMBER;
    emp_status status = add_factor(terms, name, "", term, error);
    size_t bends = code->curve.kind == EMP_CURVE_SPLINE ? code->curve.count - 2 : 0;
    term.factor[0].kind = EMP_FACTOR_BEND;
    for (size_t bend = 0; bend < bends && status == EMP_OK; bend++) {
        char level[32];
        term.factor[0].index = (uint32_t)bend;
        snprintf(level, sizeof level, "spline %zu", bend + 1);
        status = add_factor(terms, name, level, term, error);
    }
    return status;
}

static emp_status add_levels(struct emp_terms *terms, const struct emp_category_code *code,
                             struct emp_term term, emp_error *error)
{
    emp_status status = EMP_OK;
    term.factor[0].kind = EMP_FACTOR_LEVEL;
    for (size_t l = 0; l < code->count && status == EMP_OK; l++) {
        if (l == code->reference)
            continue;
        term.factor[0].index = (uint32_t)l;
        status = add_factor(terms, code->name, code->level[l] ? code->level[l] : "(missing)", term,
                            error);
    }
    return status;
}

static emp_status multiply(struct emp_terms *terms, size_t a, size_t b, emp_error *error)
{
    struct emp_term one = terms->items[a], other = terms->items[b];
    struct emp_term term = {
        .factor = {one.factor[0], other.factor[0]},
        .factors = 2,
        .unit = one.unit * other.unit,
        .penalty = one.penalty * other.penalty,
        .group = terms->groups,
    };
    bool both = one.level[0] != '\0' && other.level[0] != '\0';
    emp_status status = emp__format_text(&term.name, error, "%s * %s", one.name, other.name);
    if (status == EMP_OK)
        status = emp__format_text(&term.level, error, "%s%s%s", one.level, both ? " * " : "",
                                  other.level);
    if (status == EMP_OK)
        return add_term(terms, term, error);
    free(term.name);
    return status;
}

static emp_status add_interaction(struct emp_terms *terms, const struct emp_interaction *pair,
                                  size_t mains, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t a = 0; a < mains; a++)
        for (size_t b = 0; b < mains && status == EMP_OK; b++)
            if (strcmp(terms->items[a].name, pair->name[0]) == 0 &&
                strcmp(terms->items[b].name, pair->name[1]) == 0)
                status = multiply(terms, a, b, error);
    terms->groups++;
    return status;
}

static emp_status add_mains(struct emp_terms *terms, const struct emp_logistic_params *params,
                            const struct emp_encoding *encoding, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t j = 0; j < encoding->numbers && status == EMP_OK; j++, terms->groups++) {
        const struct emp_number_code *code = &encoding->number[j];
        struct emp_term term = {.unit = 1.0,
                                .penalty = penalty_of(params, code->prepared.recipe.name),
                                .factor[0].column = (uint32_t)j};
        bool bins = code->curve.kind == EMP_CURVE_BINS;
        status = bins ? add_bins(terms, code, term, error) : add_number(terms, code, term, error);
    }
    for (size_t c = 0; c < encoding->categories && status == EMP_OK; c++, terms->groups++) {
        const struct emp_category_code *code = &encoding->category[c];
        struct emp_term term = {.unit = 1.0,
                                .penalty = penalty_of(params, code->name),
                                .factor[0].column = (uint32_t)c};
        status = add_levels(terms, code, term, error);
    }
    return status;
}

emp_status emp__terms_new(const struct emp_logistic_params *params,
                          const struct emp_encoding *encoding, struct emp_terms *out,
                          emp_error *error)
{
    *out = (struct emp_terms){0};
    emp_status status = add_mains(out, params, encoding, error);
    size_t mains = out->count;
    for (size_t i = 0; i < params->interactions.count && status == EMP_OK; i++)
        status = add_interaction(out, &params->interactions.items[i], mains, error);
    return status;
}

void emp__terms_remove(struct emp_terms *terms, const bool *out)
{
    size_t kept = 0;
    for (size_t j = 0; j < terms->count; j++) {
        if (out[j]) {
            free(terms->items[j].name);
            free(terms->items[j].level);
        } else {
            terms->items[kept++] = terms->items[j];
        }
    }
    terms->count = kept;
}

void emp__terms_free(struct emp_terms *terms)
{
    for (size_t j = 0; j < terms->count; j++) {
        free(terms->items[j].name);
        free(terms->items[j].level);
    }
    free(terms->items);
    *terms = (struct emp_terms){0};
}

/* --- The design --- */

static double cube_above(double x, double knot)
{
    double above = x > knot ? x - knot : 0.0;
    return above * above * above;
}

static void expand_bend(const struct emp_curve *curve, size_t bend, const double *x, size_t count,
                        double *out)
{
    const double *t = curve->at;
    double first = t[bend], last = t[curve->count - 1], before = t[curve->count - 2];
    double width = last - t[0], norm = 1.0 / (width * width);
    double near = (last - first) / (last - before), far = (before - first) / (last - before);
    for (size_t i = 0; i < count; i++)
        out[i] = norm * (cube_above(x[i], first) - near * cube_above(x[i], before) +
                         far * cube_above(x[i], last));
}

static void expand_bin(const struct emp_curve *curve, size_t bin, const double *x, size_t count,
                       double *out)
{
    double low = curve->at[bin - 1];
    bool last = bin == curve->count;
    double high = last ? 0.0 : curve->at[bin];
    for (size_t i = 0; i < count; i++)
        out[i] = x[i] > low && (last || x[i] <= high);
}

static void expand_level(const struct emp_term_columns *design, const struct emp_factor *factor,
                         const uint16_t *level, size_t count, double *out)
{
    const struct emp_category_code *code = &design->encoding->category[factor->column];
    double share = (double)code->rows[factor->index] / (double)design->encoding->rows;
    double unseen = design->ignore ? share : 0.0;
    for (size_t i = 0; i < count; i++)
        out[i] = level[i] == EMP_LEVEL_UNSEEN ? unseen : level[i] == factor->index;
}

static void expand_factor(const struct emp_term_columns *design, const struct emp_factor *factor,
                          size_t first, size_t count, double *out)
{
    const struct emp_logistic_columns *columns = design->columns;
    if (factor->kind == EMP_FACTOR_LEVEL) {
        expand_level(design, factor, columns->category[factor->column] + first, count, out);
        return;
    }
    const double *x = columns->number[factor->column] + first;
    const struct emp_curve *curve = &design->encoding->number[factor->column].curve;
    if (factor->kind == EMP_FACTOR_BEND)
        expand_bend(curve, factor->index, x, count, out);
    else if (factor->kind == EMP_FACTOR_BIN)
        expand_bin(curve, factor->index, x, count, out);
    else
        memcpy(out, x, count * sizeof *out);
}

static void expand(const void *user, size_t first, size_t count, double *out, size_t stride)
{
    const struct emp_term_columns *design = user;
    for (size_t j = 0; j < design->terms->count; j++) {
        const struct emp_term *term = &design->terms->items[j];
        double *column = out + j * stride, other[EMP_DESIGN_PANEL];
        expand_factor(design, &term->factor[0], first, count, column);
        if (term->factors < 2)
            continue;
        expand_factor(design, &term->factor[1], first, count, other);
        for (size_t i = 0; i < count; i++)
            column[i] *= other[i];
    }
}

struct emp_design emp__terms_design(const struct emp_term_columns *columns, size_t rows)
{
    return (struct emp_design){rows, columns->terms->count, expand, columns};
}
