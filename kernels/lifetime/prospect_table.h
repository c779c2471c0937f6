// SPDX-License-Identifier: Apache-2.0
/*
 * Prospects of many customers, by interpolation: for one x they are smooth functions of T, and a
 * few of them tell all.
 *
 * With gamma the least parameter that is a time, every prospect is an analytic function of y =
 * log(gamma + T) but for singularities at distance pi from the real line, where gamma + T is
 * negative. Cells in which gamma + T grows by a factor of 8 are 1.04 to either side, so the error
 * of a Chebyshev series of n terms falls like 6.2^-n (L. N. Trefethen, "Approximation theory and
 * approximation practice", SIAM 2013, th. 8.2): 18 terms, 5e-15. Series are those of logarithms (of
 * slopes the slopes themselves), since values may grow like the power x of a time. P(no purchase)
 * is a sum of two such values; its logarithm is not smooth, theirs are.
 *
 * Which cell a customer is in depends on T and the parameters alone, and so the prospect does: it
 * does not matter who else is valued. Above X_MOST, for times of no sense, where a value does not
 * exist (a logarithm of 0), and of models without times (opportunities are few) there is no series,
 * and prospects are computed one by one.
 *
 * Cost: 18 prospects for each x and cell that anybody is in; then, for each x and T, a logarithm,
 * 18 terms of up to 13 series, and up to five exponentials.
 */
#ifndef EMP_LIFETIME_PROSPECT_TABLE_H
#define EMP_LIFETIME_PROSPECT_TABLE_H

#include "lifetime/prospect.h"

enum {
    EMP_PROSPECT_X_MOST = 1024,
    EMP_PROSPECT_TERMS = 18,
    EMP_PROSPECT_VALUES = 5 + 2 * EMP_LIFETIME_PARAMETERS,
};

/* The series of one x and cell. */
struct emp_prospect_cell {
    bool used, smooth; /* somebody is in it; there is a series */
    bool diverges;     /* the unlimited value */
    double series[EMP_PROSPECT_TERMS][EMP_PROSPECT_VALUES];
};

struct emp_prospect_table {
    const struct emp_lifetime_fitted *fitted;
    const struct emp_lifetime_request *request;
    double least; /* gamma; 0: the model has no times, there are no cells */
    int first;    /* the number of the first cell of an x */
    size_t xs, cells_of_x;
    struct emp_prospect_cell *cells; /* by x, then by cell */
};

/* What cells the data are in; `cells` is still to be set, to as many zero bytes as
 * emp__prospect_table_bytes() says, aligned as malloc() does. */
struct emp_prospect_table emp__prospect_table(const struct emp_lifetime_fitted *fitted,
                                              const struct emp_lifetime_request *request,
                                              const struct emp_lifetime_data *data);
size_t emp__prospect_table_bytes(const struct emp_prospect_table *table);

/* Computes the cells that somebody of the data is in, on the threads of the request. */
void emp__prospect_table_fill(struct emp_prospect_table *table,
                              const struct emp_lifetime_data *data);

struct emp_lifetime_prospect emp__prospect_at(const struct emp_prospect_table *table, uint32_t x,
                                              double age);

#endif
