// SPDX-License-Identifier: Apache-2.0
/*
 * Cells of scores and the segments they belong to. A customer's scores, cell, mean score and
 * segment all follow from one code.
 */
#ifndef EMP_ANALYSIS_RFM_CELLS_H
#define EMP_ANALYSIS_RFM_CELLS_H

#include "analysis/rfm/scores.h"

struct emp_rfm_cells {
    uint16_t *code;       /* of each customer */
    bool given_away;      /* the codes are somebody else's to free */
    size_t used;          /* cells that have customers: codes 0 to used - 1, ascending */
    size_t codes;         /* and one more, if some customers have no purchase */
    uint32_t *cell_of;    /* of each used cell: its number */
    uint16_t *segment_of; /* of each code: index into `names` */
    const char **names;   /* of the segments: the rules', then "Unassigned" and "No purchase" */
    size_t segments;
};

/* Names the segments and assigns every customer; *scores gives its cells away. *out is to be freed
 * in any case. */
emp_status emp__rfm_assign(struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                           emp_error *error);
void emp__rfm_cells_free(struct emp_rfm_cells *cells);

/* The scores of a cell. */
void emp__rfm_cell_scores(const struct emp_rfm_scores *scores, uint32_t cell,
                          int out[EMP_MEASURES]);

#endif
