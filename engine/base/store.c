// SPDX-License-Identifier: Apache-2.0
#include "base/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/pages.h"
#include "base/temporary.h"

enum { KIND_HEAP, KIND_PAGES, KIND_FILE };

struct array {
    void *memory;
    size_t bytes;
    int kind;
};

struct emp_store {
    const char *folder;
    pthread_mutex_t lock;
    struct array *arrays;
    size_t count, capacity;
    uint64_t limit, used; /* of memory */
    uint64_t file_bytes;
    _Atomic size_t files; /* arrays that have one */
    _Atomic uint64_t touched;
};

emp_status emp__store_new(const char *folder, uint64_t limit, struct emp_store **out,
                          emp_error *error)
{
    struct emp_store *store = NULL;
    emp_status status = emp__new_array(&store, 1, sizeof *store, error);
    if (status != EMP_OK)
        return status;
    store->folder = folder;
    store->limit = limit;
    pthread_mutex_init(&store->lock, NULL);
    *out = store;
    return EMP_OK;
}

static void release(const struct array *array)
{
    if (array->kind == KIND_HEAP)
        free(array->memory);
    else
        emp__pages_unmap(array->memory, array->bytes);
}

void emp__store_free(struct emp_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->count; i++)
        release(&store->arrays[i]);
    free(store->arrays);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

void emp__store_set_limit(struct emp_store *store, uint64_t limit)
{
    pthread_mutex_lock(&store->lock);
    store->limit = limit;
    pthread_mutex_unlock(&store->lock);
}

/* The room on the disk is taken now, so that a full disk is an error here and no signal later. */
static emp_status map_file(const char *folder, struct array *array, emp_error *error)
{
    int descriptor = -1;
    emp_status status = emp__temporary_file(folder, &descriptor, error);
    if (status != EMP_OK)
        return status;
    errno = posix_fallocate(descriptor, 0, (off_t)array->bytes);
    if (errno != 0) {
        status = emp__fail_errno(error, EMP_ERR_IO, folder,
                                 "take room for a temporary file in the folder");
        close(descriptor);
        return status;
    }
    array->memory = mmap(NULL, array->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (array->memory == MAP_FAILED)
        return emp__fail_memory(error, array->bytes);
    /* Else the kernel lays the file in large pieces of memory, each resident as a whole for every
       one of the partitions that are walked at once. */
    (void)madvise(array->memory, array->bytes, MADV_RANDOM);
    return EMP_OK;
}

static emp_status make(struct emp_store *store, struct array *array, emp_error *error)
{
    if (array->bytes < EMP_HUGE_PAGE)
        return emp__new_array(&array->memory, array->bytes, 1, error);
    if (array->kind == KIND_FILE)
        return map_file(store->folder, array, error);
    array->memory = emp__pages_map(array->bytes, true);
    return array->memory ? EMP_OK : emp__fail_memory(error, array->bytes);
}

/* Small arrays are not worth a file, whatever the limit. */
static int kind_of(const struct emp_store *store, size_t bytes)
{
    if (bytes < EMP_HUGE_PAGE)
        return KIND_HEAP;
    return store->used + bytes <= store->limit ? KIND_PAGES : KIND_FILE;
}

static emp_status take(struct emp_store *store, size_t bytes, void **out, emp_error *error)
{
    struct array array = {.bytes = bytes, .kind = kind_of(store, bytes)};
    emp_status status = emp__grow_array(&store->arrays, &store->capacity, store->count + 1,
                                        sizeof *store->arrays, error);
    if (status == EMP_OK)
        status = make(store, &array, error);
    if (status != EMP_OK)
        return status;
    store->arrays[store->count++] = array;
    if (array.kind == KIND_FILE) {
        store->file_bytes += bytes;
        store->files++;
    } else {
        store->used += bytes;
    }
    *out = array.memory;
    return EMP_OK;
}

emp_status emp__store_take(struct emp_store *store, size_t count, size_t size, void *out,
                           emp_error *error)
{
    size_t bytes;
    void *memory = NULL;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return emp__fail_memory(error, UINT64_MAX);
    pthread_mutex_lock(&store->lock);
    emp_status status = take(store, bytes == 0 ? 1 : bytes, &memory, error);
    pthread_mutex_unlock(&store->lock);
    if (status == EMP_OK)
        memcpy(out, &memory, sizeof memory);
    return status;
}

void emp__store_give(struct emp_store *store, void *array)
{
    struct array found = {0};
    if (!array)
        return;
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->count; i++) {
        if (store->arrays[i].memory != array)
            continue;
        found = store->arrays[i];
        store->arrays[i] = store->arrays[--store->count];
        if (found.kind == KIND_FILE)
            store->files--;
        else
            store->used -= found.bytes;
    }
    pthread_mutex_unlock(&store->lock);
    if (found.memory)
        release(&found);
}

void emp__store_relax(struct emp_store *store)
{
    if (store->files == 0)
        return;
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->count; i++)
        if (store->arrays[i].kind == KIND_FILE)
            (void)madvise(store->arrays[i].memory, store->arrays[i].bytes, MADV_DONTNEED);
    pthread_mutex_unlock(&store->lock);
}

void emp__store_touched(struct emp_store *store, size_t bytes)
{
    enum { LEAST = 4 << 20 };
    if (!store || store->files == 0)
        return;
    uint64_t stride = store->limit / 8 > LEAST ? store->limit / 8 : LEAST;
    uint64_t before = atomic_fetch_add(&store->touched, bytes);
    if (before / stride != (before + bytes) / stride)
        emp__store_relax(store);
}

void emp__store_ahead(struct emp_store *store, void *begin, size_t bytes)
{
    enum { SMALL_PAGE = 4096 };
    if (!store || store->files == 0 || bytes == 0)
        return;
    size_t before = (uintptr_t)begin % SMALL_PAGE;
    /* Advice: should it not be taken, the pages come one by one. */
    (void)madvise((char *)begin - before, bytes + before, MADV_WILLNEED);
}

uint64_t emp__store_file_bytes(const struct emp_store *store)
{
    return store->file_bytes;
}
