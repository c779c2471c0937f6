// SPDX-License-Identifier: Apache-2.0
/* From a mask of 64 bytes to the offsets of its set bits: shared by the variants of text/scan.h. */
#ifndef EMP_TEXT_SCAN_BITS_H
#define EMP_TEXT_SCAN_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/scan.h"

/* The first 1 <= count bytes of a block of 64; all of them from 64 on. */
static inline uint64_t emp__first_bits(size_t count)
{
    return count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
}

static inline uint32_t *emp__write_eight(uint64_t *bits, uint32_t base, uint32_t *out)
{
    for (int i = 0; i < 8; i++) {
        out[i] = base + (uint32_t)(*bits ? __builtin_ctzll(*bits) : 0);
        *bits &= *bits - 1;
    }
    return out + 8;
}

/*
 * Writes base + the position of every set bit to `out` and returns how many. They are written in
 * groups of eight, whether set or not: the branches then depend on the number of groups, which
 * hardly varies from block to block, and not on each bit. Uses up to 64 entries.
 */
static inline size_t emp__write_offsets(uint64_t bits, uint32_t base, uint32_t *out)
{
    size_t count = (size_t)__builtin_popcountll(bits);
    if (count == 0)
        return 0;
    out = emp__write_eight(&bits, base, out);
    while (bits)
        out = emp__write_eight(&bits, base, out);
    return count;
}

/* One bit for each of 64 bytes that is one of those that structure quoted text. */
struct emp_quote_masks {
    uint64_t quotes, delimiters, line_feeds, returns;
    uint64_t parity; /* bit i: whether the quotes up to byte i are odd in number */
};

/* Between two blocks; of what is behind them, one bit each, but for `inside`, which is all bits. */
struct emp_quote_state {
    uint64_t inside;
    uint64_t may_open; /* the last byte may stand before an opening quote */
    uint64_t closed;   /* the last byte is a closing quote */
    uint64_t returned; /* the last two are a closing quote and a carriage return */
};

static inline struct emp_quote_state emp__quote_start(bool inside)
{
    return (struct emp_quote_state){.inside = inside ? UINT64_MAX : 0, .may_open = 1};
}

/* Bit i is the parity of the bits 0 .. i. */
static inline uint64_t emp__prefix_parity(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

/*
 * The delimiters and line feeds of a block that stand outside quotes; *wrong gets the bits of the
 * bytes that cannot stand where they do. A pair of quotes inside a field closes and opens it again,
 * which no other rule forbids: an opening quote follows a delimiter, a line feed or a closing
 * quote; behind a closing quote stands one of these or a carriage return and a line feed.
 */
static inline uint64_t emp__quote_block(struct emp_quote_state *state,
                                        const struct emp_quote_masks *masks, uint64_t *wrong)
{
    uint64_t quotes = masks->quotes;
    uint64_t ends = masks->delimiters | masks->line_feeds;
    uint64_t inside = masks->parity ^ state->inside;
    uint64_t opening = quotes & inside, closing = quotes & ~inside;
    uint64_t may_open = (ends | quotes) << 1 | state->may_open;
    uint64_t behind = closing << 1 | state->closed;
    uint64_t returned = behind & masks->returns;
    uint64_t behind_return = returned << 1 | state->returned;
    *wrong = (opening & ~may_open) | (behind & ~(ends | quotes | masks->returns)) |
             (behind_return & ~masks->line_feeds);
    *state = (struct emp_quote_state){
        .inside = inside >> 63 ? UINT64_MAX : 0,
        .may_open = (ends | quotes) >> 63,
        .closed = closing >> 63,
        .returned = returned >> 63,
    };
    return ends & ~inside;
}

/* Extends what is known of a text by the block at `at`; returns the marks to be written. */
static inline uint64_t emp__quote_extend(struct emp_quoted_extent *extent,
                                         struct emp_quote_state *state,
                                         struct emp_quote_masks masks, size_t length, size_t at)
{
    uint64_t wrong, seen = emp__first_bits(length - at);
    /* What is behind the text counts as no quote. */
    masks.quotes &= seen;
    masks.parity = length - at < 64 ? emp__prefix_parity(masks.quotes) : masks.parity;
    uint64_t marks = emp__quote_block(state, &masks, &wrong);
    wrong &= seen;
    extent->inside = state->inside && !wrong;
    if (wrong) {
        extent->valid = at + (size_t)__builtin_ctzll(wrong);
        seen = (wrong & -wrong) - 1;
    }
    marks &= seen;
    uint64_t line_feeds = marks & masks.line_feeds;
    if (line_feeds)
        extent->end = at + 64 - (size_t)__builtin_clzll(line_feeds);
    return marks;
}

#endif
