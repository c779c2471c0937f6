// SPDX-License-Identifier: Apache-2.0
/* Testing and noting bounds with AVX2: eight rows with one bound, or one row with eight. */
#if defined(__x86_64__)
#include <string.h>

#include "cluster/nearest_avx2.h"

enum { LANES = 8 };

/* Writes base + the numbers of the bits set in `mask`; uses room for eight. Returns how many. */
AVX2_INLINE size_t write_rows(unsigned mask, size_t base, uint32_t *at)
{
    /* Each bit becomes a byte, which picks its number from 0 .. 7. */
    uint64_t bytes = _pdep_u64(mask, UINT64_C(0x0101010101010101)) * 0xFF;
    uint64_t numbers = _pext_u64(UINT64_C(0x0706050403020100), bytes);
    __m256i rows = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)numbers));
    rows = _mm256_add_epi32(rows, _mm256_set1_epi32((int)base));
    _mm256_storeu_si256((__m256i *)(void *)at, rows);
    return (size_t)__builtin_popcount(mask);
}

/* The limits of up to sixteen clusters stay in two registers. */
struct limits {
    __m256 low, high;
};

AVX2_INLINE __m256 limit_of(const struct limits *limits, size_t k, __m256i labels)
{
    __m256 low = _mm256_permutevar8x32_ps(limits->low, labels);
    if (k <= LANES)
        return low;
    /* The fourth bit of a label, as the sign. */
    __m256 is_high = _mm256_castsi256_ps(_mm256_slli_epi32(labels, 28));
    return _mm256_blendv_ps(low, _mm256_permutevar8x32_ps(limits->high, labels), is_high);
}

AVX2_INLINE size_t failing_few(const struct emp_gaps *gaps, size_t k, size_t count, uint32_t *at)
{
    float copy[2 * LANES] = {0};
    memcpy(copy, gaps->limit, gaps->clusters * sizeof *copy);
    struct limits limits = {_mm256_loadu_ps(copy), _mm256_loadu_ps(copy + LANES)};
    size_t found = 0, i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m256i labels = _mm256_loadu_si256((const __m256i *)(const void *)(gaps->labels + i));
        __m256 limit = limit_of(&limits, k, labels);
        __m256 below = _mm256_cmp_ps(_mm256_loadu_ps(gaps->gap + i), limit, _CMP_LT_OQ);
        found += write_rows((unsigned)_mm256_movemask_ps(below), i, at + found);
    }
    for (; i < count; i++)
        if (gaps->gap[i] < gaps->limit[gaps->labels[i]])
            at[found++] = (uint32_t)i;
    return found;
}

AVX2 static size_t failing_one(const struct emp_gaps *gaps, size_t count, uint32_t *at)
{
    if (gaps->clusters <= LANES)
        return failing_few(gaps, LANES, count, at);
    if (gaps->clusters <= 2 * LANES)
        return failing_few(gaps, 2 * LANES, count, at);
    return emp__failing_plain(gaps, count, at);
}

AVX2 static size_t failing_groups(const struct emp_gaps *gaps, size_t count, uint32_t *at)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        __m256 limit = _mm256_loadu_ps(gaps->limit + (size_t)gaps->labels[i] * LANES);
        __m256 below = _mm256_cmp_ps(_mm256_loadu_ps(gaps->gap + i * LANES), limit, _CMP_LT_OQ);
        at[found] = (uint32_t)i;
        found += _mm256_movemask_ps(below) != 0;
    }
    return found;
}

size_t emp__failing_avx2(const struct emp_gaps *gaps, size_t count, uint32_t *at)
{
    return gaps->groups == 1 ? failing_one(gaps, count, at) : failing_groups(gaps, count, at);
}

/* Eight vectors of one group each become eight of one row each. */
AVX2_INLINE void transpose(__m256 tile[LANES])
{
    __m256 pairs[LANES], fours[LANES];
    for (int i = 0; i < LANES; i += 2) {
        pairs[i] = _mm256_unpacklo_ps(tile[i], tile[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_ps(tile[i], tile[i + 1]);
    }
    for (int i = 0; i < LANES; i += 4)
        for (int j = 0; j < 2; j++) {
            fours[i + 2 * j] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0x44);
            fours[i + 2 * j + 1] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0xEE);
        }
    for (int i = 0; i < LANES / 2; i++) {
        tile[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
        tile[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
    }
}

/* As emp__noted(), of the eight groups of a row. */
AVX2_INLINE __m256 noted(__m256 gap, __m256 limit)
{
    const __m256 down = _mm256_set1_ps(1 - 0x1p-22F), zero = _mm256_setzero_ps();
    __m256 sum = _mm256_mul_ps(_mm256_add_ps(gap, limit), down);
    return _mm256_blendv_ps(_mm256_set1_ps(-1), sum, _mm256_cmp_ps(gap, zero, _CMP_GT_OQ));
}

AVX2 static void note_groups(const struct emp_rows *rows, const struct emp_nearest *found,
                             const struct emp_gaps *gaps)
{
    for (size_t i = 0; i < rows->count; i += LANES) {
        __m256 tile[LANES];
        for (size_t g = 0; g < LANES; g++)
            tile[g] = _mm256_loadu_ps(found->gap + g * EMP_CLUSTER_STRIDE + i);
        transpose(tile);
        for (size_t r = 0; r < LANES && i + r < rows->count; r++) {
            size_t at = emp__row_at(rows, i + r);
            __m256 limit = _mm256_loadu_ps(gaps->limit + (size_t)gaps->labels[at] * LANES);
            _mm256_storeu_ps(gaps->gap + at * LANES, noted(tile[r], limit));
        }
    }
}

void emp__note_avx2(const struct emp_rows *rows, const struct emp_nearest *found,
                    const struct emp_gaps *gaps)
{
    if (gaps->groups == 1)
        emp__note_plain(rows, found, gaps);
    else
        note_groups(rows, found, gaps);
}
#else
typedef int kmeans_bounds_avx2_is_for_x86_64;
#endif
