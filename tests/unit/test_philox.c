// SPDX-License-Identifier: Apache-2.0
/* Philox4x32-10 against the published known answers, and the streams made of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random/philox.h"

/* The known-answer vectors of the authors' Random123 library, philox4x32 with 10 rounds. */
static const struct {
    uint32_t counter[4], key[2], expected[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t out[4];
        emp__philox4x32(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].expected, sizeof out);
    }
}

static void test_stream_is_the_counter(void **state)
{
    (void)state;
    struct emp_stream stream;
    emp__stream_open(&stream, UINT64_C(0x0123456789abcdef), 7, UINT64_C(0x1122334455667788));
    for (uint32_t index = 0; index < 5; index++) {
        uint32_t counter[4] = {index, 7, 0x55667788, 0x11223344};
        uint32_t key[2] = {0x89abcdef, 0x01234567};
        uint32_t out[4];
        emp__philox4x32(counter, key, out);
        assert_true(emp__stream_u64(&stream) == ((uint64_t)out[1] << 32 | out[0]));
        assert_true(emp__stream_u64(&stream) == ((uint64_t)out[3] << 32 | out[2]));
    }
}

static uint64_t first(uint64_t seed, uint32_t purpose, uint64_t subject)
{
    struct emp_stream stream;
    emp__stream_open(&stream, seed, purpose, subject);
    return emp__stream_u64(&stream);
}

static void test_streams_differ(void **state)
{
    (void)state;
    uint64_t base = first(1, 2, 3);
    assert_true(base == first(1, 2, 3));
    assert_true(base != first(2, 2, 3));
    assert_true(base != first(UINT64_C(1) << 32 | 1, 2, 3));
    assert_true(base != first(1, 3, 3));
    assert_true(base != first(1, 2, 4));
    assert_true(base != first(1, 2, UINT64_C(1) << 32 | 3));
}

/* Mean 1/2, variance 1/12, and 64 equal cells by chi-square, over streams as they are used. */
static void test_uniform(void **state)
{
    (void)state;
    enum { CELLS = 64, SUBJECTS = 20000, EACH = 10 };
    double sum = 0.0, squares = 0.0, count = (double)SUBJECTS * EACH;
    int cells[CELLS] = {0};
    for (uint64_t subject = 0; subject < SUBJECTS; subject++) {
        struct emp_stream stream;
        emp__stream_open(&stream, 42, 1, subject);
        for (int i = 0; i < EACH; i++) {
            double u = emp__stream_uniform(&stream);
            assert_true(u > 0.0 && u < 1.0);
            sum += u;
            squares += u * u;
            cells[(int)(u * CELLS)]++;
        }
    }
    double mean = sum / count, chi = 0.0;
    assert_true(fabs(mean - 0.5) < 4.0 * sqrt(1.0 / 12.0 / count));
    assert_true(fabs(squares / count - 1.0 / 3.0) < 4.0 * sqrt(4.0 / 45.0 / count));
    for (int i = 0; i < CELLS; i++) {
        double gap = cells[i] - count / CELLS;
        chi += gap * gap / (count / CELLS);
    }
    assert_true(chi < 63.0 + 4.0 * sqrt(2.0 * 63.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_stream_is_the_counter),
        cmocka_unit_test(test_streams_differ),
        cmocka_unit_test(test_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
