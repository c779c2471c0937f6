// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/memory.h"
#include "random/portable_math.h"
#include "sink/table_columns.h"

/* --- Probabilities --- */

static double curve_at(const struct emp_recalibration_curve *curve, double linear)
{
    double probability = 1.0 / (1.0 + emp__exp(-linear));
    if (curve->how == EMP_RECALIBRATE_PLATT)
        return emp__platt_at(&curve->platt, linear);
    if (curve->how == EMP_RECALIBRATE_ISOTONIC && curve->block_count > 0)
        return emp__isotonic_at(curve->blocks, curve->block_count, probability);
    return probability;
}

double emp__logistic_probability(const struct emp_logistic_rule *rule, double linear)
{
    double probability = curve_at(&rule->curve, linear);
    if (rule->shift == 0.0)
        return probability;
    /* p / (1 - p) times e^shift, without the quotient. */
    double odds = emp__exp(rule->shift);
    return odds * probability / (1.0 - probability + odds * probability);
}

/* --- One customer's figures --- */

/* Up to three labels of reasons, 1 + 2 group + (it takes away); 0 behind the last. */
typedef uint64_t reason_key;

struct scores {
    size_t rows;
    double *linear;
    double *probability;
    reason_key *reasons;
    uint16_t *decile;
    uint8_t *out_of_fold;
};

struct scoring {
    const struct emp_logistic_scoring *request;
    struct emp_design design;
    struct scores *scores;
    const double *offset; /* of each customer of the history, or NULL */
    double *panels;       /* of each worker: a panel of the design, then the groups' sums */
    size_t panel;         /* doubles of a worker */
};

static void free_scores(struct scores *scores)
{
    free(scores->linear);
    free(scores->probability);
    free(scores->reasons);
    free(scores->decile);
    free(scores->out_of_fold);
}

static emp_status new_scores(size_t rows, struct scores *out, emp_error *error)
{
    out->rows = rows;
    emp_status status = emp__new_array(&out->linear, rows, sizeof *out->linear, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->probability, rows, sizeof *out->probability, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->reasons, rows, sizeof *out->reasons, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->decile, rows, sizeof *out->decile, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->out_of_fold, rows, sizeof *out->out_of_fold, error);
    return status;
}

/* The coefficients that a row is scored by. */
static const double *coefficients_of(const struct emp_logistic_scoring *request, size_t row)
{
    size_t terms = request->rule->terms.count;
    uint8_t member = request->member ? request->member[request->rows->customer[row]] : 0;
    if (member == 0 || !request->fold_coefficients)
        return request->rule->coefficients;
    return request->fold_coefficients + (member - 1u) * (terms + 1);
}

/* The largest in size of the groups' parts, in order of size, the first of equal ones first. */
static reason_key choose_reasons(const double *part, size_t groups)
{
    size_t chosen[EMP_REASONS];
    size_t count = 0;
    for (size_t g = 0; g < groups; g++) {
        if (part[g] == 0.0)
            continue;
        size_t at = count < EMP_REASONS ? count++ : EMP_REASONS;
        for (; at > 0 && fabs(part[g]) > fabs(part[chosen[at - 1]]); at--)
            if (at < EMP_REASONS)
                chosen[at] = chosen[at - 1];
        if (at < EMP_REASONS)
            chosen[at] = g;
    }
    reason_key key = 0;
    for (size_t r = 0; r < count; r++)
        key |= (reason_key)(1 + 2 * chosen[r] + (part[chosen[r]] < 0.0)) << (16 * (2 - r));
    return key;
}

static void score_row(const struct scoring *scoring, const double *panel, size_t i, size_t row,
                      double *part)
{
    const struct emp_logistic_rule *rule = scoring->request->rule;
    const double *b = coefficients_of(scoring->request, row);
    struct scores *scores = scoring->scores;
    double offset = scoring->offset ? scoring->offset[scoring->request->rows->customer[row]] : 0.0;
    double linear = b[0] + (isnan(offset) ? 0.0 : offset);
    memset(part, 0, rule->terms.groups * sizeof *part);
    for (size_t j = 0; j < rule->terms.count; j++) {
        double x = panel[j * EMP_DESIGN_PANEL + i];
        linear += b[1 + j] * x;
        part[rule->terms.items[j].group] += b[1 + j] * (x - rule->mean[j]);
    }
    scores->linear[row] = linear;
    scores->probability[row] = emp__logistic_probability(rule, linear);
    scores->out_of_fold[row] = b != rule->coefficients;
    scores->reasons[row] = choose_reasons(part, rule->terms.groups);
}

