// SPDX-License-Identifier: Apache-2.0
/*
 * Every variant of the clustering kernels against the plain one, to the bit: all numbers of columns
 * and centres around the widths of vectors, lists of rows, ties, huge and tiny values. And the
 * plain one against answers worked out by hand, and gaps against distances in long double.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_points.h"
#include "cluster/nearest.h"

enum { ROWS = 70, CENTRES_MOST = 40 };

/* Some rows of some points, and some of the points as centres. */
struct problem {
    struct emp_points points;
    double *centres;
    float *rounded;
    uint32_t at[ROWS];
    size_t count;
    struct emp_centres given;
    struct emp_rows rows;
};

static void problem_new(struct problem *p, enum test_kind kind, bool single, size_t d, size_t k)
{
    uint64_t seed = 1 + d * 100 + k + (uint64_t)kind * 7;
    *p = (struct problem){.points = test_points_new(kind, single, ROWS, d, seed)};
    p->centres = test_aligned(k * d * sizeof(double));
    p->rounded = test_aligned(k * d * sizeof(float));
    for (size_t i = 0; i < k * d; i++) {
        /* Every other one a point, and so with ties; else between two. */
        size_t c = i / d * 11 % ROWS, other = i / d % 2 ? (c + 1) % ROWS : c;
        p->centres[i] = test_point_value(&p->points, c, i % d) / 2 +
                        test_point_value(&p->points, other, i % d) / 2;
        p->rounded[i] = (float)p->centres[i];
    }
    for (size_t i = 0; i < ROWS; i++)
        if (test_random(&seed) % 4 != 0)
            p->at[p->count++] = (uint32_t)i;
    p->given = (struct emp_centres){.k = k, .d = d, .c = p->centres, .c_single = p->rounded};
    double size = 0;
    for (size_t i = 0; i < ROWS * d; i++)
        size = fmax(size, 2 * fabs(test_point_value(&p->points, i / d, i % d)));
    emp__centres_margins(&p->given, size, single);
    p->rows = (struct emp_rows){.x = p->points.x,
                                .single = single,
                                .d = d,
                                .at = p->at,
                                .count = p->count,
                                .work = test_aligned(emp__rows_work(d) * sizeof(double))};
}

static void problem_free(struct problem *p)
{
    test_points_free(&p->points);
    free(p->centres);
    free(p->rounded);
    free(p->rows.work);
}

static void divide(struct emp_centres *centres, size_t groups)
{
    centres->groups = groups;
    for (size_t g = 0; g <= groups; g++)
        centres->begin[g] = (uint32_t)(g * centres->k / groups);
}

struct answer {
    uint32_t place[EMP_CLUSTER_STRIDE];
    double square[EMP_CLUSTER_STRIDE], own[EMP_CLUSTER_STRIDE];
    float gap[EMP_CENTRE_GROUPS * EMP_CLUSTER_STRIDE];
    double squares[CENTRES_MOST * EMP_CLUSTER_STRIDE];
};

static void answer_of(const struct problem *p, const struct emp_cluster_kernels *kernels,
                      struct answer *out)
{
    const struct emp_distance_kernels *distance = emp__distance_kernels(kernels, p->points.single);
    struct emp_nearest found = {out->place, out->square, out->gap};
    distance->nearest(&p->rows, &p->given, &found);
    distance->squares(&p->rows, &p->given, out->squares);
    distance->own_squares(&p->rows, &p->given, out->place, out->own);
}

static void check_equal(const struct problem *p, const struct answer *a, const struct answer *b)
{
    size_t count = p->count;
    assert_memory_equal(a->place, b->place, count * sizeof *a->place);
    assert_memory_equal(a->square, b->square, count * sizeof *a->square);
    assert_memory_equal(a->own, b->own, count * sizeof *a->own);
    for (size_t g = 0; g < p->given.groups; g++)
        assert_memory_equal(a->gap + g * EMP_CLUSTER_STRIDE, b->gap + g * EMP_CLUSTER_STRIDE,
                            count * sizeof *a->gap);
    for (size_t c = 0; c < p->given.k; c++)
        assert_memory_equal(a->squares + c * EMP_CLUSTER_STRIDE,
                            b->squares + c * EMP_CLUSTER_STRIDE, count * sizeof *a->squares);
}

