// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/params.h"

#include <inttypes.h>
#include <string.h>

#include "analysis/rfm/rules.h"
#include "base/memory.h"
#include "features/merge_param.h"
#include "text/decimal.h"
#include "text/powers.h"

const char *const emp__measure_names[EMP_MEASURES + 1] = {"recency", "frequency", "monetary", NULL};
static const char *const reserved_names[] = {EMP_RFM_UNASSIGNED, EMP_RFM_NO_PURCHASE, NULL};

static const char *const method_words[] = {"independent", "nested", "thresholds", NULL};
static const char *const ties_words[] = {"value", "rank", NULL};
static const char *const monetary_words[] = {"sum", "mean", NULL};

/* bins: 5, or {recency: 5, frequency: 4, monetary: 10}; a measure that is not named has 5. */
static emp_status load_bins(const struct emp_node *node, void *field, emp_error *error)
{
    enum { DEFAULT_BINS = 5 };
    struct emp_rfm_bins *bins = field;
    bool map = node->kind == EMP_NODE_MAP;
    emp_status status = map ? emp__node_expect_map(node, emp__measure_names, error) : EMP_OK;
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        const struct emp_node *value = map ? emp__node_get(node, emp__measure_names[m]) : node;
        bins->of[m] = DEFAULT_BINS;
        if (value)
            status = emp__node_integer(value, EMP_BINS_MIN, EMP_BINS_MAX, &bins->of[m], error);
    }
    return status;
}

static emp_status load_weights(const struct emp_node *node, void *field, emp_error *error)
{
    double *weights = field;
    double sum = 0;
    emp_status status = emp__node_expect_map(node, emp__measure_names, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        const struct emp_node *value = emp__node_get(node, emp__measure_names[m]);
        if (value)
            status = emp__node_real(value, 0, 1e6, &weights[m], error);
        sum += weights[m];
    }
    if (status == EMP_OK && sum == 0)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node), "'%s' must not all be 0",
                            node->path);
    return status;
}

static emp_status load_cut(const struct emp_node *node, struct emp_cut *out, emp_error *error)
{
    const struct emp_decimal_format plain = {.mark = '.'};
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status == EMP_OK && emp__decimal_split_plain(text, strlen(text), plain, &out->mantissa,
                                                     &out->scale) != EMP_DECIMAL_OK)
        return emp__node_expected(node, "a decimal number", error);
    out->place = emp__node_place(node);
    return status;
}

static emp_status load_cuts(const struct emp_node *node, struct emp_rfm_thresholds *out, int m,
                            emp_error *error)
{
    if (node->kind != EMP_NODE_LIST)
        return emp__node_expected(node, "a list of cut points, ascending", error);
    if (node->count == 0 || node->count >= EMP_BINS_MAX)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must have 1 to %d cut points, found %zu", node->path,
                            EMP_BINS_MAX - 1, node->count);
    emp_status status = emp__new_array(&out->of[m], node->count, sizeof *out->of[m], error);
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        struct emp_cut *cut = &out->of[m][i];
        status = load_cut(node->items[i], cut, error);
        if (status == EMP_OK && i > 0 &&
            emp__decimal_compare(cut[-1].mantissa, cut[-1].scale, cut->mantissa, cut->scale) >= 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node->items[i]),
                                "'%s' must ascend: %s does not follow %s", node->path,
                                node->items[i]->text, node->items[i - 1]->text);
        out->count[m] = i + 1;
    }
    return status;
}

static emp_status load_thresholds(const struct emp_node *node, void *field, emp_error *error)
{
    emp_status status = emp__node_expect_map(node, emp__measure_names, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        const struct emp_node *cuts = emp__node_get(node, emp__measure_names[m]);
        if (!cuts)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                "'%s' needs cut points for '%s'", node->path,
                                emp__measure_names[m]);
        status = load_cuts(cuts, field, m, error);
    }
    return status;
}

static void release_thresholds(void *field)
{
    struct emp_rfm_thresholds *thresholds = field;
    for (int m = 0; m < EMP_MEASURES; m++)
        free(thresholds->of[m]);
}

/* Two segments of one name would be two rows that nobody can tell apart. */
static emp_status check_name(const struct emp_rfm_rules *rules, size_t i,
                             const struct emp_node *node, emp_error *error)
{
    for (size_t j = 0; reserved_names[j]; j++)
        if (strcmp(reserved_names[j], rules->items[i].name) == 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                "the segment name '%s' is taken: customers whom no rule covers "
                                "are 'Unassigned', and those without a purchase 'No purchase'",
                                rules->items[i].name);
    for (size_t j = 0; j < i; j++)
        if (strcmp(rules->items[j].name, rules->items[i].name) == 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                "the segment name '%s' is given twice", rules->items[i].name);
    return EMP_OK;
}

