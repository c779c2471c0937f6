// SPDX-License-Identifier: Apache-2.0
/* From a parameter file and overrides to emp_params: every section by its schema. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "params/node_json.h"
#include "run/run_params.h"

enum { OWN_SECTIONS = 3 };

/* All schemas that a parameter file may use: the engine's own, then the analyses'. */
static size_t all_schemas(const struct emp_schema *out[OWN_SECTIONS + EMP_ANALYSES_MAX])
{
    size_t count = 0;
    out[count++] = &emp__general_schema;
    out[count++] = &emp__input_schema;
    for (size_t i = 0; emp__analyses[i]; i++)
        out[count++] = emp__analyses[i]->schema;
    out[count++] = &emp__output_schema;
    return count;
}

static emp_status check_needs(const struct emp_params *params, size_t i, emp_error *error)
{
    const struct emp_analysis *analysis = emp__analyses[i];
    const char *name = analysis->schema->section;
    if (!analysis->needs(params->sections[i]).transactions || emp__has_transactions(&params->input))
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(emp__node_get(params->root, name)),
                        "'%s' needs 'input.transactions': a customers file alone has no purchases",
                        name);
}

/* The columns of the customers file that an analysis names. */
static emp_status load_attributes(struct emp_params *params, size_t i, emp_error *error)
{
    struct emp_attribute_wishes *wishes = &params->attributes;
    size_t before = wishes->count;
    emp_status status = EMP_OK;
    if (emp__analyses[i]->attributes)
        status = emp__analyses[i]->attributes(
            params->sections[i], params->models[i] ? EMP_USE_SCORE : EMP_USE_FIT, wishes, error);
    for (size_t c = before; c < wishes->count && status == EMP_OK; c++) {
        const struct emp_column_ref *column = wishes->columns[c].ref;
        if (!emp__has_customer_file(&params->input))
            return emp__fail_at(error, EMP_ERR_PARAMS, column->place,
                                "'%s' is taken for a column of a customers file, but there is no "
                                "'input.customers'",
                                column->name);
        if (c >= EMP_ATTRIBUTES_MAX)
            return emp__fail_at(error, EMP_ERR_PARAMS, column->place,
                                "more than %d columns of the customers file are named",
                                EMP_ATTRIBUTES_MAX);
        if (!params->input.customers.format.header)
            status = emp__column_ref_need_number(column, error);
    }
    return status;
}

static emp_status load_analysis(struct emp_params *params, size_t i, emp_error *error)
{
    const struct emp_analysis *analysis = emp__analyses[i];
    emp_status status = emp__new_array(&params->sections[i], 1, analysis->schema->size, error);
    if (status == EMP_OK)
        status = emp__schema_load(analysis->schema, params->root, params->sections[i], error);
    if (status == EMP_OK && analysis->settle)
        status = analysis->settle(params->sections[i], &params->input, params->root, error);
    if (status == EMP_OK)
        status = check_needs(params, i, error);
    return status == EMP_OK ? load_attributes(params, i, error) : status;
}

static emp_status load_analyses(struct emp_params *params, emp_error *error)
{
    emp_status status = EMP_OK;
    bool any = false;
    for (size_t i = 0; emp__analyses[i] && status == EMP_OK; i++) {
        const struct emp_schema *schema = emp__analyses[i]->schema;
        if (!emp__node_get(params->root, schema->section))
            continue;
        any = true;
        status = load_analysis(params, i, error);
    }
    if (status == EMP_OK && !any)
        return emp__fail_at(error, EMP_ERR_PARAMS, (struct emp_place){.file = params->path},
                            "no analysis is asked for: add a section, such as 'rfm:'");
    return status;
}

/* The analysis whose models are of that kind, or EMP_ANALYSES_MAX. */
static size_t find_analysis(const char *kind)
{
    for (size_t i = 0; emp__analyses[i]; i++)
        if (emp__analyses[i]->score && strcmp(emp__analyses[i]->schema->section, kind) == 0)
            return i;
    return EMP_ANALYSES_MAX;
}

static void free_model(struct emp_model *model)
{
    if (model)
        emp__model_free(model);
    free(model);
}

/* The section that stands in a model, as a tree. */
static emp_status model_section(const struct emp_model *model, struct emp_node **out,
                                emp_error *error)
{
    struct emp_model_node root = emp__model_root(model), section;
    emp_status status = emp__model_get(&root, "parameters", &section, error);
    return status == EMP_OK ? emp__node_from_json(section.value, model->file, out, error) : status;
}

/* The place among the analyses of a model that was read. */
static emp_status place_model(const struct emp_params *params, const struct emp_model *model,
                              size_t *out, emp_error *error)
{
    struct emp_place place = {.file = model->file};
    *out = find_analysis(model->kind);
    if (*out == EMP_ANALYSES_MAX)
        return emp__fail_at(error, EMP_ERR_DATA, place,
                            "this version has no analysis '%s' that scores by a model",
                            model->kind);
    if (params->models[*out])
        return emp__fail_at(error, EMP_ERR_DATA, place, "this is a second model of '%s'",
                            model->kind);
    return EMP_OK;
}

