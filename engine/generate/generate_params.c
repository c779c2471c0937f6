// SPDX-License-Identifier: Apache-2.0
/*
 * The schema of the generator's options. The defaults of the purchase, dropout and spend processes
 * are the published estimates for the CDNOW customers: BG/NBD (Fader, Hardie & Lee, Marketing
 * Science 24, 2005), Pareto/NBD (the same paper, table 2) and gamma-gamma (Fader & Hardie, note
 * 025, 2013).
 */
#include "generate/generate_params.h"

#include <string.h>

#include <emptor/generate.h>

#include "base/memory.h"

enum { LONGEST_PERIOD = 36525, MOST_CHANNELS = 1000, LONGEST_NAME = 64 };

static const char *const dropout_words[] = {"geometric", "modified", "exponential", "none", NULL};
static const char *const order_words[] = {"time", "customer", "shuffled", NULL};
static const char *const id_words[] = {"integer", "text", NULL};
static const char *const time_words[] = {"date", "datetime", NULL};
static const char *const column_words[] = {"full", "minimal", NULL};
static const char *const delimiter_words[] = {"comma", "semicolon", "tab", "pipe", NULL};

static const char *const fault_words[] = {
#define FAULT_WORD(name, text) text,
    EMP_FAULT_LIST(FAULT_WORD)
#undef FAULT_WORD
        NULL};

const char *emp_fault_text(emp_fault fault)
{
    return (unsigned)fault < EMP_FAULT_COUNT ? fault_words[fault] : "unknown fault";
}

int emp__fault_find(const char *name)
{
    for (int i = 0; i < EMP_FAULT_COUNT; i++)
        if (strcmp(fault_words[i], name) == 0)
            return i;
    return -1;
}

static emp_status fail_here(const struct emp_node *node, emp_error *error, const char *message)
{
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node), "%s", message);
}

/* A name stands in a CSV field, so no control characters and no quotes, and it is not too long. */
static emp_status load_name(const struct emp_node *key, double weight,
                            struct emp_weighted_names *names, emp_error *error)
{
    const char *text = key->text;
    size_t length = strlen(text);
    bool good = length > 0 && length <= LONGEST_NAME;
    for (size_t i = 0; i < length && good; i++)
        good = (unsigned char)text[i] >= ' ' && text[i] != '"' && text[i] != 127;
    if (!good)
        return fail_here(key, error,
                         "a channel is a name of 1 to 64 bytes without quotes and control"
                         " characters");
    emp_status status = emp__copy_text(&names->names[names->count], text, length, error);
    if (status != EMP_OK)
        return status;
    names->weights[names->count++] = weight;
    return EMP_OK;
}

static emp_status load_weighted_names(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_weighted_names *out = field;
    if (node->kind != EMP_NODE_MAP || node->count == 0 || node->count > MOST_CHANNELS)
        return fail_here(
            node, error,
            "'channels' must be a map of 1 to 1000 names with their weights: {NAME: WEIGHT}");
    emp_status status = emp__new_array(&out->names, node->count, sizeof *out->names, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->weights, node->count, sizeof *out->weights, error);
    double sum = 0.0;
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        double weight = 0.0;
        status = emp__node_real(node->items[i], 0.0, 1e9, &weight, error);
        if (status == EMP_OK)
            status = load_name(node->keys[i], weight, out, error);
        sum += weight;
    }
    if (status == EMP_OK && !(sum > 0.0))
        status = fail_here(node, error, "'channels' must have a weight above 0");
    return status;
}

static void release_weighted_names(void *field)
{
    struct emp_weighted_names *names = field;
    for (uint32_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
    free(names->weights);
    *names = (struct emp_weighted_names){0};
}

static emp_status load_factors(const struct emp_node *node, struct emp_factors *out, size_t count,
                               emp_error *error)
{
    if (node->kind != EMP_NODE_LIST || (node->count != 0 && node->count != count))
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be a list of %zu factors, or an empty list for no season",
                            node->path, count);
    for (size_t i = 0; i < node->count; i++) {
        emp_status status = emp__node_real(node->items[i], 0.0, 1000.0, &out->values[i], error);
        if (status != EMP_OK)
            return status;
    }
    out->count = node->count;
    return EMP_OK;
}

static emp_status load_months(const struct emp_node *node, void *field, emp_error *error)
{
    return load_factors(node, field, 12, error);
}

static emp_status load_weekdays(const struct emp_node *node, void *field, emp_error *error)
{
    return load_factors(node, field, 7, error);
}

static void release_factors(void *field)
{
    *(struct emp_factors *)field = (struct emp_factors){0};
}

/* The node of a dotted key, or the section's own, for the place in a message. */
static const struct emp_node *node_of(const struct emp_node *node, const char *section,
                                      const char *key)
{
    const struct emp_node *inner = section ? emp__node_get(node, section) : node;
    const struct emp_node *value = inner ? emp__node_get(inner, key) : NULL;
    return value ? value : node;
}

