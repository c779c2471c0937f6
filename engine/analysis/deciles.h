// SPDX-License-Identifier: Apache-2.0
/*
 * Customers ranked by a probability, and the gains of each tenth: what every analysis that
 * foretells an event shows in NAME_deciles.csv (docs/run-folder.md).
 */
#ifndef EMP_ANALYSIS_DECILES_H
#define EMP_ANALYSIS_DECILES_H

#include <emptor/status.h>

#include "evaluate/decile.h"
#include "sink/table_fields.h"

/* A ranking with its memory. */
struct emp_ranking_memory {
    struct emp_ranking ranking;
    void *work; /* while it is made */
};

/* To be freed in any case. EMP_ERR_MEMORY. */
emp_status emp__rank_scores(const struct emp_scored *scored, struct emp_ranking_memory *out,
                            emp_error *error);
void emp__ranking_memory_free(struct emp_ranking_memory *memory);

enum { EMP_DECILES = 10 };

struct emp_decile_row {
    const char *set; /* who is ranked */
    uint64_t decile, customers;
    double events, rate, lift, cumulative_gain, min_probability;
};

/* The columns of these rows. */
extern const struct emp_table_field emp__decile_fields[];

/* The EMP_DECILES rows of a set. EMP_ERR_MEMORY. */
emp_status emp__decile_rows(const struct emp_ranking *ranking, const struct emp_scored *scored,
                            const char *set, struct emp_decile_row *rows, emp_error *error);

#endif
