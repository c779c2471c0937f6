// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/segment/draws.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "cluster/agreement.h"
#include "cluster/gap.h"
#include "cluster/separation.h"
#include "cluster/silhouette.h"

enum { STARTS = 3 }; /* at most, of a fit that only judges */

static void copy_row(const struct emp_points *from, size_t row, double *out)
{
    for (size_t j = 0; j < from->d; j++)
        out[j] = from->single ? (double)((const float *)from->x)[row * from->d + j]
                              : ((const double *)from->x)[row * from->d + j];
}

static emp_status take_sample(struct emp_segment_judge *judge, emp_error *error)
{
    const struct emp_points *points = judge->task->points;
    size_t most = (size_t)judge->task->params->sample, d = points->d;
    size_t n = points->n < most ? points->n : most;
    double *x = NULL, *weight = NULL;
    emp_status status = emp__new_array(&x, n * d, sizeof *x, error);
    if (status == EMP_OK && points->weight)
        status = emp__new_array(&weight, n, sizeof *weight, error);
    judge->sample = (struct emp_points){.x = x, .n = n, .d = d, .weight = weight};
    for (size_t i = 0; i < n && status == EMP_OK; i++) {
        size_t row = i * points->n / n;
        copy_row(points, row, x + i * d);
        if (weight)
            weight[i] = points->weight[row];
    }
    return status;
}

emp_status emp__segment_judge_new(const struct emp_segment_task *task,
                                  struct emp_segment_judge *out, emp_error *error)
{
    *out = (struct emp_segment_judge){.task = task};
    size_t d = task->points->d;
    emp_status status = take_sample(out, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->low, d, sizeof *out->low, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->high, d, sizeof *out->high, error);
    if (status == EMP_OK)
        status =
            emp__store_take(task->store, task->points->n, sizeof *out->label, &out->label, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->sample_label, out->sample.n, sizeof *out->label, error);
    if (status == EMP_OK)
        emp__box_of(out->sample.x, out->sample.n, &(struct emp_box){out->low, out->high, d});
    return status;
}

void emp__segment_judge_free(struct emp_segment_judge *judge)
{
    if (judge->task)
        emp__store_give(judge->task->store, judge->label);
    free((void *)judge->sample.x);
    free((void *)judge->sample.weight);
    free(judge->low);
    free(judge->high);
    free(judge->sample_label);
    *judge = (struct emp_segment_judge){0};
}

static struct emp_clustering clustering_of(const struct emp_points *points, const uint32_t *label,
                                           const struct emp_segment_fit *fit)
{
    return (struct emp_clustering){
        .points = points->x,
        .labels = label,
        .weights = points->weight,
        .n = points->n,
        .d = points->d,
        .k = (uint32_t)fit->clusters,
    };
}

static emp_status silhouette(const struct emp_segment_judge *judge,
                             const struct emp_segment_fit *fit, double *out, emp_error *error)
{
    struct emp_clustering sample = clustering_of(&judge->sample, judge->sample_label, fit);
    struct emp_silhouette_run run = {.threads = judge->task->threads};
    double *values = NULL;
    void *work = NULL;
    emp_status status = emp__new_array(&values, sample.n, sizeof *values, error);
    if (status == EMP_OK)
        status = emp__new_array(&work, emp__silhouette_work(&sample, run.threads), 1, error);
    if (status == EMP_OK)
        *out = emp__silhouette(&sample, &run, work, values);
    free(work);
    free(values);
    return status;
}

/* The figures that go by centres. */
static emp_status separation(const struct emp_segment_judge *judge,
                             const struct emp_segment_fit *fit,
                             const struct emp_clustering *clustering,
                             struct emp_segment_figures *out, emp_error *error)
{
    int threads = judge->task->threads;
    struct emp_silhouette_run run = {.threads = threads};
    struct emp_separation found;
    struct emp_store *store = judge->task->store;
    double *numbers = NULL, *values = NULL;
    void *work = NULL;
    emp_status status =
        emp__new_array(&numbers, emp__separation_work(clustering), sizeof *numbers, error);
    if (status == EMP_OK)
        status = emp__store_take(store, clustering->n, sizeof *values, &values, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&work, emp__simplified_silhouette_work(clustering, threads), 1, error);
    if (status == EMP_OK) {
        emp__separation(clustering, fit->centres, threads, numbers, &found);
        out->calinski_harabasz = found.calinski_harabasz;
        out->davies_bouldin = found.davies_bouldin;
        out->simplified_silhouette =
            emp__simplified_silhouette(clustering, fit->centres, &run, work, values);
    }
    free(work);
    emp__store_give(store, values);
    free(numbers);
    return status;
}

