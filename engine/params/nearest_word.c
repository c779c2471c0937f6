// SPDX-License-Identifier: Apache-2.0
/*
 * The known word nearest to one that is not known, for "did you mean".
 *
 * Distance: insertions, deletions, replacements and swaps of neighbours (Damerau 1964, the
 * restricted form), a letter's case and '-' against '_' costing nothing. Near is a distance of at
 * most a third of the longer word's length, rounded to the nearest. Cost: O(length^2) a word.
 */
#include <string.h>

#include "params/schema.h"

enum { LONGEST_WORD = 64 };

static int fold(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A' + 'a';
    return letter == '-' ? '_' : (unsigned char)letter;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Both words are at most LONGEST_WORD bytes long. rows[i % 3][j]: of i bytes of a, j bytes of b. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST_WORD + 1] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t differ = fold(a[i - 1]) != fold(b[j - 1]);
            row[j] = least(above[j - 1] + differ, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]))
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *emp__nearest_word(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    size_t best = LONGEST_WORD;
    size_t length = strlen(word);
    for (size_t i = 0; words[i] && length <= LONGEST_WORD; i++) {
        size_t other = strlen(words[i]);
        if (other > LONGEST_WORD)
            continue;
        size_t far = distance(word, length, words[i], other);
        if (far < best && far <= ((length > other ? length : other) + 1) / 3) {
            nearest = words[i];
            best = far;
        }
    }
    return nearest;
}
