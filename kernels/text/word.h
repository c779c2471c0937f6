// SPDX-License-Identifier: Apache-2.0
/*
 * Eight bytes of text handled as one 64-bit number ("SIMD within a register"): the first byte of
 * the text is the lowest byte of the word on every machine.
 */
#ifndef EMP_TEXT_WORD_H
#define EMP_TEXT_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EMP_WORD_ONES  UINT64_C(0x0101010101010101)
#define EMP_WORD_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t emp__word_load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline void emp__word_store(unsigned char *out, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(out, &word, sizeof word);
}

/* All bits of the first `count` bytes, 0 <= count <= 8. */
static inline uint64_t emp__word_first(size_t count)
{
    return count < 8 ? ((uint64_t)1 << 8 * count) - 1 : UINT64_MAX;
}

/*
 * The high bit of every byte that is not '0'..'9'. A digit XOR '0' is at most 9, and adding 0x76
 * to a value of seven bits reaches the high bit from 10 on; no sum carries into the next byte.
 */
static inline uint64_t emp__word_not_digits(uint64_t word)
{
    uint64_t value = word ^ EMP_WORD_ONES * '0';
    return (value | ((value & ~EMP_WORD_HIGHS) + EMP_WORD_ONES * 0x76)) & EMP_WORD_HIGHS;
}

/*
 * The number that eight digits write, the first byte being the most significant one; a zero byte
 * counts as '0'. Three multiplications join neighbours to pairs, fours and eight.
 */
static inline uint64_t emp__word_number(uint64_t word)
{
    word = (word & EMP_WORD_ONES * 0x0f) * (10 * 0x100 + 1) >> 8;
    word = (word & UINT64_C(0x00ff00ff00ff00ff)) * (100 * 0x10000 + 1) >> 16;
    return (word & UINT64_C(0x0000ffff0000ffff)) * (10000 * UINT64_C(0x100000000) + 1) >> 32;
}

#endif
