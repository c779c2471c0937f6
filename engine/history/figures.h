// SPDX-License-Identifier: Apache-2.0
/*
 * What is known of each customer as seen from one day, an array for each kind: of all customers, or
 * of those of a partition.
 */
#ifndef EMP_HISTORY_FIGURES_H
#define EMP_HISTORY_FIGURES_H

#include "base/spill.h"
#include "base/store.h"
#include "history/activity.h"
#include "history/needs.h"
#include "history/summary.h"
#include "history/visits.h"

/* NULL: not asked for. */
struct emp_figures {
    struct emp_summary *summary;   /* its purchases are rows */
    uint32_t *days, *orders;       /* purchases by day and by order */
    struct emp_activity *activity; /* as seen from the day */
    int32_t *next_day;             /* of a past day: the first purchase from `from` on; EMP_NO_DAY:
                                      there is none */
    struct emp_visits *visits[EMP_SPANS];
};

/* A set of kinds of figures is a sum of bits, 1 << i for the i-th of the struct. */
enum { EMP_FIGURES = 5 + EMP_SPANS };

/* What is asked for of the present, and of each cut-off in the past. */
unsigned emp__figures_present(struct emp_needs needs);
unsigned emp__figures_past(struct emp_needs needs);

/* The visits among them. */
unsigned emp__figures_visits(struct emp_needs needs);

/* What a set of kinds takes of each customer. */
size_t emp__figures_bytes(unsigned kinds);

/*
 * Zeroed arrays of these kinds, on the heap or in a store. *out, which is empty before, is to be
 * freed or given back in any case.
 */
emp_status emp__figures_new(unsigned kinds, size_t customers, struct emp_figures *out,
                            emp_error *error);
void emp__figures_free(struct emp_figures *figures);
emp_status emp__figures_take(struct emp_store *store, unsigned kinds, size_t customers,
                             struct emp_figures *out, emp_error *error);
void emp__figures_give(struct emp_store *store, struct emp_figures *figures);

/* The arrays from customer `first` on. */
struct emp_figures emp__figures_from(const struct emp_figures *figures, size_t first);

/* Where figures are in a spill file, by kind. */
struct emp_figure_places {
    uint64_t place[EMP_FIGURES];
};

/* Put the figures of `customers` customers into the file, and bring them back into arrays of the
 * same kinds. */
emp_status emp__figures_write(const struct emp_figures *figures, size_t customers,
                              struct emp_spill *spill, struct emp_figure_places *out,
                              emp_error *error);
emp_status emp__figures_read(const struct emp_figures *figures, size_t customers,
                             struct emp_spill *spill, const struct emp_figure_places *places,
                             emp_error *error);

/*
 * Computes the figures of customer c, but for `next_day`, from its events, which are in order of
 * time and not later than `day`. `scratch` has room for `count` tokens. False, and the figures
 * undefined, if a sum does not fit.
 */
bool emp__figures_count(const struct emp_figures *figures, size_t c, const struct emp_event *events,
                        size_t count, int32_t day, uint64_t *scratch);

#endif
