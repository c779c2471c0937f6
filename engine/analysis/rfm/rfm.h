// SPDX-License-Identifier: Apache-2.0
/* RFM: recency, frequency and monetary value of each customer, scored and named. */
#ifndef EMP_ANALYSIS_RFM_RFM_H
#define EMP_ANALYSIS_RFM_RFM_H

#include "analysis/analysis.h"

extern const struct emp_analysis emp__rfm_analysis;

#endif
