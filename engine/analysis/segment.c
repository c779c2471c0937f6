// SPDX-License-Identifier: Apache-2.0
/*
 * Segmentation: customers in clusters by k-means (kernels/cluster/kmeans.h) on prepared features.
 *
 *   rows and matrix   who is clustered, by what (segment_rows.h, segment_matrix.h)
 *   fits              one for each k, and how good it is (segment_fit.h, segment_judge.h)
 *   choice            which k (segment_choice.h)
 *   numbers, names    what the clusters are called (segment_work.h, segment_names.h)
 *   tables, model     segment_tables.h, segment_model.h
 *
 * docs/segment.md says what it means to users.
 */
#include "analysis/segment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/segment_draws.h"
#include "analysis/segment_tables.h"
#include "analysis/segment_work.h"
#include "base/error.h"
#include "base/memory.h"

static void free_work(struct emp_segment_work *work)
{
    for (size_t j = 0; work->prepared && j < work->rows.features; j++)
        emp__prepared_free(&work->prepared[j]);
    free(work->prepared);
    free(work->z);
    emp__segment_profile_free(&work->profile);
    emp__segmentation_free(&work->segmentation);
    emp__segment_fits_free(&work->fits);
    emp__segment_matrix_free(&work->matrix);
    emp__segment_rows_free(&work->rows);
}

static emp_status begin(const struct emp_analysis_input *input, struct emp_segment_work *out,
                        emp_error *error)
{
    *out = (struct emp_segment_work){.input = input, .params = input->section};
    emp_status status = emp__segment_rows(input, &out->rows, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->prepared, out->rows.features, sizeof *out->prepared, error);
    out->task = (struct emp_segment_task){
        .points = &out->matrix.points,
        .params = out->params,
        .store = input->customers->store,
        .seed = emp__segment_seed(input->seed, EMP_DRAW_FIT, 0),
        .starts = out->params->restarts,
        .threads = input->threads,
        .options = input->options,
    };
    return status;
}

/* --- What was found, said --- */

static emp_status warn_of_rows(const struct emp_segment_work *work, struct emp_result *result,
                               emp_error *error)
{
    size_t all = work->input->customers->ids.count, out = all - work->rows.count;
    if (work->rows.count == 0)
        return emp__result_warn(result, error, "segment: there are no customers to cluster");
    if (out == 0)
        return EMP_OK;
    return emp__result_warn(result, error,
                            "segment: %zu of %zu customers have no purchase, and so no cluster",
                            out, all);
}

static emp_status warn_of_features(const struct emp_segment_work *work, struct emp_result *result,
                                   emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t j = 0; j < work->rows.features && status == EMP_OK; j++) {
        const struct emp_prepared *prepared = &work->prepared[j];
        const char *name = prepared->recipe.name;
        if (prepared->constant)
            status = emp__result_warn(
                result, error, "segment: '%s' is the same for all customers and takes no part",
                name);
        if (status == EMP_OK && prepared->missing > 0)
            status = emp__result_warn(
                result, error, "segment: '%s' is missing for %" PRIu64 " customers; %g stands in",
                name, prepared->missing, prepared->fill);
        if (status == EMP_OK && prepared->lambda_at_bound)
            status = emp__result_warn(
                result, error,
                "segment: the yeo-johnson power of '%s' is at its bound, %g: another transform may "
                "fit better",
                name, prepared->lambda);
    }
    return status;
}

static emp_status warn_of_fit(const struct emp_segment_work *work, struct emp_result *result,
                              emp_error *error)
{
    const struct emp_segment_fit *fit = &work->fits.fit[work->chosen];
    if (fit->status == EMP_SEGMENT_LIMIT)
        return emp__result_warn(result, error,
                                "segment: k = %zu did not converge within %" PRId64 " %s "
                                "(segment.max_iterations)",
                                fit->k, fit->iterations, fit->batch > 0 ? "batches" : "iterations");
    if (fit->status == EMP_SEGMENT_FEWER)
        return emp__result_warn(result, error,
                                "segment: %zu clusters were asked for, but there are only %zu "
                                "distinct customers",
                                fit->k, fit->clusters);
    return EMP_OK;
}

/* --- Fitting --- */

/* Centres of the user's own, prepared as the features are. */
static emp_status own_centres(struct emp_segment_work *work, double **out, emp_error *error)
{
    const struct emp_segment_start *start = &work->params->init;
    size_t k = start->count, d = start->features;
    double *column = NULL;
    if (start->how != EMP_INIT_CENTRES)
        return EMP_OK;
    emp_status status = emp__new_array(out, k * d, sizeof **out, error);
    if (status == EMP_OK)
        status = emp__new_array(&column, k, sizeof *column, error);
    for (size_t j = 0; j < d && status == EMP_OK; j++) {
        struct emp_prepare_problem problem = {0};
        for (size_t c = 0; c < k; c++)
            column[c] = start->centres[c * d + j];
        status = emp__prepare_apply(&work->prepared[j], (struct emp_prepare_input){column, k, 1},
                                    (struct emp_prepare_output){*out + j, d}, &problem, NULL);
        if (status == EMP_ERR_DATA)
            status = emp__fail_at(error, EMP_ERR_PARAMS, start->place,
                                  "'segment.init.centres[%zu]': %g is not a value that '%s' can "
                                  "have",
                                  problem.row, problem.value, work->prepared[j].recipe.name);
    }
    free(column);
    return status;
}