static void score_panel(void *user, int worker, size_t first, size_t count)
{
    const struct scoring *scoring = user;
    double *panel = scoring->panels + (size_t)worker * scoring->panel;
    double *part = panel + scoring->design.terms * EMP_DESIGN_PANEL;
    scoring->design.expand(scoring->design.user, first, count, panel, EMP_DESIGN_PANEL);
    for (size_t i = 0; i < count; i++)
        score_row(scoring, panel, i, first + i, part);
}

static emp_status score_columns(const struct emp_logistic_scoring *request,
                                const struct emp_logistic_columns *columns, struct scores *out,
                                emp_error *error)
{
    const struct emp_logistic_rule *rule = request->rule;
    const struct emp_logistic_rows *rows = request->rows;
    struct emp_term_columns view = {&rule->terms, &rule->encoding, columns,
                                    rows->params->unseen == EMP_UNSEEN_IGNORE};
    struct scoring scoring = {.request = request,
                              .design = emp__terms_design(&view, rows->count),
                              .scores = out,
                              .offset = emp__logistic_offsets(rows)};
    void *memory = NULL;
    scoring.panel = (rule->terms.count * EMP_DESIGN_PANEL + rule->terms.groups + 7) / 8 * 8;
    emp_status status = emp__new_workspace(
        &memory, ((size_t)rows->input->threads * scoring.panel + 8) * sizeof(double), error);
    if (status != EMP_OK)
        return status;
    scoring.panels = memory;
    emp__blocks(rows->input->threads, rows->count, EMP_DESIGN_PANEL, score_panel, &scoring);
    free(memory);
    return EMP_OK;
}

/* By descending probability, equal ones in order of id. */
static emp_status score_deciles(struct scores *scores, emp_error *error)
{
    uint8_t *labels = NULL;
    struct emp_ranking_memory memory = {.work = NULL};
    emp_status status = emp__new_array(&labels, scores->rows, 1, error);
    struct emp_scored scored = {scores->probability, labels, NULL, (uint32_t)scores->rows};
    if (status == EMP_OK && scores->rows > 0)
        status = emp__rank_scores(&scored, &memory, error);
    if (status == EMP_OK && scores->rows > 0)
        emp__decile_of_rows(&memory.ranking, &scored, EMP_DECILES, scores->decile);
    emp__ranking_memory_free(&memory);
    free(labels);
    return status;
}

/* --- Reasons as labels --- */

struct reasons {
    reason_key *keys; /* ascending, each once */
    size_t count;
};

static int compare_keys(const void *a, const void *b)
{
    reason_key x = *(const reason_key *)a, y = *(const reason_key *)b;
    return (x > y) - (x < y);
}

/* A set of keys by open addressing, half full at most; a slot holds a key, 0 being in none. */
struct key_set {
    reason_key *slots;
    size_t size, count; /* a power of two; how many keys */
};

static reason_key *find_slot(const struct key_set *set, reason_key key)
{
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (set->size - 1);
    while (set->slots[at] != 0 && set->slots[at] != key)
        at = (at + 1) & (set->size - 1);
    return &set->slots[at];
}

static emp_status grow_set(struct key_set *set, emp_error *error)
{
    struct key_set larger = {.size = set->size ? 4 * set->size : 1024, .count = set->count};
    emp_status status = emp__new_array(&larger.slots, larger.size, sizeof(reason_key), error);
    for (size_t i = 0; i < set->size && status == EMP_OK; i++)
        if (set->slots[i] != 0)
            *find_slot(&larger, set->slots[i]) = set->slots[i];
    if (status != EMP_OK)
        return status;
    free(set->slots);
    *set = larger;
    return EMP_OK;
}

static emp_status collect_keys(const struct scores *scores, struct key_set *out, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < scores->rows && status == EMP_OK; i++) {
        reason_key key = scores->reasons[i];
        if (2 * out->count >= out->size)
            status = grow_set(out, error);
        reason_key *slot = status == EMP_OK && key != 0 ? find_slot(out, key) : NULL;
        out->count += slot && *slot == 0;
        if (slot)
            *slot = key;
    }
    return status;
}

/* The keys in order, 0 for no reason among them. */
static emp_status list_reasons(const struct scores *scores, struct reasons *out, emp_error *error)
{
    struct key_set set = {0};
    emp_status status = collect_keys(scores, &set, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->keys, set.count + 1, sizeof *out->keys, error);
    if (status == EMP_OK)
        out->keys[out->count++] = 0;
    for (size_t i = 0; i < set.size && status == EMP_OK; i++)
        if (set.slots[i] != 0)
            out->keys[out->count++] = set.slots[i];
    if (status == EMP_OK)
        qsort(out->keys, out->count, sizeof *out->keys, compare_keys);
    free(set.slots);
    return status;
}

