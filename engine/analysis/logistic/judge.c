// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/auc.h"
#include "evaluate/cutoff.h"
#include "evaluate/proper_scores.h"
#include "logistic/logistic.h"

enum { SLOPE_ITERATIONS = 50 };

/* --- Metrics --- */

emp_status emp__metrics_add(struct emp_metrics *metrics, struct emp_metric metric, emp_error *error)
{
    emp_status status = emp__grow_array(&metrics->items, &metrics->capacity, metrics->count + 1,
                                        sizeof metric, error);
    if (!isfinite(metric.value))
        metric.value = metric.low = metric.high = NAN;
    if (status == EMP_OK)
        metrics->items[metrics->count++] = metric;
    return status;
}

void emp__metrics_free(struct emp_metrics *metrics)
{
    free(metrics->items);
    *metrics = (struct emp_metrics){0};
}

/* A set that is being judged. */
struct judging {
    const struct emp_judged_set *set;
    const struct emp_logistic_params *params;
    struct emp_scored scored;
    const struct emp_ranking *ranking;
    struct emp_judgement *out;
    emp_status status; /* the first failure */
    emp_error *error;
};

static void say_between(struct judging *judging, const char *metric, double value,
                        struct emp_interval interval)
{
    struct emp_metric row = {judging->set->name, metric, value, interval.low, interval.high};
    if (judging->status == EMP_OK)
        judging->status = emp__metrics_add(&judging->out->metrics, row, judging->error);
}

static void say(struct judging *judging, const char *metric, double value)
{
    say_between(judging, metric, value, (struct emp_interval){NAN, NAN});
}

static void judge_order(struct judging *judging)
{
    double confidence = judging->params->confidence;
    struct emp_measure auc = emp__auc(judging->ranking);
    struct emp_interval interval = emp__auc_interval(auc, confidence);
    struct emp_ks ks = emp__ks(judging->ranking);
    say_between(judging, "auc", auc.value, interval);
    say_between(judging, "gini", 2.0 * auc.value - 1.0,
                (struct emp_interval){2.0 * interval.low - 1.0, 2.0 * interval.high - 1.0});
    say(judging, "ks", ks.value);
    say(judging, "ks_probability", ks.at);
}

static void judge_values(struct judging *judging)
{
    double confidence = judging->params->confidence;
    struct emp_proper_scores scores = emp__proper_scores(judging->ranking, 0x1p-52);
    say_between(judging, "log_loss", scores.log_loss.value,
                emp__normal_interval(scores.log_loss, confidence));
    say_between(judging, "brier", scores.brier.value,
                emp__normal_interval(scores.brier, confidence));
    say(judging, "brier_skill", scores.brier_skill);
    say(judging, "mean_probability", scores.mean);
    say(judging, "calibration_error", emp__calibration_error(judging->ranking, 10));
}

/* How the log odds would have to be bent: 0 and 1 of probabilities that are right (Cox 1958). */
static void judge_slope(struct judging *judging)
{
    const struct emp_judged_set *set = judging->set;
    const struct emp_matrix matrix = {set->n, 1, set->linear, set->n};
    double b[2] = {NAN, NAN};
    struct emp_logistic_fit fit = {.coefficients = b};
    struct emp_logistic_data data = {
        .design = emp__matrix_design(&matrix),
        .label = set->label,
        .weight = set->weight,
        .left_out = -1,
    };
    struct emp_logistic_options options = {
        .max_iterations = SLOPE_ITERATIONS, .tolerance = 1e-10, .threads = 1};
    void *memory = NULL;
    if (judging->status == EMP_OK)
        judging->status =
            emp__new_workspace(&memory, emp__logistic_workspace(&data, &options), judging->error);
    if (judging->status != EMP_OK)
        return;
    bool found = emp__logistic_fit(&data, &options, &fit, memory) == EMP_LOGISTIC_CONVERGED;
    free(memory);
    say(judging, "calibration_intercept", found ? b[0] : NAN);
    say(judging, "calibration_slope", found ? b[1] : NAN);
}

static void judge_threshold(struct judging *judging)
{
    double threshold = emp__logistic_threshold(judging->params);
    struct emp_confusion cells = emp__confusion(judging->ranking, threshold);
    struct emp_confusion_rates rates = emp__confusion_rates(&cells);
    say(judging, "threshold", threshold);
    say(judging, "true_positives", cells.tp);
    say(judging, "false_positives", cells.fp);
    say(judging, "false_negatives", cells.fn);
    say(judging, "true_negatives", cells.tn);
    say(judging, "precision", rates.precision);
    say(judging, "recall", rates.recall);
    say(judging, "specificity", rates.specificity);
    say(judging, "f1", rates.f1);
    say(judging, "accuracy", rates.accuracy);
}

/* --- Tables --- */

static void judge_deciles(struct judging *judging)
{
    struct emp_judgement *out = judging->out;
    if (judging->status == EMP_OK)
        judging->status =
            emp__grow_array(&out->deciles, &out->decile_capacity, out->decile_count + EMP_DECILES,
                            sizeof *out->deciles, judging->error);
    if (judging->status == EMP_OK)
        judging->status = emp__decile_rows(judging->ranking, &judging->scored, judging->set->name,
                                           out->deciles + out->decile_count, judging->error);
    if (judging->status == EMP_OK) {
        say(judging, "top_decile_lift", out->deciles[out->decile_count].lift);
        out->decile_count += EMP_DECILES;
    }
}

