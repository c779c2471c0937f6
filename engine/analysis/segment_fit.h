// SPDX-License-Identifier: Apache-2.0
/* A fit for one number of clusters: several starts, of which the best is kept. */
#ifndef EMP_ANALYSIS_SEGMENT_FIT_H
#define EMP_ANALYSIS_SEGMENT_FIT_H

#include "analysis/segment_choice.h"
#include "base/store.h"
#include "cluster/points.h"

enum emp_segment_status {
    EMP_SEGMENT_CONVERGED,
    EMP_SEGMENT_LIMIT, /* max_iterations came first */
    EMP_SEGMENT_FEWER, /* there are fewer distinct customers than clusters were asked for */
    EMP_SEGMENT_STATUSES
};

extern const char *const emp__segment_status_words[EMP_SEGMENT_STATUSES];

struct emp_segment_fit {
    size_t k;        /* as asked for */
    size_t clusters; /* that have customers */
    double *centres; /* clusters x features */
    double inertia;
    int64_t iterations; /* of mini-batches, how many */
    int64_t batch;      /* rows of a mini-batch; 0: the algorithm was Lloyd's */
    int64_t start;      /* which one was the best, from 0 */
    enum emp_segment_status status;
};

/* What a fit works on. */
struct emp_segment_task {
    const struct emp_points *points;
    const struct emp_segment_params *params;
    struct emp_store *store;
    uint64_t seed; /* of the draws for this task, which no other task shares */
    int64_t starts;
    const double *centres; /* k x features to start from; NULL: they are drawn */
    int threads;
    const emp_options *options;
};

/* Fits k clusters to one point or more. *out is to be freed in any case. */
emp_status emp__segment_fit(const struct emp_segment_task *task, size_t k,
                            struct emp_segment_fit *out, emp_error *error);
void emp__segment_fit_free(struct emp_segment_fit *fit);

struct emp_segment_centres {
    size_t clusters;
    const double *c; /* clusters x features */
};

/* The nearest centre of each point and the squared distance to it, which may be NULL. */
emp_status emp__segment_nearest(const struct emp_segment_task *task,
                                struct emp_segment_centres centres, uint32_t *label, double *square,
                                emp_error *error);

#endif
