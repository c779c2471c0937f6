// SPDX-License-Identifier: Apache-2.0
/* Vectors of eight lanes, see lanes_plain.h for what the functions do. */
#ifndef EMP_LANES_LANES_AVX512_H
#define EMP_LANES_LANES_AVX512_H

#include <immintrin.h>
#include <stdbool.h>

#define LANES        __attribute__((target("avx512f,avx2,fma")))
#define LANES_INLINE __attribute__((target("avx512f,avx2,fma"), always_inline)) static inline

/* A tile of 6 x 4 accumulators, 6 rows and a column are 31 of 32 registers. */
enum { WIDTH = 8, PARTS = 1, TILE_ROWS = 6 };

typedef __m512d lanes;

LANES_INLINE lanes load(const double *from)
{
    return _mm512_load_pd(from);
}

LANES_INLINE void store(double *to, lanes x)
{
    _mm512_store_pd(to, x);
}

LANES_INLINE lanes all(double x)
{
    return _mm512_set1_pd(x);
}

LANES_INLINE lanes plus(lanes a, lanes b)
{
    return _mm512_add_pd(a, b);
}

LANES_INLINE lanes minus(lanes a, lanes b)
{
    return _mm512_sub_pd(a, b);
}

LANES_INLINE lanes times(lanes a, lanes b)
{
    return _mm512_mul_pd(a, b);
}

LANES_INLINE lanes over(lanes a, lanes b)
{
    return _mm512_div_pd(a, b);
}

LANES_INLINE lanes fused(lanes a, lanes b, lanes c)
{
    return _mm512_fmadd_pd(a, b, c);
}

LANES_INLINE lanes root_of(lanes a)
{
    return _mm512_sqrt_pd(a);
}

LANES_INLINE lanes greater_of(lanes a, lanes b)
{
    return _mm512_max_pd(a, b);
}

LANES_INLINE lanes size_of(lanes a)
{
    return _mm512_abs_pd(a);
}

LANES_INLINE lanes where_negative(lanes a, lanes b, lanes c)
{
    return _mm512_mask_blend_pd(_mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_LT_OQ), c, b);
}

LANES_INLINE bool any_beyond(lanes a, double limit)
{
    return _mm512_cmp_pd_mask(size_of(a), all(limit), _CMP_NLE_UQ) != 0;
}

LANES_INLINE lanes power_of_two(lanes shifted)
{
    __m512i bits = _mm512_slli_epi64(_mm512_castpd_si512(shifted), 52);
    return _mm512_castsi512_pd(_mm512_add_epi64(bits, _mm512_set1_epi64(1023LL << 52)));
}

LANES_INLINE lanes exponent_of(lanes x)
{
    const __m512i up = _mm512_set1_epi64(0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    const lanes whole = all(0x1p52);
    __m512i k = _mm512_srli_epi64(_mm512_add_epi64(_mm512_castpd_si512(x), up), 52);
    k = _mm512_or_si512(k, _mm512_castpd_si512(whole));
    return minus(_mm512_castsi512_pd(k), all(0x1p52 + 1023.0));
}

/* Sums of neighbours: a[0] + a[1], b[0] + b[1], a[2] + a[3], b[2] + b[3], ... */
LANES_INLINE __m512d pair_sums(lanes a, lanes b)
{
    return _mm512_add_pd(_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
}

LANES_INLINE void add_sums(lanes of[4][PARTS], double *out)
{
    __m512d first = pair_sums(of[0][0], of[1][0]), second = pair_sums(of[2][0], of[3][0]);
    /* Pairs 0 and 2 of the first and the second, then pairs 1 and 3. */
    __m512d even = _mm512_shuffle_f64x2(first, second, 0x88);
    __m512d odd = _mm512_shuffle_f64x2(first, second, 0xdd);
    /* a, b: (0 + 1) + (2 + 3), (4 + 5) + (6 + 7); then c, d. */
    __m512d halves = _mm512_add_pd(even, odd);
    __m512d low_first = _mm512_shuffle_f64x2(halves, halves, 0xd8);
    __m256d sums =
        _mm256_add_pd(_mm512_castpd512_pd256(low_first), _mm512_extractf64x4_pd(low_first, 1));
    _mm256_storeu_pd(out, _mm256_add_pd(_mm256_loadu_pd(out), sums));
}

#endif
