// SPDX-License-Identifier: Apache-2.0
/*
 * Failure injection: a library to be preloaded that makes one system or library call fail.
 *
 * EMPTOR_FAULT=KIND:N makes the N-th call of the kind fail (N from 1; 0: only count them).
 * EMPTOR_FAULT_LOG names a file that gets "fired in OBJECT+OFFSET" when the call fails, and
 * "counted COUNT" when the process ends in an orderly way. The kinds, and how they fail:
 * - alloc: malloc, calloc, realloc, aligned allocations, anonymous mmap; ENOMEM
 * - read: read, pread, fread, fgets, getline; EIO
 * - write: write, pwrite, fwrite, fprintf, fflush, fclose and the like; ENOSPC
 * - open: open, openat, fopen, opendir; EACCES
 * - map: mmap of a file, ENODEV; posix_fallocate, ENOSPC
 * - fsync: fsync, fdatasync, syncfs; EIO
 * - rename: rename, renameat, renameat2; EIO
 * - mkdir: mkdir, mkdirat, mkdtemp; EACCES
 * - short: nothing fails, but each read and write moves at most N bytes
 *
 * Counted are the calls between the beginning of main and the end of the process that come from the
 * program and its libraries, libc included (a malloc of vasprintf's or opendir's is one of ours),
 * but not those of the OpenMP runtimes and of the dynamic loader, which nobody could handle.
 * Writing to stderr never fails, so that the message can be seen.
 *
 * The preloaded library comes before a sanitizer's, which then checks what the failures lead to.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { ALLOC, READ, WRITE, OPEN, MAP, FSYNC, RENAME, MKDIR, SHORT, KINDS };
static const char *const kind_names[KINDS] = {"alloc", "read",   "write", "open", "map",
                                              "fsync", "rename", "mkdir", "short"};
static const int kind_errors[KINDS] = {ENOMEM, EIO, ENOSPC, EACCES, ENODEV, EIO, EIO, EACCES, 0};

static const char *const ignored_objects[] = {"libgomp", "libomp",   "libiomp",   "ld-linux",
                                              "libasan", "libubsan", "libarcher", "faulty"};

static enum kind kind = KINDS;
static unsigned long target;
static atomic_ulong counted;
static atomic_bool counting;

/* In libc on behalf of a sanitizer, in this thread. Not to be allocated lazily: hence the model. */
static _Thread_local bool exempt __attribute__((tls_model("initial-exec")));

static struct {
    uintptr_t from, to;
} ignored[32];
static int ignored_count;

static void write_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Raw system calls: the log must not be counted, nor fail, nor allocate. */
static void write_log(const char *format, ...)
{
    const char *path = getenv("EMPTOR_FAULT_LOG");
    if (!path)
        return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    long file =
        syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || length < 0)
        return;
    syscall(SYS_write, file, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
    syscall(SYS_close, file);
}

static bool is_ignored(void *caller)
{
    for (int i = 0; i < ignored_count; i++)
        if ((uintptr_t)caller >= ignored[i].from && (uintptr_t)caller < ignored[i].to)
            return true;
    return false;
}

/* Whether this call is the one that has to fail. Sets errno if so. */
static bool fails(enum kind which, void *caller)
{
    if (which != kind || !atomic_load_explicit(&counting, memory_order_relaxed) || exempt ||
        is_ignored(caller))
        return false;
    if (atomic_fetch_add(&counted, 1) + 1 != target)
        return false;
    Dl_info place = {0};
    dladdr(caller, &place);
    write_log("fired in %s+0x%lx\n", place.dli_fname ? place.dli_fname : "?",
              (unsigned long)((uintptr_t)caller - (uintptr_t)place.dli_fbase));
    errno = kind_errors[which];
    return true;
}

static size_t shortened(size_t bytes)
{
    return kind == SHORT && atomic_load(&counting) && bytes > target ? target : bytes;
}

static int note_object(struct dl_phdr_info *object, size_t size, void *user)
{
    (void)size;
    (void)user;
    const char *slash = strrchr(object->dlpi_name, '/');
    const char *name = slash ? slash + 1 : object->dlpi_name;
    for (size_t i = 0; i < sizeof ignored_objects / sizeof *ignored_objects; i++) {
        if (strncmp(name, ignored_objects[i], strlen(ignored_objects[i])) != 0)
            continue;
        for (int j = 0; j < object->dlpi_phnum && ignored_count < 32; j++) {
            const ElfW(Phdr) *part = &object->dlpi_phdr[j];
            if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
                continue;
            ignored[ignored_count].from = object->dlpi_addr + part->p_vaddr;
            ignored[ignored_count++].to = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        }
    }
    return 0;
}

