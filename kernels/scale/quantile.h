// SPDX-License-Identifier: Apache-2.0
/*
 * Quantiles of type 7 (Hyndman & Fan 1996; the default of R and numpy): of n values in ascending
 * order x[0] .. x[n - 1], with h = (n - 1) p and j = floor(h), the quantile at p is
 * x[j] + (h - j) (x[j + 1] - x[j]). The values are not sorted; see order/select.h.
 *
 * Cost: that of emp__select, and one pass more where h is not whole.
 */
#ifndef EMP_SCALE_QUANTILE_H
#define EMP_SCALE_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The quantile at p, 0 <= p <= 1, of the values of n > 0 keys (double_key.h), whose differences
 * must not overflow.
 */
double emp__quantile(const uint64_t *keys, size_t n, double p);

#endif
