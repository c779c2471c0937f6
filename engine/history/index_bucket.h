// SPDX-License-Identifier: Apache-2.0
/*
 * Eight slots of an index at once: in which of them are the bits of a tag, and which are free?
 * Written for SSE2, which every x86-64 has; elsewhere the plain way, which computes the same.
 * Without branches, since which slot it is cannot be foreseen.
 */
#ifndef EMP_HISTORY_INDEX_BUCKET_H
#define EMP_HISTORY_INDEX_BUCKET_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { EMP_BUCKET_SLOTS = 8 };

/* Bit i: slots[i] agrees with `tag` in the bits of `mask`. A tag has one of them: no free slot
 * does. */
static inline unsigned emp__bucket_match_plain(const uint32_t *slots, uint32_t tag, uint32_t mask)
{
    unsigned found = 0;
    for (unsigned i = 0; i < EMP_BUCKET_SLOTS; i++)
        found |= (unsigned)(((slots[i] ^ tag) & mask) == 0) << i;
    return found;
}

/* Bit i: slots[i] is 0. */
static inline unsigned emp__bucket_free_plain(const uint32_t *slots)
{
    unsigned found = 0;
    for (unsigned i = 0; i < EMP_BUCKET_SLOTS; i++)
        found |= (unsigned)(slots[i] == 0) << i;
    return found;
}

#if defined(__SSE2__)
static inline __m128i emp__load_four(const uint32_t *slots)
{
    return _mm_loadu_si128((const __m128i *)(const void *)slots);
}

/* A bit for each of eight numbers, all of whose bits are set or none. */
static inline unsigned emp__eight_bits(__m128i low, __m128i high)
{
    __m128i all = _mm_packs_epi32(low, high);
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(all, _mm_setzero_si128()));
}

static inline __m128i emp__match_four(const uint32_t *slots, __m128i tag, __m128i mask)
{
    return _mm_cmpeq_epi32(_mm_and_si128(emp__load_four(slots), mask), tag);
}

static inline unsigned emp__bucket_match(const uint32_t *slots, uint32_t tag, uint32_t mask)
{
    const __m128i tags = _mm_set1_epi32((int)(tag & mask)), masks = _mm_set1_epi32((int)mask);
    return emp__eight_bits(emp__match_four(slots, tags, masks),
                           emp__match_four(slots + 4, tags, masks));
}

static inline unsigned emp__bucket_free(const uint32_t *slots)
{
    const __m128i zero = _mm_setzero_si128();
    return emp__eight_bits(_mm_cmpeq_epi32(emp__load_four(slots), zero),
                           _mm_cmpeq_epi32(emp__load_four(slots + 4), zero));
}
#else
static inline unsigned emp__bucket_match(const uint32_t *slots, uint32_t tag, uint32_t mask)
{
    return emp__bucket_match_plain(slots, tag, mask);
}

static inline unsigned emp__bucket_free(const uint32_t *slots)
{
    return emp__bucket_free_plain(slots);
}
#endif

#endif
