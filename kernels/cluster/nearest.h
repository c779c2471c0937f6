// SPDX-License-Identifier: Apache-2.0
/*
 * Squared Euclidean distances from points to centres, the nearest centre of each point, and bounds
 * that say for how long it stays the nearest one.
 *
 * THE RULE. The squared distance is the sum over j = 0 .. d - 1, in this order, of (x_j - c_j)^2,
 * each added with one rounding (fma). The nearest centre is the one with the least such number as
 * computed; among equal ones the first. Of points in float, everything is computed in float, from
 * centres rounded to float. Every variant gives the same bits as the plain one.
 *
 * THE GAP of a point and a group of centres is a lower bound of (distance to the nearest centre in
 * the group that is not the point's own) - (distance to its own), in units that make the data about
 * 1 in size (`unit`), less a margin for the rounding of all that is computed with it (`above`,
 * `below`, `tiny`; emp__centres_margins() derives them). It is negative where two centres are
 * equally near, or nearly. See kmeans_bounds.h for its use.
 *
 * Cost: 2 operations of a vector for each centre, column and vector of points (a difference and an
 * fma), and 6 for each centre. Vectors run over points: rows are transposed a few at a time, and
 * four centres are worked on at once.
 */
#ifndef EMP_CLUSTER_NEAREST_H
#define EMP_CLUSTER_NEAREST_H

#include "cluster/points.h"
#include "cluster/quantiser.h"

enum { EMP_CENTRE_GROUPS = 8 };

/* Squares, in units, that gaps take for greater ones: below what float can hold. */
#define EMP_GAP_MOST 1e30

struct emp_centres {
    size_t k, d;
    const double *c;       /* k x d, row-major */
    const float *c_single; /* the same rounded; needed for points in float only */

    /* Needed for gaps only. */
    size_t groups;                         /* 1 or EMP_CENTRE_GROUPS */
    uint32_t begin[EMP_CENTRE_GROUPS + 1]; /* centres begin[g] .. begin[g + 1] - 1 are group g */
    double unit;                           /* what squared distances are multiplied by */
    float above, below, tiny;

    /* Needed by the rough kernel only: c_single is of float((c_j - middle[j]) * scale). */
    const double *middle; /* d, and 0 up to emp__sums_stride(d) */
    double scale;
};

/* Item i is about the row at[i]; each array has room for EMP_CLUSTER_STRIDE items. */
struct emp_nearest {
    uint32_t *place; /* of the nearest centre */
    double *square;  /* the squared distance to it */
    float *gap;      /* groups x EMP_CLUSTER_STRIDE; NULL: not wanted */
};

typedef void emp_nearest_fn(const struct emp_rows *rows, const struct emp_centres *centres,
                            const struct emp_nearest *out);

/* out[p * EMP_CLUSTER_STRIDE + i]: the squared distance of row at[i] to centre p. */
typedef void emp_squares_fn(const struct emp_rows *rows, const struct emp_centres *centres,
                            double *out);

/* out[i]: the squared distance of row at[i] to the centre at place[i]; room as above. */
typedef void emp_own_squares_fn(const struct emp_rows *rows, const struct emp_centres *centres,
                                const uint32_t *place, double *out);

/* The bounds of a block of rows (kmeans_bounds.h). */
struct emp_gaps {
    float *gap;         /* rows x groups */
    const float *limit; /* clusters x groups */
    const uint32_t *labels;
    size_t clusters, groups; /* groups: 1 or EMP_CENTRE_GROUPS */
};

/*
 * Lists the rows among the first `count` of a block of which a gap is below the limit for its group
 * and the row's label; returns how many. `at` has room for EMP_CLUSTER_STRIDE rows.
 */
typedef size_t emp_failing_fn(const struct emp_gaps *gaps, size_t count, uint32_t *at);

/*
 * Of the listed rows, sets the gaps to those found plus the limit, rounded down, or to -1 where the
 * one found is not above 0.
 */
typedef void emp_note_fn(const struct emp_rows *rows, const struct emp_nearest *found,
                         const struct emp_gaps *gaps);

/*
 * The rough kernel is an emp_nearest_fn for points in double that computes in float, twice as fast:
 * from float((x_j - middle[j]) * scale). Its gaps have margins for that (emp__rough_margins()), so
 * where all gaps of a point are above 0 the label is that of the rule and the gaps are true ones;
 * the other points are to be given to the exact kernel. The squares it gives are rough.
 */
struct emp_distance_kernels {
    emp_nearest_fn *nearest;
    emp_squares_fn *squares;
    emp_own_squares_fn *own_squares;
};

struct emp_cluster_kernels {
    const char *name;
    struct emp_distance_kernels real, single; /* for points in double, in float */
    emp_move_fn *move;
    emp_range_fn *range;
    emp_failing_fn *failing;
    emp_note_fn *note;
    emp_nearest_fn *rough;
};

/* What is noted for a gap that is one: less than their sum. */
static inline float emp__noted(float gap, float limit)
{
    const float down = 1 - 0x1p-22F;
    float sum = (gap + limit) * down;
    return gap > 0 ? sum : -1;
}

emp_failing_fn emp__failing_plain;
emp_note_fn emp__note_plain;

extern const struct emp_cluster_kernels emp__cluster_plain;
#if defined(__x86_64__)
extern const struct emp_cluster_kernels emp__cluster_avx2;
#endif

/*
 * The fastest kernels that this machine runs if `name` is NULL, or else those of that name
 * ("plain", "avx2"); NULL if they are unknown, or cannot run here.
 */
const struct emp_cluster_kernels *emp__cluster_kernels(const char *name);

static inline const struct emp_distance_kernels *emp__distance_kernels(
    const struct emp_cluster_kernels *kernels, bool single)
{
    return single ? &kernels->single : &kernels->real;
}

/*
 * Sets `unit` and the margins for points and centres whose values are `size` apart at most; size >=
 * 0. A squared distance as computed is off by at most (d + 4) e of itself, e the unit roundoff, and
 * by d times the least number. What a bound was made from, and what it is later used for, are both
 * off; so are the few operations in float in between.
 */
void emp__centres_margins(struct emp_centres *centres, double size, bool single);

/*
 * The margins of rough gaps. All coordinates are below 1 in size, so that each is off by at most
 * 2^-24, and a distance by at most sqrt(d) 2^-23.
 */
void emp__rough_margins(struct emp_centres *centres, const double *middle, double scale);

/* A gap from the squared distances to the own and to the other centre. */
float emp__gap(const struct emp_centres *centres, double own, double other);

#endif
