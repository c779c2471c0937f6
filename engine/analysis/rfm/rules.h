// SPDX-License-Identifier: Apache-2.0
/* Named segments: which of them a cell of scores belongs to. */
#ifndef EMP_ANALYSIS_RFM_RULES_H
#define EMP_ANALYSIS_RFM_RULES_H

#include "analysis/rfm/params.h"
#include "base/buffer.h"

/* How many segments there are, and their names. */
size_t emp__rfm_segment_count(const struct emp_rfm_params *params);
const char *emp__rfm_segment_name(const struct emp_rfm_params *params, size_t segment);

/* How many scores a measure has: bins, or thresholds and one. */
int emp__rfm_scores(const struct emp_rfm_params *params, int measure);

/* The segment of a cell: the first whose ranges hold all three scores, or -1. */
int emp__rfm_segment(const struct emp_rfm_params *params, const int scores[EMP_MEASURES]);

/* Which cells more than one segment claims, and which none: as lines of text. */
emp_status emp__rfm_explain_segments(const struct emp_rfm_params *params, struct emp_buffer *out,
                                     emp_error *error);

#endif
