// SPDX-License-Identifier: Apache-2.0
/*
 * Logistic models of customers: one engine for three analyses, which differ in what they are called
 * (docs/churn.md):
 *
 *   churn      who is about to leave
 *   response   who will answer an offer
 *   profile    who looks like the customers with the label
 */
#ifndef EMP_ANALYSIS_LOGISTIC_H
#define EMP_ANALYSIS_LOGISTIC_H

#include "analysis/analysis.h"

extern const struct emp_analysis emp__churn_analysis, emp__response_analysis, emp__profile_analysis;

#endif
