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

const struct emp_text_kernels emp__text_plain = {"plain", scan_plain, count_plain,
                                                 &emp__batch_plain};
const struct emp_text_kernels emp__text_portable = {"portable", scan_portable, count_portable,
                                                    &emp__batch_portable};
