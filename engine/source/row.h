// SPDX-License-Identifier: Apache-2.0
/*
 * A transaction as the source yields it: typed, checked, ready for its partition.
 */
#ifndef EMP_SOURCE_ROW_H
#define EMP_SOURCE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

struct emp_row {
    /* The word of an id of digits (source/ids.h), else EMP_ID_TEXT | 63 bits of the XXH3 of its
       bytes, and then the bytes themselves, which last until the call that got them returns. */
    uint64_t customer;
    const char *customer_text;
    uint32_t customer_length;
    int64_t time;   /* seconds since 1970-01-01T00:00:00Z */
    int64_t amount; /* minor units */
    /* What tells one order from another: the word of an id of digits, else EMP_ID_TEXT | 63 bits of
       its XXH3: two different text orders of one customer fall together with a probability of
       2^-63. 0 where no order column is read. */
    uint64_t order;
};

/*
 * The amount of a row that says no more than that there is such a customer: no other amount is this
 * one, and nothing else of the row but the customer counts. Such rows and others do not reach a
 * partition in one batch: emp__scatter_hand_over() comes between them.
 */
#define EMP_NO_AMOUNT INT64_MIN

/*
 * Where rows go. `take` is called from many threads at once, each with its own number in
 * [0, threads), with rows in no particular order.
 */
struct emp_row_sink {
    void *user;
    emp_status (*take)(void *user, int thread, const struct emp_row *rows, size_t count,
                       emp_error *error);
};

#endif
