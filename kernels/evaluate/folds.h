// SPDX-License-Identifier: Apache-2.0
/*
 * Folds of a cross-validation by customer: a customer never straddles two, and its fold does not
 * depend on the order of the rows or on who was read first. `keys` are hashes of the ids; a draw
 * of random/philox.h is taken for each (seed, key).
 *
 * Unstratified, the fold is a function of (seed, key, folds) alone: new customers move nobody. The
 * sizes are those of chance.
 *
 * Stratified, the customers of each class stand in the order of their draws, events first and then
 * the others, and the one at place r is in fold r mod folds: the sizes differ by one at most, of
 * each class and of all. New customers move others.
 */
#ifndef EMP_EVALUATE_FOLDS_H
#define EMP_EVALUATE_FOLDS_H

#include <stddef.h>
#include <stdint.h>

/* The purpose of the draws of folds, at index 0 of the stream of (seed, purpose, key). */
enum { EMP_FOLDS_PURPOSE = 0x666f6c64 };

struct emp_folds {
    uint64_t seed;
    uint16_t count; /* >= 1 */
};

/* The fold of a customer, 0 .. count - 1. */
uint16_t emp__fold(const struct emp_folds *folds, uint64_t key);

/* The bytes of workspace: 24 n and a little. */
size_t emp__stratified_folds_work(uint32_t n);

/*
 * In out[n] the fold of each row. labels[n] are 0 or 1; keys[n] should differ from each other (rows
 * of one class with equal keys stand by their index). `work` is aligned as malloc() does.
 */
void emp__stratified_folds(const struct emp_folds *folds, const uint64_t *keys,
                           const uint8_t *labels, uint32_t n, void *work, uint16_t *out);

#endif
