// SPDX-License-Identifier: Apache-2.0
/*
 * Mini-batch k-means: each iteration is that of a plain twin, with the same bytes on any number of
 * threads and with any kernel; on clustered points it comes close to Lloyd; and it always ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_fit.h"
#include "cluster/minibatch.h"
#include "cluster/row_draw.h"
#include "random/philox.h"

__extension__ typedef unsigned __int128 wide;

enum { DRAW_STARTS = 0x6b6d0300, DRAW_BATCHES }; /* as in minibatch.c */

struct batches {
    struct emp_minibatch *fit;
    void *workspace;
    enum emp_kmeans_status status;
};

static struct emp_minibatch_options options_of(size_t k, size_t batch)
{
    return (struct emp_minibatch_options){.k = k,
                                          .batch = batch,
                                          .threads = 1,
                                          .max_passes = 300,
                                          .tolerance = 1e-6,
                                          .seed = 11,
                                          .restart = 2};
}

static struct batches batches_new(const struct emp_points *points,
                                  const struct emp_minibatch_options *options, const double *start)
{
    struct batches out = {.status = EMP_KMEANS_RUNNING};
    size_t bytes = emp__minibatch_workspace(points, options);
    assert_true(bytes > 0);
    out.workspace = test_aligned(bytes);
    /* Nothing may depend on what the workspace held before. */
    memset(out.workspace, 0xA5, bytes);
    out.fit = emp__minibatch_begin(points, options, start, out.workspace);
    return out;
}

static void batches_run(struct batches *batches)
{
    while (batches->status == EMP_KMEANS_RUNNING)
        batches->status = emp__minibatch_step(batches->fit);
}

static double *start_new(const struct emp_points *points, size_t k)
{
    double *start = test_aligned(k * points->d * sizeof *start);
    for (size_t i = 0; i < k * points->d; i++)
        start[i] = test_point_value(points, i / points->d * 13 % points->n, i % points->d);
    return start;
}

/* --- The draws --- */

/* Row i of a draw, by its definition, in exact numbers. */
static uint32_t drawn_row(const struct emp_row_draw *draw, size_t i)
{
    struct emp_stream stream;
    uint64_t uniform = 0;
    emp__stream_open(&stream, draw->seed, draw->purpose, draw->subject + i / EMP_CLUSTER_ROWS);
    for (size_t at = 0; at <= i % EMP_CLUSTER_ROWS; at++)
        uniform = emp__stream_u64(&stream);
    wide whole = (wide)i * draw->n + ((wide)uniform * draw->n >> 64);
    return (uint32_t)(whole / draw->count);
}

static void rows_by_definition(void **state)
{
    (void)state;
    static const size_t all[] = {1, 2, 7, 1500, 4294967295U};
    for (size_t a = 0; a < sizeof all / sizeof *all; a++)
        for (size_t count = 1; count <= all[a] && count < 3000; count += 1 + count / 3) {
            uint32_t rows[EMP_CLUSTER_ROWS], before = 0;
            struct emp_row_draw draw = {
                .seed = a, .purpose = 5, .subject = count, .n = all[a], .count = count};
            for (size_t i = 0; i < count; i++) {
                if (i % EMP_CLUSTER_ROWS == 0)
                    emp__draw_rows(&draw, i / EMP_CLUSTER_ROWS, rows);
                uint32_t row = rows[i % EMP_CLUSTER_ROWS];
                assert_true(row >= before && row < draw.n);
                assert_true(count < draw.n || row == i);
                if (i % 97 == 0)
                    assert_int_equal(row, drawn_row(&draw, i));
                before = row;
            }
        }
}

/* Each row as likely, also where parts do not end between rows: within five standard errors. */
static void rows_are_even(void **state)
{
    (void)state;
    enum { N = 10, COUNT = 7, TRIES = 20000 };
    int counts[N] = {0};
    for (uint64_t subject = 0; subject < TRIES; subject++) {
        uint32_t rows[EMP_CLUSTER_ROWS];
        struct emp_row_draw draw = {.seed = 1, .subject = subject, .n = N, .count = COUNT};
        emp__draw_rows(&draw, 0, rows);
        for (int i = 0; i < COUNT; i++)
            counts[rows[i]]++;
    }
    const double expected = (double)TRIES * COUNT / N;
    for (int i = 0; i < N; i++)
        assert_true(fabs(counts[i] - expected) <= 5 * sqrt(expected));
}

