// SPDX-License-Identifier: Apache-2.0
/*
 * A library to be preloaded that counts what the program and libemptor ask of the system:
 *
 *   allocations  calls of malloc, calloc, realloc and their aligned kin
 *   mappings     calls of mmap for memory
 *   bytes_read   what read and pread gave, and the length of the files mapped
 *
 * from the beginning of main until exit, into the file that EMPTOR_COUNTS names, a line
 * "FIGURE,VALUE" each. Calls that other libraries make are theirs: they differ from version to
 * version.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum figure { ALLOCATIONS, MAPPINGS, BYTES_READ, FIGURES };
static const char *const names[FIGURES] = {"allocations", "mappings", "bytes_read"};

static atomic_ulong counts[FIGURES];
static atomic_bool counting;

/* The code of the program and of libemptor. */
enum { OBJECTS_MOST = 16 };
static struct {
    uintptr_t from, to;
} ours[OBJECTS_MOST];
static int our_count;

static int note_object(struct dl_phdr_info *object, size_t size, void *user)
{
    (void)size;
    (void)user;
    const char *slash = strrchr(object->dlpi_name, '/');
    const char *name = slash ? slash + 1 : object->dlpi_name;
    /* The program itself has no name. */
    if (name[0] != '\0' && strncmp(name, "libemptor", strlen("libemptor")) != 0)
        return 0;
    for (int i = 0; i < object->dlpi_phnum && our_count < OBJECTS_MOST; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
            continue;
        ours[our_count].from = object->dlpi_addr + part->p_vaddr;
        ours[our_count++].to = object->dlpi_addr + part->p_vaddr + part->p_memsz;
    }
    return 0;
}

static void count(enum figure figure, unsigned long amount, void *caller)
{
    if (!atomic_load_explicit(&counting, memory_order_relaxed))
        return;
    for (int i = 0; i < our_count; i++)
        if ((uintptr_t)caller >= ours[i].from && (uintptr_t)caller < ours[i].to)
            atomic_fetch_add(&counts[figure], amount);
}

static void stop_counting(void)
{
    const char *path = getenv("EMPTOR_COUNTS");
    FILE *file = atomic_exchange(&counting, false) && path ? fopen(path, "we") : NULL;
    if (!file)
        return;
    for (int i = 0; i < FIGURES; i++)
        fprintf(file, "%s,%lu\n", names[i], atomic_load(&counts[i]));
    fclose(file);
}

/* The next definition of a function, looked up once. */
#define REAL(name)                                                                                 \
    static __typeof__(&name) real;                                                                 \
    if (!real) {                                                                                   \
        void *found = dlsym(RTLD_NEXT, #name);                                                     \
        memcpy(&real, &found, sizeof real);                                                        \
    }
#define CALLER __builtin_extract_return_addr(__builtin_return_address(0))

/* The beginning of main: libc's start-up calls the main function that it is given. */
static int (*real_main)(int, char **, char **);

static int counted_main(int words, char **argv, char **environment)
{
    dl_iterate_phdr(note_object, NULL);
    atexit(stop_counting);
    atomic_store(&counting, true);
    return real_main(words, argv, environment);
}

int __libc_start_main(int (*main_function)(int, char **, char **), int words, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack);

int __libc_start_main(int (*main_function)(int, char **, char **), int words, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack)
{
    REAL(__libc_start_main)
    real_main = main_function;
    return real(counted_main, words, argv, init, fini, rtld_fini, stack);
}

void *malloc(size_t size)
{
    REAL(malloc)
    count(ALLOCATIONS, 1, CALLER);
    return real(size);
}

void *calloc(size_t items, size_t size)
{
    REAL(calloc)
    count(ALLOCATIONS, 1, CALLER);
    return real(items, size);
}

void *realloc(void *old, size_t size)
{
    REAL(realloc)
    count(ALLOCATIONS, 1, CALLER);
    return real(old, size);
}

void *reallocarray(void *old, size_t items, size_t size)
{
    REAL(reallocarray)
    count(ALLOCATIONS, 1, CALLER);
    return real(old, items, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    REAL(aligned_alloc)
    count(ALLOCATIONS, 1, CALLER);
    return real(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    REAL(posix_memalign)
    count(ALLOCATIONS, 1, CALLER);
    return real(out, alignment, size);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    REAL(mmap)
    if (flags & MAP_ANONYMOUS)
        count(MAPPINGS, 1, CALLER);
    else
        count(BYTES_READ, length, CALLER);
    return real(address, length, protection, flags, file, offset);
}

static ssize_t counted_bytes(ssize_t bytes, void *caller)
{
    if (bytes > 0)
        count(BYTES_READ, (unsigned long)bytes, caller);
    return bytes;
}

ssize_t read(int file, void *out, size_t bytes)
{
    REAL(read)
    return counted_bytes(real(file, out, bytes), CALLER);
}

ssize_t pread(int file, void *out, size_t bytes, off_t offset)
{
    REAL(pread)
    return counted_bytes(real(file, out, bytes, offset), CALLER);
}

/* Programs and libraries compiled with 64-bit file offsets call these names. */
void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
