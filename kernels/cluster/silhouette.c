// SPDX-License-Identifier: Apache-2.0
/*
 * Points are sorted by cluster, so that the sum of the distances to a cluster is a run through
 * consecutive points; 16 points at a time, the lanes, take that run. The sort is stable, so each
 * sum is added up in the order of the rows.
 */
#include "cluster/silhouette.h"

#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <string.h>

enum { LANES = EMP_DISTANCE_LANES };

/* The weights of the clusters; false if fewer than two have any. */
static bool weigh_clusters(const struct emp_clustering *c, double *totals)
{
    uint32_t weighty = 0;
    memset(totals, 0, c->k * sizeof *totals);
    for (size_t i = 0; i < c->n; i++)
        totals[c->labels[i]] += emp__weight_of(c, i);
    for (uint32_t k = 0; k < c->k; k++)
        weighty += totals[k] > 0.0;
    return weighty >= 2;
}

static double silhouette_of(double a, double b)
{
    double larger = a > b ? a : b;
    return larger > 0.0 ? (b - a) / larger : 0.0;
}

/* s of a point in the cluster `own`, from its sums of distances; that to cluster k is at
 * sums[k stride]. */
static double from_sums(const struct emp_clustering *c, const double *totals, uint32_t own,
                        const double *sums, size_t stride)
{
    double b = INFINITY;
    if (!(totals[own] > 1.0))
        return 0.0;
    for (uint32_t k = 0; k < c->k; k++)
        if (k != own && totals[k] > 0.0)
            b = fmin(b, sums[k * stride] / totals[k]);
    return silhouette_of(sums[own * stride] / (totals[own] - 1.0), b);
}

static double mean_of(const struct emp_clustering *c, const double *values)
{
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < c->n; i++) {
        sum += emp__weight_of(c, i) * values[i];
        weight += emp__weight_of(c, i);
    }
    return sum / weight;
}

static double no_silhouette(const struct emp_clustering *c, double *values)
{
    for (size_t i = 0; i < c->n; i++)
        values[i] = NAN;
    return NAN;
}

/* What the threads share, and a scratch for each. */
struct sorted {
    double *points; /* n x d, by cluster */
    double *weights;
    double *totals;  /* k: weights of the clusters */
    double *scratch; /* for each thread: lanes, then sums by cluster */
    size_t scratch_length;
    size_t *ends;    /* k: behind the last point of each cluster */
    uint32_t *order; /* n: the rows that the points were */
};

static size_t scratch_length(const struct emp_clustering *c)
{
    return (c->d + c->k) * LANES;
}

size_t emp__silhouette_work(const struct emp_clustering *clustering, int threads)
{
    const struct emp_clustering *c = clustering;
    size_t doubles = c->n * (c->d + 1) + c->k + (size_t)threads * scratch_length(c);
    return doubles * sizeof(double) + c->k * sizeof(size_t) + c->n * sizeof(uint32_t);
}

static struct sorted divide_work(const struct emp_clustering *c, int threads, void *work)
{
    struct sorted s = {.points = work, .scratch_length = scratch_length(c)};
    s.weights = s.points + c->n * c->d;
    s.totals = s.weights + c->n;
    s.scratch = s.totals + c->k;
    s.ends = (void *)(s.scratch + (size_t)threads * s.scratch_length);
    s.order = (void *)(s.ends + c->k);
    return s;
}

static void sort_by_cluster(const struct emp_clustering *c, struct sorted *s)
{
    size_t *places = s->ends; /* each moves from the begin of its cluster to the end */
    memset(places, 0, c->k * sizeof *places);
    for (size_t i = 0; i < c->n; i++)
        places[c->labels[i]]++;
    for (size_t k = 0, begin = 0; k < c->k; k++) {
        size_t size = places[k];
        places[k] = begin;
        begin += size;
    }
    for (size_t i = 0; i < c->n; i++) {
        size_t place = places[c->labels[i]]++;
        memcpy(s->points + place * c->d, c->points + i * c->d, c->d * sizeof(double));
        s->weights[place] = emp__weight_of(c, i);
        s->order[place] = (uint32_t)i;
    }
}

