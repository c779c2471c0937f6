// SPDX-License-Identifier: Apache-2.0
/* Vectors of four lanes, see lanes_plain.h for what the functions do. */
#ifndef EMP_LANES_LANES_AVX2_H
#define EMP_LANES_LANES_AVX2_H

#include <immintrin.h>
#include <stdbool.h>

#define LANES        __attribute__((target("avx2,fma")))
#define LANES_INLINE __attribute__((target("avx2,fma"), always_inline)) static inline

/* A tile of 3 x 4 accumulators, 3 rows and a column are 16 registers. */
enum { WIDTH = 4, PARTS = 2, TILE_ROWS = 3 };

typedef __m256d lanes;

LANES_INLINE lanes load(const double *from)
{
    return _mm256_load_pd(from);
}

LANES_INLINE void store(double *to, lanes x)
{
    _mm256_store_pd(to, x);
}

LANES_INLINE lanes all(double x)
{
    return _mm256_set1_pd(x);
}

LANES_INLINE lanes plus(lanes a, lanes b)
{
    return _mm256_add_pd(a, b);
}

LANES_INLINE lanes minus(lanes a, lanes b)
{
    return _mm256_sub_pd(a, b);
}

LANES_INLINE lanes times(lanes a, lanes b)
{
    return _mm256_mul_pd(a, b);
}

LANES_INLINE lanes over(lanes a, lanes b)
{
    return _mm256_div_pd(a, b);
}

LANES_INLINE lanes fused(lanes a, lanes b, lanes c)
{
    return _mm256_fmadd_pd(a, b, c);
}

LANES_INLINE lanes root_of(lanes a)
{
    return _mm256_sqrt_pd(a);
}

LANES_INLINE lanes greater_of(lanes a, lanes b)
{
    return _mm256_max_pd(a, b);
}

LANES_INLINE lanes size_of(lanes a)
{
    return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
}

LANES_INLINE lanes where_negative(lanes a, lanes b, lanes c)
{
    return _mm256_blendv_pd(c, b, _mm256_cmp_pd(a, _mm256_setzero_pd(), _CMP_LT_OQ));
}

LANES_INLINE bool any_beyond(lanes a, double limit)
{
    return _mm256_movemask_pd(_mm256_cmp_pd(size_of(a), all(limit), _CMP_NLE_UQ)) != 0;
}

LANES_INLINE lanes power_of_two(lanes shifted)
{
    __m256i bits = _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52);
    return _mm256_castsi256_pd(_mm256_add_epi64(bits, _mm256_set1_epi64x(1023LL << 52)));
}

LANES_INLINE lanes exponent_of(lanes x)
{
    const __m256i up = _mm256_set1_epi64x(0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    const lanes whole = all(0x1p52);
    __m256i k = _mm256_srli_epi64(_mm256_add_epi64(_mm256_castpd_si256(x), up), 52);
    k = _mm256_or_si256(k, _mm256_castpd_si256(whole));
    return minus(_mm256_castsi256_pd(k), all(0x1p52 + 1023.0));
}

/* (0 + 1) + (2 + 3) of the lanes of each of four. */
LANES_INLINE __m256d half_sums(lanes a, lanes b, lanes c, lanes d)
{
    __m256d first = _mm256_hadd_pd(a, b), second = _mm256_hadd_pd(c, d);
    __m256d low = _mm256_permute2f128_pd(first, second, 0x20);
    __m256d high = _mm256_permute2f128_pd(first, second, 0x31);
    return _mm256_add_pd(low, high);
}

LANES_INLINE void add_sums(lanes of[4][PARTS], double *out)
{
    __m256d low = half_sums(of[0][0], of[1][0], of[2][0], of[3][0]);
    __m256d high = half_sums(of[0][1], of[1][1], of[2][1], of[3][1]);
    _mm256_storeu_pd(out, _mm256_add_pd(_mm256_loadu_pd(out), _mm256_add_pd(low, high)));
}

#endif