/* A range of scores: N or [LOW, HIGH]. */
static emp_status load_range(const struct emp_node *node, int64_t *low, int64_t *high,
                             emp_error *error)
{
    bool pair = node->kind == EMP_NODE_LIST;
    if (pair && node->count != 2)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be a score or [lowest, highest]", node->path);
    emp_status status =
        emp__node_integer(pair ? node->items[0] : node, 1, EMP_BINS_MAX, low, error);
    if (status == EMP_OK)
        status = emp__node_integer(pair ? node->items[1] : node, 1, EMP_BINS_MAX, high, error);
    if (status == EMP_OK && *low > *high)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be [lowest, highest], found [%" PRId64 ", %" PRId64 "]",
                            node->path, *low, *high);
    return status;
}

static emp_status load_rule(const struct emp_node *node, struct emp_rfm_rule *out, emp_error *error)
{
    static const char *const keys[] = {"name", "recency", "frequency", "monetary", NULL};
    const char *name;
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status != EMP_OK)
        return status;
    const struct emp_node *name_node = emp__node_get(node, "name");
    if (!name_node)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "a segment needs a 'name'");
    status = emp__node_text(name_node, &name, error);
    if (status == EMP_OK)
        status = emp__copy_text(&out->name, name, strlen(name), error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        const struct emp_node *range = emp__node_get(node, emp__measure_names[m]);
        out->low[m] = 1;
        out->high[m] = EMP_BINS_MAX;
        if (range)
            status = load_range(range, &out->low[m], &out->high[m], error);
    }
    return status;
}

#define SEGMENTS_SHAPE                                                                             \
    "a list of {name: NAME, recency: [LOW, HIGH], frequency: [LOW, HIGH], monetary: [LOW, HIGH]}"

static emp_status load_segments(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_rfm_rules *rules = field;
    enum { RULES_MAX = 1000 };
    if (node->kind != EMP_NODE_LIST)
        return emp__node_expected(node, SEGMENTS_SHAPE, error);
    if (node->count == 0 || node->count > RULES_MAX)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must have 1 to %d segments, found %zu", node->path, RULES_MAX,
                            node->count);
    emp_status status = emp__new_array(&rules->items, node->count, sizeof *rules->items, error);
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        rules->count = i + 1;
        status = load_rule(node->items[i], &rules->items[i], error);
        if (status == EMP_OK)
            status = check_name(rules, i, node->items[i], error);
    }
    return status;
}

static void release_segments(void *field)
{
    struct emp_rfm_rules *rules = field;
    for (size_t i = 0; i < rules->count; i++)
        free(rules->items[i].name);
    free(rules->items);
}

#define RFM(field) offsetof(struct emp_rfm_params, field)

static const struct emp_param rfm_rows[] = {
    {.key = "method",
     .type = EMP_PARAM_CHOICE,
     .offset = RFM(method),
     .choices = method_words,
     .fallback = "independent",
     .doc = "independent: quantiles of each measure over all customers. nested: recency over all, "
            "frequency within each recency score, monetary within each of their cells. "
            "thresholds: cut points of your own."},
    {.key = "bins",
     .type = EMP_PARAM_OWN,
     .offset = RFM(bins),
     .fallback = "5",
     .shape = "a whole number from 2 to 40, or {recency: N, frequency: N, monetary: N}",
     .doc = "How many scores each measure has; a higher score is better in all three.",
     .load = load_bins},
    {.key = "ties",
     .type = EMP_PARAM_CHOICE,
     .offset = RFM(ties),
     .choices = ties_words,
     .fallback = "value",
     .doc = "value: equal values get equal scores, and some scores may stay empty (a warning says "
            "so). rank: bins of equal size; ties are split in order of customer id."},
    {.key = "merge",
     .type = EMP_PARAM_CHOICE,
     .offset = RFM(merge),
     .choices = emp__merge_words,
     .fallback = "auto",
     .doc = EMP_MERGE_DOC},
    {.key = "monetary",
     .type = EMP_PARAM_CHOICE,
     .offset = RFM(monetary),
     .choices = monetary_words,
     .fallback = "sum",
     .doc = "The monetary value: the sum over all purchases, or the mean of a purchase."},
    {.key = "thresholds",
     .type = EMP_PARAM_OWN,
     .offset = RFM(thresholds),
     .fallback = "",
     .shape = "{recency: [days, ...], frequency: [count, ...], monetary: [amount, ...]}",
     .doc = "For method: thresholds. N ascending cut points make N + 1 scores; a value equal to a "
            "cut point falls into the lower interval.",
     .load = load_thresholds,
     .release = release_thresholds},
    {.key = "segments",
     .type = EMP_PARAM_OWN,
     .offset = RFM(segments),
     .fallback = "",
     .shape = SEGMENTS_SHAPE,
     .doc = "Named segments by scores; a range may be one score and may be left out; the first "
            "match wins. Without it, a table of eleven segments that covers every cell. 'emptor "
            "check' shows overlaps and gaps.",
     .load = load_segments,
     .release = release_segments},
    {.key = "weights",
     .type = EMP_PARAM_OWN,
     .offset = RFM(weights),
     .fallback = "{recency: 1, frequency: 1, monetary: 1}",
     .shape = "{recency: WEIGHT, frequency: WEIGHT, monetary: WEIGHT}",
     .doc = "rfm_score is the mean of the three scores with these weights.",
     .load = load_weights},
};