/* The answers of one kernel among each other, and the gaps against the truth. */
static void check_rule(const struct problem *p, const struct answer *a)
{
    double root = sqrt(p->given.unit);
    for (size_t i = 0; i < p->count; i++) {
        size_t own = a->place[i];
        assert_true(a->own[i] == a->square[i]);
        for (size_t c = 0; c < p->given.k; c++) {
            double square = a->squares[c * EMP_CLUSTER_STRIDE + i];
            assert_true(c < own ? square > a->square[i] : square >= a->square[i]);
        }
        for (size_t g = 0; g < p->given.groups; g++)
            for (size_t c = p->given.begin[g]; c < p->given.begin[g + 1]; c++) {
                double to = sqrt(a->squares[c * EMP_CLUSTER_STRIDE + i]);
                double gap = (to - sqrt(a->square[i])) * root;
                double found = (double)a->gap[g * EMP_CLUSTER_STRIDE + i];
                assert_true(c == own || found <= gap);
                assert_true(c == own || gap > 0 || found < 0);
            }
    }
}

/* Gaps that are above 0 are at most true ones. */
static void check_gaps(const struct problem *p, const struct answer *exact,
                       const struct answer *rough, size_t i, bool sure)
{
    double root = sqrt(p->given.unit);
    for (size_t g = 0; g < p->given.groups && sure; g++)
        for (size_t c = p->given.begin[g]; c < p->given.begin[g + 1]; c++) {
            double to = sqrt(exact->squares[c * EMP_CLUSTER_STRIDE + i]);
            double gap = (to - sqrt(exact->square[i])) * root;
            assert_true(c == exact->place[i] ||
                        (double)rough->gap[g * EMP_CLUSTER_STRIDE + i] <= gap);
        }
}

/* Rough looks: the same bits in every variant; and where they are sure, they are right. */
static void check_rough(struct problem *p, const struct answer *exact)
{
    static struct answer plain, other;
    struct emp_centres rough = p->given;
    double *middle = test_aligned(emp__sums_stride(rough.d) * sizeof *middle);
    float *c = test_aligned(rough.k * rough.d * sizeof *c);
    for (size_t j = 0; j < rough.d; j++)
        middle[j] = p->centres[j];
    emp__rough_margins(&rough, middle, sqrt(p->given.unit));
    for (size_t i = 0; i < rough.k * rough.d; i++)
        c[i] = (float)((p->centres[i] - middle[i % rough.d]) * rough.scale);
    rough.c_single = c;
    struct emp_nearest found = {plain.place, plain.square, plain.gap};
    emp__cluster_plain.rough(&p->rows, &rough, &found);
    struct emp_nearest again = {other.place, other.square, other.gap};
    emp__cluster_kernels(NULL)->rough(&p->rows, &rough, &again);
    assert_memory_equal(plain.place, other.place, p->count * sizeof *plain.place);
    assert_memory_equal(plain.square, other.square, p->count * sizeof *plain.square);
    for (size_t i = 0; i < p->count; i++) {
        bool sure = true;
        for (size_t g = 0; g < rough.groups; g++) {
            size_t at = g * EMP_CLUSTER_STRIDE + i;
            assert_memory_equal(&plain.gap[at], &other.gap[at], sizeof *plain.gap);
            sure = sure && plain.gap[at] > 0;
        }
        assert_true(!sure || plain.place[i] == exact->place[i]);
        check_gaps(p, exact, &plain, i, sure);
    }
    free(middle);
    free(c);
}

static void check_kind(enum test_kind kind, bool single, size_t d, size_t k)
{
    static struct answer plain, other;
    struct problem p;
    problem_new(&p, kind, single, d, k);
    for (size_t groups = 1; groups <= EMP_CENTRE_GROUPS; groups += EMP_CENTRE_GROUPS - 1) {
        divide(&p.given, groups);
        answer_of(&p, &emp__cluster_plain, &plain);
        check_rule(&p, &plain);
        answer_of(&p, emp__cluster_kernels(NULL), &other);
        check_equal(&p, &plain, &other);
        if (!single)
            check_rough(&p, &plain);
    }
    problem_free(&p);
}

static void same_bits(void **state)
{
    (void)state;
    static const size_t centres[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 17, CENTRES_MOST};
    for (size_t d = 1; d <= 33; d++)
        for (size_t c = 0; c < sizeof centres / sizeof *centres; c++)
            for (int kind = 0; kind < TEST_KINDS; kind++)
                if ((d + c + (size_t)kind) % 5 == 0 || d < 5) {
                    check_kind((enum test_kind)kind, false, d, centres[c]);
                    check_kind((enum test_kind)kind, true, d, centres[c]);
                }
}

