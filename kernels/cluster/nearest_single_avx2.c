// SPDX-License-Identifier: Apache-2.0
/*
 * The clustering kernels with AVX2 for points in float: as nearest_avx2.c, but sixteen points at a
 * time, in two vectors of eight.
 */
#if defined(__x86_64__)
#include <math.h>

#include "cluster/nearest_avx2.h"

enum { LANES = 8, WIDTH = 16, AT_ONCE = 4, TILE = 4 };

AVX2_INLINE const float *row_of(const struct emp_rows *rows, size_t i)
{
    size_t last = rows->count - 1;
    return (const float *)rows->x + emp__row_at(rows, i < last ? i : last) * rows->d;
}

AVX2_INLINE __m128 load_values(const float *row, size_t j, size_t d)
{
    return j + TILE <= d ? _mm_loadu_ps(row + j)
                         : _mm_maskload_ps(row + j, emp__first_short_lanes(d - j));
}

/* The same of a row in double, for the rough kernel. */
AVX2_INLINE __m128 load_rough(const double *row, size_t j, const struct emp_centres *centres)
{
    size_t d = centres->d;
    __m256d values = j + TILE <= d ? _mm256_loadu_pd(row + j)
                                   : _mm256_maskload_pd(row + j, emp__first_lanes(d - j));
    values = _mm256_sub_pd(values, _mm256_loadu_pd(centres->middle + j));
    return _mm256_cvtpd_ps(_mm256_mul_pd(values, _mm256_set1_pd(centres->scale)));
}

/* Columns of eight rows, each a vector, from four values of each row. */
AVX2_INLINE void transpose(const __m128 row[LANES], __m256 tile[TILE])
{
    __m256 pair[TILE];
    for (int r = 0; r < TILE; r++)
        pair[r] = _mm256_set_m128(row[r + TILE], row[r]);
    __m256 low01 = _mm256_unpacklo_ps(pair[0], pair[1]);
    __m256 high01 = _mm256_unpackhi_ps(pair[0], pair[1]);
    __m256 low23 = _mm256_unpacklo_ps(pair[2], pair[3]);
    __m256 high23 = _mm256_unpackhi_ps(pair[2], pair[3]);
    tile[0] = _mm256_shuffle_ps(low01, low23, 0x44);
    tile[1] = _mm256_shuffle_ps(low01, low23, 0xEE);
    tile[2] = _mm256_shuffle_ps(high01, high23, 0x44);
    tile[3] = _mm256_shuffle_ps(high01, high23, 0xEE);
}

/* Columns j .. j + 3 of eight rows; those behind the last column are 0. */
AVX2_INLINE void load_tile(const float *const row[LANES], size_t j, size_t d, __m256 tile[TILE])
{
    __m128 values[LANES];
    for (int r = 0; r < LANES; r++)
        values[r] = load_values(row[r], j, d);
    transpose(values, tile);
}

/* The same as load_rows() from rows in double. */
AVX2_INLINE void load_rough_rows(const struct emp_rows *rows, size_t i,
                                 const struct emp_centres *centres, float *x)
{
    size_t d = centres->d, last = rows->count - 1;
    for (size_t half = 0; half < WIDTH; half += LANES) {
        const double *row[LANES];
        for (size_t r = 0; r < LANES; r++) {
            size_t at = i + half + r < last ? i + half + r : last;
            row[r] = (const double *)rows->x + emp__row_at(rows, at) * d;
        }
        for (size_t j = 0; j < d; j += TILE) {
            __m128 values[LANES];
            __m256 tile[TILE];
            for (int r = 0; r < LANES; r++)
                values[r] = load_rough(row[r], j, centres);
            transpose(values, tile);
            for (size_t c = 0; c < TILE; c++)
                _mm256_store_ps(x + (j + c) * WIDTH + half, tile[c]);
        }
    }
}

/* x[j * WIDTH + r] = column j of the row i + r. */
AVX2_INLINE void load_rows(const struct emp_rows *rows, size_t i, size_t d, float *x)
{
    const float *first = (const float *)rows->x + i * d;
    bool in_order = !rows->at && i + WIDTH <= rows->count;
    for (size_t half = 0; half < WIDTH; half += LANES) {
        const float *row[LANES];
        for (size_t r = 0; r < LANES; r++)
            row[r] = in_order ? first + (half + r) * d : row_of(rows, i + half + r);
        for (size_t j = 0; j < d; j += TILE) {
            __m256 tile[TILE];
            load_tile(row, j, d, tile);
            for (size_t c = 0; c < TILE && j + c < d; c++)
                _mm256_store_ps(x + (j + c) * WIDTH + half, tile[c]);
        }
    }
}

/* Sixteen points, transposed. */
struct sixteen {
    const float *x;
    size_t d;
    bool with_second; /* the second least is wanted too */
};