/* A rule for scores that no customer can have would be of no use, and nobody would notice. */
static emp_status check_ranges(const struct emp_rfm_params *rfm, const struct emp_node *segments,
                               emp_error *error)
{
    for (size_t i = 0; i < rfm->segments.count; i++) {
        for (int m = 0; m < EMP_MEASURES; m++) {
            const struct emp_node *range = emp__node_get(segments->items[i], emp__measure_names[m]);
            if (range && rfm->segments.items[i].high[m] > emp__rfm_scores(rfm, m))
                return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(range),
                                    "'%s' goes up to %" PRId64 ", but the scores are 1 to %d",
                                    range->path, rfm->segments.items[i].high[m],
                                    emp__rfm_scores(rfm, m));
        }
    }
    return EMP_OK;
}

static emp_status validate_rfm(void *section, const struct emp_node *node, emp_error *error)
{
    const struct emp_rfm_params *rfm = section;
    bool given = rfm->thresholds.count[EMP_RECENCY] > 0;
    if (given == (rfm->method == EMP_RFM_THRESHOLDS))
        return check_ranges(rfm, emp__node_get(node, "segments"), error);
    return emp__fail_at(error, EMP_ERR_PARAMS,
                        emp__node_place(emp__node_get(node, given ? "thresholds" : "method")),
                        given ? "'rfm.thresholds' are given, but 'rfm.method' is not 'thresholds'"
                              : "'rfm.method: thresholds' needs 'rfm.thresholds'");
}

const struct emp_schema emp__rfm_schema = {
    .section = "rfm",
    .doc = "Scores customers by recency, frequency and monetary value. The section asks for the "
           "analysis; it may be empty.",
    .params = rfm_rows,
    .count = sizeof rfm_rows / sizeof rfm_rows[0],
    .size = sizeof(struct emp_rfm_params),
    .validate = validate_rfm,
};

/* Recency and frequency are whole numbers, amounts have the input's decimals: the cuts as such. */
static emp_status settle_cuts(struct emp_rfm_params *rfm, const struct emp_input_params *input,
                              emp_error *error)
{
    for (int m = 0; m < EMP_MEASURES; m++) {
        int decimals = m == EMP_MONETARY ? (int)input->amount_decimals : 0;
        for (size_t i = 0; i < rfm->thresholds.count[m]; i++) {
            struct emp_cut *cut = &rfm->thresholds.of[m][i];
            if (cut->scale > decimals)
                return m == EMP_MONETARY
                           ? emp__fail_at(error, EMP_ERR_PARAMS, cut->place,
                                          "'rfm.thresholds.%s[%zu]' has more than %d decimals "
                                          "(input.transactions.amount_decimals)",
                                          emp__measure_names[m], i, decimals)
                           : emp__fail_at(error, EMP_ERR_PARAMS, cut->place,
                                          "'rfm.thresholds.%s[%zu]' must be a whole number",
                                          emp__measure_names[m], i);
            int64_t factor = (int64_t)emp__power_of_ten[decimals - cut->scale];
            if (__builtin_mul_overflow(cut->mantissa, factor, &cut->mantissa))
                return emp__fail_at(error, EMP_ERR_PARAMS, cut->place,
                                    "'rfm.thresholds.%s[%zu]' is too large", emp__measure_names[m],
                                    i);
            cut->scale = decimals;
        }
    }
    return EMP_OK;
}

emp_status emp__rfm_settle(void *section, const struct emp_input_params *input,
                           struct emp_node *root, emp_error *error)
{
    struct emp_rfm_params *rfm = section;
    emp_status status = emp__merge_settle(&rfm->merge, input, root, "rfm", error);
    return status == EMP_OK ? settle_cuts(rfm, input, error) : status;
}
