// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "cluster/kmeans.h"
#include "cluster/kmeans_seed.h"
#include "cluster/minibatch.h"

const char *const emp__segment_status_words[EMP_SEGMENT_STATUSES] = {
    "converged", "iteration limit", "fewer distinct customers than clusters"};

/* What all starts of a fit use. */
struct work {
    const struct emp_segment_task *task;
    struct emp_kmeans_options options;
    struct emp_minibatch_options batches;
    struct emp_seed_options seeding;
    struct emp_points seeds; /* to draw the first centres from: all, or of mini-batches a sample */
    void *sample;
    double *sample_weight;
    double *centres; /* k x features */
    uint32_t *label;
    bool *used;   /* k: the clusters that have points */
    void *memory; /* `aligned` lies in it */
    void *aligned;
    size_t bytes;
};

/* A batch of all customers is no more than Lloyd's iteration. */
static bool in_batches(const struct emp_segment_task *task)
{
    return task->params->algorithm == EMP_ALGORITHM_MINI_BATCH &&
           task->points->n > (size_t)task->params->batch;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Sees to it that there are so many bytes; what was in them is lost. */
static emp_status take_memory(struct work *work, size_t bytes, emp_error *error)
{
    enum { ALIGNMENT = 64 };
    if (bytes == 0 || bytes > SIZE_MAX - ALIGNMENT)
        return emp__fail_memory(error, UINT64_MAX);
    if (bytes <= work->bytes)
        return EMP_OK;
    emp__store_give(work->task->store, work->memory);
    work->memory = NULL;
    work->bytes = 0;
    emp_status status =
        emp__store_take(work->task->store, bytes + ALIGNMENT, 1, &work->memory, error);
    if (status != EMP_OK)
        return status;
    work->aligned = (char *)work->memory + (-(uintptr_t)work->memory & (ALIGNMENT - 1));
    work->bytes = bytes;
    return EMP_OK;
}

/* Few points are no work for many threads, which would only wait for each other. */
static int threads_for(const struct emp_segment_task *task)
{
    enum { POINTS_PER_THREAD = 16384 };
    size_t most = task->points->n / POINTS_PER_THREAD + 1;
    return most < (size_t)task->threads ? (int)most : task->threads;
}

static struct work work_of(const struct emp_segment_task *task, size_t k)
{
    const struct emp_segment_params *params = task->params;
    return (struct work){
        .task = task,
        .options = {.k = k,
                    .threads = threads_for(task),
                    .max_iterations = (int)params->max_iterations,
                    .tolerance = params->tolerance},
        .batches = {.k = k,
                    .batch = (size_t)params->batch,
                    .threads = threads_for(task),
                    .max_passes = (int)params->max_iterations,
                    .tolerance = params->tolerance,
                    .seed = task->seed},
        .seeding = {.k = k,
                    .method = (enum emp_seeding)params->init.how,
                    .seed = task->seed,
                    .threads = threads_for(task)},
        .seeds = *task->points,
    };
}

/* Room for the sample, before it is drawn. */
static emp_status take_sample(struct work *work, emp_error *error)
{
    struct emp_points *seeds = &work->seeds;
    struct emp_store *store = work->task->store;
    size_t row = seeds->d * (seeds->single ? sizeof(float) : sizeof(double));
    seeds->n = emp__minibatch_sample_size(work->task->points, &work->batches);
    emp_status status = emp__store_take(store, seeds->n, row, &work->sample, error);
    if (status == EMP_OK && seeds->weight)
        status = emp__store_take(store, seeds->n, sizeof *work->sample_weight, &work->sample_weight,
                                 error);
    seeds->x = work->sample;
    seeds->weight = work->sample_weight;
    return status;
}

static size_t fit_bytes(const struct work *work)
{
    const struct emp_points *points = work->task->points;
    if (!in_batches(work->task))
        return emp__kmeans_workspace(points, &work->options);
    return larger(emp__minibatch_workspace(points, &work->batches),
                  emp__kmeans_label_workspace(points, &work->options));
}

static emp_status new_work(const struct emp_segment_task *task, size_t k, struct work *out,
                           emp_error *error)
{
    *out = work_of(task, k);
    emp_status status =
        emp__new_array(&out->centres, k * task->points->d, sizeof *out->centres, error);
    if (status == EMP_OK)
        status =
            emp__store_take(task->store, task->points->n, sizeof *out->label, &out->label, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->used, k, sizeof *out->used, error);
    if (status == EMP_OK && in_batches(task))
        status = take_sample(out, error);
    if (status != EMP_OK)
        return status;
    size_t bytes = larger(fit_bytes(out), emp__kmeans_seed_workspace(&out->seeds, &out->seeding));
    return take_memory(out, bytes, error);
}

static void free_work(struct work *work)
{
    emp__store_give(work->task->store, work->sample);
    emp__store_give(work->task->store, work->sample_weight);
    emp__store_give(work->task->store, work->memory);
    emp__store_give(work->task->store, work->label);
    free(work->centres);
    free(work->used);
}

/* Values too large for distances are refused before a fit begins; so this is a bug. */
static emp_status out_of_range(emp_error *error)
{
    return emp__fail(error, EMP_ERR_INTERNAL, "segment: the values are too large for k-means");
}

static emp_status start_centres(struct work *work, int64_t start, emp_error *error)
{
    const struct emp_segment_task *task = work->task;
    size_t bytes = work->options.k * task->points->d * sizeof *work->centres;
    if (task->centres) {
        memcpy(work->centres, task->centres, bytes);
        return EMP_OK;
    }
    work->seeding.restart = work->batches.restart = (uint32_t)start;
    if (in_batches(task))
        emp__minibatch_sample(task->points, &work->batches, work->sample, work->sample_weight);
    emp__kmeans_seed(&work->seeds, &work->seeding, work->centres, work->aligned);
    return emp__check_cancelled(task->options, error);
}

/* Lloyd's iterations from the centres of `work`, which become the final ones. */
static emp_status iterate(struct work *work, struct emp_segment_fit *out, emp_error *error)
{
    struct emp_kmeans *fit = NULL;
    emp_status status = EMP_OK;
    enum emp_kmeans_status state = emp__kmeans_begin(
        work->task->points, &work->options, work->centres, work->label, work->aligned, &fit);
    while (state == EMP_KMEANS_RUNNING && status == EMP_OK) {
        state = emp__kmeans_step(fit);
        status = emp__check_cancelled(work->task->options, error);
    }
    if (status != EMP_OK)
        return status;
    if (state == EMP_KMEANS_RANGE)
        return out_of_range(error);
    out->iterations += emp__kmeans_progress(fit)->iterations;
    out->status = state == EMP_KMEANS_CONVERGED ? EMP_SEGMENT_CONVERGED : EMP_SEGMENT_LIMIT;
    out->inertia = emp__kmeans_finish(fit, work->centres, NULL);
    return EMP_OK;
}

/* Notes which clusters have points; returns whether all have. */
static bool find_used(const struct work *work)
{
    size_t found = 0;
    memset(work->used, 0, work->options.k * sizeof *work->used);
    for (size_t i = 0; i < work->task->points->n; i++) {
        found += !work->used[work->label[i]];
        work->used[work->label[i]] = true;
    }
    return found == work->options.k;
}

/*
 * Mini-batches from the centres of `work`, which become the final ones, and one pass of labels. If
 * that leaves a cluster empty, Lloyd's iterations go on from there: they have a rule for it, and
 * know when there are too few distinct customers.
 */
static emp_status iterate_batches(struct work *work, struct emp_segment_fit *out, emp_error *error)
{
    const struct emp_points *points = work->task->points;
    struct emp_minibatch *fit =
        emp__minibatch_begin(points, &work->batches, work->centres, work->aligned);
    enum emp_kmeans_status state = EMP_KMEANS_RUNNING;
    emp_status status = EMP_OK;
    while (state == EMP_KMEANS_RUNNING && status == EMP_OK) {
        state = emp__minibatch_step(fit);
        status = emp__check_cancelled(work->task->options, error);
    }
    if (status != EMP_OK)
        return status;
    out->batch = work->task->params->batch;
    out->iterations = (int64_t)emp__minibatch_progress(fit)->iterations;
    out->status = state == EMP_KMEANS_CONVERGED ? EMP_SEGMENT_CONVERGED : EMP_SEGMENT_LIMIT;
    memcpy(work->centres, emp__minibatch_centres(fit),
           work->options.k * points->d * sizeof *work->centres);
    out->inertia =
        emp__kmeans_label(points, &work->options, work->centres, work->label, NULL, work->aligned);
    if (find_used(work))
        return EMP_OK;
    status = take_memory(work, emp__kmeans_workspace(points, &work->options), error);
    return status == EMP_OK ? iterate(work, out, error) : status;
}

/* Takes over the centres that have points, and no others. */
static void keep_centres(const struct work *work, struct emp_segment_fit *out)
{
    size_t d = work->task->points->d;
    find_used(work);
    out->clusters = 0;
    for (size_t c = 0; c < out->k; c++)
        if (work->used[c])
            memcpy(out->centres + out->clusters++ * d, work->centres + c * d,
                   d * sizeof *out->centres);
    if (out->clusters < out->k)
        out->status = EMP_SEGMENT_FEWER;
}

emp_status emp__segment_fit(const struct emp_segment_task *task, size_t k,
                            struct emp_segment_fit *out, emp_error *error)
{
    struct work work = {.task = task};
    *out = (struct emp_segment_fit){.k = k};
    emp_status status =
        emp__new_array(&out->centres, k * task->points->d, sizeof *out->centres, error);
    if (status == EMP_OK)
        status = new_work(task, k, &work, error);
    for (int64_t start = 0; start < (task->centres ? 1 : task->starts) && status == EMP_OK;
         start++) {
        struct emp_segment_fit tried = *out;
        tried.iterations = 0;
        status = start_centres(&work, start, error);
        if (status == EMP_OK)
            status = in_batches(task) ? iterate_batches(&work, &tried, error)
                                      : iterate(&work, &tried, error);
        if (status != EMP_OK || (start > 0 && tried.inertia >= out->inertia))
            continue;
        *out = tried;
        out->start = start;
        keep_centres(&work, out);
    }
    free_work(&work);
    return status;
}

void emp__segment_fit_free(struct emp_segment_fit *fit)
{
    free(fit->centres);
    *fit = (struct emp_segment_fit){0};
}

emp_status emp__segment_nearest(const struct emp_segment_task *task,
                                struct emp_segment_centres centres, uint32_t *label, double *square,
                                emp_error *error)
{
    struct work work = {
        .task = task,
        .options = {.k = centres.clusters, .threads = threads_for(task)},
    };
    emp_status status =
        take_memory(&work, emp__kmeans_label_workspace(task->points, &work.options), error);
    if (status == EMP_OK)
        emp__kmeans_label(task->points, &work.options, centres.c, label, square, work.aligned);
    free_work(&work);
    return status;
}
