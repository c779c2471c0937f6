// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/params.h"

#include <stdlib.h>

#include "base/error.h"

static const char *const model_words[] = {"auto", "nbd", "bgnbd", "mbgnbd", "paretonbd",
                                          "bgbb", "sbg", "bdw",   "margin", NULL};
static const char *const spend_words[] = {"gammagamma", "mean", "none", NULL};
static const char *const span_words[] = {"day", "week", "month", NULL};

static emp_status load_column(const struct emp_node *node, void *field, emp_error *error)
{
    return emp__column_ref_load(node, field, error);
}

static void release_column(void *field)
{
    free(((struct emp_column_ref *)field)->name);
}

#define LTV(field) offsetof(struct emp_ltv_params, field)

#define COLUMN(name_, doc_)                                                                        \
    {                                                                                              \
        .key = "columns." #name_, .type = EMP_PARAM_OWN, .offset = LTV(columns.name_),             \
        .fallback = "", .shape = "the name of a column", .doc = (doc_), .load = load_column,       \
        .release = release_column,                                                                 \
    }

static const struct emp_param ltv_rows[] = {
    {.key = "model",
     .type = EMP_PARAM_CHOICE,
     .offset = LTV(model),
     .choices = model_words,
     .fallback = "auto",
     .doc =
         "Of purchases at any time: nbd, bgnbd, mbgnbd, paretonbd; at opportunities: bgbb; of "
         "contracts: sbg, bdw, margin. auto: those of purchases at any time, or of contracts sbg "
         "and bdw, of which the one with the least AIC is chosen."},
    {.key = "spend",
     .type = EMP_PARAM_CHOICE,
     .offset = LTV(spend),
     .choices = spend_words,
     .fallback = "gammagamma",
     .doc = "What a purchase is expected to bring: by the Gamma-Gamma model, by the mean of all "
            "repeat purchases, or nothing is said of money."},
    {.key = "unit",
     .type = EMP_PARAM_CHOICE,
     .offset = LTV(unit),
     .choices = span_words,
     .fallback = "week",
     .doc = "The unit of time. A week is 7 days; a month is one of the calendar."},
    {.key = "merge",
     .type = EMP_PARAM_CHOICE,
     .offset = LTV(merge),
     .choices = span_words,
     .fallback = "day",
     .doc = "The purchases of a customer on one day, in one week (from Monday on) or in one month "
            "are one, on the day of the first of them. Days are UTC days."},
    COLUMN(x, "A ready table: a column of the customers file with the number of repeat purchases; "
              "t_x and age go with it. Customers without a value are left out."),
    COLUMN(t_x, "The time of the last of them since the first purchase, in units; 0 where x is 0."),
    COLUMN(age, "The time since the first purchase, in units."),
    COLUMN(spend, "The mean of the repeat purchases, or of a contract the margin a period. Without "
                  "it, nothing is said of money."),
    COLUMN(weight, "How many customers a row stands for. Missing: 1."),
    COLUMN(periods, "Contracts: how often one was renewed; `ended` goes with it."),
    COLUMN(ended, "Contracts: 1 if it was not renewed after these periods, 0 if it goes on."),
    COLUMN(start, "Contracts: the date of the first day, in place of periods and ended; renewals "
                  "are due after each unit. `end` goes with it."),
    COLUMN(end, "Contracts: the date on which it ended; empty if it goes on."),
    {.key = "calibration_end",
     .type = EMP_PARAM_DATE,
     .offset = LTV(calibration_end),
     .fallback = "",
     .doc = "The last day of what the models are fitted to. What follows is the holdout, by which "
            "they are judged. Without it, they are fitted to everything."},
    {.key = "observation_end",
     .type = EMP_PARAM_DATE,
     .offset = LTV(observation_end),
     .fallback = "",
     .doc = "The last day that is looked at; customers are valued as they were on it. Without it, "
            "the last day that is known: the analysis date, or that of the last row."},
    {.key = "horizon",
     .type = EMP_PARAM_REAL,
     .offset = LTV(horizon),
     .min = 0.001,
     .max = 100000,
     .fallback = "52",
     .unit = "units",
     .doc = "How far expected purchases and values look ahead."},
    {.key = "discount_rate",
     .type = EMP_PARAM_REAL,
     .offset = LTV(discount_rate),
     .min = 0,
     .max = 10,
     .fallback = "0.1",
     .unit = "a year",
     .doc = "What is bought t years later counts (1 + discount_rate)^-t. A year is 365.25 days or "
            "12 months."},
    {.key = "penalty",
     .type = EMP_PARAM_REAL,
     .offset = LTV(penalty),
     .min = 0,
     .max = 1e6,
     .fallback = "0",
     .doc = "The log-likelihood is less by so much times the sum of squares of the logarithms of "
            "the parameters."},
    {.key = "confidence",
     .type = EMP_PARAM_REAL,
     .offset = LTV(confidence),
     .min = 0.5,
     .max = 0.9999,
     .fallback = "0.95",
     .doc = "Of the intervals."},
    {.key = "bootstrap",
     .type = EMP_PARAM_INTEGER,
     .offset = LTV(bootstrap),
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .unit = "replicates",
     .doc =
         "Beside the intervals of equity those of so many bootstrap replicates, in each of which "
         "the models are fitted again. 0: none."},
};

/* --- Rules over several keys --- */

/* A column that another one goes with. */
struct pair {
    const char *name, *needs;
    const struct emp_column_ref *given, *needed;
};

