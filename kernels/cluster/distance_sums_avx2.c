// SPDX-License-Identifier: Apache-2.0
/* Sums of distances with AVX2: the 16 lanes are four registers. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "cluster/distance_sums.h"

#define AVX2 __attribute__((target("avx2")))

enum { LANES = EMP_DISTANCE_LANES, VECTOR = 4 };

/* squares + (lanes - x)^2 */
AVX2 static inline __m256d add_square(__m256d squares, const double *lanes, __m256d x)
{
    __m256d difference = _mm256_sub_pd(_mm256_loadu_pd(lanes), x);
    return _mm256_add_pd(squares, _mm256_mul_pd(difference, difference));
}

AVX2 static inline __m256d add_root(__m256d sums, __m256d squares, __m256d weight)
{
    return _mm256_add_pd(sums, _mm256_mul_pd(weight, _mm256_sqrt_pd(squares)));
}

AVX2 void emp__distance_sums_avx2(const double *lanes, const struct emp_weighted_points *to,
                                  double *sums)
{
    __m256d sums0 = _mm256_loadu_pd(sums), sums1 = _mm256_loadu_pd(sums + VECTOR);
    __m256d sums2 = _mm256_loadu_pd(sums + 2 * VECTOR), sums3 = _mm256_loadu_pd(sums + 3 * VECTOR);
    const double *point = to->points;
    for (size_t j = 0; j < to->count; j++, point += to->d) {
        __m256d squares0 = _mm256_setzero_pd(), squares1 = squares0;
        __m256d squares2 = squares0, squares3 = squares0;
        for (size_t f = 0; f < to->d; f++) {
            const double *column = lanes + f * LANES;
            __m256d x = _mm256_broadcast_sd(point + f);
            squares0 = add_square(squares0, column, x);
            squares1 = add_square(squares1, column + VECTOR, x);
            squares2 = add_square(squares2, column + 2 * VECTOR, x);
            squares3 = add_square(squares3, column + 3 * VECTOR, x);
        }
        __m256d weight = _mm256_broadcast_sd(to->weights + j);
        sums0 = add_root(sums0, squares0, weight);
        sums1 = add_root(sums1, squares1, weight);
        sums2 = add_root(sums2, squares2, weight);
        sums3 = add_root(sums3, squares3, weight);
    }
    _mm256_storeu_pd(sums, sums0);
    _mm256_storeu_pd(sums + VECTOR, sums1);
    _mm256_storeu_pd(sums + 2 * VECTOR, sums2);
    _mm256_storeu_pd(sums + 3 * VECTOR, sums3);
}
#else
typedef int distance_sums_avx2_is_for_x86_64;
#endif
