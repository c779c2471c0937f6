// SPDX-License-Identifier: Apache-2.0
/* The numbers of the clusters: by value, or those that a former model gave them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/segment_match.h"
#include "analysis/segment_work.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/path.h"
#include "number/ratio.h"

/* What clusters are ordered by: the mean monetary value of their customers; without any money, the
   mean of the first feature. */
static void values_of(const struct emp_segment_work *work, double *value)
{
    const struct emp_segment_profile *profile = &work->profile;
    bool money = work->input->customers->rows > 0;
    for (size_t c = 0; c < profile->clusters; c++) {
        uint64_t customers = profile->customers[c];
        double mean = money ? (customers ? emp__ratio(profile->revenue[c], customers) : NAN)
                            : profile->mean[c * profile->features];
        value[c] = isnan(mean) ? -INFINITY : mean;
    }
}

bool emp__segment_same_features(const struct emp_segment_params *params,
                                const struct emp_segment_model *model)
{
    const struct emp_recipes *features = &params->features;
    bool same = model->features == features->count;
    for (size_t j = 0; same && j < model->features; j++)
        same = strcmp(model->prepared[j].recipe.name, features->items[j].name) == 0;
    return same;
}

/* Which customers each new cluster has in common with each former one. */
static emp_status overlap_with(const struct emp_segment_work *work,
                               const struct emp_segment_model *model,
                               struct emp_segment_overlap *out, emp_error *error)
{
    struct emp_segment_matrix matrix;
    uint32_t *label = NULL;
    uint64_t *count = NULL;
    struct emp_segment_task task = work->task;
    struct emp_segment_centres centres = {model->clusters, model->centres};
    emp_status status = emp__segment_matrix_apply(&work->rows, model->prepared, &matrix, error);
    task.points = &matrix.points;
    if (status == EMP_OK)
        status = emp__new_array(&label, work->rows.count, sizeof *label, error);
    if (status == EMP_OK)
        status = emp__new_array(&count, work->segmentation.clusters * model->clusters,
                                sizeof *count, error);
    if (status == EMP_OK)
        status = emp__segment_nearest(&task, centres, label, NULL, error);
    for (size_t i = 0; i < work->rows.count && status == EMP_OK; i++)
        count[work->segmentation.label[i] * model->clusters + label[i]]++;
    emp__segment_matrix_free(&matrix);
    free(label);
    *out = (struct emp_segment_overlap){work->segmentation.clusters, model->clusters, count};
    return status;
}

/* Numbers by a former model that goes by the same features. */
static emp_status match(const struct emp_segment_work *work, const struct emp_segment_model *model,
                        const size_t *order, int64_t *number, struct emp_result *result,
                        emp_error *error)
{
    struct emp_segment_overlap overlap = {0};
    if (!emp__segment_same_features(work->params, model))
        return emp__result_warn(result, error,
                                "segment: '%s' has other features; the clusters are numbered anew",
                                work->params->previous);
    emp_status status = overlap_with(work, model, &overlap, error);
    if (status == EMP_OK)
        status = emp__segment_match(&overlap, model->number, order, number, error);
    free((void *)overlap.count);
    return status;
}

/* The same by the file; nothing happens if there is none. */
static emp_status match_file(const struct emp_segment_work *work, const size_t *order,
                             int64_t *number, struct emp_result *result, emp_error *error)
{
    char *path = NULL;
    struct emp_model file = {0};
    struct emp_segment_model model = {0};
    emp_status status = emp__path_from(work->input->folder, work->params->previous, &path, error);
    bool there = status == EMP_OK && (access(path, F_OK) == 0 || errno != ENOENT);
    if (there)
        status = emp__model_read(path, &file, error);
    if (there && status == EMP_OK)
        status = emp__segment_model_read(&file, &model, error);
    if (there && status == EMP_OK)
        status = match(work, &model, order, number, result, error);
    emp__segment_model_free(&model);
    emp__model_free(&file);
    free(path);
    return status;
}

/* Puts the clusters in order of their numbers. */
static emp_status order_clusters(struct emp_segment_work *work, const int64_t *number,
                                 emp_error *error)
{
    struct emp_segmentation *segmentation = &work->segmentation;
    size_t k = segmentation->clusters;
    size_t *order = NULL;
    double *negative = NULL;
    emp_status status = emp__new_array(&order, k, sizeof *order, error);
    if (status == EMP_OK)
        status = emp__new_array(&negative, k, sizeof *negative, error);
    if (status == EMP_OK) {
        for (size_t c = 0; c < k; c++)
            negative[c] = -(double)number[c];
        emp__segment_order(negative, k, order);
        for (size_t i = 0; i < k; i++)
            segmentation->number[i] = number[order[i]];
        status = emp__segmentation_reorder(segmentation, order, error);
    }
    if (status == EMP_OK)
        status = emp__segment_profile_reorder(&work->profile, order, error);
    free(negative);
    free(order);
    return status;
}

emp_status emp__segment_number(struct emp_segment_work *work, struct emp_result *result,
                               emp_error *error)
{
    size_t k = work->segmentation.clusters;
    double *value = NULL;
    size_t *order = NULL;
    int64_t *number = NULL;
    emp_status status = emp__new_array(&value, k, sizeof *value, error);
    if (status == EMP_OK)
        status = emp__new_array(&order, k, sizeof *order, error);
    if (status == EMP_OK)
        status = emp__new_array(&number, k, sizeof *number, error);
    if (status == EMP_OK) {
        values_of(work, value);
        emp__segment_order(value, k, order);
        for (size_t i = 0; i < k; i++)
            number[order[i]] = (int64_t)i + 1;
        if (work->params->previous)
            status = match_file(work, order, number, result, error);
    }
    if (status == EMP_OK)
        status = order_clusters(work, number, error);
    free(number);
    free(order);
    free(value);
    return status;
}
