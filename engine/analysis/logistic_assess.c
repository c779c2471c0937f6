// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_assess.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

/* What is said of all rows of the sample. */
struct said {
    double *linear, *probability;
};

static void free_said(struct said *said)
{
    free(said->linear);
    free(said->probability);
}

static emp_status new_said(size_t rows, struct said *out, emp_error *error)
{
    emp_status status = emp__new_array(&out->linear, rows, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->probability, rows, sizeof(double), error);
    return status;
}

static emp_status predict(const struct emp_logistic_work *work, const double *coefficients,
                          struct said *out, emp_error *error)
{
    const struct emp_design *design = &work->problem.design;
    int threads = work->input->threads;
    struct emp_logistic_prediction prediction = {coefficients, out->linear, out->probability};
    void *memory = NULL;
    emp_status status =
        emp__new_workspace(&memory, emp__logistic_predict_workspace(design, threads), error);
    if (status == EMP_OK)
        emp__logistic_predict(design, work->sample.offset, &prediction, threads, memory);
    free(memory);
    return status;
}

/* Is this the status of a fit that predictions may be made by? */
static bool predicts(enum emp_logistic_status status)
{
    return status == EMP_LOGISTIC_CONVERGED || status == EMP_LOGISTIC_LIMIT ||
           status == EMP_LOGISTIC_SEPARATED;
}

/* --- Fits without a fold --- */

/* Coefficients without a fold: those of all rows where the others cannot be fitted. */
static emp_status fit_fold(struct emp_logistic_work *work, size_t fold, emp_error *error)
{
    size_t d = work->rule.terms.count + 1;
    double *out = work->fold_coefficients + fold * d;
    struct emp_logistic_request request = {
        .left_out = (int)fold,
        .lambda = work->lambda,
        .firth = work->estimate.firth,
        .start = work->rule.coefficients,
    };
    struct emp_logistic_estimate estimate;
    emp_status status = emp__logistic_estimate(&work->problem, &request, &estimate, error);
    if (status == EMP_OK) {
        work->folds_failed += estimate.status != EMP_LOGISTIC_CONVERGED;
        memcpy(out, predicts(estimate.status) ? estimate.fit.coefficients : work->rule.coefficients,
               d * sizeof *out);
    }
    emp__logistic_estimate_free(&estimate);
    return status;
}

static emp_status fit_folds(struct emp_logistic_work *work, emp_error *error)
{
    const struct emp_logistic_sample *sample = &work->sample;
    size_t d = work->rule.terms.count + 1;
    emp_status status =
        emp__new_array(&work->fold_coefficients, sample->folds * d, sizeof(double), error);
    for (size_t f = 0; f < sample->folds && status == EMP_OK; f++)
        status = fit_fold(work, f, error);
    return status;
}

/* What each row's own fold says of it. */
static emp_status predict_out_of_fold(const struct emp_logistic_work *work, struct said *out,
                                      emp_error *error)
{
    const struct emp_logistic_sample *sample = &work->sample;
    size_t d = work->rule.terms.count + 1, n = sample->rows.count;
    struct said fold = {0};
    emp_status status = new_said(n, &fold, error);
    for (size_t f = 0; f < sample->folds && status == EMP_OK; f++) {
        status = predict(work, work->fold_coefficients + f * d, &fold, error);
        for (size_t i = 0; i < n && status == EMP_OK; i++) {
            if (sample->fold[i] != f)
                continue;
            out->linear[i] = fold.linear[i];
            out->probability[i] = fold.probability[i];
        }
    }
    free_said(&fold);
    return status;
}

/* --- Recalibration --- */

static emp_status learn_curve(struct emp_logistic_work *work, const struct said *said,
                              emp_error *error)
{
    struct emp_recalibration_curve *curve = &work->rule.curve;
    const struct emp_logistic_sample *sample = &work->sample;
    bool platt = work->params->recalibration == EMP_RECALIBRATE_PLATT;
    struct emp_scored scored = {platt ? said->linear : said->probability, sample->label,
                                sample->weight, (uint32_t)sample->rows.count};
    struct emp_ranking_memory memory = {.work = NULL};
    if (work->params->recalibration == EMP_RECALIBRATE_NONE)
        return EMP_OK;
    emp_status status = emp__rank_scores(&scored, &memory, error);
    if (status == EMP_OK && platt)
        curve->platt = emp__platt(&memory.ranking);
    if (status == EMP_OK && !platt)
        status = emp__new_array(&curve->blocks, memory.ranking.count, sizeof *curve->blocks, error);
    if (status == EMP_OK && !platt)
        curve->block_count = emp__isotonic(&memory.ranking, curve->blocks);
    if (status == EMP_OK)
        curve->how = work->params->recalibration;
    emp__ranking_memory_free(&memory);
    return status;
}

