// SPDX-License-Identifier: Apache-2.0
/* Large arrays: in memory up to a limit, then in files; their contents are the same either way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_memory.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "base/store.h"

static struct emp_store *new_store(const char *folder, uint64_t limit)
{
    struct emp_store *store = NULL;
    assert_int_equal(emp__store_new(folder, limit, &store, NULL), EMP_OK);
    return store;
}

static unsigned char *take(struct emp_store *store, size_t count, size_t size)
{
    unsigned char *array = NULL;
    emp_error error;
    if (emp__store_take(store, count, size, &array, &error) != EMP_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < count * size; i++)
        if (array[i] != 0)
            fail_msg("byte %zu of %zu is not zero", i, count * size);
    return array;
}

static void mark(unsigned char *array, size_t size, uint64_t seed)
{
    for (size_t i = 0; i + 8 <= size; i += 8)
        memcpy(array + i, &(uint64_t){test_random(&seed)}, 8);
}

static void expect_marks(const unsigned char *array, size_t size, uint64_t seed)
{
    for (size_t i = 0; i + 8 <= size; i += 8)
        if (memcmp(array + i, &(uint64_t){test_random(&seed)}, 8) != 0)
            fail_msg("byte %zu of %zu has changed", i, size);
}

/* What of the mapping that begins at the array is in memory, in KiB. */
static long resident(const void *array)
{
    char begin[40], line[512];
    long kib = -1;
    bool found = false;
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);
    snprintf(begin, sizeof begin, "%lx-", (unsigned long)(uintptr_t)array);
    while (kib < 0 && fgets(line, sizeof line, maps)) {
        found = found || strncmp(line, begin, strlen(begin)) == 0;
        if (found)
            sscanf(line, "Rss: %ld kB", &kib);
    }
    fclose(maps);
    return kib;
}

/* Small ones stay in memory however little there is; large ones go to files from the limit on. */
static void beyond_the_limit_are_files(void **state)
{
    (void)state;
    enum { ARRAYS = 8 };
    static const size_t sizes[ARRAYS] = {0,
                                         1,
                                         EMP_HUGE_PAGE - 1,
                                         EMP_HUGE_PAGE,
                                         EMP_HUGE_PAGE + 1,
                                         3 * EMP_HUGE_PAGE + 4097,
                                         5000,
                                         2 * EMP_HUGE_PAGE};
    /* By the limit: the bytes of the files that are made. */
    const uint64_t limits[] = {0, 3 * EMP_HUGE_PAGE, UINT64_MAX};
    const uint64_t bytes[] = {7 * EMP_HUGE_PAGE + 4098, 6 * EMP_HUGE_PAGE + 4098, 0};
    for (int l = 0; l < 3; l++) {
        struct test_folder folder = test_folder_new();
        struct emp_store *store = new_store(folder.path, limits[l]);
        unsigned char *arrays[ARRAYS];
        for (size_t i = 0; i < ARRAYS; i++) {
            arrays[i] = take(store, sizes[i], 1);
            mark(arrays[i], sizes[i], i);
        }
        assert_int_equal(emp__store_file_bytes(store), bytes[l]);
        for (int round = 0; round < 3; round++) {
            emp__store_relax(store);
            if (round == 0 && limits[l] == 0)
                assert_int_equal(resident(arrays[5]), 0);
            for (size_t i = 0; i < ARRAYS; i++) {
                /* All of it, or a part that begins and ends within pages. */
                size_t skip = sizes[i] > 4099 * (size_t)round ? 4099 * (size_t)round : 0;
                emp__store_ahead(store, arrays[i] + skip, sizes[i] - skip);
                expect_marks(arrays[i], sizes[i], i + (size_t)round);
                mark(arrays[i], sizes[i], i + (size_t)round + 1);
            }
        }
        if (limits[l] == 0)
            assert_true(resident(arrays[5]) > 6000);
        assert_int_equal(rmdir(folder.path), 0);
        /* Some are given, and the others freed with the store. */
        emp__store_give(store, arrays[5]);
        emp__store_give(store, arrays[0]);
        emp__store_give(store, arrays[2]);
        emp__store_give(store, NULL);
        emp__store_relax(store);
        expect_marks(arrays[7], sizes[7], 10);
        emp__store_free(store);
    }
    emp__store_free(NULL);
    emp__store_ahead(NULL, NULL, 1);
}

