// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/recipe_params.h"
#include "model/model_json.h"
#include "model/prepared_json.h"
#include "params/node_json.h"

static emp_status read_features(const struct emp_model_node *root, struct emp_segment_model *out,
                                emp_error *error)
{
    const size_t bounds[2] = {1, EMP_RECIPES_MAX};
    struct emp_model_node list;
    size_t count = 0;
    emp_status status = emp__model_list(root, "features", bounds, &list, &count, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->prepared, count, sizeof *out->prepared, error);
    for (size_t j = 0; j < count && status == EMP_OK; j++) {
        struct emp_model_node item = emp__model_item(&list, j);
        status = emp__prepared_from_json(&item, &out->prepared[j], error);
        out->features = j + (status == EMP_OK);
    }
    return status;
}

static emp_status read_number(const struct emp_model_node *cluster, struct emp_segment_model *out,
                              size_t c, emp_error *error)
{
    emp_status status =
        emp__model_integer(cluster, "cluster", 1, INT32_MAX, &out->number[c], error);
    for (size_t i = 0; i < c && status == EMP_OK; i++)
        if (out->number[i] == out->number[c])
            return emp__model_refuse(cluster, error, "has the number of a cluster before it");
    return status;
}

static emp_status read_centre(const struct emp_model_node *cluster, double *out, size_t features,
                              emp_error *error)
{
    struct emp_model_node centre;
    emp_status status = emp__model_get(cluster, "centre", &centre, error);
    if (status == EMP_OK)
        status = emp__model_reals(&centre, features, out, error);
    for (size_t j = 0; j < features && status == EMP_OK; j++)
        if (out[j] > EMP_CLUSTER_LARGEST || out[j] < -EMP_CLUSTER_LARGEST)
            return emp__model_refuse(&centre, error, "has a value beyond %g", EMP_CLUSTER_LARGEST);
    return status;
}

static emp_status read_cluster(const struct emp_model_node *cluster, struct emp_segment_model *out,
                               size_t c, emp_error *error)
{
    const char *name = NULL;
    emp_status status = read_number(cluster, out, c, error);
    if (status == EMP_OK)
        status = emp__model_text(cluster, "name", &name, error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->name[c], name, strlen(name), error);
    if (status == EMP_OK)
        status = read_centre(cluster, out->centres + c * out->features, out->features, error);
    return status;
}

static emp_status read_clusters(const struct emp_model_node *root, struct emp_segment_model *out,
                                emp_error *error)
{
    const size_t bounds[2] = {1, EMP_SEGMENT_K_MAX};
    struct emp_model_node list;
    emp_status status = emp__model_list(root, "clusters", bounds, &list, &out->clusters, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->number, out->clusters, sizeof *out->number, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->name, out->clusters, sizeof(char *), error);
    if (status == EMP_OK)
        status =
            emp__new_array(&out->centres, out->clusters * out->features, sizeof(double), error);
    for (size_t c = 0; c < out->clusters && status == EMP_OK; c++) {
        struct emp_model_node item = emp__model_item(&list, c);
        status = read_cluster(&item, out, c, error);
    }
    return status;
}

emp_status emp__segment_model_read(const struct emp_model *model, struct emp_segment_model *out,
                                   emp_error *error)
{
    *out = (struct emp_segment_model){0};
    struct emp_model_node root = emp__model_root(model);
    emp_status status = emp__model_expect_kind(model, emp__segment_schema.section, error);
    if (status == EMP_OK)
        status = read_features(&root, out, error);
    return status == EMP_OK ? read_clusters(&root, out, error) : status;
}

void emp__segment_model_free(struct emp_segment_model *model)
{
    for (size_t j = 0; j < model->features; j++)
        emp__prepared_free(&model->prepared[j]);
    for (size_t c = 0; model->name && c < model->clusters; c++)
        free(model->name[c]);
    free(model->prepared);
    free(model->centres);
    free(model->number);
    free(model->name);
    *model = (struct emp_segment_model){0};
}

static json_t *features_json(const struct emp_segment_facts *facts)
{
    json_t *list = json_array();
    for (size_t j = 0; j < facts->segmentation->features; j++)
        list = emp__json_append(list, emp__prepared_to_json(&facts->prepared[j]));
    return list;
}

static json_t *clusters_json(const struct emp_segment_facts *facts)
{
    const struct emp_segmentation *segmentation = facts->segmentation;
    size_t d = segmentation->features;
    json_t *list = json_array();
    for (size_t c = 0; c < segmentation->clusters; c++) {
        json_t *cluster =
            json_pack("{s:I, s:s, s:I}", "cluster", (json_int_t)segmentation->number[c], "name",
                      segmentation->name[c], "customers", (json_int_t)facts->customers[c]);
        cluster =
            emp__json_put(cluster, "centre", emp__json_reals(segmentation->centres + c * d, d));
        list = emp__json_append(list, cluster);
    }
    return list;
}

static json_t *fit_json(const struct emp_segment_facts *facts)
{
    const struct emp_segment_fit *fit = facts->fit;
    const struct emp_segment_params *params = facts->input->section;
    const char *algorithm = emp__segment_algorithm_words[fit->batch > 0 ? EMP_ALGORITHM_MINI_BATCH
                                                                        : EMP_ALGORITHM_LLOYD];
    return json_pack("{s:I, s:I, s:f, s:s, s:s, s:I, s:I, s:f, s:I, s:I}", "asked_k",
                     (json_int_t)fit->k, "customers", (json_int_t)facts->segmentation->rows,
                     "inertia", fit->inertia, "algorithm", algorithm, "status",
                     emp__segment_status_words[fit->status], "iterations",
                     (json_int_t)fit->iterations, "max_iterations",
                     (json_int_t)params->max_iterations, "tolerance", params->tolerance, "start",
                     (json_int_t)fit->start, "seed", (json_int_t)facts->input->seed);
}

json_t *emp__segment_model_json(const struct emp_segment_facts *facts)
{
    json_t *parameters = NULL;
    if (emp__node_to_json(facts->input->parameters, &parameters, NULL) != EMP_OK)
        return NULL;
    json_t *root =
        emp__json_put(emp__model_new(emp__segment_schema.section), "parameters", parameters);
    root = emp__json_put(root, "features", features_json(facts));
    root = emp__json_put(root, "clusters", clusters_json(facts));
    return emp__json_put(root, "fit", fit_json(facts));
}
