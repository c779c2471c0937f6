// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_dependence.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "logistic/collinearity.h"

/* A reason names so many terms at most. */
enum { NAMED_TERMS = 3 };

struct dependence {
    struct emp_collinearity found;
    bool *dependent;
    double *relation, *inflation, *mean;
};

static void free_dependence(struct dependence *dependence)
{
    free(dependence->dependent);
    free(dependence->relation);
    free(dependence->inflation);
    free(dependence->mean);
}

static emp_status new_dependence(size_t terms, struct dependence *out, emp_error *error)
{
    emp_status status = emp__new_array(&out->dependent, terms, sizeof(bool), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->relation, terms * (terms + 1), sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->inflation, terms, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->mean, terms, sizeof(double), error);
    out->found = (struct emp_collinearity){.dependent = out->dependent,
                                           .relation = out->relation,
                                           .inflation = out->inflation,
                                           .mean = out->mean};
    return status;
}

static emp_status find(const struct emp_logistic_work *work, struct dependence *out,
                       emp_error *error)
{
    struct emp_logistic_data data = emp__logistic_data(&work->problem, -1);
    int threads = work->input->threads;
    void *memory = NULL;
    emp_status status =
        emp__new_workspace(&memory, emp__collinearity_workspace(&data, threads), error);
    if (status != EMP_OK)
        return status;
    enum emp_logistic_status found = emp__collinearity(&data, threads, &out->found, memory);
    free(memory);
    if (found == EMP_LOGISTIC_RANGE && out->found.term < work->rule.terms.count)
        return emp__fail(error, EMP_ERR_DATA, "%s: '%s' has values beyond %g", work->kind->section,
                         work->rule.terms.items[out->found.term].name, EMP_LOGISTIC_LARGEST);
    return EMP_OK;
}

static emp_status name_term(struct emp_buffer *out, const struct emp_term *term, emp_error *error)
{
    bool level = term->level[0] != '\0';
    return emp__buffer_printf(out, error, "'%s%s%s'", term->name, level ? "=" : "", term->level);
}

/* "it is constant", or which terms it follows from. */
static emp_status reason(const struct emp_logistic_work *work, const double *relation, char **out,
                         emp_error *error)
{
    const struct emp_terms *terms = &work->rule.terms;
    struct emp_buffer text = {0};
    size_t named = 0;
    emp_status status = EMP_OK;
    for (size_t k = 0; k < terms->count && status == EMP_OK; k++) {
        if (relation[1 + k] == 0.0)
            continue;
        if (named == NAMED_TERMS) {
            status = emp__buffer_text(&text, " and others", error);
            break;
        }
        status = emp__buffer_text(&text, named++ ? ", " : "it follows from ", error);
        if (status == EMP_OK)
            status = name_term(&text, &terms->items[k], error);
    }
    if (status == EMP_OK && named == 0)
        status = emp__buffer_text(&text, "it is constant", error);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}

static emp_status note(struct emp_logistic_work *work, const struct dependence *dependence,
                       size_t j, emp_error *error)
{
    const struct emp_term *term = &work->rule.terms.items[j];
    struct emp_dropped_term *out = &work->dropped[work->dropped_count++];
    emp_status status = emp__copy_text(&out->name, term->name, strlen(term->name), error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->level, term->level, strlen(term->level), error);
    if (status == EMP_OK)
        status = reason(work, dependence->relation + j * (work->rule.terms.count + 1),
                        &out->because, error);
    if (status != EMP_OK || work->params->collinear == EMP_COLLINEAR_DROP)
        return status;
    bool level = out->level[0] != '\0';
    return emp__fail(error, EMP_ERR_DATA, "%s: the term '%s%s%s' says nothing new: %s",
                     work->kind->section, out->name, level ? "=" : "", out->level, out->because);
}

/* Keeps the figures of the terms that stay. */
static emp_status keep(struct emp_logistic_work *work, const struct dependence *dependence,
                       emp_error *error)
{
    struct emp_terms *terms = &work->rule.terms;
    size_t kept = 0;
    emp_status status = emp__new_array(&work->rule.mean, terms->count, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&work->inflation, terms->count, sizeof(double), error);
    for (size_t j = 0; j < terms->count && status == EMP_OK; j++) {
        if (dependence->dependent[j])
            continue;
        work->rule.mean[kept] = dependence->mean[j];
        work->problem.penalty[kept] = work->problem.penalty[j];
        work->inflation[kept++] = dependence->inflation[j];
    }
    if (status != EMP_OK)
        return status;
    emp__terms_remove(terms, dependence->dependent);
    work->problem.design.terms = terms->count;
    return EMP_OK;
}

emp_status emp__logistic_independence(struct emp_logistic_work *work, emp_error *error)
{
    size_t terms = work->rule.terms.count;
    struct dependence dependence = {.dependent = NULL};
    emp_status status = new_dependence(terms, &dependence, error);
    if (status == EMP_OK)
        status = find(work, &dependence, error);
    if (status == EMP_OK)
        status = emp__new_array(&work->dropped, terms, sizeof *work->dropped, error);
    for (size_t j = 0; j < terms && status == EMP_OK; j++)
        if (dependence.dependent[j])
            status = note(work, &dependence, j, error);
    if (status == EMP_OK)
        status = keep(work, &dependence, error);
    free_dependence(&dependence);
    return status;
}
