// SPDX-License-Identifier: Apache-2.0
/* Validation of UTF-8: the plain twin decodes each character, the fast one only looks at ranges. */
#include "text/utf8.h"

#include <stdint.h>

#include "text/word.h"

/* How many bytes a character has that begins with `lead`; 0 if none does. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc0 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf8 ? 4 : 0;
}

static bool code_point_is_valid(uint32_t code, size_t bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= least[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

bool emp__utf8_valid_plain(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned char lead = (unsigned char)text[at];
        size_t bytes = sequence_length(lead);
        if (bytes == 0 || bytes > length - at)
            return false;
        uint32_t code = bytes == 1 ? lead : lead & (0x7fu >> bytes);
        for (size_t i = 1; i < bytes; i++) {
            unsigned char next = (unsigned char)text[at + i];
            if ((next & 0xc0) != 0x80)
                return false;
            code = code << 6 | (next & 0x3f);
        }
        if (!code_point_is_valid(code, bytes))
            return false;
        at += bytes;
    }
    return true;
}

static bool is_between(char byte, unsigned low, unsigned high)
{
    return (unsigned char)byte - low <= high - low;
}

/* The length of the character of several bytes at the beginning of `text`, 0 if it is malformed;
 * the ranges are those of the table in RFC 3629, section 4. */
static size_t multibyte_length(const char *text, size_t left)
{
    unsigned char lead = (unsigned char)text[0];
    if (left < 2 || lead < 0xc2 || lead > 0xf4)
        return 0;
    if (lead < 0xe0)
        return is_between(text[1], 0x80, 0xbf) ? 2 : 0;
    unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (left < 3 || !is_between(text[1], low, high) || !is_between(text[2], 0x80, 0xbf))
        return 0;
    if (lead < 0xf0)
        return 3;
    return left >= 4 && is_between(text[3], 0x80, 0xbf) ? 4 : 0;
}

bool emp__utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        while (length - at >= 8 && !(emp__word_load(text + at) & EMP_WORD_HIGHS))
            at += 8;
        if (at == length)
            break;
        size_t bytes = 1;
        if (text[at] & 0x80)
            bytes = multibyte_length(text + at, length - at);
        if (bytes == 0)
            return false;
        at += bytes;
    }
    return true;
}
