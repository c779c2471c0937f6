// SPDX-License-Identifier: Apache-2.0
/* Customer ids: which texts are numbers, how an id is printed, and the order of ids. */
#include "source/ids.h"

#include <stdlib.h>
#include <string.h>

#include "text/number_format.h"

enum { DIGITS_MAX = 17, LENGTH_BITS = 5, LENGTH_MASK = (1 << LENGTH_BITS) - 1 };

bool emp__id_number(const char *bytes, size_t length, uint64_t *out)
{
    if (length == 0 || length > DIGITS_MAX)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned char)bytes[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *out = value << LENGTH_BITS | length;
    return true;
}

size_t emp__id_print_digits(uint64_t word, char *out)
{
    return emp__format_padded(word >> LENGTH_BITS, word & LENGTH_MASK, out);
}

static const char *text_bytes(const struct emp_ids *ids, uint64_t word, size_t *length)
{
    const char *entry = ids->text + (word & ~EMP_ID_TEXT);
    *length = (unsigned char)entry[0];
    return entry + 1;
}

const char *emp__id_bytes(const struct emp_ids *ids, size_t i, char *scratch, size_t *length)
{
    uint64_t word = ids->word[i];
    if (word & EMP_ID_TEXT)
        return text_bytes(ids, word, length);
    *length = emp__id_print_digits(word, scratch);
    return scratch;
}

char *emp__id_text(const struct emp_ids *ids, size_t i, char out[EMP_ID_MAX + 1])
{
    size_t length;
    char digits[24];
    const char *bytes = emp__id_bytes(ids, i, digits, &length);
    memcpy(out, bytes, length);
    out[length] = '\0';
    return out;
}

int emp__id_compare(const struct emp_ids *x, size_t a, const struct emp_ids *y, size_t b)
{
    uint64_t word_a = x->word[a];
    uint64_t word_b = y->word[b];
    /* The bit of a text is the highest, so that one comparison puts numbers before texts, too. */
    if (!(word_a & word_b & EMP_ID_TEXT))
        return (word_a > word_b) - (word_a < word_b);

    size_t length_a;
    size_t length_b;
    const char *bytes_a = text_bytes(x, word_a, &length_a);
    const char *bytes_b = text_bytes(y, word_b, &length_b);
    int order = memcmp(bytes_a, bytes_b, length_a < length_b ? length_a : length_b);
    return order ? order : (length_a > length_b) - (length_a < length_b);
}

void emp__ids_free(struct emp_ids *ids)
{
    if (!ids)
        return;
    free(ids->word);
    free(ids->text);
    *ids = (struct emp_ids){0};
}
