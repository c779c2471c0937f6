// SPDX-License-Identifier: Apache-2.0
/* The columns that the RFM analysis adds to customers.csv. */
#ifndef EMP_ANALYSIS_RFM_COLUMNS_H
#define EMP_ANALYSIS_RFM_COLUMNS_H

#include "analysis/rfm/cells.h"

/*
 * Dates, measures, scores, cell, score and segment; and the returns, where they are separate. The
 * table takes the codes of the customers over, 2 bytes each, of which six columns are labels; the
 * others are read off the history when they are asked for.
 */
emp_status emp__rfm_columns(const struct emp_rfm_scores *scores, struct emp_rfm_cells *cells,
                            struct emp_table *table, emp_error *error);

#endif
