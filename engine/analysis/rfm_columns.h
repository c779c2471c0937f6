// SPDX-License-Identifier: Apache-2.0
/* The columns that the RFM analysis adds to customers.csv. */
#ifndef EMP_ANALYSIS_RFM_COLUMNS_H
#define EMP_ANALYSIS_RFM_COLUMNS_H

#include "analysis/rfm_cells.h"

/* Dates, measures, scores, cell, score and segment; and the returns, where they are separate. */
emp_status emp__rfm_columns(const struct emp_rfm_scores *scores, const struct emp_rfm_cells *cells,
                            struct emp_table *table, emp_error *error);

#endif