static emp_status fit(struct emp_segment_work *work, emp_error *error)
{
    double *centres = NULL;
    emp_status status = own_centres(work, &centres, error);
    work->task.centres = centres;
    if (status == EMP_OK)
        status = emp__segment_fits(&work->task, &work->fits, error);
    work->task.centres = NULL;
    free(centres);
    if (status != EMP_OK)
        return status;
    work->chosen = emp__segment_fits_choose(&work->fits, work->params);
    const struct emp_segment_fit *chosen = &work->fits.fit[work->chosen];
    status = emp__segmentation_new(chosen->clusters, work->rows.features, work->rows.count,
                                   &work->segmentation, error);
    if (status != EMP_OK)
        return status;
    memcpy(work->segmentation.centres, chosen->centres,
           chosen->clusters * work->rows.features * sizeof *chosen->centres);
    return emp__segmentation_assign(&work->task, &work->segmentation, error);
}

/* --- Describing --- */

static emp_status profile(struct emp_segment_work *work, emp_error *error)
{
    return emp__segment_profile(&work->rows, work->segmentation.label, work->segmentation.clusters,
                                &work->profile, error);
}

/* What sets the clusters apart, once they are in order. */
static emp_status compare(struct emp_segment_work *work, emp_error *error)
{
    size_t k = work->segmentation.clusters, d = work->rows.features;
    emp_status status = emp__new_array(&work->z, k * d, sizeof *work->z, error);
    if (status == EMP_OK)
        emp__segment_z(work->segmentation.centres, work->matrix.mean, work->matrix.sd, k, d,
                       work->z);
    return status;
}

static emp_status name_clusters(struct emp_segment_work *work, emp_error *error)
{
    struct emp_segmentation *segmentation = &work->segmentation;
    return emp__segment_names(work->z, work->rows.words, segmentation->clusters,
                              work->rows.features, segmentation->name, error);
}

static emp_status add_tables(struct emp_segment_work *work, struct emp_result *result,
                             emp_error *error)
{
    emp_status status = emp__segment_customer_columns(&work->rows, &work->segmentation,
                                                      emp__result_customers(result), error);
    const struct emp_segment_description description = {&work->rows, &work->segmentation,
                                                        &work->profile, work->z};
    return status == EMP_OK ? emp__segments_table(&description, result, error) : status;
}

static emp_status add_model(const struct emp_segment_work *work, struct emp_result *result,
                            emp_error *error)
{
    struct emp_segment_facts facts = {
        .input = work->input,
        .prepared = work->prepared,
        .segmentation = &work->segmentation,
        .customers = work->profile.customers,
        .fit = &work->fits.fit[work->chosen],
    };
    return emp__result_add_model(result, "segment", emp__segment_model_json(&facts), error);
}

static emp_status fit_and_describe(struct emp_segment_work *work, struct emp_result *result,
                                   emp_error *error)
{
    emp_status status =
        emp__segment_matrix_learn(&work->rows, work->prepared, &work->matrix, error);
    if (status == EMP_OK)
        status = fit(work, error);
    if (status == EMP_OK)
        status = profile(work, error);
    if (status == EMP_OK)
        status = emp__segment_number(work, result, error);
    if (status == EMP_OK)
        status = compare(work, error);
    if (status == EMP_OK)
        status = name_clusters(work, error);
    if (status == EMP_OK)
        status = add_tables(work, result, error);
    if (status == EMP_OK)
        status = emp__k_selection_table(&work->fits, work->chosen, result, error);
    if (status == EMP_OK)
        status = add_model(work, result, error);
    if (status == EMP_OK)
        status = warn_of_features(work, result, error);
    return status == EMP_OK ? warn_of_fit(work, result, error) : status;
}

/* Without customers there are tables without rows, and no model. */
static emp_status describe_nobody(struct emp_segment_work *work, struct emp_result *result,
                                  emp_error *error)
{
    emp_status status = profile(work, error);
    if (status == EMP_OK)
        status = compare(work, error);
    if (status == EMP_OK)
        status = add_tables(work, result, error);
    return status == EMP_OK ? emp__k_selection_table(&work->fits, 0, result, error) : status;
}

static emp_status run(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error)
{
    struct emp_segment_work work;
    emp_status status = begin(input, &work, error);
    if (status == EMP_OK)
        status = work.rows.count > 0 ? fit_and_describe(&work, result, error)
                                     : describe_nobody(&work, result, error);
    if (status == EMP_OK)
        status = warn_of_rows(&work, result, error);
    free_work(&work);
    return status;
}