/* --- The plain twin --- */

struct twin {
    const struct emp_points *points;
    struct emp_minibatch_options options;
    uint64_t seed;
    double *centres;
    uint64_t iterations;
};

static struct twin twin_new(const struct emp_points *points,
                            const struct emp_minibatch_options *options, const double *start)
{
    struct twin out = {.points = points, .options = *options};
    struct emp_stream stream;
    emp__stream_open(&stream, options->seed, DRAW_STARTS, options->restart);
    out.seed = emp__stream_u64(&stream);
    out.centres = test_aligned(options->k * points->d * sizeof *out.centres);
    memcpy(out.centres, start, options->k * points->d * sizeof *start);
    return out;
}

/* The squared distance by the rule of nearest.h. */
static double square_of(const struct twin *twin, uint32_t row, size_t c)
{
    float single = 0;
    double real = 0;
    for (size_t j = 0; j < twin->points->d; j++) {
        double x = test_point_value(twin->points, row, j);
        double centre = twin->centres[c * twin->points->d + j];
        float by = (float)x - (float)centre;
        single = fmaf(by, by, single);
        real = fma(x - centre, x - centre, real);
    }
    return twin->points->single ? (double)single : real;
}

/* Rows one after the other, sums in long double. Returns the inertia of the batch. */
static double twin_step(struct twin *twin)
{
    size_t n = twin->points->n, d = twin->points->d, k = twin->options.k;
    size_t count = twin->options.batch < n ? twin->options.batch : n;
    struct emp_row_draw draw = {.seed = twin->seed,
                                .purpose = DRAW_BATCHES,
                                .subject = twin->iterations++ * emp__point_blocks(count),
                                .n = n,
                                .count = count};
    long double *sums = test_aligned(k * d * sizeof *sums),
                *weights = test_aligned(k * sizeof *sums);
    long double inertia = 0, total = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = drawn_row(&draw, i);
        long double weight = twin->points->weight ? (long double)twin->points->weight[row] : 1;
        size_t nearest = 0;
        for (size_t c = 1; c < k; c++)
            nearest = square_of(twin, row, c) < square_of(twin, row, nearest) ? c : nearest;
        inertia += weight * (long double)square_of(twin, row, nearest);
        total += weight;
        weights[nearest] += weight;
        for (size_t j = 0; j < d; j++)
            sums[nearest * d + j] += weight * (long double)test_point_value(twin->points, row, j);
    }
    for (size_t c = 0; c < k; c++) {
        if (weights[c] == 0)
            continue;
        for (size_t j = 0; j < d; j++) {
            long double by = sums[c * d + j] / weights[c] - (long double)twin->centres[c * d + j];
            twin->centres[c * d + j] += (double)(sqrtl(weights[c] / total) * by);
        }
    }
    free(sums);
    free(weights);
    return total > 0 ? (double)(inertia / total) : -1;
}

static double size_of(const struct emp_points *points)
{
    double size = 0;
    for (size_t i = 0; i < points->n * points->d; i++)
        size = fmax(size, fabs(test_point_value(points, i / points->d, i % points->d)));
    return size;
}

/* After each step the twin goes on from the very centres of the fit, so that a tie is one for
 * both. */
static void check_twin(const struct emp_points *points, const struct emp_minibatch_options *options)
{
    double *start = start_new(points, options->k), size = size_of(points);
    struct batches batches = batches_new(points, options, start);
    struct twin twin = twin_new(points, options, start);
    size_t numbers = options->k * points->d;
    for (int step = 0; step < 6 && batches.status == EMP_KMEANS_RUNNING; step++) {
        double inertia = twin_step(&twin);
        batches.status = emp__minibatch_step(batches.fit);
        const double *centres = emp__minibatch_centres(batches.fit);
        for (size_t i = 0; i < numbers; i++)
            assert_true(fabs(centres[i] - twin.centres[i]) <= 1e-10 * size);
        if (inertia >= 0)
            assert_true(fabs(emp__minibatch_progress(batches.fit)->inertia - inertia) <=
                        1e-12 * inertia);
        memcpy(twin.centres, centres, numbers * sizeof *centres);
    }
    free(twin.centres);
    free(batches.workspace);
    free(start);
}

