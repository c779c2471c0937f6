// SPDX-License-Identifier: Apache-2.0
/* The tables of the RFM analysis: rfm_cuts and rfm_segments. */
#ifndef EMP_ANALYSIS_RFM_TABLES_H
#define EMP_ANALYSIS_RFM_TABLES_H

#include "analysis/rfm/cells.h"

/* The bins of every measure: their cut points, the values in them, how many customers. */
emp_status emp__rfm_cuts_table(const struct emp_rfm_scores *scores, struct emp_result *result,
                               emp_error *error);

/*
 * One row for each segment: customers, revenue, their shares, mean and median of the measures. A
 * segment without customers has a row, but for the last two ("Unassigned" and "No purchase"). Also
 * accounts for the stage "rfm".
 */
emp_status emp__rfm_segments_table(const struct emp_rfm_scores *scores,
                                   const struct emp_rfm_cells *cells, struct emp_result *result,
                                   emp_error *error);

#endif