/* --- Scoring --- */

/* The clusters are those of the model; only who is in them is new. */
static emp_status take_clusters(struct emp_segment_work *work, struct emp_segment_model *model,
                                emp_error *error)
{
    struct emp_segmentation *segmentation = &work->segmentation;
    emp_status status = emp__segmentation_new(model->clusters, model->features, work->rows.count,
                                              segmentation, error);
    if (status != EMP_OK)
        return status;
    memcpy(segmentation->centres, model->centres,
           model->clusters * model->features * sizeof *model->centres);
    memcpy(segmentation->number, model->number, model->clusters * sizeof *model->number);
    for (size_t c = 0; c < model->clusters; c++) {
        segmentation->name[c] = model->name[c];
        model->name[c] = NULL;
    }
    return EMP_OK;
}

static emp_status score_rows(struct emp_segment_work *work, struct emp_segment_model *model,
                             struct emp_result *result, emp_error *error)
{
    emp_status status =
        emp__segment_matrix_apply(&work->rows, model->prepared, &work->matrix, error);
    if (status == EMP_OK)
        status = take_clusters(work, model, error);
    if (status == EMP_OK && work->rows.count > 0)
        status = emp__segmentation_assign(&work->task, &work->segmentation, error);
    if (status == EMP_OK)
        status = profile(work, error);
    if (status == EMP_OK)
        status = compare(work, error);
    return status == EMP_OK ? add_tables(work, result, error) : status;
}

/* Reads a model whose own section these parameters are. */
static emp_status read_model(const struct emp_model *model, const struct emp_segment_params *params,
                             struct emp_segment_model *out, emp_error *error)
{
    emp_status status = emp__segment_model_read(model, out, error);
    if (status == EMP_OK && !emp__segment_same_features(params, out))
        return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = model->file},
                            "'features' are not those of 'parameters.features'");
    return status;
}

static emp_status score(const struct emp_analysis_input *input, const struct emp_model *model,
                        struct emp_result *result, emp_error *error)
{
    struct emp_segment_work work;
    struct emp_segment_model known = {0};
    emp_status status = begin(input, &work, error);
    if (status == EMP_OK)
        status = read_model(model, work.params, &known, error);
    if (status == EMP_OK)
        status = score_rows(&work, &known, result, error);
    if (status == EMP_OK)
        status = warn_of_rows(&work, result, error);
    emp__segment_model_free(&known);
    free_work(&work);
    return status;
}

/* --- The row in the table of analyses --- */

static struct emp_needs needs(const void *section)
{
    const struct emp_segment_params *params = section;
    return emp__recipes_needs(&params->features, params->input, (enum emp_merge)params->merge);
}

static emp_status attributes(const void *section, enum emp_use use,
                             struct emp_attribute_wishes *out, emp_error *error)
{
    (void)use; /* the weights are in the profile of the clusters, too */
    const struct emp_segment_params *params = section;
    emp_status status = emp__recipes_wish(&params->features, params->input, out, error);
    if (status == EMP_OK && params->weight.name)
        status = emp__attribute_wish(out, EMP_ATTRIBUTE_NUMBER, &params->weight, error);
    return status;
}

static emp_status explain_features(const struct emp_segment_params *params, struct emp_buffer *out,
                                   emp_error *error)
{
    emp_status status = emp__buffer_text(out, "  features:", error);
    for (size_t j = 0; j < params->features.count && status == EMP_OK; j++)
        status = emp__buffer_printf(out, error, " %s", params->features.items[j].name);
    return status == EMP_OK ? emp__buffer_text(out, "\n", error) : status;
}

static emp_status explain(const void *section, struct emp_buffer *out, emp_error *error)
{
    const struct emp_segment_params *params = section;
    emp_status status = explain_features(params, out, error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, "  k:", error);
    for (size_t i = 0; i < params->k.count && status == EMP_OK; i++)
        status = emp__buffer_printf(out, error, " %" PRId64, params->k.items[i]);
    return status == EMP_OK ? emp__buffer_printf(out, error, "\n") : status;
}

static emp_status explain_model(const void *section, const struct emp_model *model,
                                struct emp_buffer *out, emp_error *error)
{
    struct emp_segment_model known = {0};
    emp_status status = read_model(model, section, &known, error);
    if (status == EMP_OK)
        status = explain_features(section, out, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, "  clusters: %zu\n", known.clusters);
    emp__segment_model_free(&known);
    return status;
}

const struct emp_analysis emp__segment_analysis = {
    .schema = &emp__segment_schema,
    .settle = emp__segment_settle,
    .needs = needs,
    .attributes = attributes,
    .explain = explain,
    .run = run,
    .score = score,
    .explain_model = explain_model,
};
