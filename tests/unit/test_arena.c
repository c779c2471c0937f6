// SPDX-License-Identifier: Apache-2.0
/* Memory for large tables: zeroed, aligned, apart from each other, and used again. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pages.h"
#include "base/parallel.h"

static bool is_filled(const unsigned char *bytes, unsigned char value, size_t count)
{
    return count == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, count - 1) == 0);
}

static unsigned char *take(struct emp_arena *arena)
{
    unsigned char *piece = NULL;
    assert_int_equal(emp__arena_take(arena, &piece, NULL), EMP_OK);
    assert_int_equal((uintptr_t)piece % EMP_PIECE_BYTES, 0);
    assert_true(is_filled(piece, 0, EMP_PIECE_BYTES));
    return piece;
}

/* Every piece is filled with its own byte, and none has another's afterwards: of several blocks. */
static void pieces_are_apart(void **state)
{
    (void)state;
    enum { PIECES = 1000 };
    static unsigned char *pieces[PIECES];
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = take(arena);
        memset(pieces[i], i % 255 + 1, EMP_PIECE_BYTES);
        assert_int_equal(emp__arena_used(arena), (uint64_t)(i + 1) * EMP_PIECE_BYTES);
    }
    for (int i = 0; i < PIECES; i++)
        if (!is_filled(pieces[i], (unsigned char)(i % 255 + 1), EMP_PIECE_BYTES))
            fail_msg("piece %d was overwritten", i);
    emp__arena_free(arena);
}

static void pieces_are_used_again(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    unsigned char *first = take(arena), *second = take(arena);
    memset(first, 0xFF, EMP_PIECE_BYTES);
    memset(second, 0xFF, EMP_PIECE_BYTES);
    emp__arena_give(arena, first);
    emp__arena_give(arena, second);
    emp__arena_give(arena, NULL);
    assert_int_equal(emp__arena_used(arena), 0);
    const unsigned char *again[] = {take(arena), take(arena)};
    assert_true((again[0] == first && again[1] == second) ||
                (again[0] == second && again[1] == first));
    emp__arena_free(arena);
    emp__arena_free(NULL);
}

/* A cleared arena is as a new one. */
static void cleared(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    emp__arena_clear(arena);
    for (int round = 0; round < 3; round++) {
        unsigned char *pieces[300];
        for (int i = 0; i < 300; i++)
            memset(pieces[i] = take(arena), 0xFF, EMP_PIECE_BYTES);
        for (int i = 0; i < 300; i++)
            emp__arena_give(arena, pieces[i]);
        emp__arena_clear(arena);
        assert_int_equal(emp__arena_used(arena), 0);
    }
    emp__arena_free(arena);
}

/* What is in a piece that is used again may be anything, but for him who asks for zeros. */
static void pieces_with_anything_in_them(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    unsigned char *first = take(arena), *again = NULL;
    memset(first, 0xFF, EMP_PIECE_BYTES);
    emp__arena_give(arena, first);
    assert_int_equal(emp__arena_take_any(arena, &again, NULL), EMP_OK);
    assert_ptr_equal(again, first);
    assert_int_equal(again[EMP_PIECE_BYTES - 1], 0xFF);
    emp__arena_give(arena, again);
    assert_ptr_equal(take(arena), first);
    emp__arena_free(arena);
}

/* Takes pieces and marks them as its own, gives half of them back, and takes again. */
static emp_status use_pieces(void *user, size_t i, emp_error *error)
{
    enum { PIECES = 300 };
    struct emp_arena *arena = user;
    unsigned char *pieces[PIECES] = {0};
    for (size_t n = 0; n < 4 * PIECES; n++) {
        unsigned char **piece = &pieces[n * 7 % PIECES];
        if (*piece && !is_filled(*piece, (unsigned char)(i + 1), EMP_PIECE_BYTES))
            return EMP_ERR_INTERNAL;
        emp__arena_give(arena, *piece);
        emp_status status = emp__arena_take(arena, piece, error);
        if (status != EMP_OK || !is_filled(*piece, 0, EMP_PIECE_BYTES))
            return EMP_ERR_INTERNAL;
        memset(*piece, (int)i + 1, EMP_PIECE_BYTES);
    }
    for (size_t n = 0; n < PIECES; n++)
        emp__arena_give(arena, pieces[n]);
    return EMP_OK;
}

static void many_threads_at_once(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    assert_int_equal(emp__parallel(4, 12, use_pieces, arena, NULL), EMP_OK);
    assert_int_equal(emp__arena_used(arena), 0);
    emp__arena_free(arena);
}

static void pages(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 4096, 4097, EMP_HUGE_PAGE - 1, EMP_HUGE_PAGE, 3 * EMP_HUGE_PAGE + 5};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *bytes = emp__pages_map(sizes[i], i % 2 == 0);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % EMP_HUGE_PAGE, 0);
        bytes[0] = bytes[sizes[i] - 1] = 1;
        bytes[0] = bytes[sizes[i] - 1] = 0;
        assert_true(is_filled(bytes, 0, sizes[i]));
        emp__pages_unmap(bytes, sizes[i]);
    }
    assert_null(emp__pages_map(SIZE_MAX, true));
    assert_null(emp__pages_map((size_t)1 << 62, false));
    emp__pages_unmap(NULL, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_apart),
        cmocka_unit_test(pieces_are_used_again),
        cmocka_unit_test(cleared),
        cmocka_unit_test(pieces_with_anything_in_them),
        cmocka_unit_test(many_threads_at_once),
        cmocka_unit_test(pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
