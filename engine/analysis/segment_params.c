// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_params.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "features/feature_column.h"
#include "features/merge_param.h"
#include "features/recipe_params.h"

static const char *const choose_words[] = {"silhouette",
                                           "simplified_silhouette",
                                           "calinski_harabasz",
                                           "davies_bouldin",
                                           "gap",
                                           "elbow",
                                           "stability",
                                           NULL};
static const char *const init_words[] = {"kmeans++", "kmeans||", "random", NULL};
const char *const emp__segment_algorithm_words[] = {"lloyd", "mini-batch", NULL};
static const char *const precision_words[] = {"float64", "float32", NULL};

#define K_SHAPE "a whole number from 1 to 1024, [lowest, highest], or a list of three or more"

/* [lowest, highest]: all of them. */
static emp_status load_k_range(const struct emp_node *node, struct emp_segment_ks *out,
                               emp_error *error)
{
    int64_t low = 0, high = 0;
    emp_status status = emp__node_integer(node->items[0], 1, EMP_SEGMENT_K_MAX, &low, error);
    if (status == EMP_OK)
        status = emp__node_integer(node->items[1], 1, EMP_SEGMENT_K_MAX, &high, error);
    if (status == EMP_OK && (low > high || high - low >= EMP_SEGMENT_KS_MAX))
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be [lowest, highest] with at most %d numbers between, found "
                            "[%" PRId64 ", %" PRId64 "]",
                            node->path, EMP_SEGMENT_KS_MAX, low, high);
    if (status == EMP_OK)
        status = emp__new_array(&out->items, (size_t)(high - low + 1), sizeof *out->items, error);
    for (; status == EMP_OK && low <= high; low++)
        out->items[out->count++] = low;
    return status;
}

static emp_status load_k_list(const struct emp_node *node, struct emp_segment_ks *out,
                              emp_error *error)
{
    size_t count = node->kind == EMP_NODE_LIST ? node->count : 1;
    if (count == 0 || count > EMP_SEGMENT_KS_MAX)
        return emp__node_expected(node, K_SHAPE, error);
    emp_status status = emp__new_array(&out->items, count, sizeof *out->items, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        const struct emp_node *item = node->kind == EMP_NODE_LIST ? node->items[i] : node;
        status = emp__node_integer(item, 1, EMP_SEGMENT_K_MAX, &out->items[i], error);
        if (status == EMP_OK && i > 0 && out->items[i] <= out->items[i - 1])
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(item),
                                "'%s' must ascend: %" PRId64 " does not follow %" PRId64,
                                node->path, out->items[i], out->items[i - 1]);
    }
    out->count = count;
    return status;
}

static emp_status load_k(const struct emp_node *node, void *field, emp_error *error)
{
    if (node->kind == EMP_NODE_MAP)
        return emp__node_expected(node, K_SHAPE, error);
    bool range = node->kind == EMP_NODE_LIST && node->count == 2;
    return range ? load_k_range(node, field, error) : load_k_list(node, field, error);
}

static void release_k(void *field)
{
    free(((struct emp_segment_ks *)field)->items);
}

#define INIT_SHAPE "kmeans++, kmeans||, random, or {centres: [[VALUE of each feature, ...], ...]}"

static emp_status load_centre(const struct emp_node *node, struct emp_segment_start *out, size_t i,
                              emp_error *error)
{
    if (node->kind != EMP_NODE_LIST || node->count == 0)
        return emp__node_expected(node, "a list with a value for each feature", error);
    if (i > 0 && node->count != out->features)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must have %zu values as the first centre has, found %zu",
                            node->path, out->features, node->count);
    emp_status status = EMP_OK;
    out->features = node->count;
    size_t capacity = i * node->count;
    status =
        emp__grow_array(&out->centres, &capacity, (i + 1) * node->count, sizeof(double), error);
    for (size_t j = 0; j < node->count && status == EMP_OK; j++)
        status = emp__node_real(node->items[j], -1e150, 1e150, &out->centres[i * node->count + j],
                                error);
    return status;
}

