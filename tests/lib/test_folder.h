// SPDX-License-Identifier: Apache-2.0
/* A folder of its own for each test, and files made in it; and random numbers. Include cmocka
 * first. */
#ifndef EMP_TESTS_TEST_FOLDER_H
#define EMP_TESTS_TEST_FOLDER_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_folder {
    char path[256];
};

static inline struct test_folder test_folder_new(void)
{
    struct test_folder folder;
    const char *base = getenv("TMPDIR");
    snprintf(folder.path, sizeof folder.path, "%s/emptor-test-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(folder.path));
    return folder;
}

struct test_path {
    char text[512];
};

static inline struct test_path test_path(const struct test_folder *folder, const char *name)
{
    struct test_path path;
    snprintf(path.text, sizeof path.text, "%s/%s", folder->path, name);
    return path;
}

static inline void test_write(const struct test_folder *folder, const char *name, const void *bytes,
                              size_t length)
{
    FILE *file = fopen(test_path(folder, name).text, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void test_write_text(const struct test_folder *folder, const char *name,
                                   const char *text)
{
    test_write(folder, name, text, strlen(text));
}

/* Removes the folder; it holds files only. */
static inline void test_folder_free(const struct test_folder *folder)
{
    DIR *entries = opendir(folder->path);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        if (entry->d_name[0] != '.')
            assert_int_equal(unlink(test_path(folder, entry->d_name).text), 0);
    closedir(entries);
    assert_int_equal(rmdir(folder->path), 0);
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

#endif