/* "+recency_days; -frequency" */
static emp_status reason_text(const struct emp_terms *terms, reason_key key, char **out,
                              emp_error *error)
{
    struct emp_buffer text = {0};
    emp_status status = emp__buffer_text(&text, "", error);
    for (int r = 2; r >= 0 && status == EMP_OK; r--) {
        size_t label = (key >> (16 * r)) & UINT16_MAX, j = 0;
        if (label == 0)
            break;
        while (terms->items[j].group != (label - 1) / 2)
            j++;
        status = emp__buffer_printf(&text, error, "%s%c%s", r < 2 ? "; " : "",
                                    label % 2 ? '+' : '-', terms->items[j].name);
    }
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}

static size_t find_reason(const struct reasons *reasons, reason_key key)
{
    const reason_key *found =
        bsearch(&key, reasons->keys, reasons->count, sizeof key, compare_keys);
    return (size_t)(found - reasons->keys);
}

/* As labels where there are few enough different ones, else as a text for each customer. */
static emp_status add_reasons(const struct emp_logistic_scoring *request,
                              const struct scores *scores, const struct reasons *reasons,
                              char **texts, struct emp_table *table, emp_error *error)
{
    const char *name = request->kind->reasons;
    const uint32_t *customer = request->rows->customer;
    size_t number = table->column_count;
    bool labels = reasons->count < EMP_NO_LABEL;
    uint16_t *label = NULL;
    emp_status status = labels ? emp__table_add_labels(table, name, &label, error)
                               : emp__table_add_texts(table, name, error);
    if (status == EMP_OK && labels)
        status = emp__table_labels(table, (const char *const *)texts, reasons->count, error);
    for (size_t i = 0; labels && i < table->rows && status == EMP_OK; i++)
        label[i] = EMP_NO_LABEL;
    for (size_t i = 0; i < scores->rows && status == EMP_OK; i++) {
        size_t at = find_reason(reasons, scores->reasons[i]);
        if (labels)
            label[customer[i]] = (uint16_t)at;
        else
            status = emp__table_set_text(table, customer[i], number, texts[at], error);
    }
    return status;
}

static emp_status add_reasons_column(const struct emp_logistic_scoring *request,
                                     const struct scores *scores, struct emp_table *table,
                                     emp_error *error)
{
    struct reasons reasons = {0};
    char **texts = NULL;
    emp_status status = list_reasons(scores, &reasons, error);
    if (status == EMP_OK)
        status = emp__new_array(&texts, reasons.count, sizeof(char *), error);
    for (size_t i = 0; i < reasons.count && status == EMP_OK; i++)
        status = reason_text(&request->rule->terms, reasons.keys[i], &texts[i], error);
    if (status == EMP_OK)
        status = add_reasons(request, scores, &reasons, texts, table, error);
    for (size_t i = 0; texts && i < reasons.count; i++)
        free(texts[i]);
    free((void *)texts);
    free(reasons.keys);
    return status;
}

/* --- The columns --- */

static emp_status add_figures(const struct emp_logistic_scoring *request,
                              const struct scores *scores, struct emp_table *table,
                              emp_error *error)
{
    static const char *const words[] = {"false", "true"};
    const uint32_t *customer = request->rows->customer;
    double *probability = NULL;
    int32_t *decile = NULL;
    uint16_t *out_of_fold = NULL;
    struct emp_column integer = {
        .name = request->kind->decile, .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I32};
    emp_status status =
        emp__table_add_reals(table, request->kind->probability, &probability, error);
    if (status == EMP_OK)
        status = emp__table_add(table, integer, &decile, error);
    if (status == EMP_OK)
        status = emp__table_add_labels(table, request->kind->out_of_fold, &out_of_fold, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, words, 2, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < table->rows; i++) {
        probability[i] = NAN;
        decile[i] = INT32_MIN;
        out_of_fold[i] = EMP_NO_LABEL;
    }
    for (size_t i = 0; i < scores->rows; i++) {
        probability[customer[i]] = scores->probability[i];
        decile[customer[i]] = scores->decile[i];
        out_of_fold[customer[i]] = scores->out_of_fold[i];
    }
    return EMP_OK;
}

emp_status emp__logistic_customer_columns(const struct emp_logistic_scoring *request,
                                          struct emp_table *table, emp_error *error)
{
    struct emp_logistic_columns columns = {0};
    struct scores scores = {0};
    emp_status status =
        emp__encoding_apply(&request->rule->encoding, request->rows, &columns, error);
    if (status == EMP_OK)
        status = new_scores(request->rows->count, &scores, error);
    if (status == EMP_OK)
        status = score_columns(request, &columns, &scores, error);
    emp__logistic_columns_free(&columns);
    if (status == EMP_OK)
        status = score_deciles(&scores, error);
    if (status == EMP_OK)
        status = add_figures(request, &scores, table, error);
    if (status == EMP_OK)
        status = add_reasons_column(request, &scores, table, error);
    free_scores(&scores);
    return status;
}