static emp_status load_init(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"centres", NULL};
    struct emp_segment_start *start = field;
    start->place = emp__node_place(node);
    if (node->kind == EMP_NODE_SCALAR) {
        if (emp__node_choice(node, init_words, &start->how, NULL) == EMP_OK)
            return EMP_OK;
        return emp__node_expected(node, INIT_SHAPE, error);
    }
    emp_status status = emp__node_expect_map(node, keys, error);
    const struct emp_node *centres = status == EMP_OK ? emp__node_get(node, "centres") : NULL;
    if (status == EMP_OK && (!centres || centres->kind != EMP_NODE_LIST || centres->count == 0))
        return emp__node_expected(node, INIT_SHAPE, error);
    start->how = EMP_INIT_CENTRES;
    for (size_t i = 0; status == EMP_OK && i < centres->count; i++) {
        status = load_centre(centres->items[i], start, i, error);
        start->count = i + 1;
    }
    return status;
}

static void release_init(void *field)
{
    free(((struct emp_segment_start *)field)->centres);
}

static emp_status load_weight(const struct emp_node *node, void *field, emp_error *error)
{
    return emp__column_ref_load(node, field, error);
}

static void release_weight(void *field)
{
    free(((struct emp_column_ref *)field)->name);
}

#define SEGMENT(field) offsetof(struct emp_segment_params, field)

static const struct emp_param segment_rows[] = {
    EMP_FEATURES_ROW(struct emp_segment_params, features,
                     "[recency_days, {name: frequency, transform: log1p}, "
                     "{name: monetary, transform: log1p}]"),
    EMP_STEPS_ROWS(struct emp_segment_params, steps),
    {.key = "merge",
     .type = EMP_PARAM_CHOICE,
     .offset = SEGMENT(merge),
     .choices = emp__merge_words,
     .fallback = "auto",
     .doc = EMP_MERGE_DOC},
    {.key = "k",
     .type = EMP_PARAM_OWN,
     .offset = SEGMENT(k),
     .fallback = "[2, 10]",
     .shape = K_SHAPE,
     .doc = "How many clusters. Of several numbers, all are tried and choose_by decides; a list of "
            "two stands for all numbers from the one to the other.",
     .load = load_k,
     .release = release_k},
    {.key = "choose_by",
     .type = EMP_PARAM_CHOICE,
     .offset = SEGMENT(choose_by),
     .choices = choose_words,
     .fallback = "silhouette",
     .doc = "Which figure of k_selection.csv decides: the greatest silhouette, "
            "simplified_silhouette, calinski_harabasz or stability, the least davies_bouldin, the "
            "first k that the gap statistic does not improve on by more than its error, or the "
            "elbow of the inertia. Of equal ones the smaller k."},
    {.key = "init",
     .type = EMP_PARAM_OWN,
     .offset = SEGMENT(init),
     .fallback = "kmeans++",
     .shape = INIT_SHAPE,
     .doc = "The centres to start from. Centres of your own are in the units of the features, "
            "before transform and scaling; there is then one start.",
     .load = load_init,
     .release = release_init},
    {.key = "algorithm",
     .type = EMP_PARAM_CHOICE,
     .offset = SEGMENT(algorithm),
     .choices = emp__segment_algorithm_words,
     .fallback = "lloyd",
     .doc =
         "lloyd goes over all customers in each iteration. mini-batch moves the centres by small "
         "draws of them, for very many customers: nearly as good, in a fraction of the time. See "
         "docs/segment.md."},
    {.key = "batch",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(batch),
     .min = 10,
     .max = 16777216,
     .fallback = "4096",
     .unit = "customers",
     .doc = "How many are drawn for an iteration of mini-batch. If there are no more than these, "
            "the algorithm is lloyd."},
    {.key = "restarts",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(restarts),
     .min = 1,
     .max = 10000,
     .fallback = "10",
     .doc = "How many starts; the one with the least inertia is kept."},
    {.key = "max_iterations",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(max_iterations),
     .min = 1,
     .max = 1000000,
     .fallback = "300",
     .doc = "A fit that has not converged by then says so in its status. Of mini-batch: how many "
            "times as many customers may be drawn as there are."},
    {.key = "tolerance",
     .type = EMP_PARAM_REAL,
     .offset = SEGMENT(tolerance),
     .min = 0,
     .max = 1,
     .fallback = "1e-6",
     .doc = "A fit has converged when no label changes, or when both the centres' squared shift "
            "and the fall of the inertia are below this share: see docs/segment.md. 0: only when "
            "no label changes."},
    {.key = "precision",
     .type = EMP_PARAM_CHOICE,
     .offset = SEGMENT(precision),
     .choices = precision_words,
     .fallback = "float64",
     .doc = "In what numbers distances are computed. float32 takes half the memory."},
    {.key = "weight",
     .type = EMP_PARAM_OWN,
     .offset = SEGMENT(weight),
     .fallback = "",
     .shape = "the name of a column",
     .load = load_weight,
     .release = release_weight,
     .doc = "A column of the customers file: how much a customer counts. Not negative; missing is "
            "0. Without it all count the same."},
    {.key = "sample",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(sample),
     .min = 10,
     .max = 1000000,
     .fallback = "10000",
     .unit = "customers",
     .doc = "Silhouette, gap and stability are computed of all customers up to this many, else of "
            "so many, evenly spread in order of id."},
    {.key = "gap_sets",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(gap_sets),
     .min = 0,
     .max = 1000,
     .fallback = "10",
     .doc = "Reference sets of the gap statistic; 0: it is not computed."},
    {.key = "subsamples",
     .type = EMP_PARAM_INTEGER,
     .offset = SEGMENT(subsamples),
     .min = 0,
     .max = 1000,
     .fallback = "10",
     .doc = "Halves of the sample that are clustered anew for the stability; 0: it is not "
            "computed."},
    {.key = "previous",
     .type = EMP_PARAM_TEXT,
     .offset = SEGMENT(previous),
     .fallback = "",
     .doc = "A model of an earlier run, relative to the parameter file: clusters keep the numbers "
            "they have there, as far as they have customers in common. A file that is not there "
            "(the first night) is no error. It may stand in the run folder that is replaced."},
};