static void judge_calibration(struct judging *judging)
{
    struct emp_judgement *out = judging->out;
    struct emp_calibration_bin table[EMP_DECILES];
    uint32_t bins =
        emp__calibration_table(judging->ranking, EMP_DECILES, judging->params->confidence, table);
    struct emp_hosmer_lemeshow test =
        emp__hosmer_lemeshow(table, bins, judging->set->fitted ? 2 : 0);
    if (judging->status == EMP_OK)
        judging->status = emp__grow_array(&out->calibration, &out->calibration_capacity,
                                          out->calibration_count + bins, sizeof *out->calibration,
                                          judging->error);
    for (uint32_t b = 0; b < bins && judging->status == EMP_OK; b++)
        out->calibration[out->calibration_count++] =
            (struct emp_calibration_row){judging->set->name,    b + 1,
                                         table[b].customers,    table[b].events,
                                         table[b].predicted,    table[b].observed,
                                         table[b].interval.low, table[b].interval.high};
    say(judging, "hosmer_lemeshow", test.statistic);
    say(judging, "hosmer_lemeshow_p", test.p_value);
}

static void judge_profit(struct judging *judging)
{
    struct emp_judgement *out = judging->out;
    const struct emp_costs *costs = &judging->params->costs;
    struct emp_contact_costs contact = {
        .margin = costs->margin, .contact = costs->contact, .success = costs->success};
    struct emp_profit curve[EMP_PROFIT_STEPS + 1];
    if (!costs->given || judging->status != EMP_OK)
        return;
    struct emp_profit best = emp__best_profit(judging->ranking, &contact);
    double all = judging->ranking->events + judging->ranking->non_events;
    emp__profit_curve(judging->ranking, &contact, EMP_PROFIT_STEPS, curve);
    judging->status = emp__grow_array(&out->profit, &out->profit_capacity,
                                      out->profit_count + EMP_PROFIT_STEPS + 1, sizeof *out->profit,
                                      judging->error);
    for (size_t k = 0; k <= EMP_PROFIT_STEPS && judging->status == EMP_OK; k++)
        out->profit[out->profit_count++] =
            (struct emp_profit_row){judging->set->name,
                                    curve[k].customers / all,
                                    curve[k].customers,
                                    curve[k].events,
                                    isfinite(curve[k].threshold) ? curve[k].threshold : NAN,
                                    curve[k].profit};
    say(judging, "best_profit", best.profit);
    say(judging, "best_profit_share", best.customers / all);
    say(judging, "best_profit_threshold", best.threshold);
}

emp_status emp__judge(const struct emp_judged_set *set, const struct emp_logistic_params *params,
                      struct emp_judgement *out, emp_error *error)
{
    struct emp_ranking_memory memory = {.work = NULL};
    struct judging judging = {
        .set = set,
        .params = params,
        .scored = {set->probability, set->label, set->weight, (uint32_t)set->n},
        .ranking = &memory.ranking,
        .out = out,
        .error = error,
    };
    if (set->n == 0)
        return EMP_OK;
    judging.status = emp__rank_scores(&judging.scored, &memory, error);
    if (judging.status == EMP_OK) {
        double events = memory.ranking.events, all = events + memory.ranking.non_events;
        say(&judging, "customers", all);
        say(&judging, "events", events);
        say_between(&judging, "rate", events / all,
                    emp__wilson_interval(events, all, params->confidence));
        judge_order(&judging);
        judge_values(&judging);
        judge_slope(&judging);
        judge_calibration(&judging);
        judge_deciles(&judging);
        judge_threshold(&judging);
        judge_profit(&judging);
    }
    emp__ranking_memory_free(&memory);
    return judging.status;
}

/* Copies `count` items behind the *have that are there. */
static emp_status append(void *items, size_t *capacity, size_t *have, const void *more,
                         size_t count, size_t size, emp_error *error)
{
    emp_status status = emp__grow_array(items, capacity, *have + count, size, error);
    if (status != EMP_OK || count == 0)
        return status;
    memcpy(*(char **)items + *have * size, more, count * size);
    *have += count;
    return EMP_OK;
}

emp_status emp__judgement_add(struct emp_judgement *judgement, const struct emp_judgement *other,
                              emp_error *error)
{
    emp_status status =
        append(&judgement->metrics.items, &judgement->metrics.capacity, &judgement->metrics.count,
               other->metrics.items, other->metrics.count, sizeof(struct emp_metric), error);
    if (status == EMP_OK)
        status = append(&judgement->deciles, &judgement->decile_capacity, &judgement->decile_count,
                        other->deciles, other->decile_count, sizeof(struct emp_decile_row), error);
    if (status == EMP_OK)
        status = append(&judgement->calibration, &judgement->calibration_capacity,
                        &judgement->calibration_count, other->calibration, other->calibration_count,
                        sizeof(struct emp_calibration_row), error);
    if (status == EMP_OK)
        status = append(&judgement->profit, &judgement->profit_capacity, &judgement->profit_count,
                        other->profit, other->profit_count, sizeof(struct emp_profit_row), error);
    return status;
}

void emp__judgement_free(struct emp_judgement *judgement)
{
    emp__metrics_free(&judgement->metrics);
    free(judgement->deciles);
    free(judgement->calibration);
    free(judgement->profit);
    *judgement = (struct emp_judgement){.deciles = NULL};
}

double emp__logistic_threshold(const struct emp_logistic_params *params)
{
    const struct emp_costs *costs = &params->costs;
    struct emp_contact_costs contact = {
        .margin = costs->margin, .contact = costs->contact, .success = costs->success};
    if (params->threshold > 0.0)
        return params->threshold;
    return costs->given ? emp__profit_threshold(&contact) : 0.5;
}
