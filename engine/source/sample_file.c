// SPDX-License-Identifier: Apache-2.0
#include "source/sample_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/byte_stream.h"

enum { WINDOW_BYTES = 1 << 17 };

/* Copies the lines that lie whole in `bytes`; the first one too if it is known to begin there. */
static emp_status copy_lines(const char *bytes, size_t length, bool from_start,
                             struct emp_sample_file *sample, emp_error *error)
{
    const char *begin = from_start ? bytes : memchr(bytes, '\n', length);
    const char *end = memrchr(bytes, '\n', length);
    if (!begin || !end)
        return EMP_OK;
    begin += !from_start;
    for (end++; begin < end;) {
        ssize_t put = write(sample->descriptor, begin, (size_t)(end - begin));
        if (put < 0 && errno != EINTR)
            return emp__fail_errno(error, EMP_ERR_IO, "memory", "write a sample to");
        begin += put > 0 ? put : 0;
        sample->bytes += put > 0 ? (size_t)put : 0;
    }
    return EMP_OK;
}

static emp_status copy_windows(int file, const char *path, size_t windows,
                               struct emp_sample_file *sample, emp_error *error)
{
    char *bytes = NULL;
    emp_status status = emp__new_array(&bytes, WINDOW_BYTES, 1, error);
    for (size_t i = 0; i < windows && status == EMP_OK; i++) {
        off_t begin = (off_t)((sample->file_bytes - WINDOW_BYTES) / windows * i);
        ssize_t got = pread(file, bytes, WINDOW_BYTES, begin);
        if (got < 0)
            status = emp__fail_errno(error, EMP_ERR_IO, path, "read");
        else
            status = copy_lines(bytes, (size_t)got, i == 0, sample, error);
    }
    free(bytes);
    return status;
}

emp_status emp__sample_file(const char *path, size_t windows, struct emp_sample_file *out,
                            emp_error *error)
{
    char magic[4] = "";
    struct stat facts;
    *out = (struct emp_sample_file){.descriptor = -1};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return emp__fail_errno(error, EMP_ERR_NO_INPUT, path, "open");
    emp_status status = EMP_OK;
    bool plain = fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) &&
                 pread(file, magic, sizeof magic, 0) == sizeof magic &&
                 !emp__is_compressed(magic, sizeof magic);
    if (plain && (size_t)facts.st_size > 2 * windows * WINDOW_BYTES) {
        out->file_bytes = (uint64_t)facts.st_size;
        out->descriptor = memfd_create("sample", MFD_CLOEXEC);
        if (out->descriptor < 0)
            status = emp__fail_errno(error, EMP_ERR_MEMORY, path, "take a sample of");
        else
            status = copy_windows(file, path, windows, out, error);
        snprintf(out->path, sizeof out->path, "/proc/self/fd/%d", out->descriptor);
    }
    close(file);
    if (status != EMP_OK)
        emp__sample_file_free(out);
    return status;
}

void emp__sample_file_free(struct emp_sample_file *sample)
{
    if (sample->descriptor >= 0)
        close(sample->descriptor);
    sample->descriptor = -1;
}
