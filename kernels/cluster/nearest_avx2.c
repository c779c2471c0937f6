// SPDX-License-Identifier: Apache-2.0
/*
 * The clustering kernels with AVX2 for points in double: eight points at a time, in two vectors of
 * four. Their values are transposed, so that the vectors hold the same column of four points; four
 * centres are worked on at once, so that a column is loaded once for them and eight sums are under
 * way.
 */
#if defined(__x86_64__)
#include <math.h>

#include "cluster/nearest_avx2.h"
#include "cluster/range_rows.h"

enum { LANES = 4, WIDTH = 8, AT_ONCE = 4 };

AVX2_INLINE const double *row_of(const struct emp_rows *rows, size_t i)
{
    size_t last = rows->count - 1;
    return (const double *)rows->x + emp__row_at(rows, i < last ? i : last) * rows->d;
}

/* Columns of four rows from four vectors of their values. */
AVX2_INLINE void transpose(__m256d tile[LANES])
{
    __m256d low01 = _mm256_unpacklo_pd(tile[0], tile[1]);
    __m256d high01 = _mm256_unpackhi_pd(tile[0], tile[1]);
    __m256d low23 = _mm256_unpacklo_pd(tile[2], tile[3]);
    __m256d high23 = _mm256_unpackhi_pd(tile[2], tile[3]);
    tile[0] = _mm256_permute2f128_pd(low01, low23, 0x20);
    tile[1] = _mm256_permute2f128_pd(high01, high23, 0x20);
    tile[2] = _mm256_permute2f128_pd(low01, low23, 0x31);
    tile[3] = _mm256_permute2f128_pd(high01, high23, 0x31);
}

/* Columns j .. j + 3 of four rows; those behind the last column are 0. */
AVX2_INLINE void load_tile(const double *const row[LANES], size_t j, size_t d, __m256d tile[LANES])
{
    if (j + LANES <= d) {
        for (int r = 0; r < LANES; r++)
            tile[r] = _mm256_loadu_pd(row[r] + j);
    } else {
        __m256i mask = emp__first_lanes(d - j);
        for (int r = 0; r < LANES; r++)
            tile[r] = _mm256_maskload_pd(row[r] + j, mask);
    }
    transpose(tile);
}

/* x[j * WIDTH + r] = column j of the row i + r. */
AVX2_INLINE void load_rows(const struct emp_rows *rows, size_t i, size_t d, double *x)
{
    const double *row[WIDTH], *first = (const double *)rows->x + i * d;
    bool in_order = !rows->at && i + WIDTH <= rows->count;
    for (size_t r = 0; r < WIDTH; r++)
        row[r] = in_order ? first + r * d : row_of(rows, i + r);
    for (size_t half = 0; half < WIDTH; half += LANES)
        for (size_t j = 0; j < d; j += LANES) {
            __m256d tile[LANES];
            load_tile(row + half, j, d, tile);
            for (size_t c = 0; c < LANES && j + c < d; c++)
                _mm256_store_pd(x + (j + c) * WIDTH + half, tile[c]);
        }
}

/* Eight points, transposed. */
struct eight {
    const double *x;
    size_t d;
    bool with_second; /* the second least is wanted too */
};

/* sum[2 i], sum[2 i + 1]: the squared distances of eight points to centre i of `count`. */
AVX2_INLINE void squares_of(struct eight points, const double *c, int count,
                            __m256d sum[2 * AT_ONCE])
{
    for (int i = 0; i < 2 * count; i++)
        sum[i] = _mm256_setzero_pd();
    for (size_t j = 0; j < points.d; j++) {
        __m256d low = _mm256_load_pd(points.x + j * WIDTH);
        __m256d high = _mm256_load_pd(points.x + j * WIDTH + LANES);
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            __m256d centre = _mm256_broadcast_sd(c + (size_t)i * points.d + j);
            __m256d a = _mm256_sub_pd(low, centre), b = _mm256_sub_pd(high, centre);
            sum[2 * i] = _mm256_fmadd_pd(a, a, sum[2 * i]);
            sum[2 * i + 1] = _mm256_fmadd_pd(b, b, sum[2 * i + 1]);
        }
    }
}

/* The least and the second least squared distance of four points, and where the least one is. */
struct least {
    __m256d first, second;
    __m256i place;
};

AVX2_INLINE struct least least_start(void)
{
    __m256d most = _mm256_set1_pd(INFINITY);
    return (struct least){most, most, _mm256_setzero_si256()};
}