static void stop_counting(void)
{
    if (atomic_exchange(&counting, false))
        write_log("counted %lu\n", atomic_load(&counted));
}

static void start_counting(void)
{
    const char *fault = getenv("EMPTOR_FAULT");
    const char *colon = fault ? strchr(fault, ':') : NULL;
    if (!colon)
        return;
    for (int i = 0; i < KINDS; i++)
        if (strlen(kind_names[i]) == (size_t)(colon - fault) &&
            strncmp(fault, kind_names[i], (size_t)(colon - fault)) == 0)
            kind = (enum kind)i;
    target = strtoul(colon + 1, NULL, 10);
    if (kind == KINDS || (kind == SHORT && target == 0)) {
        fprintf(stderr, "faulty: EMPTOR_FAULT=%s is not understood\n", fault);
        _exit(64);
    }
    dl_iterate_phdr(note_object, NULL);
    /* Registered last of all handlers that libc's start-up has, so it runs before the destructors.
     */
    atexit(stop_counting);
    atomic_store(&counting, true);
}

/* The beginning of main: libc's start-up calls the main function that it is given. */
static int (*real_main)(int, char **, char **);

static int counted_main(int argc, char **argv, char **environment)
{
    start_counting();
    return real_main(argc, argv, environment);
}

/* The next definition of a function, looked up once. */
#define REAL(name)                                                                                 \
    static __typeof__(&name) real;                                                                 \
    if (!real) {                                                                                   \
        void *found = dlsym(RTLD_NEXT, #name);                                                     \
        memcpy(&real, &found, sizeof real);                                                        \
    }
#define CALLER __builtin_extract_return_addr(__builtin_return_address(0))

int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack);

int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack)
{
    REAL(__libc_start_main)
    real_main = main_function;
    return real(counted_main, argc, argv, init, fini, rtld_fini, stack);
}

/* Memory. */

void *malloc(size_t size)
{
    REAL(malloc)
    return fails(ALLOC, CALLER) ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
    REAL(calloc)
    return fails(ALLOC, CALLER) ? NULL : real(count, size);
}