static emp_status check_pairs(const struct emp_ltv_columns *c, emp_error *error)
{
    const struct pair pairs[] = {
        {"x", "t_x", &c->x, &c->t_x},
        {"x", "age", &c->x, &c->age},
        {"t_x", "x", &c->t_x, &c->x},
        {"age", "x", &c->age, &c->x},
        {"periods", "ended", &c->periods, &c->ended},
        {"ended", "periods", &c->ended, &c->periods},
        {"start", "end", &c->start, &c->end},
        {"end", "start", &c->end, &c->start},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].given->name && !pairs[i].needed->name)
            return emp__fail_at(error, EMP_ERR_PARAMS, pairs[i].given->place,
                                "'ltv.columns.%s' needs 'ltv.columns.%s'", pairs[i].name,
                                pairs[i].needs);
    return EMP_OK;
}

/* Which kind of table the columns make; one at most. */
static emp_status find_source(struct emp_ltv_params *params, emp_error *error)
{
    const struct emp_ltv_columns *c = &params->columns;
    const struct emp_column_ref *one = c->x.name         ? &c->x
                                       : c->periods.name ? &c->periods
                                       : c->start.name   ? &c->start
                                                         : NULL;
    const struct emp_column_ref *more = c->spend.name ? &c->spend : &c->weight;
    if (c->x.name && (c->periods.name || c->start.name))
        return emp__fail_at(error, EMP_ERR_PARAMS, c->x.place,
                            "'ltv.columns.x' is of purchases, but there are columns of contracts, "
                            "too");
    if (c->periods.name && c->start.name)
        return emp__fail_at(error, EMP_ERR_PARAMS, c->periods.place,
                            "'ltv.columns.periods' and 'ltv.columns.start' say the same: give one "
                            "of them");
    if (!one && more->name)
        return emp__fail_at(error, EMP_ERR_PARAMS, more->place,
                            "'ltv.columns' needs 'x', 'periods' or 'start': from a history, spend "
                            "is computed");
    params->source = !one ? EMP_LTV_HISTORY : c->x.name ? EMP_LTV_TABLE : EMP_LTV_CONTRACT;
    return EMP_OK;
}

/* Where the value of a key stands; that of the section if it is not given. */
static struct emp_place place_of(const struct emp_node *section, const char *key)
{
    const struct emp_node *node = emp__node_get(section, key);
    return node ? emp__node_place(node) : emp__node_place(section);
}

static emp_status check_model(const struct emp_ltv_params *params, const struct emp_node *node,
                              emp_error *error)
{
    bool contract = params->model >= EMP_LTV_SBG;
    const struct emp_place place = place_of(node, "model");
    if (params->model == EMP_LTV_AUTO)
        return EMP_OK;
    if (contract && params->source != EMP_LTV_CONTRACT)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'ltv.model: %s' is of contracts and needs 'ltv.columns.periods' or "
                            "'ltv.columns.start'",
                            model_words[params->model]);
    if (!contract && params->source == EMP_LTV_CONTRACT)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'ltv.model: %s' is of purchases, but 'ltv.columns' is of contracts",
                            model_words[params->model]);
    if (params->model == EMP_LTV_BGBB && params->source == EMP_LTV_HISTORY &&
        params->merge != params->unit)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'ltv.model: bgbb' is of opportunities, one in each unit: 'ltv.merge' "
                            "must be '%s', too",
                            span_words[params->unit]);
    return EMP_OK;
}

static emp_status check_dates(const struct emp_ltv_params *params, emp_error *error)
{
    bool calibration = params->calibration_end != EMP_NO_DATE;
    bool observation = params->observation_end != EMP_NO_DATE;
    if (params->source != EMP_LTV_HISTORY && calibration)
        return emp__fail_at(error, EMP_ERR_PARAMS, params->calibration,
                            "'ltv.calibration_end' is of a history, but 'ltv.columns' is a ready "
                            "table");
    if (params->source == EMP_LTV_TABLE && observation)
        return emp__fail_at(error, EMP_ERR_PARAMS, params->observation,
                            "'ltv.observation_end' is of dates, but 'ltv.columns' is a ready "
                            "table");
    if (calibration && observation && params->calibration_end >= params->observation_end)
        return emp__fail_at(error, EMP_ERR_PARAMS, params->calibration,
                            "'ltv.calibration_end' must be before 'ltv.observation_end'");
    return EMP_OK;
}

static emp_status validate_ltv(void *section, const struct emp_node *node, emp_error *error)
{
    struct emp_ltv_params *params = section;
    params->place = emp__node_place(node);
    params->calibration = place_of(node, "calibration_end");
    params->observation = place_of(node, "observation_end");
    emp_status status = check_pairs(&params->columns, error);
    if (status == EMP_OK)
        status = find_source(params, error);
    if (status == EMP_OK)
        status = check_model(params, node, error);
    return status == EMP_OK ? check_dates(params, error) : status;
}

static const char *const optional_maps[] = {"columns", NULL};

const struct emp_schema emp__ltv_schema = {
    .section = "ltv",
    .doc = "What customers will buy and are worth: models of lifetimes and of spend. The section "
           "asks for the analysis. docs/ltv.md explains it.",
    .params = ltv_rows,
    .count = sizeof ltv_rows / sizeof *ltv_rows,
    .size = sizeof(struct emp_ltv_params),
    .optional = optional_maps,
    .validate = validate_ltv,
};

emp_status emp__ltv_settle(struct emp_ltv_params *params, const struct emp_input_params *input,
                           emp_error *error)
{
    params->input = input;
    if (params->source == EMP_LTV_HISTORY && !emp__has_transactions(input))
        return emp__fail_at(error, EMP_ERR_PARAMS, params->place,
                            "'ltv' needs 'input.transactions', or 'ltv.columns' of a ready table");
    return EMP_OK;
}

const char *emp__ltv_unit_word(const struct emp_ltv_params *params)
{
    return span_words[params->unit];
}