/* Several of these run at once, so none of them asks whether it is cancelled. */
static const emp_options undisturbed = {.threads = 1};

/* A fit of other points than the task's, for comparison. */
static struct emp_segment_task side_task(const struct emp_segment_judge *judge,
                                         const struct emp_points *points, uint32_t purpose,
                                         uint64_t number)
{
    struct emp_segment_task task = *judge->task;
    task.points = points;
    task.seed = emp__segment_seed(judge->task->seed, purpose, number);
    task.starts = task.starts < STARTS ? task.starts : STARTS;
    task.threads = 1;
    task.options = &undisturbed;
    return task;
}

static emp_status inertia_of(const struct emp_segment_task *task, size_t k, double *out,
                             emp_error *error)
{
    struct emp_segment_fit fit;
    emp_status status = emp__segment_fit(task, k, &fit, error);
    *out = fit.inertia;
    emp__segment_fit_free(&fit);
    return status;
}

/* The reference sets of one k, each on a thread of its own. */
struct references {
    const struct emp_segment_judge *judge;
    size_t k;
    double *inertia; /* of each set */
};

/* The points of a set count as much as the customers of the sample do, in their order. */
static emp_status reference_inertia(void *user, size_t b, emp_error *error)
{
    const struct references *references = user;
    const struct emp_segment_judge *judge = references->judge;
    struct emp_points points = judge->sample;
    struct emp_box box = {judge->low, judge->high, points.d};
    struct emp_reference_set set = {judge->task->seed, EMP_DRAW_REFERENCES, (uint32_t)b};
    struct emp_segment_task task = side_task(judge, &points, EMP_DRAW_REFERENCE_FITS, b);
    double *x = NULL;
    emp_status status = emp__new_array(&x, points.n * points.d, sizeof *x, error);
    points.x = x;
    if (status == EMP_OK) {
        emp__reference_points(&set, &box, points.n, 1, x);
        status = inertia_of(&task, references->k, &references->inertia[b], error);
    }
    free(x);
    return status;
}

