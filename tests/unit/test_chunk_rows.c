// SPDX-License-Identifier: Apache-2.0
/*
 * The ways through a chunk against each other, and the cutting of chunks: what the fuzz target of
 * records holds for any bytes, here for texts that are mostly well-formed, which bytes at random
 * hardly ever are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../fuzz/fuzz_records.c"
#include "../lib/test_folder.h"

static const char *const parts[] = {
    "12",
    "7",
    "123456789012",
    "C-42",
    "2024-02-29",
    "2025-01-02",
    "2023-02-29",
    "2025-01-02 10:11:12",
    "3.50",
    "-12.34",
    "0.5",
    "1234567.89",
    "99999999999999999999",
    "",
    " ",
    "\"12\"",
    "\"C-42\"",
    "\"2025-01-02\"",
    "\"3.50\"",
    "\"\"",
    "\"a\"\"b\"",
    "\"a,b\"",
    "\"a\nb\"",
    "\"\r\n\"",
    "\"\"\"\"",
    "a\"b",
    "\"a\"b",
    "\"a",
    "\xd0\x96",
    "\"\"x",
    "1\"\n\"",
    "x\"a\nb\"",
    "\"a\"x\nb\"",
};

/* A row of fields that are usually what they should be. */
static size_t random_row(uint64_t *seed, size_t columns, uint64_t oddity, char delimiter, char *out)
{
    static const size_t usual[3][2] = {{0, 15}, {5, 17}, {8, 18}};
    size_t length = 0;
    for (size_t c = 0; c < columns; c++) {
        size_t role = columns - c <= 3 ? 3 - (columns - c) : 0;
        const char *part = parts[usual[role][test_random(seed) % 8 == 0]];
        if (test_random(seed) % oddity == 0)
            part = parts[test_random(seed) % (sizeof parts / sizeof *parts)];
        if (c > 0)
            out[length++] = delimiter;
        memcpy(out + length, part, strlen(part));
        length += strlen(part);
    }
    if (test_random(seed) % 4 == 0)
        out[length++] = '\r';
    out[length++] = '\n';
    return length;
}

static void texts_at_random(void **state)
{
    (void)state;
    enum { ROUNDS = 3000, LONGEST = 6000 };
    static const char delimiters[] = {',', ';', '\t', '|'};
    static const size_t column_counts[] = {3, 1, 4, 3};
    uint64_t seed = 6;
    char *data = malloc(LONGEST + 400);
    assert_non_null(data);
    for (int round = 0; round < ROUNDS; round++) {
        /* The first byte is what the fuzz target chooses by. */
        data[0] = (char)test_random(&seed);
        char delimiter = delimiters[data[0] & 3];
        size_t columns = column_counts[data[0] >> 2 & 3], length = 1;
        size_t most = 1 + test_random(&seed) % (round % 10 ? 400 : LONGEST);
        uint64_t oddity = (uint64_t[]){3, 30, 300, 100000}[test_random(&seed) % 4];
        while (length < most)
            length += random_row(&seed, columns, oddity, delimiter, data + length);
        length -= test_random(&seed) % 4 == 0;
        LLVMFuzzerTestOneInput((const uint8_t *)data, length);
    }
    free(data);
}

/*
 * Pieces of six bytes (which the first two bytes choose), whose quotes are in order each on its
 * own: a"\n is malformed, and what follows is a record of two lines, not the end of one.
 */
static void where_two_pieces_meet(void **state)
{
    (void)state;
    for (int kernel = 0; kernel < 4; kernel++) {
        char data[] = "@hxxxxa\"\n\",b\nc\",d\n";
        data[0] = (char)(data[0] | kernel << 4);
        LLVMFuzzerTestOneInput((const uint8_t *)data, sizeof data - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_at_random),
                                       cmocka_unit_test(where_two_pieces_meet)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
