// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/choice.h"

#include <math.h>

#include "cluster/elbow.h"
#include "cluster/gap.h"

/* The figure that is to be as great as can be. */
static double figure_of(const struct emp_segment_figures *figures, enum emp_choose_by by)
{
    switch (by) {
    case EMP_CHOOSE_SIMPLIFIED:
        return figures->simplified_silhouette;
    case EMP_CHOOSE_CALINSKI:
        return figures->calinski_harabasz;
    case EMP_CHOOSE_DAVIES:
        return -figures->davies_bouldin;
    case EMP_CHOOSE_GAP:
        return figures->gap;
    case EMP_CHOOSE_STABILITY:
        return figures->stability;
    case EMP_CHOOSE_SILHOUETTE:
    case EMP_CHOOSE_ELBOW:
        break;
    }
    return figures->silhouette;
}

static size_t greatest(const struct emp_segment_figures *figures, size_t count,
                       enum emp_choose_by by)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        double figure = figure_of(&figures[i], by);
        if (!isnan(figure) && (best == count || figure > figure_of(&figures[best], by)))
            best = i;
    }
    return best;
}

static size_t first_gap(const struct emp_segment_figures *figures, size_t count)
{
    struct emp_gap gaps[EMP_SEGMENT_KS_MAX] = {0};
    for (size_t i = 0; i < count; i++)
        gaps[i] = (struct emp_gap){figures[i].gap, figures[i].gap_se};
    size_t first = emp__gap_choose(gaps, count);
    return first < count ? first : greatest(figures, count, EMP_CHOOSE_GAP);
}

static size_t elbow(const struct emp_segment_figures *figures, const int64_t *ks, size_t count)
{
    uint32_t k[EMP_SEGMENT_KS_MAX] = {0};
    double inertia[EMP_SEGMENT_KS_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        k[i] = (uint32_t)ks[i];
        inertia[i] = figures[i].inertia;
    }
    return emp__elbow(k, inertia, count);
}

size_t emp__segment_choose(const struct emp_segment_figures *figures, const int64_t *ks,
                           size_t count, enum emp_choose_by by)
{
    if (by == EMP_CHOOSE_GAP)
        return first_gap(figures, count);
    if (by == EMP_CHOOSE_ELBOW)
        return elbow(figures, ks, count);
    return greatest(figures, count, by);
}
