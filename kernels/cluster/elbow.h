// SPDX-License-Identifier: Apache-2.0
/*
 * The elbow of a falling curve of inertias: the point farthest below the chord from its first to
 * its last point, both axes being scaled to [0, 1]. A simple version of "kneedle" (Satopaa,
 * Albrecht, Irwin & Raghavan, "Finding a 'kneedle' in a haystack", ICDCS workshops 2011), without
 * its smoothing and its sensitivity: one elbow, or none.
 */
#ifndef EMP_CLUSTER_ELBOW_H
#define EMP_CLUSTER_ELBOW_H

#include <stddef.h>
#include <stdint.h>

/*
 * Which of the `count` points (k[i], inertia[i]) is the elbow; k ascends strictly. Of equals the
 * first one. `count` if there is none: fewer than three points, a curve that ends no lower than it
 * begins, values that are not finite, or no point below the chord by more than rounding (1e-12 of
 * the scaled axis). O(count).
 */
size_t emp__elbow(const uint32_t *k, const double *inertia, size_t count);

#endif