static void what_is_given_makes_room(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_store *store = new_store(folder.path, 2 * EMP_HUGE_PAGE);
    unsigned char *first = take(store, 2, EMP_HUGE_PAGE);
    emp__store_give(store, take(store, EMP_HUGE_PAGE, 1));
    assert_int_equal(emp__store_file_bytes(store), EMP_HUGE_PAGE);
    emp__store_give(store, first);
    take(store, EMP_HUGE_PAGE / 8, 8);
    assert_int_equal(emp__store_file_bytes(store), EMP_HUGE_PAGE);
    emp__store_set_limit(store, EMP_HUGE_PAGE);
    take(store, EMP_HUGE_PAGE / 8, 8);
    assert_int_equal(emp__store_file_bytes(store), 2 * EMP_HUGE_PAGE);
    emp__store_set_limit(store, UINT64_MAX);
    take(store, EMP_HUGE_PAGE / 8, 8);
    assert_int_equal(emp__store_file_bytes(store), 2 * EMP_HUGE_PAGE);
    emp__store_free(store);
    test_folder_free(&folder);
}

enum { SLICES = 64, SLICE_BYTES = 1 << 16 };

struct shared {
    struct emp_store *store;
    unsigned char *array;
};

static emp_status fill_slice(void *user, size_t i, emp_error *error)
{
    struct shared *shared = user;
    unsigned char *own = NULL;
    mark(shared->array + i * SLICE_BYTES, SLICE_BYTES, i);
    emp__store_relax(shared->store);
    emp_status status = emp__store_take(shared->store, EMP_HUGE_PAGE, 1, &own, error);
    if (status == EMP_OK)
        own[i] = 1;
    emp__store_give(shared->store, own);
    return status;
}

/* While other threads let go of the memory. */
static void many_threads_at_once(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct shared shared = {.store = new_store(folder.path, 0)};
    shared.array = take(shared.store, SLICES, SLICE_BYTES);
    assert_int_equal(emp__parallel(4, SLICES, fill_slice, &shared, NULL), EMP_OK);
    emp__store_relax(shared.store);
    for (size_t i = 0; i < SLICES; i++)
        expect_marks(shared.array + i * SLICE_BYTES, SLICE_BYTES, i);
    emp__store_free(shared.store);
    test_folder_free(&folder);
}

static void expect_memory_failure(struct emp_store *store, size_t count, size_t size)
{
    emp_error error = {.status = EMP_OK};
    void *array = &error;
    assert_int_equal(emp__store_take(store, count, size, &array, &error), EMP_ERR_MEMORY);
    assert_non_null(strstr(error.message, "out of memory"));
    assert_ptr_equal(array, &error);
}

static void expect_file_failure(struct emp_store *store, emp_status status, const char *folder,
                                const char *message)
{
    emp_error error = {.status = EMP_OK};
    void *array = &error;
    assert_int_equal(emp__store_take(store, 4, EMP_HUGE_PAGE, &array, &error), status);
    assert_string_equal(error.file, folder);
    assert_non_null(strstr(error.message, message));
    assert_ptr_equal(array, &error);
    assert_int_equal(emp__store_file_bytes(store), 0);
}

static void failures(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_store *memory = new_store(folder.path, UINT64_MAX);
    expect_memory_failure(memory, SIZE_MAX / 2, 3);
    expect_memory_failure(memory, SIZE_MAX, 1);
    expect_memory_failure(memory, (size_t)1 << 62, 1);
    emp__store_free(memory);

    struct emp_store *files = new_store(folder.path, 0);
    test_limit_files(EMP_HUGE_PAGE);
    expect_file_failure(files, EMP_ERR_IO, folder.path,
                        "cannot take room for a temporary file in the folder");
    test_limit_files(RLIM_INFINITY);
    take(files, 4, EMP_HUGE_PAGE);
    emp__store_free(files);

    struct test_path absent = test_path(&folder, "absent");
    struct emp_store *nowhere = new_store(absent.text, 0);
    expect_file_failure(nowhere, EMP_ERR_CREATE, absent.text,
                        "cannot make a temporary file in the folder");
    take(nowhere, 10, 10);
    emp__store_free(nowhere);
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_the_limit_are_files),
        cmocka_unit_test(what_is_given_makes_room),
        cmocka_unit_test(many_threads_at_once),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