/* Centres of one's own say how many clusters there are. */
static emp_status check_centres(const struct emp_segment_params *segment, emp_error *error)
{
    const struct emp_segment_start *start = &segment->init;
    if (start->how != EMP_INIT_CENTRES)
        return EMP_OK;
    if (start->features != segment->features.count)
        return emp__fail_at(error, EMP_ERR_PARAMS, start->place,
                            "'segment.init.centres' have %zu values, but there are %zu features",
                            start->features, segment->features.count);
    if (segment->k.count != 1 || (size_t)segment->k.items[0] != start->count)
        return emp__fail_at(error, EMP_ERR_PARAMS, start->place,
                            "'segment.init.centres' are %zu: 'segment.k' must be %zu, too",
                            start->count, start->count);
    return EMP_OK;
}

/* What decides must be computed. */
static emp_status check_choice(const struct emp_segment_params *segment,
                               const struct emp_node *node, emp_error *error)
{
    bool gap = segment->choose_by == EMP_CHOOSE_GAP && segment->gap_sets == 0;
    bool stability = segment->choose_by == EMP_CHOOSE_STABILITY && segment->subsamples == 0;
    if (!gap && !stability)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(emp__node_get(node, "choose_by")),
                        "'segment.choose_by: %s' needs 'segment.%s' above 0",
                        choose_words[segment->choose_by], gap ? "gap_sets" : "subsamples");
}

static emp_status validate_segment(void *section, const struct emp_node *node, emp_error *error)
{
    struct emp_segment_params *segment = section;
    emp__recipes_complete(&segment->features, &segment->steps);
    emp_status status = check_centres(segment, error);
    return status == EMP_OK ? check_choice(segment, node, error) : status;
}

const struct emp_schema emp__segment_schema = {
    .section = "segment",
    .doc = "Clusters customers by k-means on any numeric features. The section asks for the "
           "analysis; it may be empty. docs/segment.md explains it.",
    .params = segment_rows,
    .count = sizeof segment_rows / sizeof segment_rows[0],
    .size = sizeof(struct emp_segment_params),
    .validate = validate_segment,
};

emp_status emp__segment_settle(void *section, const struct emp_input_params *input,
                               struct emp_node *root, emp_error *error)
{
    struct emp_segment_params *segment = section;
    segment->input = input;
    emp_status status = emp__recipes_check(&segment->features, input, error);
    return status == EMP_OK ? emp__merge_settle(&segment->merge, input, root, "segment", error)
                            : status;
}