AVX2_INLINE __m256i choose(__m256i otherwise, __m256i chosen, __m256d where)
{
    return _mm256_castpd_si256(
        _mm256_blendv_pd(_mm256_castsi256_pd(otherwise), _mm256_castsi256_pd(chosen), where));
}

AVX2_INLINE void least_offer(struct least *least, bool with_second, __m256d square, __m256i place)
{
    __m256d less = _mm256_cmp_pd(square, least->first, _CMP_LT_OQ);
    if (with_second)
        least->second = _mm256_min_pd(least->second, _mm256_max_pd(square, least->first));
    least->first = _mm256_min_pd(square, least->first);
    least->place = choose(least->place, place, less);
}

AVX2_INLINE void offer_centres(struct eight points, const struct emp_centres *centres, size_t p,
                               int count, struct least least[2])
{
    __m256d sum[2 * AT_ONCE];
    squares_of(points, centres->c + p * points.d, count, sum);
    __m256i place = _mm256_set1_epi64x((long long)p);
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
        least_offer(&least[0], points.with_second, sum[2 * i], place);
        least_offer(&least[1], points.with_second, sum[2 * i + 1], place);
        place = _mm256_add_epi64(place, _mm256_set1_epi64x(1));
    }
}

AVX2_INLINE void offer_range(struct eight points, const struct emp_centres *centres, size_t from,
                             size_t to, struct least least[2])
{
    size_t p = from;
    for (; p + AT_ONCE <= to; p += AT_ONCE)
        offer_centres(points, centres, p, AT_ONCE, least);
    if (to - p == 3)
        offer_centres(points, centres, p, 3, least);
    else if (to - p == 2)
        offer_centres(points, centres, p, 2, least);
    else if (to - p == 1)
        offer_centres(points, centres, p, 1, least);
}

AVX2_INLINE void store_nearest(const struct least least[2], const struct emp_nearest *out, size_t i)
{
    /* The low halves of eight numbers of 64 bits, in order. */
    __m256 low = _mm256_castsi256_ps(least[0].place), high = _mm256_castsi256_ps(least[1].place);
    __m256d mixed = _mm256_castps_pd(_mm256_shuffle_ps(low, high, 0x88));
    __m256i places = _mm256_castpd_si256(_mm256_permute4x64_pd(mixed, 0xD8));
    _mm256_storeu_si256((__m256i *)(void *)(out->place + i), places);
    _mm256_storeu_pd(out->square + i, least[0].first);
    _mm256_storeu_pd(out->square + i + LANES, least[1].first);
}

/* As emp__gap(), of eight points. */
AVX2_INLINE void store_gap(const struct emp_centres *centres, const __m256d own[2],
                           const __m256d other[2], float *out)
{
    __m256d unit = _mm256_set1_pd(centres->unit), most = _mm256_set1_pd(EMP_GAP_MOST);
    __m256 far = emp__join(_mm256_min_pd(_mm256_mul_pd(other[0], unit), most),
                           _mm256_min_pd(_mm256_mul_pd(other[1], unit), most));
    __m256 near = emp__join(_mm256_mul_pd(own[0], unit), _mm256_mul_pd(own[1], unit));
    _mm256_storeu_ps(out, emp__gaps(centres, near, far));
}

/* All centres as one group. */
AVX2_INLINE void nearest_of_one(struct eight points, const struct emp_centres *centres, size_t i,
                                const struct emp_nearest *out)
{
    struct least least[2] = {least_start(), least_start()};
    offer_range(points, centres, 0, centres->k, least);
    store_nearest(least, out, i);
    if (points.with_second) {
        __m256d own[2] = {least[0].first, least[1].first};
        __m256d other[2] = {least[0].second, least[1].second};
        store_gap(centres, own, other, out->gap + i);
    }
}

/* The least of a group joins the least of those before it; `in` says in which group it is. */
AVX2_INLINE void least_join(struct least *all, const struct least *group, __m256i *in, __m256i g)
{
    __m256d less = _mm256_cmp_pd(group->first, all->first, _CMP_LT_OQ);
    all->first = _mm256_min_pd(group->first, all->first);
    all->place = choose(all->place, group->place, less);
    *in = choose(*in, g, less);
}