AVX2_INLINE void squares_of(struct sixteen points, const float *c, int count,
                            __m256 sum[2 * AT_ONCE])
{
    for (int i = 0; i < 2 * count; i++)
        sum[i] = _mm256_setzero_ps();
    for (size_t j = 0; j < points.d; j++) {
        __m256 low = _mm256_load_ps(points.x + j * WIDTH);
        __m256 high = _mm256_load_ps(points.x + j * WIDTH + LANES);
#pragma GCC unroll 4
        for (int i = 0; i < count; i++) {
            __m256 centre = _mm256_broadcast_ss(c + (size_t)i * points.d + j);
            __m256 a = _mm256_sub_ps(low, centre), b = _mm256_sub_ps(high, centre);
            sum[2 * i] = _mm256_fmadd_ps(a, a, sum[2 * i]);
            sum[2 * i + 1] = _mm256_fmadd_ps(b, b, sum[2 * i + 1]);
        }
    }
}

/* The least and the second least squared distance of eight points, and where the least one is. */
struct least {
    __m256 first, second;
    __m256i place;
};

AVX2_INLINE struct least least_start(void)
{
    __m256 most = _mm256_set1_ps(INFINITY);
    return (struct least){most, most, _mm256_setzero_si256()};
}

AVX2_INLINE __m256i choose(__m256i otherwise, __m256i chosen, __m256 where)
{
    return _mm256_castps_si256(
        _mm256_blendv_ps(_mm256_castsi256_ps(otherwise), _mm256_castsi256_ps(chosen), where));
}

AVX2_INLINE void least_offer(struct least *least, bool with_second, __m256 square, __m256i place)
{
    __m256 less = _mm256_cmp_ps(square, least->first, _CMP_LT_OQ);
    if (with_second)
        least->second = _mm256_min_ps(least->second, _mm256_max_ps(square, least->first));
    least->first = _mm256_min_ps(square, least->first);
    least->place = choose(least->place, place, less);
}

AVX2_INLINE void offer_centres(struct sixteen points, const struct emp_centres *centres, size_t p,
                               int count, struct least least[2])
{
    __m256 sum[2 * AT_ONCE];
    squares_of(points, centres->c_single + p * points.d, count, sum);
    __m256i place = _mm256_set1_epi32((int)p);
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
        least_offer(&least[0], points.with_second, sum[2 * i], place);
        least_offer(&least[1], points.with_second, sum[2 * i + 1], place);
        place = _mm256_add_epi32(place, _mm256_set1_epi32(1));
    }
}

AVX2_INLINE void offer_range(struct sixteen points, const struct emp_centres *centres, size_t from,
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

AVX2_INLINE void store_real(__m256 values, double *out)
{
    _mm256_storeu_pd(out, _mm256_cvtps_pd(_mm256_castps256_ps128(values)));
    _mm256_storeu_pd(out + 4, _mm256_cvtps_pd(_mm256_extractf128_ps(values, 1)));
}

AVX2_INLINE void store_nearest(const struct least *least, const struct emp_nearest *out, size_t i)
{
    _mm256_storeu_si256((__m256i *)(void *)(out->place + i), least->place);
    store_real(least->first, out->square + i);
}

/* Squares in units: in double, which has room for any unit. */
AVX2_INLINE __m256 in_units(__m256 squares, double unit, double most)
{
    __m256d by = _mm256_set1_pd(unit), limit = _mm256_set1_pd(most);
    __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(squares));
    __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(squares, 1));
    return emp__join(_mm256_min_pd(_mm256_mul_pd(low, by), limit),
                     _mm256_min_pd(_mm256_mul_pd(high, by), limit));
}

AVX2_INLINE void store_gap(const struct emp_centres *centres, __m256 own, __m256 other, float *out)
{
    __m256 near = in_units(own, centres->unit, INFINITY);
    __m256 far = in_units(other, centres->unit, EMP_GAP_MOST);
    _mm256_storeu_ps(out, emp__gaps(centres, near, far));
}

/* All centres as one group. */
AVX2_INLINE void nearest_of_one(struct sixteen points, const struct emp_centres *centres, size_t i,
                                const struct emp_nearest *out)
{
    struct least least[2] = {least_start(), least_start()};
    offer_range(points, centres, 0, centres->k, least);
    for (size_t half = 0; half < 2; half++) {
        store_nearest(&least[half], out, i + half * LANES);
        if (points.with_second)
            store_gap(centres, least[half].first, least[half].second, out->gap + i + half * LANES);
    }
}

/* The least of a group joins the least of those before it; `in` says in which group it is. */
AVX2_INLINE void least_join(struct least *all, const struct least *group, __m256i *in, __m256i g)
{
    __m256 less = _mm256_cmp_ps(group->first, all->first, _CMP_LT_OQ);
    all->first = _mm256_min_ps(group->first, all->first);
    all->place = choose(all->place, group->place, less);
    *in = choose(*in, g, less);
}