/* Takes a model, and puts its section where the file has its own, if it has. */
static emp_status load_model(struct emp_params *params, const char *path, emp_error *error)
{
    struct emp_model *model = NULL;
    struct emp_node *section = NULL;
    size_t i;
    emp_status status = emp__new_array(&model, 1, sizeof *model, error);
    if (status == EMP_OK)
        status = emp__model_read(path, model, error);
    if (status == EMP_OK)
        status = place_model(params, model, &i, error);
    if (status != EMP_OK) {
        free_model(model);
        return status;
    }
    params->models[i] = model;
    status = model_section(model, &section, error);
    return status == EMP_OK ? emp__node_put(params->root, model->kind, section, error) : status;
}

/* Sections that are not run, since it is models that are asked for. */
static void drop_sections(struct emp_params *params)
{
    for (size_t i = 0; emp__analyses[i]; i++)
        if (!params->models[i])
            emp__node_remove(params->root, emp__analyses[i]->schema->section);
}

static emp_status load_models(struct emp_params *params, const char *const *models, size_t count,
                              emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = load_model(params, models[i], error);
    if (status == EMP_OK && count > 0)
        drop_sections(params);
    return status;
}

static emp_status check_keys(const struct emp_params *params, emp_error *error)
{
    const struct emp_schema *schemas[OWN_SECTIONS + EMP_ANALYSES_MAX];
    size_t count = all_schemas(schemas);
    return emp__schema_check_keys(schemas, count, params->root, error);
}

static emp_status load_sections(struct emp_params *params, emp_error *error)
{
    emp_status status = check_keys(params, error);
    if (status == EMP_OK)
        status = emp__schema_load(&emp__general_schema, params->root, &params->general, error);
    if (status == EMP_OK)
        status = emp__schema_load(&emp__input_schema, params->root, &params->input, error);
    if (status == EMP_OK)
        status = load_analyses(params, error);
    if (status == EMP_OK)
        status = emp__schema_load(&emp__output_schema, params->root, &params->out, error);
    if (status == EMP_OK)
        status = emp__path_from(params->folder, params->out.folder, &params->output, error);
    return status;
}

emp_status emp_params_load_scoring(const char *path, const char *const *sets, size_t set_count,
                                   const char *const *models, size_t model_count, emp_params **out,
                                   emp_error *error)
{
    struct emp_params *params = NULL;
    emp_status status = emp__new_array(&params, 1, sizeof *params, error);
    if (status != EMP_OK)
        return status;
    status = emp__copy_text(&params->path, path, strlen(path), error);
    if (status == EMP_OK)
        status = emp__path_above(path, &params->folder, error);
    if (status == EMP_OK)
        status = emp__node_read_file(params->path, &params->root, error);
    for (size_t i = 0; i < set_count && status == EMP_OK; i++)
        status = emp__schema_set(params->root, sets[i], error);
    if (status == EMP_OK)
        status = check_keys(params, error);
    if (status == EMP_OK)
        status = load_models(params, models, model_count, error);
    if (status == EMP_OK)
        status = load_sections(params, error);
    if (status == EMP_OK)
        *out = params;
    else
        emp_params_free(params);
    return status;
}

emp_status emp_params_load(const char *path, const char *const *sets, size_t set_count,
                           emp_params **out, emp_error *error)
{
    return emp_params_load_scoring(path, sets, set_count, NULL, 0, out, error);
}

void emp_params_free(emp_params *params)
{
    if (!params)
        return;
    emp__attribute_wishes_free(&params->attributes);
    emp__schema_release(&emp__general_schema, &params->general);
    emp__schema_release(&emp__input_schema, &params->input);
    emp__schema_release(&emp__output_schema, &params->out);
    for (size_t i = 0; emp__analyses[i]; i++) {
        if (params->sections[i])
            emp__schema_release(emp__analyses[i]->schema, params->sections[i]);
        free(params->sections[i]);
        free_model(params->models[i]);
    }
    emp__node_free(params->root);
    free(params->output);
    free(params->folder);
    free(params->path);
    free(params);
}

emp_status emp_params_effective(const emp_params *params, char **out, emp_error *error)
{
    return emp__node_print(params->root, out, error);
}

emp_status emp_params_reference(char **out, emp_error *error)
{
    const struct emp_schema *schemas[OWN_SECTIONS + EMP_ANALYSES_MAX];
    size_t count = all_schemas(schemas);
    return emp__schema_reference(schemas, count, out, error);
}

const char *emp_params_folder(const emp_params *params)
{
    return params->output;
}

/* Of a section with a model, the past is not needed: the model has learned from it. */
static struct emp_needs section_needs(const struct emp_params *params, size_t i)
{
    struct emp_needs needs = emp__analyses[i]->needs(params->sections[i]);
    if (params->models[i])
        needs.cutoffs = 0;
    return needs;
}

struct emp_needs emp__params_needs(const struct emp_params *params)
{
    struct emp_needs all = {0};
    for (size_t i = 0; emp__analyses[i]; i++)
        if (params->sections[i])
            all = emp__needs_union(all, section_needs(params, i));
    return all;
}

emp_status emp__params_cutoffs(const struct emp_params *params, int32_t day,
                               struct emp_cutoffs *out, emp_error *error)
{
    bool given = params->general.analysis_date != EMP_NO_DATE;
    emp_status status = EMP_OK;
    *out = (struct emp_cutoffs){.day = day, .end = given ? day + 1 : day};
    for (size_t i = 0; emp__analyses[i] && status == EMP_OK && day != EMP_NO_DAY; i++)
        if (params->sections[i] && !params->models[i] && emp__analyses[i]->cutoffs)
            status = emp__analyses[i]->cutoffs(params->sections[i], out, error);
    return status;
}
