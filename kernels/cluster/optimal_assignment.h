// SPDX-License-Identifier: Apache-2.0
/*
 * The assignment of rows to columns with the least sum of costs (Kuhn, "The Hungarian method for
 * the assignment problem", Naval Research Logistics 2, 1955), each row having at most one column
 * and each column at most one row; as many as there are of the fewer are assigned. By shortest
 * augmenting paths (Jonker & Volgenant, Computing 38, 1987): with m the lesser and n the greater
 * of both numbers, O(m^2 n).
 *
 * Minimal up to the rounding of the sums of costs. The result is a function of the matrix: of paths
 * of the same length the one to the lowest index is taken.
 */
#ifndef EMP_CLUSTER_OPTIMAL_ASSIGNMENT_H
#define EMP_CLUSTER_OPTIMAL_ASSIGNMENT_H

#include <stddef.h>
#include <stdint.h>

#define EMP_UNASSIGNED UINT32_MAX

struct emp_costs {
    const double *values; /* rows x columns, row-major, finite */
    uint32_t rows;
    uint32_t columns;
};

/* The bytes of workspace: O(rows + columns). */
size_t emp__optimal_assignment_work(const struct emp_costs *costs);

/* In assigned[i] the column of row i, or EMP_UNASSIGNED. `work` is aligned as malloc() does. */
void emp__optimal_assignment(const struct emp_costs *costs, void *work, uint32_t *assigned);

#endif