static void check_threads(const struct emp_points *points,
                          const struct emp_minibatch_options *options)
{
    static const int threads[] = {2, 3, 7};
    double *start = start_new(points, options->k);
    struct emp_minibatch_options other = *options;
    other.kernels = &emp__cluster_plain;
    struct batches one = batches_new(points, &other, start);
    batches_run(&one);
    other.kernels = NULL;
    for (int i = 0; i < 3; i++) {
        other.threads = threads[i];
        struct batches many = batches_new(points, &other, start);
        batches_run(&many);
        assert_int_equal(one.status, many.status);
        assert_memory_equal(emp__minibatch_progress(one.fit), emp__minibatch_progress(many.fit),
                            sizeof(struct emp_minibatch_progress));
        assert_memory_equal(emp__minibatch_centres(one.fit), emp__minibatch_centres(many.fit),
                            options->k * points->d * sizeof *start);
        free(many.workspace);
    }
    free(one.workspace);
    free(start);
}

static void same_as_twin(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 7, 100, 4000}, columns[] = {1, 3, 8}, centres[] = {1, 2, 9};
    for (int kind = 0; kind < TEST_KINDS; kind++)
        for (size_t r = 0; r < 4; r++)
            for (size_t c = 0; c < 3; c++)
                for (size_t k = 0; k < 3; k++) {
                    struct emp_points points = test_points_new(
                        (enum test_kind)kind, (r + c + k) % 2, rows[r], columns[c], 3 + r);
                    struct emp_minibatch_options options =
                        options_of(centres[k], (size_t[]){1, 64, 2500}[(r + k) % 3]);
                    if ((c + k) % 3 == 0)
                        points.weight = test_weights_new(rows[r], 5 + c);
                    check_twin(&points, &options);
                    options.max_passes = 3;
                    if (options.batch > 1)
                        check_threads(&points, &options);
                    test_points_free(&points);
                }
}

/* Batches that are work enough for several threads, the last block of them not a whole one. */
static void same_on_threads(void **state)
{
    (void)state;
    enum { N = 16400, COLUMNS = 32, K = 64, BATCH = 4100 };
    for (int kind = 0; kind < TEST_KINDS; kind++) {
        struct emp_points points = test_points_new((enum test_kind)kind, kind % 2, N, COLUMNS, 4);
        struct emp_minibatch_options options = options_of(K, BATCH);
        if (kind % 3 == 0)
            points.weight = test_weights_new(N, 6);
        options.max_passes = 1;
        check_threads(&points, &options);
        test_points_free(&points);
    }
}

/* --- What comes of it --- */

/* Where a batch is all rows, the centres come to rest on the means. */
static void whole_batches(void **state)
{
    (void)state;
    const double x[] = {0, 2, 10, 14}, start[] = {-5, 9};
    struct emp_points points = {.x = x, .n = 4, .d = 1};
    struct emp_minibatch_options options = options_of(2, 1000);
    struct batches batches = batches_new(&points, &options, start);
    batches_run(&batches);
    assert_int_equal(batches.status, EMP_KMEANS_CONVERGED);
    assert_true(fabs(emp__minibatch_centres(batches.fit)[0] - 1) < 1e-9);
    assert_true(fabs(emp__minibatch_centres(batches.fit)[1] - 12) < 1e-9);
    assert_true(fabs(emp__minibatch_progress(batches.fit)->inertia - 2.5) < 1e-9);
    free(batches.workspace);
}

static void expect_centres(const struct emp_minibatch *fit, double first, double second)
{
    assert_true(fabs(emp__minibatch_centres(fit)[0] - first) < 1e-12);
    assert_true(fabs(emp__minibatch_centres(fit)[1] - second) < 1e-12);
}

/* Three iterations by hand; the weight of 7 is with the first centre twice, then with the other. */
static void learning_rates(void **state)
{
    (void)state;
    const double x[] = {0, 7, 10}, start[] = {0, 15}, weights[] = {2, 1, 1};
    struct emp_points points = {.x = x, .n = 3, .d = 1, .weight = weights};
    struct emp_minibatch_options options = options_of(2, 3);
    struct batches batches = batches_new(&points, &options, start);
    double rate = sqrt(0.75), mean = 7.0 / 3, first = rate * mean;
    emp__minibatch_step(batches.fit);
    expect_centres(batches.fit, first, 12.5);
    first += rate * (mean - first);
    emp__minibatch_step(batches.fit);
    expect_centres(batches.fit, first, 11.25);
    emp__minibatch_step(batches.fit);
    expect_centres(batches.fit, first - sqrt(0.5) * first, 11.25 + sqrt(0.5) * (8.5 - 11.25));
    free(batches.workspace);
}

