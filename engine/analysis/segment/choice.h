// SPDX-License-Identifier: Apache-2.0
/* Which of several numbers of clusters is the one. */
#ifndef EMP_ANALYSIS_SEGMENT_CHOICE_H
#define EMP_ANALYSIS_SEGMENT_CHOICE_H

#include "analysis/segment/params.h"

/* The figures of one k, the columns of k_selection.csv; NaN where one does not exist. */
struct emp_segment_figures {
    double inertia;
    double silhouette, simplified_silhouette;
    double calinski_harabasz, davies_bouldin;
    double gap, gap_se;
    double stability;
};

/*
 * The index of the k to take, of `count` (ascending):
 *   gap: the first whose gap is at least the next one's less its error (Tibshirani, Walther &
 *     Hastie 2001); if there is none, the greatest gap
 *   elbow: the point of the inertia that lies farthest below the line from the first to the last
 *   else: the greatest figure, or the least Davies-Bouldin
 * Of equal ones the smaller k. Where no k has the figure, `count` is returned.
 */
size_t emp__segment_choose(const struct emp_segment_figures *figures, const int64_t *ks,
                           size_t count, enum emp_choose_by by);

#endif
