// SPDX-License-Identifier: Apache-2.0
/* Arrays in pieces: they grow without being moved, and come back from the spill file unchanged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_memory.h"
#include "base/pieces.h"

enum { EACH = EMP_PIECE_BYTES / sizeof(uint64_t) };

static void fill(struct emp_pieces *pieces, struct emp_arena *arena, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(emp__pieces_reserve(pieces, i, sizeof seed, arena, NULL), EMP_OK);
        *(uint64_t *)emp__pieces_item(pieces, i, sizeof seed) = test_random(&seed);
    }
    assert_int_equal(pieces->count, (count + EACH - 1) / EACH);
}

static void expect(const struct emp_pieces *pieces, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        if (*(uint64_t *)emp__pieces_item(pieces, i, sizeof seed) != test_random(&seed))
            fail_msg("item %zu of %zu is another", i, count);
}

static void items_stay_where_they_are(void **state)
{
    (void)state;
    struct test_memory memory;
    struct emp_pieces pieces = {0};
    test_memory_new(&memory);
    fill(&pieces, memory.arena, 5 * EACH, 1);
    const uint64_t *first = emp__pieces_item(&pieces, 0, sizeof *first);
    for (int i = 0; i < 100; i++)
        assert_int_equal(emp__pieces_add(&pieces, memory.arena, NULL), EMP_OK);
    assert_ptr_equal(emp__pieces_item(&pieces, 0, sizeof *first), first);
    assert_int_equal(*(uint64_t *)emp__pieces_item(&pieces, 104 * EACH, sizeof *first), 0);
    expect(&pieces, 5 * EACH, 1);
    emp__pieces_free(&pieces, memory.arena);
    assert_int_equal(pieces.count, 0);
    emp__pieces_free(&pieces, memory.arena);
    test_memory_free(&memory);
}

/* Lists of many sizes, none and one item included, go out together and come back one by one. */
static void out_and_back(void **state)
{
    (void)state;
    enum { LISTS = 9 };
    static const size_t counts[LISTS] = {0, 1, EACH - 1, EACH, EACH + 1, 2 * EACH, 10 * EACH + 3,
                                         0, 3};
    struct test_memory memory;
    struct emp_pieces lists[LISTS] = {0};
    test_memory_new(&memory);
    for (size_t i = 0; i < LISTS; i++)
        fill(&lists[i], memory.arena, counts[i], i);
    for (int round = 1; round <= 3; round++) {
        uint64_t bytes = emp__arena_used(memory.arena);
        for (size_t i = 0; i < LISTS; i++)
            assert_int_equal(emp__pieces_put_out(&lists[i], memory.arena, memory.spill, NULL),
                             EMP_OK);
        assert_int_equal(emp__arena_used(memory.arena), 0);
        assert_int_equal(emp__spill_bytes(memory.spill), (uint64_t)round * bytes);
        for (size_t i = 0; i < LISTS; i++)
            assert_int_equal(
                emp__pieces_fetch(&lists[LISTS - 1 - i], memory.arena, memory.spill, NULL), EMP_OK);
        assert_int_equal(emp__arena_used(memory.arena), bytes);
        for (size_t i = 0; i < LISTS; i++)
            expect(&lists[i], counts[i], i);
    }
    for (size_t i = 0; i < LISTS; i++)
        emp__pieces_free(&lists[i], memory.arena);
    test_memory_free(&memory);
}

/* The disk is full after so many pieces: all are given back, those that were written and the rest.
 */
static void a_full_disk(void **state)
{
    (void)state;
    for (int room = 0; room < 5; room++) {
        struct test_memory memory;
        struct emp_pieces pieces = {0};
        emp_error error = {.status = EMP_OK};
        test_memory_new(&memory);
        fill(&pieces, memory.arena, 5 * EACH, 1);
        test_limit_files((rlim_t)room * EMP_PIECE_BYTES + EMP_PIECE_BYTES / 2);
        assert_int_equal(emp__pieces_put_out(&pieces, memory.arena, memory.spill, &error),
                         EMP_ERR_IO);
        test_limit_files(RLIM_INFINITY);
        assert_string_equal(error.file, memory.folder.path);
        assert_int_equal(pieces.count, 0);
        emp__pieces_free(&pieces, memory.arena);
        test_memory_free(&memory);
    }
}

static void a_file_that_was_cut_off(void **state)
{
    (void)state;
    for (int left = 0; left < 3; left++) {
        struct test_memory memory;
        struct emp_pieces pieces = {0};
        emp_error error = {.status = EMP_OK};
        test_memory_new(&memory);
        int next = dup(STDERR_FILENO); /* the file will have this number */
        assert_true(next >= 0 && close(next) == 0);
        fill(&pieces, memory.arena, 3 * EACH, 1);
        assert_int_equal(emp__pieces_put_out(&pieces, memory.arena, memory.spill, NULL), EMP_OK);
        assert_int_equal(ftruncate(next, (off_t)left * EMP_PIECE_BYTES + 10), 0);
        assert_int_equal(emp__pieces_fetch(&pieces, memory.arena, memory.spill, &error),
                         EMP_ERR_IO);
        assert_string_equal(error.file, memory.folder.path);
        assert_non_null(strstr(error.message, "cannot read a temporary file in the folder"));
        assert_int_equal(pieces.count, 0);
        emp__pieces_free(&pieces, memory.arena);
        test_memory_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_where_they_are),
        cmocka_unit_test(out_and_back),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(a_file_that_was_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