static double label_all(const struct emp_points *points, size_t k, const double *centres)
{
    struct emp_kmeans_options options = {.k = k, .threads = 1};
    void *workspace = test_aligned(emp__kmeans_label_workspace(points, &options));
    uint32_t *labels = test_aligned(points->n * sizeof *labels);
    double inertia = emp__kmeans_label(points, &options, centres, labels, NULL, workspace);
    free(workspace);
    free(labels);
    return inertia;
}

/* From the same centres, on points in clusters: an inertia at most 2 % above Lloyd's. */
static void near_lloyd(void **state)
{
    (void)state;
    enum { N = 30000, K = 6 };
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct emp_points points = test_points_new(TEST_BLOBS, seed % 2, N, 4, 50 + seed);
        if (seed % 3 == 0)
            points.weight = test_weights_new(N, seed);
        struct emp_seed_options seeding = {.k = K, .threads = 1, .seed = seed};
        struct emp_kmeans_options lloyd = {.k = K, .threads = 1, .max_iterations = 300};
        struct emp_minibatch_options options = options_of(K, 1024);
        size_t drawn;
        double *start = test_seed_new(&points, &seeding, &drawn);
        struct test_fit best = test_fit_new(&points, &lloyd, start);
        struct batches batches = batches_new(&points, &options, start);
        batches_run(&batches);
        assert_int_equal(batches.status, EMP_KMEANS_CONVERGED);
        double inertia = label_all(&points, K, emp__minibatch_centres(batches.fit));
        assert_true(inertia <= 1.02 * best.inertia && inertia >= 0.98 * best.inertia);
        free(batches.workspace);
        test_fit_free(&best);
        free(start);
        test_points_free(&points);
    }
}

/* Ends where nothing can be gained: all rows alike, few distinct ones, as many centres as rows. */
static void ends_at_once(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 5, 40, 3000}, centres[] = {1, 5, 40};
    for (int kind = TEST_DUPLICATES; kind <= TEST_EQUAL; kind++)
        for (size_t r = 0; r < 4; r++)
            for (size_t k = 0; k < 3; k++) {
                struct emp_points points =
                    test_points_new((enum test_kind)kind, false, rows[r], 3, 1);
                struct emp_minibatch_options options = options_of(centres[k], 256);
                double *start = start_new(&points, centres[k]);
                struct batches batches = batches_new(&points, &options, start);
                batches_run(&batches);
                const struct emp_minibatch_progress *progress =
                    emp__minibatch_progress(batches.fit);
                assert_int_equal(batches.status, EMP_KMEANS_CONVERGED);
                assert_true(progress->iterations < 300);
                bool enough = kind == TEST_EQUAL || centres[k] >= 7;
                if (enough)
                    assert_true(label_all(&points, centres[k],
                                          emp__minibatch_centres(batches.fit)) <= 1e-20);
                free(batches.workspace);
                free(start);
                test_points_free(&points);
            }
}

/* Rows of no weight move nothing; and if none has any, the centres stay where they are. */
static void no_weight(void **state)
{
    (void)state;
    const double x[] = {0, 1, 100, 101, 1e5}, start[] = {0, 100};
    double weights[] = {1, 1, 1, 1, 0};
    struct emp_points points = {.x = x, .n = 5, .d = 1, .weight = weights};
    struct emp_minibatch_options options = options_of(2, 5);
    struct batches batches = batches_new(&points, &options, start);
    batches_run(&batches);
    const double *centres = emp__minibatch_centres(batches.fit);
    assert_true(fabs(centres[0] - 0.5) < 1e-6 && fabs(centres[1] - 100.5) < 1e-6);
    free(batches.workspace);
    memset(weights, 0, sizeof weights);
    batches = batches_new(&points, &options, start);
    batches_run(&batches);
    assert_int_equal(batches.status, EMP_KMEANS_CONVERGED);
    assert_int_equal(emp__minibatch_progress(batches.fit)->iterations, EMP_MINIBATCH_PATIENCE);
    assert_memory_equal(emp__minibatch_centres(batches.fit), start, sizeof start);
    free(batches.workspace);
}

