// SPDX-License-Identifier: Apache-2.0
/* Scanning with AVX2: 64 bytes become a mask of 64 bits, whose bits become offsets. */
#if defined(__x86_64__)
#include <assert.h>
#include <immintrin.h>

#include "text/scan.h"
#include "text/scan_bits.h"

#define AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul")))

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

AVX2 static inline uint64_t match_byte(__m256i low, __m256i high, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    return half_bits(_mm256_cmpeq_epi8(low, wanted)) | half_bits(_mm256_cmpeq_epi8(high, wanted))
                                                           << 32;
}

/* Multiplying by all ones without carries adds up the bits below each bit. */
AVX2 static inline uint64_t prefix_parity(uint64_t bits)
{
    __m128i product =
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 static inline struct emp_quote_masks quote_masks(const char *text, char delimiter)
{
    __m256i low = load_half(text), high = load_half(text + 32);
    uint64_t quotes = match_byte(low, high, '"');
    return (struct emp_quote_masks){
        .quotes = quotes,
        .delimiters = match_byte(low, high, delimiter),
        .line_feeds = match_byte(low, high, '\n'),
        .returns = match_byte(low, high, '\r'),
        .parity = prefix_parity(quotes),
    };
}

AVX2 static struct emp_quoted_extent scan_quoted_avx2(const struct emp_quoted_text *text,
                                                      uint32_t *out)
{
    struct emp_quote_state state = emp__quote_start(text->inside);
    struct emp_quoted_extent extent = {.valid = text->length, .inside = text->inside};
    for (size_t i = 0; i < text->length && extent.valid == text->length; i += 64) {
        struct emp_quote_masks masks = quote_masks(text->text + i, text->delimiter);
        uint64_t marks = emp__quote_extend(&extent, &state, masks, text->length, i);
        extent.marked += emp__write_offsets(marks, (uint32_t)i, out + extent.marked);
    }
    return extent;
}

AVX2 static struct emp_quoted_extent measure_quoted_avx2(const struct emp_quoted_text *text)
{
    struct emp_quote_state state = emp__quote_start(text->inside);
    struct emp_quoted_extent extent = {.valid = text->length, .inside = text->inside};
    for (size_t i = 0; i < text->length && extent.valid == text->length; i += 64) {
        struct emp_quote_masks masks = quote_masks(text->text + i, text->delimiter);
        (void)emp__quote_extend(&extent, &state, masks, text->length, i);
    }
    return extent;
}

const struct emp_text_kernels emp__text_avx2 = {
    .name = "avx2",
    .scan = scan_avx2,
    .count = count_avx2,
    .scan_quoted = scan_quoted_avx2,
    .measure_quoted = measure_quoted_avx2,
    .batch = &emp__batch_avx2,
};
#else
typedef int scan_avx2_is_for_x86_64;
#endif