static emp_status validate(void *section, const struct emp_node *node, emp_error *error)
{
    const struct emp_generate_params *params = section;
    if (params->end <= params->start || params->end - params->start > LONGEST_PERIOD)
        return fail_here(node_of(node, NULL, "end"), error,
                         "'end' is the first day after the period: expected 1 to 36525 days after"
                         " 'start'");
    if (params->cost_low > params->cost_high)
        return fail_here(node_of(node, "cost", "low"), error,
                         "'cost.low' must not be above 'cost.high'");
    for (size_t i = 0; i < params->dirty_faults.count; i++) {
        const char *name = params->dirty_faults.items[i];
        int fault = emp__fault_find(name);
        if (fault >= 0 && fault != EMP_FAULT_OPEN_QUOTE)
            continue;
        const char *near = emp__nearest_word(name, fault_words);
        return emp__fail_at(error, EMP_ERR_PARAMS,
                            emp__node_place(node_of(node, "dirty", "faults")),
                            "'%s' is no fault of a row%s%s%s", name,
                            near ? " (the nearest is '" : "", near ? near : "", near ? "')" : "");
    }
    if (params->dirty_share > 0.0 && params->dirty_faults.count == 0)
        return fail_here(node_of(node, "dirty", "faults"), error,
                         "'dirty.share' is above 0, so 'dirty.faults' must name a fault");
    return EMP_OK;
}

#define FIELD(name) offsetof(struct emp_generate_params, name)
#define INTEGER(key_, field, min_, max_, fallback_, unit_, doc_)                                   \
    {                                                                                              \
        .key = (key_), .type = EMP_PARAM_INTEGER, .offset = FIELD(field), .min = (min_),           \
        .max = (max_), .fallback = (fallback_), .unit = (unit_), .doc = (doc_)                     \
    }
#define REAL(key_, field, min_, max_, fallback_, unit_, doc_)                                      \
    {                                                                                              \
        .key = (key_), .type = EMP_PARAM_REAL, .offset = FIELD(field), .min = (min_),              \
        .max = (max_), .fallback = (fallback_), .unit = (unit_), .doc = (doc_)                     \
    }
#define SHARE(key_, field, fallback_, doc_) REAL(key_, field, 0, 1, fallback_, NULL, doc_)
#define DATE(key_, field, fallback_, doc_)                                                         \
    {                                                                                              \
        .key = (key_), .type = EMP_PARAM_DATE, .offset = FIELD(field), .fallback = (fallback_),    \
        .doc = (doc_)                                                                              \
    }
#define CHOICE(key_, field, words, fallback_, doc_)                                                \
    {                                                                                              \
        .key = (key_), .type = EMP_PARAM_CHOICE, .offset = FIELD(field), .choices = (words),       \
        .fallback = (fallback_), .doc = (doc_)                                                     \
    }
#define OWN(key_, field, fallback_, shape_, load_, release_, doc_)                                 \
    {                                                                                              \
        .key = (key_), .type = EMP_PARAM_OWN, .offset = FIELD(field), .fallback = (fallback_),     \
        .shape = (shape_), .load = (load_), .release = (release_), .doc = (doc_)                   \
    }

