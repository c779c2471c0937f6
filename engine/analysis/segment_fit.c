// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "cluster/kmeans.h"
#include "cluster/kmeans_seed.h"

const char *const emp__segment_status_words[EMP_SEGMENT_STATUSES] = {
    "converged", "iteration limit", "fewer distinct customers than clusters"};

/* What all starts of a fit use. */
struct work {
    const struct emp_segment_task *task;
    struct emp_kmeans_options options;
    struct emp_seed_options seeding;
    double *centres; /* k x features */
    uint32_t *label;
    void *memory; /* `aligned` lies in it */
    void *aligned;
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static emp_status take_memory(struct work *work, size_t bytes, emp_error *error)
{
    enum { ALIGNMENT = 64 };
    if (bytes == 0 || bytes > SIZE_MAX - ALIGNMENT)
        return emp__fail_memory(error, UINT64_MAX);
    emp_status status =
        emp__store_take(work->task->store, bytes + ALIGNMENT, 1, &work->memory, error);
    if (status == EMP_OK)
        work->aligned = (char *)work->memory + (-(uintptr_t)work->memory & (ALIGNMENT - 1));
    return status;
}

/* Few points are no work for many threads, which would only wait for each other. */
static int threads_for(const struct emp_segment_task *task)
{
    enum { POINTS_PER_THREAD = 16384 };
    size_t most = task->points->n / POINTS_PER_THREAD + 1;
    return most < (size_t)task->threads ? (int)most : task->threads;
}

static emp_status new_work(const struct emp_segment_task *task, size_t k, struct work *out,
                           emp_error *error)
{
    const struct emp_segment_params *params = task->params;
    *out = (struct work){
        .task = task,
        .options = {.k = k,
                    .threads = threads_for(task),
                    .max_iterations = (int)params->max_iterations,
                    .tolerance = params->tolerance},
        .seeding = {.k = k,
                    .method = (enum emp_seeding)params->init.how,
                    .seed = task->seed,
                    .threads = threads_for(task)},
    };
    size_t bytes = larger(emp__kmeans_workspace(task->points, &out->options),
                          emp__kmeans_seed_workspace(task->points, &out->seeding));
    emp_status status =
        emp__new_array(&out->centres, k * task->points->d, sizeof *out->centres, error);
    if (status == EMP_OK)
        status =
            emp__store_take(task->store, task->points->n, sizeof *out->label, &out->label, error);
    return status == EMP_OK ? take_memory(out, bytes, error) : status;
}

static void free_work(struct work *work)
{
    emp__store_give(work->task->store, work->memory);
    emp__store_give(work->task->store, work->label);
    free(work->centres);
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
    work->seeding.restart = (uint32_t)start;
    emp__kmeans_seed(task->points, &work->seeding, work->centres, work->aligned);
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
    out->iterations = emp__kmeans_progress(fit)->iterations;
    out->status = state == EMP_KMEANS_CONVERGED ? EMP_SEGMENT_CONVERGED : EMP_SEGMENT_LIMIT;
    out->inertia = emp__kmeans_finish(fit, work->centres, NULL);
    return EMP_OK;
}

/* Takes over the centres that have points, and no others. */
static emp_status keep_centres(const struct work *work, struct emp_segment_fit *out,
                               emp_error *error)
{
    size_t d = work->task->points->d;
    bool *used = NULL;
    emp_status status = emp__new_array(&used, out->k, sizeof *used, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < work->task->points->n; i++)
        used[work->label[i]] = true;
    out->clusters = 0;
    for (size_t c = 0; c < out->k; c++)
        if (used[c])
            memcpy(out->centres + out->clusters++ * d, work->centres + c * d,
                   d * sizeof *out->centres);
    free(used);
    if (out->clusters < out->k)
        out->status = EMP_SEGMENT_FEWER;
    return EMP_OK;
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
        status = start_centres(&work, start, error);
        if (status == EMP_OK)
            status = iterate(&work, &tried, error);
        if (status != EMP_OK || (start > 0 && tried.inertia >= out->inertia))
            continue;
        *out = tried;
        out->start = start;
        status = keep_centres(&work, out, error);
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
