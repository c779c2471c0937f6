// SPDX-License-Identifier: Apache-2.0
#ifndef EMP_ANALYSIS_SEGMENT_SEGMENT_H
#define EMP_ANALYSIS_SEGMENT_SEGMENT_H

#include "analysis/analysis.h"

extern const struct emp_analysis emp__segment_analysis;

#endif