static emp_status gap(const struct emp_segment_judge *judge, const struct emp_segment_fit *fit,
                      struct emp_segment_figures *out, emp_error *error)
{
    size_t sets = (size_t)judge->task->params->gap_sets;
    struct references references = {.judge = judge, .k = fit->k};
    double within = fit->inertia;
    if (sets == 0)
        return EMP_OK;
    emp_status status = emp__new_array(&references.inertia, sets, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__parallel(judge->task->threads, sets, reference_inertia, &references, error);
    if (status == EMP_OK && judge->sample.n < judge->task->points->n) {
        struct emp_segment_task task = side_task(judge, &judge->sample, EMP_DRAW_SAMPLE_FIT, 0);
        status = inertia_of(&task, fit->k, &within, error);
    }
    if (status == EMP_OK) {
        struct emp_gap found = emp__gap_statistic(within, references.inertia, sets);
        out->gap = found.gap;
        out->gap_se = found.standard_error;
    }
    free(references.inertia);
    return status;
}

/* Half of the sample, drawn without replacement, in the order of the sample. */
struct half {
    struct emp_points points;
    double *x, *weight;
    uint8_t *drawn;
};

static emp_status new_half(const struct emp_segment_judge *judge, struct half *out,
                           emp_error *error)
{
    const struct emp_points *sample = &judge->sample;
    emp_status status = emp__new_array(&out->x, sample->n * sample->d, sizeof *out->x, error);
    if (status == EMP_OK && sample->weight)
        status = emp__new_array(&out->weight, sample->n, sizeof *out->weight, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->drawn, sample->n, sizeof *out->drawn, error);
    out->points = (struct emp_points){.x = out->x, .d = sample->d, .weight = out->weight};
    return status;
}

static void free_half(struct half *half)
{
    free(half->x);
    free(half->weight);
    free(half->drawn);
}

static void draw_half(const struct emp_segment_judge *judge, uint64_t number, struct half *half)
{
    const struct emp_points *sample = &judge->sample;
    half->points.n = 0;
    emp__segment_draw_half(judge->task->seed, number, sample->n, half->drawn);
    for (size_t i = 0; i < sample->n; i++) {
        if (!half->drawn[i])
            continue;
        copy_row(sample, i, half->x + half->points.n * sample->d);
        if (half->weight)
            half->weight[half->points.n] = sample->weight[i];
        half->points.n++;
    }
}

/* How far the labels of the sample agree with those by the clusters of a half of it. */
static emp_status agreement(const struct emp_segment_judge *judge,
                            const struct emp_segment_fit *fit, const struct emp_segment_fit *other,
                            double *out, emp_error *error)
{
    struct emp_segment_task task = *judge->task;
    struct emp_segment_centres centres = {other->clusters, other->centres};
    struct emp_contingency table = {NULL, (uint32_t)fit->clusters, (uint32_t)other->clusters};
    uint32_t *label = NULL;
    task.points = &judge->sample;
    emp_status status = emp__new_array(&label, judge->sample.n, sizeof *label, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&table.counts, fit->clusters * other->clusters, sizeof(uint64_t), error);
    if (status == EMP_OK)
        status = emp__segment_nearest(&task, centres, label, NULL, error);
    if (status == EMP_OK) {
        emp__contingency(judge->sample_label, label, judge->sample.n, &table);
        *out = emp__adjusted_rand(&table);
    }
    free(table.counts);
    free(label);
    return status;
}

/* The halves of one clustering, each on a thread of its own. */
struct halves {
    const struct emp_segment_judge *judge;
    const struct emp_segment_fit *fit;
    double *agreed; /* of each half */
};

static emp_status half_agreement(void *user, size_t b, emp_error *error)
{
    const struct halves *halves = user;
    struct half half = {0};
    struct emp_segment_fit other = {0};
    struct emp_segment_task task =
        side_task(halves->judge, &half.points, EMP_DRAW_HALF_FITS, (uint64_t)b);
    emp_status status = new_half(halves->judge, &half, error);
    if (status == EMP_OK) {
        draw_half(halves->judge, (uint64_t)b, &half);
        status = emp__segment_fit(&task, halves->fit->k, &other, error);
    }
    if (status == EMP_OK)
        status = agreement(halves->judge, halves->fit, &other, &halves->agreed[b], error);
    emp__segment_fit_free(&other);
    free_half(&half);
    return status;
}

static emp_status stability(const struct emp_segment_judge *judge,
                            const struct emp_segment_fit *fit, double *out, emp_error *error)
{
    size_t count = (size_t)judge->task->params->subsamples;
    struct halves halves = {.judge = judge, .fit = fit};
    double sum = 0;
    if (count == 0 || judge->sample.n < 2)
        return EMP_OK;
    emp_status status = emp__new_array(&halves.agreed, count, sizeof *halves.agreed, error);
    if (status == EMP_OK)
        status = emp__parallel(judge->task->threads, count, half_agreement, &halves, error);
    for (size_t b = 0; b < count && status == EMP_OK; b++)
        sum += halves.agreed[b];
    if (status == EMP_OK)
        *out = sum / (double)count;
    free(halves.agreed);
    return status;
}

/* Labels of all rows, if they are looked at, and of the sample. */
static emp_status label_rows(const struct emp_segment_judge *judge,
                             const struct emp_segment_fit *fit, emp_error *error)
{
    struct emp_segment_task sample = *judge->task;
    struct emp_segment_centres centres = {fit->clusters, fit->centres};
    sample.points = &judge->sample;
    emp_status status = EMP_OK;
    if (!judge->task->points->single)
        status = emp__segment_nearest(judge->task, centres, judge->label, NULL, error);
    return status == EMP_OK
               ? emp__segment_nearest(&sample, centres, judge->sample_label, NULL, error)
               : status;
}

emp_status emp__segment_judge(struct emp_segment_judge *judge, const struct emp_segment_fit *fit,
                              struct emp_segment_figures *out, emp_error *error)
{
    bool single = judge->task->points->single;
    struct emp_clustering clustering =
        clustering_of(single ? &judge->sample : judge->task->points,
                      single ? judge->sample_label : judge->label, fit);
    out->gap = out->gap_se = out->stability = NAN;
    emp_status status = label_rows(judge, fit, error);
    if (status == EMP_OK)
        status = silhouette(judge, fit, &out->silhouette, error);
    if (status == EMP_OK)
        status = separation(judge, fit, &clustering, out, error);
    if (status == EMP_OK)
        status = gap(judge, fit, out, error);
    if (status == EMP_OK)
        status = stability(judge, fit, &out->stability, error);
    return status;
}
