// SPDX-License-Identifier: Apache-2.0
/* Memory for large tables: zeroed, aligned, apart from each other, and used again. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned char *take(struct emp_arena *arena, size_t size)
{
    unsigned char *piece = NULL;
    assert_int_equal(emp__arena_take(arena, size, &piece, NULL), EMP_OK);
    assert_int_equal((uintptr_t)piece % (size < EMP_ARENA_ALIGNMENT ? size : EMP_ARENA_ALIGNMENT),
                     0);
    for (size_t i = 0; i < size; i++)
        if (piece[i] != 0)
            fail_msg("byte %zu of a piece of %zu is not zero", i, size);
    return piece;
}

/* Every piece is filled with its own byte, and none has another's afterwards. */
static void pieces_are_apart(void **state)
{
    (void)state;
    enum { PIECES = 200 };
    unsigned char *pieces[PIECES];
    size_t sizes[PIECES];
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    for (int i = 0; i < PIECES; i++) {
        sizes[i] = (size_t)1 << (6 + i * 7 % 14);
        pieces[i] = take(arena, sizes[i]);
        memset(pieces[i], i + 1, sizes[i]);
    }
    for (int i = 0; i < PIECES; i++)
        for (size_t b = 0; b < sizes[i]; b++)
            if (pieces[i][b] != (unsigned char)(i + 1))
                fail_msg("piece %d was overwritten", i);
    emp__arena_free(arena);
}

static void pieces_are_used_again(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    unsigned char *first = take(arena, 8192);
    memset(first, 0xFF, 8192);
    emp__arena_give(arena, first, 8192);
    assert_ptr_not_equal(take(arena, 16384), first);
    assert_ptr_equal(take(arena, 8192), first);
    emp__arena_give(arena, NULL, 8192);
    emp__arena_free(arena);
    emp__arena_free(NULL);
}

static void too_much_is_an_error(void **state)
{
    (void)state;
    struct emp_arena *arena = NULL;
    emp_error error = {0};
    void *piece = &arena;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    assert_int_equal(emp__arena_take(arena, (size_t)1 << 62, &piece, &error), EMP_ERR_MEMORY);
    assert_ptr_equal(piece, &arena);
    /* Larger than any block that would be made anyway. */
    memset(take(arena, (size_t)128 << 20), 1, 4096);
    emp__arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_apart),
        cmocka_unit_test(pieces_are_used_again),
        cmocka_unit_test(too_much_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
