// SPDX-License-Identifier: Apache-2.0
/*
 * Scanning with AVX-512: comparisons give the mask of 64 bytes at once. With byte compression
 * (VBMI2) the mask picks its offsets from the vector 0, 1, .. 63 in one instruction. Without it the
 * bits are written one by one: compressing four times 16 words was measured to be slower.
 */
#if defined(__x86_64__)
#include <assert.h>
#include <immintrin.h>

#include "text/scan.h"
#include "text/scan_bits.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,popcnt,bmi,pclmul")))
#define VBMI2  __attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt,bmi,pclmul")))

AVX512 static inline uint64_t match_block(const char *text, const __m512i set[4])
{
    __m512i bytes = _mm512_loadu_si512(text);
    return _mm512_cmpeq_epi8_mask(bytes, set[0]) | _mm512_cmpeq_epi8_mask(bytes, set[1]) |
           _mm512_cmpeq_epi8_mask(bytes, set[2]) | _mm512_cmpeq_epi8_mask(bytes, set[3]);
}

/* As emp__write_offsets(), without a loop over the bits; uses up to 64 entries as well. */
VBMI2 static inline size_t write_bytes(uint64_t bits, uint32_t base, __m512i lanes, uint32_t *out)
{
    size_t count = (size_t)__builtin_popcountll(bits);
    const __m512i first = _mm512_set1_epi32((int)base);
    __m512i positions = _mm512_maskz_compress_epi8(bits, lanes);
    size_t k = 0;
    if (count <= 4) { /* a smaller store, which seldom crosses a line of the cache */
        __m128i offsets = _mm_cvtepu8_epi32(_mm512_castsi512_si128(positions));
        _mm_storeu_si128((void *)out, _mm_add_epi32(offsets, _mm512_castsi512_si128(first)));
        return count;
    }
    do {
        __m512i offsets = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(positions));
        _mm512_storeu_si512(out + k, _mm512_add_epi32(offsets, first));
        positions = _mm512_alignr_epi32(positions, positions, 4);
        k += 16;
    } while (k < count);
    return count;
}

AVX512 static size_t scan_avx512(const char *text, size_t length, const char set[4], uint32_t *out)
{
    assert(length <= UINT32_MAX);
    const __m512i wanted[4] = {_mm512_set1_epi8(set[0]), _mm512_set1_epi8(set[1]),
                               _mm512_set1_epi8(set[2]), _mm512_set1_epi8(set[3])};
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        uint64_t bits = match_block(text + i, wanted) & emp__first_bits(length - i);
        count += emp__write_offsets(bits, (uint32_t)i, out + count);
    }
    return count;
}

/* The first `bytes` of the set are looked for. */
VBMI2 static inline size_t scan_for(const char *text, size_t length, const char set[4], int bytes,
                                    uint32_t *out)
{
    static const char positions[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i lanes = _mm512_loadu_si512(positions);
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        __m512i block = _mm512_loadu_si512(text + i);
        uint64_t bits = 0;
        for (int b = 0; b < bytes; b++)
            bits |= _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(set[b]));
        count += write_bytes(bits & emp__first_bits(length - i), (uint32_t)i, lanes, out + count);
    }
    return count;
}

/* One comparison for each byte that is another one: mostly one or two. */
VBMI2 static size_t scan_vbmi2(const char *text, size_t length, const char set[4], uint32_t *out)
{
    assert(length <= UINT32_MAX);
    bool two = set[2] == set[1] && set[3] == set[1];
    if (two && set[1] == set[0])
        return scan_for(text, length, set, 1, out);
    return two ? scan_for(text, length, set, 2, out) : scan_for(text, length, set, 4, out);
}

AVX512 static size_t count_avx512(const char *text, size_t length, char byte)
{
    const __m512i wanted = _mm512_set1_epi8(byte);
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        uint64_t bits = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(text + i), wanted);
        count += (size_t)__builtin_popcountll(bits & emp__first_bits(length - i));
    }
    return count;
}

AVX512 static inline uint64_t match_byte(__m512i bytes, char byte)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte));
}

/* Multiplying by all ones without carries adds up the bits below each bit. */
AVX512 static inline uint64_t prefix_parity(uint64_t bits)
{
    __m128i product =
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX512 static inline struct emp_quote_masks quote_masks(const char *text, char delimiter)
{
    __m512i bytes = _mm512_loadu_si512(text);
    uint64_t quotes = match_byte(bytes, '"');
    return (struct emp_quote_masks){
        .quotes = quotes,
        .delimiters = match_byte(bytes, delimiter),
        .line_feeds = match_byte(bytes, '\n'),
        .returns = match_byte(bytes, '\r'),
        .parity = prefix_parity(quotes),
    };
}

AVX512 static struct emp_quoted_extent scan_quoted_avx512(const struct emp_quoted_text *text,
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

AVX512 static struct emp_quoted_extent measure_quoted_avx512(const struct emp_quoted_text *text)
{
    struct emp_quote_state state = emp__quote_start(text->inside);
    struct emp_quoted_extent extent = {.valid = text->length, .inside = text->inside};
    for (size_t i = 0; i < text->length && extent.valid == text->length; i += 64) {
        struct emp_quote_masks masks = quote_masks(text->text + i, text->delimiter);
        (void)emp__quote_extend(&extent, &state, masks, text->length, i);
    }
    return extent;
}

const struct emp_text_kernels emp__text_avx512 = {
    .name = "avx512",
    .scan = scan_avx512,
    .count = count_avx512,
    .scan_quoted = scan_quoted_avx512,
    .measure_quoted = measure_quoted_avx512,
    .batch = &emp__batch_avx2,
};

const struct emp_text_kernels emp__text_avx512_vbmi2 = {
    .name = "avx512_vbmi2",
    .scan = scan_vbmi2,
    .count = count_avx512,
    .scan_quoted = scan_quoted_avx512,
    .measure_quoted = measure_quoted_avx512,
    .batch = &emp__batch_avx2,
    .lines = emp__lines_avx512,
};
#else
typedef int scan_avx512_is_for_x86_64;
#endif
