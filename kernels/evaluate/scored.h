// SPDX-License-Identifier: Apache-2.0
/*
 * What a classifier of two classes said of n rows, and what became true. What is computed of it is
 * in the other headers here, most of it from a ranking (ranking.h).
 *
 * Preconditions of all: no score is NaN, a label is 0 or 1 (1: the event), a weight is finite and
 * not negative. n may be 0.
 *
 * Weights are numbers of copies: a row of weight 3 counts as three rows, and a result with weights
 * is that of the rows written out, unless its header says otherwise. So errors and intervals take
 * their sum for the number of rows; with class weights that they are not, they mean nothing.
 *
 * NaN stands for what cannot be said: 0 / 0, or a curve of two classes where there is one.
 */
#ifndef EMP_EVALUATE_SCORED_H
#define EMP_EVALUATE_SCORED_H

#include <stdint.h>

struct emp_scored {
    const double *scores;  /* n; the higher, the likelier the event */
    const uint8_t *labels; /* n */
    const double *weights; /* n, or NULL: 1 each */
    uint32_t n;
};

/* A value with its standard error. */
struct emp_measure {
    double value;
    double std_error;
};

/* An interval of confidence, both ends in it. */
struct emp_interval {
    double low;
    double high;
};

#endif