AVX2_INLINE void nearest_of_groups(struct eight points, const struct emp_centres *centres, size_t i,
                                   const struct emp_nearest *out)
{
    struct least all[2] = {least_start(), least_start()}, group[EMP_CENTRE_GROUPS][2];
    __m256i in[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (size_t g = 0; g < centres->groups; g++) {
        struct least least[2] = {least_start(), least_start()};
        offer_range(points, centres, centres->begin[g], centres->begin[g + 1], least);
        for (int half = 0; half < 2; half++) {
            group[g][half] = least[half];
            least_join(&all[half], &least[half], &in[half], _mm256_set1_epi64x((long long)g));
        }
    }
    store_nearest(all, out, i);
    __m256d own[2] = {all[0].first, all[1].first};
    for (size_t g = 0; g < centres->groups; g++) {
        __m256d other[2];
        for (int half = 0; half < 2; half++) {
            __m256i is_own = _mm256_cmpeq_epi64(in[half], _mm256_set1_epi64x((long long)g));
            other[half] = _mm256_blendv_pd(group[g][half].first, group[g][half].second,
                                           _mm256_castsi256_pd(is_own));
        }
        store_gap(centres, own, other, out->gap + g * EMP_CLUSTER_STRIDE + i);
    }
}

/* With few columns their number is best known in advance: they stay in registers. */
AVX2_INLINE void nearest_rows(const struct emp_rows *rows, struct eight points,
                              const struct emp_centres *centres, const struct emp_nearest *out)
{
    points.x = rows->work;
    for (size_t i = 0; i < rows->count; i += WIDTH) {
        emp__rows_prefetch(rows, i + EMP_ROWS_AHEAD, WIDTH);
        load_rows(rows, i, points.d, rows->work);
        if (points.with_second && centres->groups > 1)
            nearest_of_groups(points, centres, i, out);
        else
            nearest_of_one(points, centres, i, out);
    }
}

AVX2 static void nearest_few(const struct emp_rows *rows, const struct emp_centres *centres,
                             const struct emp_nearest *out)
{
    switch (rows->d) {
    case 1:
        nearest_rows(rows, (struct eight){NULL, 1, false}, centres, out);
        break;
    case 2:
        nearest_rows(rows, (struct eight){NULL, 2, false}, centres, out);
        break;
    case 3:
        nearest_rows(rows, (struct eight){NULL, 3, false}, centres, out);
        break;
    case 4:
        nearest_rows(rows, (struct eight){NULL, 4, false}, centres, out);
        break;
    default:
        nearest_rows(rows, (struct eight){NULL, rows->d, false}, centres, out);
    }
}

AVX2 static void nearest_few_gaps(const struct emp_rows *rows, const struct emp_centres *centres,
                                  const struct emp_nearest *out)
{
    switch (rows->d) {
    case 2:
        nearest_rows(rows, (struct eight){NULL, 2, true}, centres, out);
        break;
    case 3:
        nearest_rows(rows, (struct eight){NULL, 3, true}, centres, out);
        break;
    case 4:
        nearest_rows(rows, (struct eight){NULL, 4, true}, centres, out);
        break;
    default:
        nearest_rows(rows, (struct eight){NULL, rows->d, true}, centres, out);
    }
}

AVX2 static void nearest_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                              const struct emp_nearest *out)
{
    if (out->gap)
        nearest_few_gaps(rows, centres, out);
    else
        nearest_few(rows, centres, out);
}

AVX2_INLINE void store_squares(struct eight points, const struct emp_centres *centres, size_t p,
                               int count, double *out)
{
    __m256d sum[2 * AT_ONCE];
    squares_of(points, centres->c + p * points.d, count, sum);
    for (int i = 0; i < count; i++) {
        double *at = out + (p + (size_t)i) * EMP_CLUSTER_STRIDE;
        _mm256_storeu_pd(at, sum[2 * i]);
        _mm256_storeu_pd(at + LANES, sum[2 * i + 1]);
    }
}

AVX2 static void squares_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                              double *out)
{
    struct eight points = {rows->work, rows->d, false};
    for (size_t i = 0; i < rows->count; i += WIDTH) {
        load_rows(rows, i, rows->d, rows->work);
        size_t p = 0;
        for (; p + AT_ONCE <= centres->k; p += AT_ONCE)
            store_squares(points, centres, p, AT_ONCE, out + i);
        for (; p < centres->k; p++)
            store_squares(points, centres, p, 1, out + i);
    }
}

