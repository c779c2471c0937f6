// SPDX-License-Identifier: Apache-2.0
/* The analysis `ltv`: what customers will buy and are worth. */
#ifndef EMP_ANALYSIS_LTV_LTV_H
#define EMP_ANALYSIS_LTV_LTV_H

#include "analysis/analysis.h"

extern const struct emp_analysis emp__ltv_analysis;

#endif