/* No more rows are drawn than so many passes have. */
static void limit(void **state)
{
    (void)state;
    struct emp_points points = test_points_new(TEST_BLOBS, false, 1000, 2, 5);
    struct emp_minibatch_options options = options_of(4, 300);
    double *start = start_new(&points, 4);
    options.max_passes = 3;
    struct batches batches = batches_new(&points, &options, start);
    batches_run(&batches);
    assert_int_equal(batches.status, EMP_KMEANS_LIMIT);
    assert_int_equal(emp__minibatch_progress(batches.fit)->iterations, 12);
    free(batches.workspace);
    free(start);
    test_points_free(&points);
}

/* Another restart and another seed draw other rows, and the same ones the same. */
static void seeds(void **state)
{
    (void)state;
    struct emp_points points = test_points_new(TEST_BLOBS, false, 5000, 3, 5);
    struct emp_minibatch_options options = options_of(4, 100);
    double *start = start_new(&points, 4), kept[12];
    const uint64_t seed[] = {1, 1, 1, 2};
    const uint32_t restart[] = {0, 0, 1, 0};
    for (int i = 0; i < 4; i++) {
        options.seed = seed[i];
        options.restart = restart[i];
        struct batches batches = batches_new(&points, &options, start);
        emp__minibatch_step(batches.fit);
        const double *centres = emp__minibatch_centres(batches.fit);
        if (i == 0)
            memcpy(kept, centres, sizeof kept);
        assert_int_equal(memcmp(kept, centres, sizeof kept) == 0, i < 2);
        free(batches.workspace);
    }
    free(start);
    test_points_free(&points);
}

/* Rows of the points with their weights, in order; all of them if there are not many. */
static void sample(void **state)
{
    (void)state;
    for (int single = 0; single < 2; single++)
        for (size_t n = 100; n <= 10000; n *= 10) {
            struct emp_points points = test_points_new(TEST_BLOBS, single, n, 3, 9);
            double *weights = test_aligned(n * sizeof *weights);
            for (size_t i = 0; i < n; i++)
                weights[i] = (double)i;
            points.weight = weights;
            struct emp_minibatch_options options = options_of(5, 200);
            size_t count = emp__minibatch_sample_size(&points, &options);
            assert_int_equal(count, n < 800 ? n : 800);
            struct emp_points drawn = points;
            double *x = test_aligned(count * 3 * sizeof *x), *w = test_aligned(count * sizeof *w);
            emp__minibatch_sample(&points, &options, x, w);
            drawn.x = x;
            for (size_t i = 0; i < count; i++) {
                size_t row = (size_t)w[i];
                assert_true(row >= i * n / count && row <= (i + 1) * n / count);
                for (size_t j = 0; j < 3; j++)
                    assert_true(test_point_value(&drawn, i, j) ==
                                test_point_value(&points, row, j));
            }
            free(x);
            free(w);
            test_points_free(&points);
        }
    struct emp_points many = {.n = 1000000, .d = 2};
    struct emp_minibatch_options options = options_of(1000, 10);
    assert_int_equal(emp__minibatch_sample_size(&many, &options), 1000 * EMP_MINIBATCH_SEED_POINTS);
}

/* The memory of a fit does not grow with the number of points. */
static void memory(void **state)
{
    (void)state;
    struct emp_points some = {.n = 10000, .d = 8}, many = {.n = 4000000000U, .d = 8};
    struct emp_minibatch_options options = options_of(16, 4096);
    assert_int_equal(emp__minibatch_workspace(&some, &options),
                     emp__minibatch_workspace(&many, &options));
    options.k = SIZE_MAX / 4;
    assert_int_equal(emp__minibatch_workspace(&many, &options), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_definition),
        cmocka_unit_test(rows_are_even),
        cmocka_unit_test(same_as_twin),
        cmocka_unit_test(same_on_threads),
        cmocka_unit_test(whole_batches),
        cmocka_unit_test(learning_rates),
        cmocka_unit_test(near_lloyd),
        cmocka_unit_test(ends_at_once),
        cmocka_unit_test(no_weight),
        cmocka_unit_test(limit),
        cmocka_unit_test(seeds),
        cmocka_unit_test(sample),
        cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
