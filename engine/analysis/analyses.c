// SPDX-License-Identifier: Apache-2.0
/* The table of analyses: a new one is one file and one row here. */
#include "analysis/analysis.h"
#include "analysis/logistic/logistic.h"
#include "analysis/ltv/ltv.h"
#include "analysis/rfm/rfm.h"
#include "analysis/segment/segment.h"

const struct emp_analysis *const emp__analyses[] = {
    &emp__rfm_analysis,
    &emp__segment_analysis,
    &emp__churn_analysis,
    &emp__response_analysis,
    &emp__profile_analysis,
    &emp__ltv_analysis,
    NULL,
};
