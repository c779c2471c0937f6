// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/match.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cluster/optimal_assignment.h"

void emp__segment_order(const double *value, size_t clusters, size_t *order)
{
    for (size_t c = 0; c < clusters; c++) {
        size_t at = c;
        for (; at > 0 && value[order[at - 1]] < value[c]; at--)
            order[at] = order[at - 1];
        order[at] = c;
    }
}

static emp_status assign(const struct emp_segment_overlap *overlap, uint32_t *assigned,
                         emp_error *error)
{
    double *values = NULL;
    void *work = NULL;
    size_t cells = overlap->now * overlap->before;
    emp_status status = emp__new_array(&values, cells, sizeof *values, error);
    struct emp_costs costs = {values, (uint32_t)overlap->now, (uint32_t)overlap->before};
    if (status == EMP_OK)
        status = emp__new_array(&work, emp__optimal_assignment_work(&costs), 1, error);
    if (status == EMP_OK) {
        /* Exact: there are less than 2^53 customers. */
        for (size_t i = 0; i < cells; i++)
            values[i] = -(double)overlap->count[i];
        emp__optimal_assignment(&costs, work, assigned);
    }
    free(work);
    free(values);
    return status;
}

emp_status emp__segment_match(const struct emp_segment_overlap *overlap, const int64_t *before,
                              const size_t *order, int64_t *number, emp_error *error)
{
    uint32_t *assigned = NULL;
    int64_t highest = 0;
    emp_status status = emp__new_array(&assigned, overlap->now, sizeof *assigned, error);
    if (status == EMP_OK)
        status = assign(overlap, assigned, error);
    for (size_t i = 0; i < overlap->before; i++)
        highest = before[i] > highest ? before[i] : highest;
    for (size_t i = 0; i < overlap->now && status == EMP_OK; i++) {
        size_t c = order[i];
        bool common =
            assigned[c] != EMP_UNASSIGNED && overlap->count[c * overlap->before + assigned[c]] > 0;
        number[c] = common ? before[assigned[c]] : ++highest;
    }
    free(assigned);
    return status;
}