/* Points 0, 1, 2, 3 and centres 0, 2, 2, 4: ties go to the lowest number. */
static void known_answer(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3}, c[] = {0, 2, 2, 4};
    const uint32_t at[] = {0, 1, 2, 3}, places[] = {0, 0, 1, 1};
    const double squares[] = {0, 1, 0, 1};
    double work[64];
    for (int i = 0; i < 2; i++) {
        struct answer a;
        const struct emp_cluster_kernels *kernels = emp__cluster_kernels(i == 0 ? "plain" : NULL);
        struct emp_rows rows = {.x = x, .d = 1, .at = at, .count = 4};
        struct emp_centres given = {.k = 4, .d = 1, .c = c};
        rows.work = test_aligned(emp__rows_work(1) * sizeof *work);
        divide(&given, 1);
        emp__centres_margins(&given, 4, false);
        struct emp_nearest found = {a.place, a.square, a.gap};
        kernels->real.nearest(&rows, &given, &found);
        assert_memory_equal(a.place, places, sizeof places);
        assert_memory_equal(a.square, squares, sizeof squares);
        /* In units of 8: 2, 0, 0 and 0 less the margins. */
        assert_true(a.gap[0] > 0.2499F && a.gap[0] < 0.25F);
        assert_true(a.gap[1] < 0 && a.gap[2] < 0 && a.gap[3] < 0);
        free(rows.work);
    }
}

static void names(void **state)
{
    (void)state;
    assert_ptr_equal(emp__cluster_kernels("plain"), &emp__cluster_plain);
    assert_null(emp__cluster_kernels("avx1024"));
    assert_non_null(emp__cluster_kernels(NULL));
}

/* Sums of one variant, as points join clusters and then move on. */
static void sum_up(const struct problem *p, const struct emp_cluster_kernels *kernels,
                   struct emp_quantiser *quantiser, struct emp_sums *sums)
{
    uint32_t from[ROWS], to[ROWS];
    double low[64], high[64], heaviest = p->points.weight ? 3 : 0;
    for (size_t j = 0; j < p->points.d; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
    }
    struct emp_rows all = p->rows;
    all.count = ROWS;
    kernels->range(&all, low, high);
    emp__quantiser_set(quantiser, low, high, heaviest, ROWS);
    for (size_t i = 0; i < p->count; i++) {
        from[i] = (uint32_t)(i * i % p->given.k);
        to[i] = (uint32_t)(i % p->given.k);
    }
    kernels->move(&p->rows, quantiser, NULL, from, sums);
    kernels->move(&p->rows, quantiser, from, to, sums);
}

static struct emp_quantiser quantiser_new(size_t d)
{
    return (struct emp_quantiser){.d = d,
                                  .middle = test_aligned(emp__sums_stride(d) * sizeof(double)),
                                  .scale = test_aligned(emp__sums_stride(d) * sizeof(double))};
}

/* Against means in long double: off by at most 2^-49 of half the width, times the greatest weight
 * over the mean one. */
static void check_means(const struct problem *p, const struct emp_quantiser *quantiser,
                        const struct emp_sums *sums)
{
    for (size_t c = 0; c < p->given.k; c++)
        for (size_t j = 0; j < p->points.d; j++) {
            long double sum = 0, weight = 0;
            size_t members = 0;
            for (size_t i = c; i < p->count; i += p->given.k, members++) {
                double w = p->points.weight ? p->points.weight[p->at[i]] : 1;
                sum += (long double)w * (long double)test_point_value(&p->points, p->at[i], j);
                weight += (long double)w;
            }
            assert_int_equal(sums->weights[c] == 0, weight == 0);
            if (weight == 0)
                continue;
            double mean = (double)(sum / weight), units = 4 * (double)members / (double)weight;
            double found = quantiser->middle[j] + emp__sums_offset(quantiser, sums, c, j);
            double rounding = 0x1p-50 * fabs(mean) + units / quantiser->scale[j];
            /* A weight as an integer is right to 2^-49 of the greatest. */
            rounding += 0x1p-47 * units * (fabs(mean) + fabs(quantiser->middle[j]));
            assert_true(fabs(found - mean) <= rounding);
        }
}

