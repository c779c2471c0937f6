// SPDX-License-Identifier: Apache-2.0
/*
 * ltv_tracking.csv: the repeat purchases of all customers period by period, and how many the chosen
 * model expects of customers who came when they came:
 *
 *     sum over the days b of first purchases: births(b) (E[X(end - b)] - E[X(start - b)])
 *
 * Periods are weeks from the day of the first purchase on, or months of the calendar where months
 * are the unit. Cost: an expectation for each pair of a day and a period, of weeks for each
 * difference of days.
 */
#ifndef EMP_ANALYSIS_LTV_TRACKING_H
#define EMP_ANALYSIS_LTV_TRACKING_H

#include "analysis/ltv/work.h"

/* The table has no rows but of a history with a model. */
emp_status emp__ltv_tracking(const struct emp_ltv_work *work, struct emp_result *result,
                             emp_error *error);

/*
 * Whether business was steady: the whole months m of the calibration, A purchases in each where E
 * were expected of the customers who had come by then.
 *
 *     spread = sqrt(sum E (A / E - R)^2 / sum E) / R,  R = sum A / sum E
 *
 * the relative deviation of a month from the others, and what it would be of purchases that are
 * independent of each other, sqrt((months - 1) / sum A).
 */
struct emp_ltv_season {
    double spread; /* NaN with fewer than 6 months, or without purchases */
    double by_chance;
    size_t months;
};
emp_status emp__ltv_season(const struct emp_ltv_work *work, struct emp_ltv_season *out,
                           emp_error *error);

#endif
