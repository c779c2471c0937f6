// SPDX-License-Identifier: Apache-2.0
/* The ranking from which a classifier is judged, and what is then said of it. */
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "evaluate/auc.h"
#include "evaluate/ranking.h"

/*
 * Probabilities with all their digits, so that the sort has to pass over nearly all bytes of the
 * keys; or, as "ties", a thousand different ones.
 */
struct judging {
    struct emp_scored scored;
    double *scores;
    uint8_t *labels;
    struct emp_ranking ranking;
    void *work;
    struct emp_measure auc;
};

enum {
    KEY_PASSES = 7,
    PAIR_BYTES = sizeof(uint64_t) + sizeof(uint32_t),
    ROW_BYTES = sizeof(double) + 1 + 2 * PAIR_BYTES + sizeof(struct emp_score_group),
    DISTINCT = 1000,
};

static bool ranking_setup(struct bench_case *c)
{
    struct judging *j = c->state = bench_alloc(c, 1, sizeof *j);
    if (!j)
        return false;
    uint32_t n = (uint32_t)(bench_bytes(c->size) / ROW_BYTES);
    j->scores = bench_alloc(c, n, sizeof *j->scores);
    j->labels = bench_alloc(c, n, sizeof *j->labels);
    j->ranking.order = bench_alloc(c, n, sizeof *j->ranking.order);
    j->ranking.groups = bench_alloc(c, n, sizeof *j->ranking.groups);
    j->work = bench_alloc(c, emp__ranking_work(n), 1);
    if (!j->scores || !j->labels || !j->ranking.order || !j->ranking.groups || !j->work)
        return false;
    bool ties = strcmp(c->benchmark->variant, "ties") == 0;
    struct emp_stream stream = bench_stream();
    for (uint32_t i = 0; i < n; i++) {
        double u = emp__stream_uniform(&stream);
        j->scores[i] = ties ? (double)(uint32_t)(u * DISTINCT) / DISTINCT : u;
        j->labels[i] = emp__stream_uniform(&stream) < j->scores[i];
    }
    j->scored = (struct emp_scored){.scores = j->scores, .labels = j->labels, .n = n};
    c->items = n;
    c->bytes = c->items * (2 * sizeof(uint64_t) + KEY_PASSES * 2 * PAIR_BYTES);
    return true;
}

static bool ranking_run(struct bench_case *c)
{
    struct judging *j = c->state;
    emp__rank(&j->scored, j->work, &j->ranking);
    j->auc = emp__auc(&j->ranking);
    return true;
}

/* Descending, ties by index, each group as long as its score; and of labels that have probability u
 * for a uniform u the area is 5/6. */
static bool ranking_verify(struct bench_case *c)
{
    const struct judging *j = c->state;
    const uint32_t *order = j->ranking.order;
    uint32_t group = 0;
    for (uint32_t i = 0; i < j->scored.n; i++) {
        group += i == j->ranking.groups[group].end;
        if (j->scores[order[i]] != j->ranking.groups[group].score)
            return bench_fail(c, "row %u is not in its group", order[i]);
        if (i > 0 && !(j->scores[order[i - 1]] > j->scores[order[i]] ||
                       (j->scores[order[i - 1]] == j->scores[order[i]] && order[i - 1] < order[i])))
            return bench_fail(c, "place %u is out of order", i);
    }
    double off = j->auc.value - 5.0 / 6.0;
    if (!(off * off <= 25.0 * j->auc.std_error * j->auc.std_error + 1e-6))
        return bench_fail(c, "the area is %g", j->auc.value);
    return true;
}

static void ranking_teardown(struct bench_case *c)
{
    struct judging *j = c->state;
    if (!j)
        return;
    free(j->scores);
    free(j->labels);
    free(j->ranking.order);
    free(j->ranking.groups);
    free(j->work);
    free(j);
}

const struct bench_body bench_ranking = {.setup = ranking_setup,
                                         .run = ranking_run,
                                         .verify = ranking_verify,
                                         .teardown = ranking_teardown};
