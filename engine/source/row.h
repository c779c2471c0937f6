// SPDX-License-Identifier: Apache-2.0
/*
 * A transaction as the source yields it: typed, checked, ready for its partition.
 */
#ifndef EMP_SOURCE_ROW_H
#define EMP_SOURCE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

/*
 * What a row may say beside customer, time and amount, as a token each: the word of an id of digits
 * (source/ids.h), else EMP_ID_TEXT | 63 bits of the XXH3 of its bytes. Two different texts of one
 * customer fall together with a probability of 2^-63. 0: none, which is never so for an order that
 * was read.
 */
enum emp_token { EMP_TOKEN_ORDER, EMP_TOKEN_PRODUCT, EMP_TOKEN_CHANNEL, EMP_TOKENS };

/* A set of kinds of tokens is a sum of these. */
static inline unsigned emp__token_bit(enum emp_token token)
{
    return 1u << token;
}

static inline size_t emp__token_count(unsigned tokens)
{
    return (size_t)__builtin_popcount(tokens);
}

struct emp_row {
    /* The word of an id of digits (source/ids.h), else EMP_ID_TEXT | 63 bits of the XXH3 of its
       bytes, and then the bytes themselves, which last until the call that got them returns. */
    uint64_t customer;
    const char *customer_text;
    uint32_t customer_length;
    int64_t time;               /* seconds since 1970-01-01T00:00:00Z */
    int64_t amount;             /* minor units */
    uint64_t token[EMP_TOKENS]; /* by enum emp_token; 0 where no such column is read */
};

/* Rows by their columns, whose customers all are digits, and of which nothing else is read. */
struct emp_row_columns {
    size_t count;
    const uint64_t *customer;
    const int64_t *time, *amount;
};

/*
 * The amount of a row that says no more than that there is such a customer: no other amount is this
 * one, and nothing else of the row but the customer counts. Such rows and others do not reach a
 * partition in one batch: emp__scatter_hand_over() comes between them.
 */
#define EMP_NO_AMOUNT INT64_MIN

/*
 * Where rows go. `take` and `take_columns`, which may be NULL, are called from many threads at
 * once, each with its own number in [0, threads), with rows in no particular order.
 */
struct emp_row_sink {
    void *user;
    emp_status (*take)(void *user, int thread, const struct emp_row *rows, size_t count,
                       emp_error *error);
    emp_status (*take_columns)(void *user, int thread, const struct emp_row_columns *columns,
                               emp_error *error);
};

#endif
