// SPDX-License-Identifier: Apache-2.0
#include "cluster/separation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { BLOCKS_MOST = 256, BLOCK_LEAST = 1024 };

/* Sums over some of the points; arrays of k. */
struct sums {
    double *weights;
    double *squares;   /* w |x - c_k|^2 */
    double *distances; /* w |x - c_k| */
};

/* How many points a block has: a matter of n alone. */
static size_t block_size(size_t n)
{
    size_t size = n / BLOCKS_MOST + 1;
    return size > BLOCK_LEAST ? size : BLOCK_LEAST;
}

static size_t block_count(size_t n)
{
    return (n + block_size(n) - 1) / block_size(n);
}

/* The sums of a block; those of all blocks follow them. */
static struct sums sums_at(double *work, uint32_t k, size_t block)
{
    double *begin = work + block * 3 * k;
    return (struct sums){begin, begin + k, begin + 2 * (size_t)k};
}

size_t emp__separation_work(const struct emp_clustering *clustering)
{
    return (block_count(clustering->n) + 1) * 3 * clustering->k + clustering->d;
}

static double squared_distance(const double *a, const double *b, size_t d)
{
    double square = 0.0;
    for (size_t f = 0; f < d; f++)
        square += (a[f] - b[f]) * (a[f] - b[f]);
    return square;
}

static void add_points(const struct emp_clustering *c, const double *centres, size_t block,
                       struct sums sums)
{
    size_t begin = block * block_size(c->n), end = begin + block_size(c->n);
    for (size_t i = begin; i < end && i < c->n; i++) {
        uint32_t k = c->labels[i];
        double weight = emp__weight_of(c, i);
        double square = squared_distance(c->points + i * c->d, centres + k * c->d, c->d);
        sums.weights[k] += weight;
        sums.squares[k] += weight * square;
        sums.distances[k] += weight * sqrt(square);
    }
}

/* Adds up all points; `work` is what emp__separation() is given. */
static struct sums add_all(const struct emp_clustering *c, const double *centres, int threads,
                           double *work)
{
    size_t blocks = block_count(c->n), length = 3 * (size_t)c->k;
    memset(work, 0, (blocks + 1) * length * sizeof *work);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t block = 0; block < blocks; block++)
        add_points(c, centres, block, sums_at(work, c->k, block));
    struct sums total = sums_at(work, c->k, blocks);
    for (size_t block = 0; block < blocks; block++)
        for (size_t i = 0; i < length; i++)
            total.weights[i] += work[block * length + i];
    return total;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

static double between_of(const struct emp_clustering *c, const double *centres,
                         const double *weights, double *mean)
{
    double weight = sum_of(weights, c->k), between = 0.0;
    memset(mean, 0, c->d * sizeof *mean);
    for (size_t k = 0; k < c->k; k++)
        for (size_t f = 0; weights[k] > 0.0 && f < c->d; f++)
            mean[f] += weights[k] * centres[k * c->d + f];
    for (size_t f = 0; f < c->d; f++)
        mean[f] /= weight;
    for (size_t k = 0; k < c->k; k++)
        if (weights[k] > 0.0)
            between += weights[k] * squared_distance(centres + k * c->d, mean, c->d);
    return between;
}

/* The greatest similarity of cluster k to another one; NaN if they share a centre. */
static double similarity_of(const struct emp_clustering *c, const double *centres,
                            const struct sums *sums, size_t k)
{
    double greatest = 0.0, own = sums->distances[k] / sums->weights[k];
    for (size_t l = 0; l < c->k; l++) {
        if (l == k || !(sums->weights[l] > 0.0))
            continue;
        double apart = sqrt(squared_distance(centres + k * c->d, centres + l * c->d, c->d));
        if (!(apart > 0.0))
            return NAN;
        greatest = fmax(greatest, (own + sums->distances[l] / sums->weights[l]) / apart);
    }
    return greatest;
}

static double davies_bouldin_of(const struct emp_clustering *c, const double *centres,
                                const struct sums *sums, double clusters)
{
    double sum = 0.0;
    for (size_t k = 0; k < c->k; k++)
        if (sums->weights[k] > 0.0)
            sum += similarity_of(c, centres, sums, k);
    return sum / clusters;
}

static double finite_or_none(double value)
{
    return isfinite(value) ? value : NAN;
}

void emp__separation(const struct emp_clustering *clustering, const double *centres, int threads,
                     double *work, struct emp_separation *out)
{
    const struct emp_clustering *c = clustering;
    struct sums sums = add_all(c, centres, threads, work);
    double weight = sum_of(sums.weights, c->k), clusters = 0.0;
    for (size_t k = 0; k < c->k; k++)
        clusters += sums.weights[k] > 0.0;
    *out = (struct emp_separation){sum_of(sums.squares, c->k), 0.0, NAN, NAN};
    if (!(weight > 0.0))
        return;
    out->between = between_of(c, centres, sums.weights, sums.squares + 2 * (size_t)c->k);
    if (clusters < 2.0 || weight <= clusters || !(out->within > 0.0))
        return;
    out->calinski_harabasz =
        finite_or_none(out->between / (clusters - 1.0) / (out->within / (weight - clusters)));
    out->davies_bouldin = finite_or_none(davies_bouldin_of(c, centres, &sums, clusters));
}
