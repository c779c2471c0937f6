// SPDX-License-Identifier: Apache-2.0
/* The spill file: bytes come back, from any thread; it has no name, and failures name its folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "../lib/test_memory.h"
#include "base/parallel.h"
#include "base/temporary.h"

/* Writes texts of many lengths and reads each back, then all once more backwards. */
static emp_status write_and_read(void *user, size_t i, emp_error *error)
{
    enum { TEXTS = 100, LONGEST = 20000 };
    struct emp_spill *spill = user;
    uint64_t place[TEXTS];
    static _Thread_local unsigned char written[LONGEST], found[LONGEST];
    emp_status status = EMP_OK;
    for (size_t t = 0; t < 2 * TEXTS && status == EMP_OK; t++) {
        size_t n = t < TEXTS ? t : 2 * TEXTS - 1 - t, length = n * n * 2;
        uint64_t seed = i * TEXTS + n;
        for (size_t b = 0; b < length; b++)
            written[b] = (unsigned char)test_random(&seed);
        if (t < TEXTS)
            status = emp__spill_write(spill, written, length, &place[n], error);
        if (status == EMP_OK)
            status = emp__spill_read(spill, place[n], found, length, error);
        if (status == EMP_OK && memcmp(written, found, length) != 0)
            status = EMP_ERR_INTERNAL;
    }
    return status;
}

static void bytes_come_back(void **state)
{
    (void)state;
    struct test_memory memory;
    test_memory_new(&memory);
    assert_int_equal(emp__spill_bytes(memory.spill), 0);
    assert_int_equal(emp__parallel(4, 8, write_and_read, memory.spill, NULL), EMP_OK);
    assert_int_equal(emp__spill_bytes(memory.spill), 8 * 2 * 328350); /* 8 times 2 n^2, n < 100 */
    test_memory_free(&memory);
    emp__spill_free(NULL);
}

static void expect_no_file(const char *folder)
{
    struct emp_spill *spill = NULL;
    uint64_t place = 42;
    emp_error error = {.status = EMP_OK};
    /* Nothing is tried before there is something to write. */
    assert_int_equal(emp__spill_new(folder, &spill, NULL), EMP_OK);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(emp__spill_write(spill, "abc", 3, &place, &error), EMP_ERR_CREATE);
        assert_string_equal(error.file, folder);
        assert_non_null(strstr(error.message, "cannot make a temporary file in the folder: "));
        assert_int_equal(place, 42);
    }
    assert_int_equal(emp__spill_bytes(spill), 0);
    emp__spill_free(spill);
}

static void folders_that_take_no_file(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    test_write_text(&folder, "file", "");
    expect_no_file(test_path(&folder, "absent").text);
    expect_no_file(test_path(&folder, "file").text);
    /* Nobody can write here, root included; nor is there a file without a name here. */
    expect_no_file("/proc");
    if (getuid() != 0) {
        assert_int_equal(chmod(folder.path, 0500), 0);
        expect_no_file(folder.path);
        assert_int_equal(chmod(folder.path, 0700), 0);
    }
    test_folder_free(&folder);
}

/* What was written before stays readable, and what comes later can be written once there is room.
 */
static void a_full_disk(void **state)
{
    (void)state;
    enum { SIZE = 100000 };
    static char bytes[SIZE], found[SIZE];
    struct test_memory memory;
    uint64_t first, second = 42;
    emp_error error = {.status = EMP_OK};
    test_memory_new(&memory);
    memset(bytes, 'a', SIZE);
    assert_int_equal(emp__spill_write(memory.spill, bytes, SIZE, &first, NULL), EMP_OK);
    test_limit_files(SIZE + SIZE / 2);
    assert_int_equal(emp__spill_write(memory.spill, bytes, SIZE, &second, &error), EMP_ERR_IO);
    test_limit_files(RLIM_INFINITY);
    assert_int_equal(second, 42);
    assert_string_equal(error.file, memory.folder.path);
    assert_non_null(strstr(error.message, "cannot write a temporary file in the folder: "));
    assert_int_equal(emp__spill_write(memory.spill, bytes, SIZE, &second, NULL), EMP_OK);
    memset(found, 0, SIZE);
    assert_int_equal(emp__spill_read(memory.spill, first, found, SIZE, NULL), EMP_OK);
    assert_memory_equal(found, bytes, SIZE);
    memset(found, 0, SIZE);
    assert_int_equal(emp__spill_read(memory.spill, second, found, SIZE, NULL), EMP_OK);
    assert_memory_equal(found, bytes, SIZE);
    assert_int_equal(emp__spill_read(memory.spill, second + 1, found, SIZE, &error), EMP_ERR_IO);
    assert_non_null(strstr(error.message, "cannot read a temporary file in the folder: "));
    test_memory_free(&memory);
}

static void the_file_is_nobody_elses(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct stat facts;
    int file = -1;
    assert_int_equal(emp__temporary_file(folder.path, &file, NULL), EMP_OK);
    assert_int_equal(fstat(file, &facts), 0);
    assert_int_equal(facts.st_nlink, 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_true(fcntl(file, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(fcntl(file, F_GETFL) & O_ACCMODE, O_RDWR);
    assert_int_equal(rmdir(folder.path), 0);
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(folders_that_take_no_file),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(the_file_is_nobody_elses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