static const struct emp_param generate_params[] = {
    INTEGER("customers", customers, 1, 1000000000, "2000", NULL,
            "How many customers. Each buys at least once."),
    INTEGER("seed", seed, 0, 9007199254740991.0, "1", NULL,
            "The seed of all random numbers. Another seed gives another history of the same kind."),
    DATE("start", start, "2023-01-01", "The first day of the period."),
    DATE("end", end, "2025-01-01", "The first day after the period, at most 36525 days later."),
    SHARE(
        "acquisition.share", acquisition_share, "0.5",
        "First purchases are spread evenly over this first share of the period; 0 puts all of them"
        " at its start."),
    REAL("purchase.shape", purchase_shape, 0.01, 1e6, "0.243", NULL,
         "r: customers' weekly purchase rates follow a gamma distribution of this shape."),
    REAL("purchase.scale", purchase_scale, 1e-3, 1e9, "4.414", "weeks",
         "alpha: the gamma distribution's rate parameter, so that the mean rate is r / alpha."),
    INTEGER("purchase.most", purchase_most, 1, 1000000, "10000", NULL,
            "No customer makes more purchases than this, whatever the rate drawn."),
    CHOICE("dropout.kind", dropout, dropout_words, "geometric",
           "How customers leave for good: `geometric`, with a probability p after each repeat"
           " purchase (BG/NBD); `modified`, after the first purchase too (MBG/NBD); `exponential`,"
           " at a rate mu in time (Pareto/NBD); `none`, never (NBD)."),
    REAL("dropout.a", dropout_a, 1e-3, 1e6, "0.793", NULL,
         "a: p follows a beta distribution (a, b) over customers."),
    REAL("dropout.b", dropout_b, 1e-3, 1e6, "2.426", NULL, "b: see `dropout.a`."),
    REAL("dropout.shape", dropout_shape, 0.01, 1e6, "0.606", NULL,
         "s: mu follows a gamma distribution of this shape over customers."),
    REAL("dropout.scale", dropout_scale, 1e-3, 1e9, "11.669", "weeks",
         "beta: the gamma distribution's rate parameter, so that the mean of mu is s / beta."),
    REAL("spend.p", spend_p, 0.01, 1e6, "6.25", NULL,
         "p: an order's value follows a gamma distribution of shape p and rate nu (gamma-gamma)."),
    REAL("spend.q", spend_q, 0.01, 1e6, "3.74", NULL,
         "q: nu follows a gamma distribution of this shape over customers. The mean value of an "
         "order"
         " is p gamma / (q - 1) and exists for q > 1."),
    REAL("spend.gamma", spend_gamma, 1e-6, 1e9, "15.44", "money",
         "gamma: the rate parameter of nu's distribution."),
    INTEGER("spend.decimals", spend_decimals, 0, 4, "2", NULL,
            "Decimals of an amount. Amounts are exact in this unit, between 1 and 10^10 units an"
            " order."),
    REAL("basket.lines", basket_lines, 1, 100, "1", NULL,
         "Mean number of rows of an order: one, and a Poisson number of others among which the "
         "order's"
         " value is divided."),
    REAL("basket.quantity", basket_quantity, 1, 1000, "1.5", NULL,
         "Mean quantity of a row (geometric, from 1)."),
    INTEGER("basket.products", products, 1, 1000000, "1000", NULL, "Number of products."),
    REAL("basket.zipf", products_exponent, 0, 10, "1", NULL,
         "The k-th product is bought in proportion to k to the power of minus this (Zipf's law); 0"
         " makes all equal."),
    REAL("cost.low", cost_low, 0, 10, "0.4", NULL,
         "The least share of its price that a product costs; each product draws its own, evenly"
         " between `cost.low` and `cost.high`."),
    REAL("cost.high", cost_high, 0, 10, "0.9", NULL, "See `cost.low`."),
    OWN("channels", channels, "{shop: 6, web: 3, phone: 1}", "a map {NAME: WEIGHT}",
        load_weighted_names, release_weighted_names,
        "The channels of orders, drawn in proportion to their weights."),
    OWN("season.months", months, "[]", "a list of 12 numbers, or []", load_months, release_factors,
        "Factors of the purchase rate from January to December; an empty list: all the same. Time"
        " runs faster in strong months and slower in weak ones, so that the number of purchases "
        "over"
        " the period keeps its mean."),
    OWN("season.weekdays", weekdays, "[]", "a list of 7 numbers, or []", load_weekdays,
        release_factors,
        "Factors of the purchase rate from Monday to Sunday, like `season.months`."),
    SHARE("returns.share", returns_share, "0",
          "Share of orders that are taken back whole some days later: the same rows with negative"
          " amounts, if that day is still in the period."),
    REAL("returns.delay", returns_delay, 1, 3650, "10", "days",
         "Mean number of days until an order is taken back (geometric, from 1)."),
    SHARE(
        "dirty.share", dirty_share, "0",
        "Probability that a row is followed by a broken copy of itself. Without its dirty rows the"
        " file is the same as with 0 here."),
    {.key = "dirty.faults",
     .type = EMP_PARAM_TEXT_LIST,
     .offset = FIELD(dirty_faults),
     .fallback = "[bad_date, bad_amount, huge_amount, missing_amount, missing_customer, "
                 "missing_field, extra_field, stray_quote]",
     .doc = "The ways in which rows are broken, drawn evenly. Also possible: `bad_text`, bytes that"
            " are not UTF-8."},
    {.key = "dirty.open_quote",
     .type = EMP_PARAM_BOOLEAN,
     .offset = FIELD(dirty_open_quote),
     .fallback = "false",
     .doc = "Whether one more record stands at the end of the file, whose quote is never closed."},
    SHARE("quoted.rows", quoted_rows, "0",
          "Share of rows whose text fields stand in quotes although they need none."),
    SHARE("quoted.products", quoted_products, "0",
          "Share of products whose name holds a delimiter and quotes, so that it must be quoted."),
    CHOICE("columns", columns, column_words, "full",
           "`minimal`: customer_id, date, amount. `full`: order_id, product, quantity, channel and"
           " cost as well. Customers, dates and amounts are the same in both."),
    CHOICE("ids", ids, id_words, "integer",
           "Customer ids: `integer` (1234) or `text` (C-0001234)."),
    CHOICE("times", times, time_words, "date",
           "`date` (2024-01-31) or `datetime` (2024-01-31T23:59:59)."),
    CHOICE(
        "order", order, order_words, "time",
        "The order of the rows: by `time` (then customer); by `customer`, each purchase followed by"
        " its return; or orders `shuffled`. The rows of an order stay together."),
    CHOICE("delimiter", delimiter, delimiter_words, "comma", "What stands between two fields."),
};

const struct emp_schema emp__generate_schema = {
    .section = "",
    .doc = "A synthetic history of purchases: who buys, when, what and for how much.",
    .params = generate_params,
    .count = sizeof generate_params / sizeof generate_params[0],
    .size = sizeof(struct emp_generate_params),
    .validate = validate,
};
