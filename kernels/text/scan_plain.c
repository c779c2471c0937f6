// SPDX-License-Identifier: Apache-2.0
/* Scanning without vector instructions: the byte-by-byte reference, and a variant that compilers
 * turn into vector code on every machine. */
#include <assert.h>
#include <string.h>

#include "text/scan.h"
#include "text/scan_bits.h"
#include "text/word.h"

static size_t scan_plain(const char *text, size_t length, const char set[4], uint32_t *out)
{
    assert(length <= UINT32_MAX);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        if (byte == set[0] || byte == set[1] || byte == set[2] || byte == set[3])
            out[count++] = (uint32_t)i;
    }
    return count;
}

static size_t count_plain(const char *text, size_t length, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == byte;
    return count;
}

/* One bit for each of 64 bytes that is in the set. */
static uint64_t match_block(const char *text, const char set[4])
{
    char found[64]; /* 1 where a byte is in the set: this loop becomes vector code */
    for (int i = 0; i < 64; i++)
        found[i] = (char)((text[i] == set[0]) | (text[i] == set[1]) | (text[i] == set[2]) |
                          (text[i] == set[3]));
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) /* the product gathers the eight low bits in its top byte */
        bits |= emp__word_load(found + 8 * i) * UINT64_C(0x0102040810204080) >> 56 << 8 * i;
    return bits;
}

static size_t scan_portable(const char *text, size_t length, const char set[4], uint32_t *out)
{
    assert(length <= UINT32_MAX);
    size_t count = 0;
    for (size_t i = 0; i < length; i += 64) {
        uint64_t bits = match_block(text + i, set) & emp__first_bits(length - i);
        count += emp__write_offsets(bits, (uint32_t)i, out + count);
    }
    return count;
}

/* At most 255 bytes, so that the counts of the vector's lanes fit a byte each. */
static unsigned count_few(const char *text, size_t length, char byte)
{
    unsigned char count = 0;
    for (size_t i = 0; i < length; i++)
        count = (unsigned char)(count + (text[i] == byte));
    return count;
}

static size_t count_portable(const char *text, size_t length, char byte)
{
    size_t count = 0, i = 0;
    for (; length - i >= 192; i += 192)
        count += count_few(text + i, 192, byte);
    return count + count_few(text + i, length - i, byte);
}

enum quote_state { FIELD_START, UNQUOTED, QUOTED, CLOSED, RETURNED };

/* The state behind a byte, or -1 if it cannot stand there. */
static int next_state(enum quote_state state, char byte, char delimiter)
{
    if (state == QUOTED)
        return byte == '"' ? CLOSED : QUOTED;
    if (byte == '"')
        return state == FIELD_START || state == CLOSED ? QUOTED : -1;
    if (byte == '\n')
        return FIELD_START;
    if (state == RETURNED)
        return -1;
    if (byte == delimiter)
        return FIELD_START;
    if (state == CLOSED)
        return byte == '\r' ? RETURNED : -1;
    return UNQUOTED;
}

static struct emp_quoted_extent run_machine(const struct emp_quoted_text *text, uint32_t *out)
{
    struct emp_quoted_extent extent = {.valid = text->length, .inside = text->inside};
    enum quote_state state = text->inside ? QUOTED : FIELD_START;
    for (size_t i = 0; i < text->length; i++) {
        int next = next_state(state, text->text[i], text->delimiter);
        if (next < 0) {
            extent.valid = i;
            extent.inside = false;
            return extent;
        }
        state = (enum quote_state)next;
        if (state != FIELD_START)
            continue;
        if (out)
            out[extent.marked++] = (uint32_t)i;
        if (text->text[i] == '\n')
            extent.end = i + 1;
    }
    extent.inside = state == QUOTED;
    return extent;
}

static struct emp_quoted_extent scan_quoted_plain(const struct emp_quoted_text *text, uint32_t *out)
{
    return run_machine(text, out);
}

static struct emp_quoted_extent measure_quoted_plain(const struct emp_quoted_text *text)
{
    return run_machine(text, NULL);
}

/* One bit for each of 64 bytes that is `byte`. */
static uint64_t match_byte(const char *text, char byte)
{
    const char set[4] = {byte, byte, byte, byte};
    return match_block(text, set);
}

static struct emp_quote_masks quote_masks(const char *text, char delimiter)
{
    uint64_t quotes = match_byte(text, '"');
    return (struct emp_quote_masks){
        .quotes = quotes,
        .delimiters = match_byte(text, delimiter),
        .line_feeds = match_byte(text, '\n'),
        .returns = match_byte(text, '\r'),
        .parity = emp__prefix_parity(quotes),
    };
}

static struct emp_quoted_extent scan_quoted_portable(const struct emp_quoted_text *text,
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

static struct emp_quoted_extent measure_quoted_portable(const struct emp_quoted_text *text)
{
    struct emp_quote_state state = emp__quote_start(text->inside);
    struct emp_quoted_extent extent = {.valid = text->length, .inside = text->inside};
    for (size_t i = 0; i < text->length && extent.valid == text->length; i += 64) {
        struct emp_quote_masks masks = quote_masks(text->text + i, text->delimiter);
        (void)emp__quote_extend(&extent, &state, masks, text->length, i);
    }
    return extent;
}

const struct emp_text_kernels emp__text_plain = {
    .name = "plain",
    .scan = scan_plain,
    .count = count_plain,
    .scan_quoted = scan_quoted_plain,
    .measure_quoted = measure_quoted_plain,
    .batch = &emp__batch_plain,
    .lines = emp__lines_plain,
};

const struct emp_text_kernels emp__text_portable = {
    .name = "portable",
    .scan = scan_portable,
    .count = count_portable,
    .scan_quoted = scan_quoted_portable,
    .measure_quoted = measure_quoted_portable,
    .batch = &emp__batch_portable,
};
