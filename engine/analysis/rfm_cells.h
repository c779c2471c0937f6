// SPDX-License-Identifier: Apache-2.0
/* Cells of scores and the segments they belong to, as codes for the columns of customers.csv. */
#ifndef EMP_ANALYSIS_RFM_CELLS_H
#define EMP_ANALYSIS_RFM_CELLS_H

#include "analysis/rfm_scores.h"

struct emp_rfm_cells {
    size_t cells;      /* possible ones */
    uint16_t *label;   /* of each possible cell; only used ones have one */
    uint32_t *cell_of; /* of each label: the cell */
    size_t labels;
    uint16_t *segment;  /* of each customer: index into `names` */
    const char **names; /* of the segments: the rules', then "Unassigned" and "No purchase" */
    size_t segments;
};

/* Names the segments and assigns every customer. *out is to be freed in any case. */
emp_status emp__rfm_assign(const struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                           emp_error *error);
void emp__rfm_cells_free(struct emp_rfm_cells *cells);

/* Has a customer scores, that is a purchase? */
bool emp__rfm_has_scores(const struct emp_rfm_scores *scores, size_t customer);

/* The number of a customer's cell, ((r - 1) F + f - 1) M + m - 1, and the scores of a cell. */
uint32_t emp__rfm_cell(const struct emp_rfm_scores *scores, size_t customer);
void emp__rfm_cell_scores(const struct emp_rfm_scores *scores, uint32_t cell,
                          int out[EMP_MEASURES]);

#endif