static void check_sums(enum test_kind kind, bool single, size_t d, bool weighted)
{
    struct problem p;
    problem_new(&p, kind, single, d, 5);
    if (weighted)
        p.rows.weight = p.points.weight = test_weights_new(ROWS, d);
    struct emp_quantiser quantisers[2] = {quantiser_new(d), quantiser_new(d)};
    struct emp_sums sums[2];
    size_t bytes = p.given.k * emp__sums_stride(d) * sizeof(int64_t);
    for (int v = 0; v < 2; v++) {
        sums[v].values = test_aligned(bytes);
        sums[v].weights = test_aligned(p.given.k * sizeof(int64_t));
        sum_up(&p, emp__cluster_kernels(v == 0 ? "plain" : NULL), &quantisers[v], &sums[v]);
    }
    assert_memory_equal(quantisers[0].middle, quantisers[1].middle, d * sizeof(double));
    assert_memory_equal(quantisers[0].scale, quantisers[1].scale, d * sizeof(double));
    assert_memory_equal(sums[0].values, sums[1].values, bytes);
    assert_memory_equal(sums[0].weights, sums[1].weights, p.given.k * sizeof(int64_t));
    check_means(&p, &quantisers[0], &sums[0]);
    for (int v = 0; v < 2; v++) {
        free(sums[v].values);
        free(sums[v].weights);
        free(quantisers[v].middle);
        free(quantisers[v].scale);
    }
    problem_free(&p);
}

static void exact_sums(void **state)
{
    (void)state;
    for (size_t d = 1; d <= 33; d++)
        for (int kind = 0; kind < TEST_KINDS; kind++)
            for (int variant = 0; variant < 4; variant++)
                check_sums((enum test_kind)kind, variant & 1, d, variant & 2);
}

/* Lists of rows that fail, and gaps noted for them, with limits that some gaps equal. */
static void check_bounds(size_t groups, size_t clusters, size_t count, uint64_t seed)
{
    enum { LABELS = 20, MOST = 100 * EMP_CENTRE_GROUPS };
    float limit[LABELS * EMP_CENTRE_GROUPS], gap[2][MOST];
    uint32_t labels[100], at[2][EMP_CLUSTER_STRIDE];
    static float given[EMP_CENTRE_GROUPS * EMP_CLUSTER_STRIDE];
    struct emp_nearest found = {.gap = given};
    for (size_t i = 0; i < LABELS * EMP_CENTRE_GROUPS; i++)
        limit[i] = (float)(test_random(&seed) % 8);
    for (size_t i = 0; i < MOST; i++)
        gap[0][i] = gap[1][i] = (float)(test_random(&seed) % 8) + (groups > 1 ? 4.0F : 0.0F);
    for (size_t i = 0; i < EMP_CENTRE_GROUPS * EMP_CLUSTER_STRIDE; i++)
        given[i] = (float)(test_random(&seed) % 8) - 2.5F;
    for (size_t i = 0; i < 100; i++)
        labels[i] = (uint32_t)(test_random(&seed) % clusters);
    const struct emp_cluster_kernels *fast = emp__cluster_kernels(NULL);
    struct emp_gaps plain = {gap[0], limit, labels, clusters, groups},
                    other = {gap[1], limit, labels, clusters, groups};
    size_t failing = emp__cluster_plain.failing(&plain, count, at[0]);
    assert_int_equal(fast->failing(&other, count, at[1]), failing);
    assert_memory_equal(at[0], at[1], failing * sizeof *at[0]);
    struct emp_rows rows = {.at = at[0], .count = failing};
    emp__cluster_plain.note(&rows, &found, &plain);
    fast->note(&rows, &found, &other);
    assert_memory_equal(gap[0], gap[1], sizeof gap[0]);
    /* Those that are noted fail no more, unless what was found is not above 0. */
    failing = emp__cluster_plain.failing(&plain, count, at[0]);
    for (size_t i = 0; i < failing; i++) {
        float least = 1;
        for (size_t g = 0; g < groups; g++)
            least = fminf(least, gap[0][at[0][i] * groups + g]);
        assert_true(least == -1);
    }
}

static void bounds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        check_bounds(1, 1 + seed % 20, seed % 101, seed);
        check_bounds(EMP_CENTRE_GROUPS, 1 + seed % 20, seed % 101, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),      cmocka_unit_test(known_answer), cmocka_unit_test(same_bits),
        cmocka_unit_test(exact_sums), cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
