// SPDX-License-Identifier: Apache-2.0
/* Paths as texts: the folder above, and paths that are relative to another folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/path.h"

static void the_folder_above(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"out", "."},     {"out/", "."},      {"out///", "."},        {"a/out", "a"},
        {"a/out/", "a"},  {"a/b/out", "a/b"}, {"/out", "/"},          {"/out//", "/"},
        {"/a/out", "/a"}, {"../out", ".."},   {"./out", "."},         {"/", "/"},
        {"//", "/"},      {"", "."},          {"папка/out", "папка"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *above = NULL;
        assert_int_equal(emp__path_above(cases[i][0], &above, NULL), EMP_OK);
        assert_string_equal(above, cases[i][1]);
        free(above);
    }
}

static void from_another_folder(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {".", "a/b", "a/b"}, {"x", "a/b", "x/a/b"},   {"/x", "a", "/x/a"},
        {"x", "/a", "/a"},   {"x/y", "..", "x/y/.."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = NULL;
        assert_int_equal(emp__path_from(cases[i][0], cases[i][1], &path, NULL), EMP_OK);
        assert_string_equal(path, cases[i][2]);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_above),
        cmocka_unit_test(from_another_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