void *realloc(void *old, size_t size)
{
    REAL(realloc)
    return fails(ALLOC, CALLER) ? NULL : real(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    REAL(reallocarray)
    return fails(ALLOC, CALLER) ? NULL : real(old, count, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    REAL(aligned_alloc)
    return fails(ALLOC, CALLER) ? NULL : real(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    REAL(posix_memalign)
    return fails(ALLOC, CALLER) ? ENOMEM : real(out, alignment, size);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    REAL(mmap)
    return fails(flags & MAP_ANONYMOUS ? ALLOC : MAP, CALLER)
               ? MAP_FAILED
               : real(address, length, protection, flags, file, offset);
}

int posix_fallocate(int file, off_t offset, off_t length)
{
    REAL(posix_fallocate)
    return fails(MAP, CALLER) ? ENOSPC : real(file, offset, length);
}

/* A sanitizer asks for each new thread's stack, for which libc allocates; it gives up if that
 * fails. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *out)
{
    REAL(pthread_getattr_np)
    exempt = true;
    int status = real(thread, out);
    exempt = false;
    return status;
}

/* Reading. A stream that failed says so to ferror. */

static bool stream_fails(enum kind which, FILE *stream, void *caller)
{
    if (stream == stderr || !fails(which, caller))
        return false;
    stream->_flags |= _IO_ERR_SEEN;
    return true;
}

ssize_t read(int file, void *out, size_t bytes)
{
    REAL(read)
    return fails(READ, CALLER) ? -1 : real(file, out, shortened(bytes));
}

ssize_t pread(int file, void *out, size_t bytes, off_t offset)
{
    REAL(pread)
    return fails(READ, CALLER) ? -1 : real(file, out, shortened(bytes), offset);
}

ssize_t readv(int file, const struct iovec *parts, int count)
{
    REAL(readv)
    return fails(READ, CALLER) ? -1 : real(file, parts, count);
}

size_t fread(void *out, size_t size, size_t count, FILE *stream)
{
    REAL(fread)
    return stream_fails(READ, stream, CALLER) ? 0 : real(out, size, count, stream);
}

char *fgets(char *out, int size, FILE *stream)
{
    REAL(fgets)
    return stream_fails(READ, stream, CALLER) ? NULL : real(out, size, stream);
}

ssize_t getline(char **line, size_t *size, FILE *stream)
{
    REAL(getline)
    return stream_fails(READ, stream, CALLER) ? -1 : real(line, size, stream);
}

/* Writing. */

ssize_t write(int file, const void *bytes, size_t count)
{
    REAL(write)
    return file != STDERR_FILENO && fails(WRITE, CALLER) ? -1 : real(file, bytes, shortened(count));
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset)
{
    REAL(pwrite)
    return fails(WRITE, CALLER) ? -1 : real(file, bytes, shortened(count), offset);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    REAL(writev)
    return file != STDERR_FILENO && fails(WRITE, CALLER) ? -1 : real(file, parts, count);
}

int ftruncate(int file, off_t length)
{
    REAL(ftruncate)
    return fails(WRITE, CALLER) ? -1 : real(file, length);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *stream)
{
    REAL(fwrite)
    return stream_fails(WRITE, stream, CALLER) ? 0 : real(bytes, size, count, stream);
}

int fputs(const char *text, FILE *stream)
{
    REAL(fputs)
    return stream_fails(WRITE, stream, CALLER) ? EOF : real(text, stream);
}

int fputc(int byte, FILE *stream)
{
    REAL(fputc)
    return stream_fails(WRITE, stream, CALLER) ? EOF : real(byte, stream);
}

#undef putc
int putc(int byte, FILE *stream)
{
    REAL(putc)
    return stream_fails(WRITE, stream, CALLER) ? EOF : real(byte, stream);
}

int vfprintf(FILE *stream, const char *format, va_list arguments)
{
    REAL(vfprintf)
    return stream_fails(WRITE, stream, CALLER) ? -1 : real(stream, format, arguments);
}

int fprintf(FILE *stream, const char *format, ...)
{
    REAL(vfprintf)
    if (stream_fails(WRITE, stream, CALLER))
        return -1;
    va_list arguments;
    va_start(arguments, format);
    int length = real(stream, format, arguments);
    va_end(arguments);
    return length;
}

int fflush(FILE *stream)
{
    REAL(fflush)
    return stream && stream_fails(WRITE, stream, CALLER) ? EOF : real(stream);
}

int fclose(FILE *stream)
{
    REAL(fclose)
    bool failing = stream != stderr && !(stream->_flags & 0x0008 /* glibc's _IO_NO_WRITES */) &&
                   fails(WRITE, CALLER);
    int status = real(stream);
    if (failing)
        errno = kind_errors[WRITE];
    return failing ? EOF : status;
}

/* Files and folders. */

static mode_t mode_argument(int flags, va_list arguments)
{
    return flags & (O_CREAT | __O_TMPFILE) ? (mode_t)va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...)
{
    REAL(open)
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return fails(OPEN, CALLER) ? -1 : real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    REAL(openat)
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return fails(OPEN, CALLER) ? -1 : real(folder, path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    REAL(fopen)
    return fails(OPEN, CALLER) ? NULL : real(path, mode);
}

DIR *opendir(const char *path)
{
    REAL(opendir)
    return fails(OPEN, CALLER) ? NULL : real(path);
}

int fsync(int file)
{
    REAL(fsync)
    return fails(FSYNC, CALLER) ? -1 : real(file);
}

int fdatasync(int file)
{
    REAL(fdatasync)
    return fails(FSYNC, CALLER) ? -1 : real(file);
}

int syncfs(int file)
{
    REAL(syncfs)
    return fails(FSYNC, CALLER) ? -1 : real(file);
}

int rename(const char *from, const char *to)
{
    REAL(rename)
    return fails(RENAME, CALLER) ? -1 : real(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    REAL(renameat)
    return fails(RENAME, CALLER) ? -1 : real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    REAL(renameat2)
    return fails(RENAME, CALLER) ? -1 : real(from_folder, from, to_folder, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir)
    return fails(MKDIR, CALLER) ? -1 : real(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(mkdirat)
    return fails(MKDIR, CALLER) ? -1 : real(folder, path, mode);
}

char *mkdtemp(char *path)
{
    REAL(mkdtemp)
    return fails(MKDIR, CALLER) ? NULL : real(path);
}

/* Programs and libraries compiled with 64-bit file offsets call these names. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));
FILE *fopen64(const char *path, const char *mode) __attribute__((alias("fopen")));
void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int posix_fallocate64(int, off_t, off_t) __attribute__((alias("posix_fallocate")));
