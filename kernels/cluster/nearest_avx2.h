// SPDX-License-Identifier: Apache-2.0
/* What the AVX2 kernels for points in double and in float share. */
#ifndef EMP_CLUSTER_NEAREST_AVX2_H
#define EMP_CLUSTER_NEAREST_AVX2_H

#include <immintrin.h>

#include "cluster/nearest.h"

#define AVX2        __attribute__((target("avx2,fma,bmi2,popcnt")))
#define AVX2_INLINE __attribute__((target("avx2,fma,bmi2,popcnt"), always_inline)) static inline

emp_nearest_fn emp__nearest_single_avx2;
emp_squares_fn emp__squares_single_avx2;
emp_own_squares_fn emp__own_squares_single_avx2;
emp_failing_fn emp__failing_avx2;
emp_note_fn emp__note_avx2;
emp_nearest_fn emp__rough_avx2;

/* A mask of the first `count` of four lanes of 64 bits; all from 4 on. */
AVX2_INLINE __m256i emp__first_lanes(size_t count)
{
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)count), _mm256_setr_epi64x(0, 1, 2, 3));
}

/* The same of four lanes of 32 bits. */
AVX2_INLINE __m128i emp__first_short_lanes(size_t count)
{
    return _mm_cmpgt_epi32(_mm_set1_epi32(count < 4 ? (int)count : 4), _mm_setr_epi32(0, 1, 2, 3));
}

/* Eight numbers in float. */
AVX2_INLINE __m256 emp__join(__m256d low, __m256d high)
{
    return _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
}

/* As emp__gap(), from squares in units. */
AVX2_INLINE __m256 emp__gaps(const struct emp_centres *centres, __m256 near, __m256 far)
{
    __m256 low = _mm256_mul_ps(_mm256_sqrt_ps(far), _mm256_set1_ps(centres->below));
    __m256 high = _mm256_mul_ps(_mm256_sqrt_ps(near), _mm256_set1_ps(centres->above));
    return _mm256_sub_ps(_mm256_sub_ps(low, high), _mm256_set1_ps(centres->tiny));
}

#endif
