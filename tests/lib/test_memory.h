// SPDX-License-Identifier: Apache-2.0
/* An arena and a spill file in a folder of their own. Include cmocka first. */
#ifndef EMP_TESTS_TEST_MEMORY_H
#define EMP_TESTS_TEST_MEMORY_H

#include <signal.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/spill.h"
#include "test_folder.h"

struct test_memory {
    struct test_folder folder;
    struct emp_arena *arena;
    struct emp_spill *spill;
};

/* `memory` must stay where it is: the spill knows its folder. */
static inline void test_memory_new(struct test_memory *memory)
{
    memory->folder = test_folder_new();
    assert_int_equal(emp__arena_new(&memory->arena, NULL), EMP_OK);
    assert_int_equal(emp__spill_new(memory->folder.path, &memory->spill, NULL), EMP_OK);
}

/* All pieces must have been given back, and no file may be left. */
static inline void test_memory_free(struct test_memory *memory)
{
    assert_int_equal(emp__arena_used(memory->arena), 0);
    assert_int_equal(rmdir(memory->folder.path), 0);
    emp__spill_free(memory->spill);
    emp__arena_free(memory->arena);
}

/* No file can grow beyond `bytes` from now on; RLIM_INFINITY: they all can. */
static inline void test_limit_files(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#endif
