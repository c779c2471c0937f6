// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "features/column_moments.h"

/* What is needed while the columns are prepared, one after the other. */
struct work {
    const struct emp_segment_rows *rows;
    double *values;    /* a column as it is */
    double *ready;     /* and as it becomes */
    double *workspace; /* for its moments */
};

static emp_status new_work(const struct emp_segment_rows *rows, struct work *out, emp_error *error)
{
    struct emp_store *store = rows->input->customers->store;
    *out = (struct work){.rows = rows};
    emp_status status =
        emp__store_take(store, rows->count, sizeof *out->values, &out->values, error);
    if (status == EMP_OK)
        status = emp__store_take(store, rows->count, sizeof *out->ready, &out->ready, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->workspace, emp__moments_workspace(rows->count),
                                sizeof *out->workspace, error);
    return status;
}

static void free_work(struct work *work)
{
    struct emp_store *store = work->rows->input->customers->store;
    emp__store_give(store, work->values);
    emp__store_give(store, work->ready);
    free(work->workspace);
}

/* The message of a problem, with the id of the customer. */
static emp_status fail(const struct emp_segment_rows *rows, size_t j,
                       const struct emp_prepare_problem *problem, emp_error *error)
{
    char id[EMP_ID_MAX + 1];
    bool known = problem->row < rows->count;
    return emp__prepare_fail(&rows->params->features.items[j], problem,
                             known ? emp__segment_id(rows, problem->row, id) : NULL, error);
}

/* What distances can be computed with is less than what a column may hold. */
static emp_status check_size(const struct emp_segment_rows *rows, size_t j,
                             const struct emp_moments *moments, emp_error *error)
{
    bool single = rows->params->precision == EMP_PRECISION_FLOAT32;
    double most = single ? EMP_CLUSTER_LARGEST_SINGLE : EMP_CLUSTER_LARGEST;
    double found = fmax(fabs(moments->least), fabs(moments->greatest));
    if (found <= most)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_DATA,
                     "segment: '%s' has values up to %g after transform and scaling, which is "
                     "beyond %g: distances would overflow (scale: zscore avoids it)",
                     rows->columns[j].name, found, most);
}

static void store_column(const struct work *work, size_t j, struct emp_segment_matrix *out)
{
    size_t n = work->rows->count, d = out->points.d;
    double *real = (double *)out->points.x;
    float *single = (float *)out->points.x;
    if (out->points.single)
        for (size_t i = 0; i < n; i++)
            single[i * d + j] = (float)work->ready[i];
    else
        for (size_t i = 0; i < n; i++)
            real[i * d + j] = work->ready[i];
}

/* Prepares column `j`, by what is learned from it first if `learn` is not NULL. */
static emp_status prepare_column(struct work *work, size_t j, struct emp_prepared *learn,
                                 const struct emp_prepared *prepared,
                                 struct emp_segment_matrix *out, emp_error *error)
{
    const struct emp_segment_rows *rows = work->rows;
    struct emp_prepare_input input = {work->values, rows->count, rows->input->threads};
    struct emp_prepare_output output = {work->ready, 1};
    struct emp_prepare_problem problem = {0};
    emp_status status = emp__check_cancelled(rows->input->options, error);
    if (status != EMP_OK)
        return status;
    emp__segment_values(rows, j, work->values);
    if (learn)
        status = emp__prepare_fit(&rows->params->features.items[j], input, learn, &problem, error);
    if (status == EMP_OK)
        status = emp__prepare_apply(prepared, input, output, &problem, error);
    if (status == EMP_ERR_DATA && problem.kind != EMP_PROBLEM_NONE)
        return fail(rows, j, &problem, error);
    if (status != EMP_OK || rows->count == 0)
        return status;
    struct emp_moments moments =
        emp__column_moments(work->ready, rows->count, rows->input->threads, work->workspace);
    out->mean[j] = moments.mean;
    out->sd[j] = moments.deviation;
    store_column(work, j, out);
    return check_size(rows, j, &moments, error);
}

/* The weights of the rows; a customer of whom none is known counts for nothing. */
static emp_status take_weights(const struct emp_segment_rows *rows, struct emp_segment_matrix *out,
                               emp_error *error)
{
    const double *known = rows->weight;
    double *weight = NULL;
    if (!known)
        return EMP_OK;
    emp_status status = emp__store_take(out->store, rows->count, sizeof *weight, &weight, error);
    out->points.weight = weight;
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        double value = known[rows->customer[i]];
        weight[i] = isnan(value) ? 0 : value;
        if (weight[i] >= 0 && weight[i] <= EMP_CLUSTER_HEAVIEST)
            continue;
        char id[EMP_ID_MAX + 1];
        return emp__fail(error, EMP_ERR_DATA,
                         "segment: the weight '%s' of customer %s must be from 0 to %g, found %g",
                         rows->params->weight.name, emp__segment_id(rows, i, id),
                         EMP_CLUSTER_HEAVIEST, weight[i]);
    }
    return status;
}

static emp_status new_matrix(const struct emp_segment_rows *rows, struct emp_segment_matrix *out,
                             emp_error *error)
{
    bool single = rows->params->precision == EMP_PRECISION_FLOAT32;
    void *x = NULL;
    *out = (struct emp_segment_matrix){
        .store = rows->input->customers->store,
        .points = {.single = single, .n = rows->count, .d = rows->features},
    };
    emp_status status = emp__new_array(&out->mean, rows->features, sizeof *out->mean, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->sd, rows->features, sizeof *out->sd, error);
    if (status == EMP_OK)
        status = emp__store_take(out->store, rows->count * rows->features,
                                 single ? sizeof(float) : sizeof(double), &x, error);
    out->points.x = x;
    return status == EMP_OK ? take_weights(rows, out, error) : status;
}

/* `learn` and `prepared` are the same array, or the first is NULL. */
static emp_status fill(const struct emp_segment_rows *rows, struct emp_prepared *learn,
                       const struct emp_prepared *prepared, struct emp_segment_matrix *out,
                       emp_error *error)
{
    struct work work = {.rows = rows};
    emp_status status = new_matrix(rows, out, error);
    if (status == EMP_OK)
        status = new_work(rows, &work, error);
    for (size_t j = 0; j < rows->features && status == EMP_OK; j++)
        status = prepare_column(&work, j, learn ? &learn[j] : NULL, &prepared[j], out, error);
    free_work(&work);
    return status;
}

emp_status emp__segment_matrix_learn(const struct emp_segment_rows *rows,
                                     struct emp_prepared *prepared, struct emp_segment_matrix *out,
                                     emp_error *error)
{
    return fill(rows, prepared, prepared, out, error);
}

emp_status emp__segment_matrix_apply(const struct emp_segment_rows *rows,
                                     const struct emp_prepared *prepared,
                                     struct emp_segment_matrix *out, emp_error *error)
{
    return fill(rows, NULL, prepared, out, error);
}

void emp__segment_matrix_free(struct emp_segment_matrix *matrix)
{
    if (matrix->store) {
        emp__store_give(matrix->store, (void *)matrix->points.x);
        emp__store_give(matrix->store, (void *)matrix->points.weight);
    }
    free(matrix->mean);
    free(matrix->sd);
    *matrix = (struct emp_segment_matrix){0};
}