/* Four points and four centres, each transposed, column by column. */
AVX2_INLINE __m256d own_four(const struct emp_rows *rows, const struct emp_centres *centres,
                             const uint32_t *place, size_t i)
{
    const double *row[LANES], *centre[LANES];
    size_t last = rows->count - 1;
    for (size_t r = 0; r < LANES; r++) {
        row[r] = row_of(rows, i + r);
        centre[r] = centres->c + place[i + r < last ? i + r : last] * rows->d;
    }
    __m256d sum = _mm256_setzero_pd();
    for (size_t j = 0; j < rows->d; j += LANES) {
        __m256d x[LANES], c[LANES];
        load_tile(row, j, rows->d, x);
        load_tile(centre, j, rows->d, c);
        /* Columns behind the last one add 0. */
        for (int l = 0; l < LANES; l++) {
            __m256d difference = _mm256_sub_pd(x[l], c[l]);
            sum = _mm256_fmadd_pd(difference, difference, sum);
        }
    }
    return sum;
}

AVX2 static void own_squares_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                                  const uint32_t *place, double *out)
{
    for (size_t i = 0; i < rows->count; i += LANES)
        _mm256_storeu_pd(out + i, own_four(rows, centres, place, i));
}

AVX2_INLINE __m256d load_values(const struct emp_rows *rows, size_t row, size_t j)
{
    size_t at = row * rows->d + j, left = rows->d - j;
    __m256i mask = emp__first_lanes(left < LANES ? left : LANES);
    if (!rows->single)
        return _mm256_maskload_pd((const double *)rows->x + at, mask);
    return _mm256_cvtps_pd(
        _mm_maskload_ps((const float *)rows->x + at, emp__first_short_lanes(left)));
}

/*
 * Four values as integers: adding 1.5 * 2^52 leaves the rounded value in the low bits, whose
 * difference to those of that number it is.
 */
AVX2_INLINE __m256i quantise(const struct emp_rows *rows, const struct emp_quantiser *quantiser,
                             size_t row, size_t j)
{
    const __m256d magic = _mm256_set1_pd(0x1.8p52);
    __m256d value = _mm256_sub_pd(load_values(rows, row, j), _mm256_load_pd(quantiser->middle + j));
    if (rows->weight)
        value = _mm256_mul_pd(_mm256_set1_pd(rows->weight[row]), value);
    value = _mm256_mul_pd(value, _mm256_load_pd(quantiser->scale + j));
    return _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(value, magic)),
                            _mm256_castpd_si256(magic));
}

AVX2_INLINE __m256i *vector_at(int64_t *values)
{
    return (__m256i *)(void *)values;
}

AVX2 static void move_avx2(const struct emp_rows *rows, const struct emp_quantiser *quantiser,
                           const uint32_t *from, const uint32_t *to, struct emp_sums *sums)
{
    size_t stride = emp__sums_stride(rows->d);
    for (size_t i = 0; i < rows->count; i++) {
        size_t row = emp__row_at(rows, i);
        int64_t weight = emp__quantised_weight(rows, row, quantiser->weight_scale);
        int64_t *gains = sums->values + to[i] * stride;
        int64_t *loses = from ? sums->values + from[i] * stride : NULL;
        for (size_t j = 0; j < stride; j += LANES) {
            __m256i value = quantise(rows, quantiser, row, j), *sum = vector_at(gains + j);
            _mm256_store_si256(sum, _mm256_add_epi64(_mm256_load_si256(sum), value));
            if (loses) {
                sum = vector_at(loses + j);
                _mm256_store_si256(sum, _mm256_sub_epi64(_mm256_load_si256(sum), value));
            }
        }
        sums->weights[to[i]] += weight;
        if (from)
            sums->weights[from[i]] -= weight;
    }
}

AVX2 static void range_avx2(const struct emp_rows *rows, double *low, double *high)
{
    emp__range_rows(rows, low, high);
}

const struct emp_cluster_kernels emp__cluster_avx2 = {
    .name = "avx2",
    .real = {nearest_avx2, squares_avx2, own_squares_avx2},
    .single = {emp__nearest_single_avx2, emp__squares_single_avx2, emp__own_squares_single_avx2},
    .move = move_avx2,
    .range = range_avx2,
    .failing = emp__failing_avx2,
    .note = emp__note_avx2,
    .rough = emp__rough_avx2,
};
#else
typedef int nearest_avx2_is_for_x86_64;
#endif