/* s of up to 16 points from `first` on. */
static void judge_points(const struct emp_clustering *c, const struct sorted *s,
                         emp_distance_sums_fn *distance_sums, size_t first, double *values)
{
    double *lanes = s->scratch + (size_t)omp_get_thread_num() * s->scratch_length;
    double *sums = lanes + c->d * LANES;
    size_t count = c->n - first < LANES ? c->n - first : LANES;
    emp__distance_lanes(s->points + first * c->d, count, c->d, lanes);
    memset(sums, 0, c->k * LANES * sizeof *sums);
    for (size_t k = 0, begin = 0; k < c->k; begin = s->ends[k++]) {
        const struct emp_weighted_points to = {s->points + begin * c->d, s->weights + begin,
                                               s->ends[k] - begin, c->d};
        distance_sums(lanes, &to, sums + k * LANES);
    }
    for (size_t l = 0; l < count; l++) {
        uint32_t row = s->order[first + l];
        values[row] = from_sums(c, s->totals, c->labels[row], sums + l, LANES);
    }
}

static emp_distance_sums_fn *variant_of(const struct emp_silhouette_run *run)
{
    return run->distance_sums ? run->distance_sums : emp__distance_sums(NULL);
}

double emp__silhouette(const struct emp_clustering *clustering,
                       const struct emp_silhouette_run *run, void *work, double *values)
{
    emp_distance_sums_fn *distance_sums = variant_of(run);
    struct sorted s = divide_work(clustering, run->threads, work);
    if (!weigh_clusters(clustering, s.totals))
        return no_silhouette(clustering, values);
    sort_by_cluster(clustering, &s);
#pragma omp parallel for num_threads(run->threads) schedule(dynamic)
    for (size_t first = 0; first < clustering->n; first += LANES)
        judge_points(clustering, &s, distance_sums, first, values);
    return mean_of(clustering, values);
}

double emp__silhouette_plain(const struct emp_clustering *clustering, double *work, double *values)
{
    const struct emp_clustering *c = clustering;
    double *totals = work, *sums = work + c->k;
    if (!weigh_clusters(c, totals))
        return no_silhouette(c, values);
    for (size_t i = 0; i < c->n; i++) {
        memset(sums, 0, c->k * sizeof *sums);
        for (size_t j = 0; j < c->n; j++) {
            double square = 0.0;
            for (size_t f = 0; f < c->d; f++) {
                double difference = c->points[i * c->d + f] - c->points[j * c->d + f];
                square += difference * difference;
            }
            sums[c->labels[j]] += emp__weight_of(c, j) * sqrt(square);
        }
        values[i] = from_sums(c, totals, c->labels[i], sums, 1);
    }
    return mean_of(c, values);
}

size_t emp__simplified_silhouette_work(const struct emp_clustering *clustering, int threads)
{
    return (clustering->k + (size_t)threads * scratch_length(clustering)) * sizeof(double);
}

/* From the distances to the centres, that to cluster k at distances[16 k]. */
static double from_distances(const struct emp_clustering *c, const double *totals, uint32_t own,
                             const double *distances)
{
    double b = INFINITY;
    if (!(totals[own] > 1.0))
        return 0.0;
    for (uint32_t k = 0; k < c->k; k++)
        if (k != own && totals[k] > 0.0)
            b = fmin(b, distances[k * LANES]);
    return silhouette_of(distances[own * LANES], b);
}

/* The same for up to 16 points from `first` on; a distance is a sum over one point of weight 1. */
static void judge_by_centres(const struct emp_clustering *c, const double *centres,
                             emp_distance_sums_fn *distance_sums, size_t first, double *totals,
                             double *values)
{
    static const double one = 1.0;
    double *lanes = totals + c->k + (size_t)omp_get_thread_num() * scratch_length(c);
    double *distances = lanes + c->d * LANES;
    size_t count = c->n - first < LANES ? c->n - first : LANES;
    emp__distance_lanes(c->points + first * c->d, count, c->d, lanes);
    memset(distances, 0, c->k * LANES * sizeof *distances);
    for (size_t k = 0; k < c->k; k++) {
        const struct emp_weighted_points to = {centres + k * c->d, &one, 1, c->d};
        distance_sums(lanes, &to, distances + k * LANES);
    }
    for (size_t i = first; i < first + count; i++)
        values[i] = from_distances(c, totals, c->labels[i], distances + (i - first));
}

double emp__simplified_silhouette(const struct emp_clustering *clustering, const double *centres,
                                  const struct emp_silhouette_run *run, void *work, double *values)
{
    emp_distance_sums_fn *distance_sums = variant_of(run);
    double *totals = work;
    if (!weigh_clusters(clustering, totals))
        return no_silhouette(clustering, values);
#pragma omp parallel for num_threads(run->threads) schedule(static)
    for (size_t first = 0; first < clustering->n; first += LANES)
        judge_by_centres(clustering, centres, distance_sums, first, totals, values);
    return mean_of(clustering, values);
}
