// SPDX-License-Identifier: Apache-2.0
/* The table of analyses: a new one is one file and one row here. */
#include "analysis/analysis.h"
#include "analysis/rfm.h"
#include "analysis/segment.h"

const struct emp_analysis *const emp__analyses[] = {
    &emp__rfm_analysis,
    &emp__segment_analysis,
    NULL,
};
