// SPDX-License-Identifier: Apache-2.0
/* Scanning with AVX2: 64 bytes become a mask of 64 bits, whose bits become offsets. */
#if defined(__x86_64__)
#include <assert.h>
#include <immintrin.h>

#include "text/scan.h"
#include "text/scan_bits.h"

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline __m256i load_half(const char *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

AVX2 static inline uint64_t half_bits(__m256i matches)
{
    return (uint32_t)_mm256_movemask_epi8(matches);
}

AVX2 static inline uint64_t match_half(__m256i bytes, const __m256i set[4])
{
    __m256i first =
        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, set[0]), _mm256_cmpeq_epi8(bytes, set[1]));
    __m256i second =
        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, set[2]), _mm256_cmpeq_epi8(bytes, set[3]));
    return half_bits(_mm256_or_si256(first, second));
}

AVX2 static size_t scan_avx2(const char *text, size_t length, const char set[4], uint32_t *out)
{
    assert(length <= UINT32_MAX);
    const __m256i wanted[4] = {_mm256_set1_epi8(set[0]), _mm256_set1_epi8(set[1]),
                               _mm256_set1_epi8(set[2]), _mm256_set1_epi8(set[3])};
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        uint64_t bits = match_half(load_half(text + i), wanted) |
                        match_half(load_half(text + i + 32), wanted) << 32;
        bits &= emp__first_bits(length - i);
        count += emp__write_offsets(bits, (uint32_t)i, out + count);
    }
    return count;
}

AVX2 static size_t count_avx2(const char *text, size_t length, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        uint64_t bits = half_bits(_mm256_cmpeq_epi8(load_half(text + i), wanted)) |
                        half_bits(_mm256_cmpeq_epi8(load_half(text + i + 32), wanted)) << 32;
        count += (size_t)__builtin_popcountll(bits & emp__first_bits(length - i));
    }
    return count;
}

const struct emp_text_kernels emp__text_avx2 = {"avx2", scan_avx2, count_avx2, &emp__batch_avx2};
#else
typedef int scan_avx2_is_for_x86_64;
#endif