/* --- The sets --- */

enum { SETS = 3 };

/* A set, what is said of it, and what comes of that. */
struct assessed {
    const char *name;
    struct said said;
    size_t first; /* its first row; it goes on to the last */
    bool there;
    struct emp_judgement judgement;
};

struct assessing {
    struct emp_logistic_work *work;
    struct assessed set[SETS];
};

static emp_status assess_out_of_fold(struct emp_logistic_work *work, struct assessed *set,
                                     emp_error *error)
{
    set->there = work->sample.folds > 0;
    if (!set->there)
        return EMP_OK;
    emp_status status = new_said(work->sample.rows.count, &set->said, error);
    if (status == EMP_OK)
        status = fit_folds(work, error);
    if (status == EMP_OK)
        status = predict_out_of_fold(work, &set->said, error);
    return status == EMP_OK ? learn_curve(work, &set->said, error) : status;
}

/* The cut-offs but the last. */
static emp_status fit_earlier(const struct emp_logistic_work *work,
                              struct emp_logistic_estimate *out, emp_error *error)
{
    const struct emp_logistic_rows *rows = &work->sample.rows;
    size_t last = rows->days[rows->day_count - 1].first;
    struct emp_logistic_sample sample = work->sample;
    struct emp_logistic_problem problem = work->problem;
    struct emp_logistic_request request = {.left_out = 1, .lambda = work->lambda};
    *out = (struct emp_logistic_estimate){.firth = false};
    sample.fold = NULL;
    problem.sample = &sample;
    emp_status status = emp__new_array(&sample.fold, rows->count, sizeof *sample.fold, error);
    if (status == EMP_OK)
        memset(sample.fold + last, 1, rows->count - last);
    if (status == EMP_OK)
        status = emp__logistic_estimate(&problem, &request, out, error);
    free(sample.fold);
    return status;
}

static emp_status assess_out_of_time(struct emp_logistic_work *work, struct assessed *set,
                                     emp_error *error)
{
    const struct emp_logistic_rows *rows = &work->sample.rows;
    struct emp_logistic_estimate estimate;
    if (rows->day_count < 2)
        return EMP_OK;
    set->first = rows->days[rows->day_count - 1].first;
    emp_status status = fit_earlier(work, &estimate, error);
    set->there = status == EMP_OK && predicts(estimate.status);
    if (set->there)
        status = new_said(rows->count, &set->said, error);
    if (set->there && status == EMP_OK)
        status = predict(work, estimate.fit.coefficients, &set->said, error);
    emp__logistic_estimate_free(&estimate);
    return status;
}

static emp_status assess_in_sample(struct emp_logistic_work *work, struct assessed *set,
                                   emp_error *error)
{
    set->there = true;
    emp_status status = new_said(work->sample.rows.count, &set->said, error);
    return status == EMP_OK ? predict(work, work->rule.coefficients, &set->said, error) : status;
}

/* Each set is judged by one thread, so that they can be at the same time. */
static emp_status judge_set(void *user, size_t i, emp_error *error)
{
    struct assessing *assessing = user;
    struct assessed *assessed = &assessing->set[i];
    const struct emp_logistic_work *work = assessing->work;
    const struct emp_logistic_sample *sample = &work->sample;
    size_t first = assessed->first;
    if (!assessed->there)
        return EMP_OK;
    struct emp_judged_set set = {
        .name = assessed->name,
        .probability = assessed->said.probability + first,
        .linear = assessed->said.linear + first,
        .label = sample->label + first,
        .weight = sample->weight ? sample->weight + first : NULL,
        .n = sample->rows.count - first,
        .fitted = i == SETS - 1,
    };
    return emp__judge(&set, work->params, &assessed->judgement, error);
}

emp_status emp__logistic_assess(struct emp_logistic_work *work, emp_error *error)
{
    struct assessing assessing = {
        .work = work,
        .set = {{.name = "out_of_fold"}, {.name = "out_of_time"}, {.name = "in_sample"}},
    };
    struct assessed *set = assessing.set;
    emp_status status = assess_out_of_fold(work, &set[0], error);
    if (status == EMP_OK)
        status = assess_out_of_time(work, &set[1], error);
    if (status == EMP_OK)
        status = assess_in_sample(work, &set[2], error);
    if (status == EMP_OK)
        status = emp__parallel(work->input->threads, SETS, judge_set, &assessing, error);
    for (size_t i = 0; i < SETS; i++) {
        if (status == EMP_OK)
            status = emp__judgement_add(&work->judgement, &set[i].judgement, error);
        emp__judgement_free(&set[i].judgement);
        free_said(&set[i].said);
    }
    return status;
}