AVX2_INLINE void nearest_of_groups(struct sixteen points, const struct emp_centres *centres,
                                   size_t i, const struct emp_nearest *out)
{
    struct least all[2] = {least_start(), least_start()}, group[EMP_CENTRE_GROUPS][2];
    __m256i in[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (size_t g = 0; g < centres->groups; g++) {
        struct least least[2] = {least_start(), least_start()};
        offer_range(points, centres, centres->begin[g], centres->begin[g + 1], least);
        for (int half = 0; half < 2; half++) {
            group[g][half] = least[half];
            least_join(&all[half], &least[half], &in[half], _mm256_set1_epi32((int)g));
        }
    }
    for (size_t half = 0; half < 2; half++) {
        store_nearest(&all[half], out, i + half * LANES);
        for (size_t g = 0; g < centres->groups; g++) {
            __m256i is_own = _mm256_cmpeq_epi32(in[half], _mm256_set1_epi32((int)g));
            __m256 other = _mm256_blendv_ps(group[g][half].first, group[g][half].second,
                                            _mm256_castsi256_ps(is_own));
            store_gap(centres, all[half].first, other,
                      out->gap + g * EMP_CLUSTER_STRIDE + i + half * LANES);
        }
    }
}

/* With few columns their number is best known in advance. */
AVX2_INLINE void nearest_rows(const struct emp_rows *rows, struct sixteen points,
                              const struct emp_centres *centres, const struct emp_nearest *out)
{
    float *x = (float *)(void *)rows->work;
    points.x = x;
    for (size_t i = 0; i < rows->count; i += WIDTH) {
        emp__rows_prefetch(rows, i + EMP_ROWS_AHEAD, WIDTH);
        load_rows(rows, i, points.d, x);
        if (points.with_second && centres->groups > 1)
            nearest_of_groups(points, centres, i, out);
        else
            nearest_of_one(points, centres, i, out);
    }
}

AVX2 void emp__nearest_single_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                                   const struct emp_nearest *out)
{
    if (!out->gap && rows->d == 3)
        nearest_rows(rows, (struct sixteen){NULL, 3, false}, centres, out);
    else if (!out->gap)
        nearest_rows(rows, (struct sixteen){NULL, rows->d, false}, centres, out);
    else
        nearest_rows(rows, (struct sixteen){NULL, rows->d, true}, centres, out);
}

AVX2 void emp__rough_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                          const struct emp_nearest *out)
{
    float *x = (float *)(void *)rows->work;
    struct sixteen points = {x, rows->d, true};
    for (size_t i = 0; i < rows->count; i += WIDTH) {
        emp__rows_prefetch(rows, i + EMP_ROWS_AHEAD, WIDTH);
        load_rough_rows(rows, i, centres, x);
        if (centres->groups > 1)
            nearest_of_groups(points, centres, i, out);
        else
            nearest_of_one(points, centres, i, out);
    }
}

AVX2_INLINE void store_squares(struct sixteen points, const struct emp_centres *centres, size_t p,
                               int count, double *out)
{
    __m256 sum[2 * AT_ONCE];
    squares_of(points, centres->c_single + p * points.d, count, sum);
    for (int i = 0; i < count; i++) {
        double *at = out + (p + (size_t)i) * EMP_CLUSTER_STRIDE;
        store_real(sum[2 * i], at);
        store_real(sum[2 * i + 1], at + LANES);
    }
}

AVX2 void emp__squares_single_avx2(const struct emp_rows *rows, const struct emp_centres *centres,
                                   double *out)
{
    float *x = (float *)(void *)rows->work;
    struct sixteen points = {x, rows->d, false};
    for (size_t i = 0; i < rows->count; i += WIDTH) {
        load_rows(rows, i, rows->d, x);
        size_t p = 0;
        for (; p + AT_ONCE <= centres->k; p += AT_ONCE)
            store_squares(points, centres, p, AT_ONCE, out + i);
        for (; p < centres->k; p++)
            store_squares(points, centres, p, 1, out + i);
    }
}

/* Eight points and eight centres, each transposed, column by column. */
AVX2_INLINE __m256 own_eight(const struct emp_rows *rows, const struct emp_centres *centres,
                             const uint32_t *place, size_t i)
{
    const float *row[LANES], *centre[LANES];
    size_t last = rows->count - 1;
    for (size_t r = 0; r < LANES; r++) {
        row[r] = row_of(rows, i + r);
        centre[r] = centres->c_single + place[i + r < last ? i + r : last] * rows->d;
    }
    __m256 sum = _mm256_setzero_ps();
    for (size_t j = 0; j < rows->d; j += TILE) {
        __m256 x[TILE], c[TILE];
        load_tile(row, j, rows->d, x);
        load_tile(centre, j, rows->d, c);
        /* Columns behind the last one add 0. */
        for (int l = 0; l < TILE; l++) {
            __m256 difference = _mm256_sub_ps(x[l], c[l]);
            sum = _mm256_fmadd_ps(difference, difference, sum);
        }
    }
    return sum;
}

AVX2 void emp__own_squares_single_avx2(const struct emp_rows *rows,
                                       const struct emp_centres *centres, const uint32_t *place,
                                       double *out)
{
    for (size_t i = 0; i < rows->count; i += LANES)
        store_real(own_eight(rows, centres, place, i), out + i);
}
#else
typedef int nearest_single_avx2_is_for_x86_64;
#endif
