// SPDX-License-Identifier: Apache-2.0
/* Output files, written beside, synced and renamed (see generate_file.h). */
#include "generate/generate_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "sink/file_writer.h"

enum { TRIES = 100 };

/* A name of our own beside `path`: a leftover of a killed run is stepped over, never written to. */
static emp_status open_temporary(struct emp_generate_file *file, emp_error *error)
{
    for (int i = 0; i < TRIES; i++) {
        char *name = NULL;
        emp_status status =
            emp__format_text(&name, error, "%s.partial-%ld-%d", file->path, (long)getpid(), i);
        if (status != EMP_OK)
            return status;
        file->descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->descriptor >= 0) {
            file->temporary = name;
            file->open = true;
            return EMP_OK;
        }
        int reason = errno;
        free(name);
        errno = reason;
        if (reason != EEXIST)
            break;
    }
    return emp__fail_errno(error, EMP_ERR_CREATE, file->path, "create");
}

emp_status emp__generate_file_open(const char *path, struct emp_generate_file *out,
                                   emp_error *error)
{
    struct emp_generate_file file = {.path = path, .descriptor = -1};
    struct stat info;
    emp_status status = EMP_OK;
    if (strcmp(path, "-") == 0) {
        file.path = "standard output";
        file.descriptor = STDOUT_FILENO;
    } else if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        file.descriptor = open(path, O_WRONLY | O_CLOEXEC);
        file.open = file.descriptor >= 0;
        if (!file.open)
            status = emp__fail_errno(error, EMP_ERR_CREATE, path, "write");
    } else {
        status = open_temporary(&file, error);
    }
    if (status == EMP_OK)
        *out = file;
    return status;
}

emp_status emp__generate_file_write(struct emp_generate_file *file, const char *data, size_t length,
                                    emp_error *error)
{
    if (!emp__write_all(file->descriptor, data, length))
        return emp__fail_errno(error, EMP_ERR_IO, file->path, "write");
    return EMP_OK;
}

emp_status emp__generate_file_commit(struct emp_generate_file *file, emp_error *error)
{
    if (file->temporary && fsync(file->descriptor) != 0)
        return emp__fail_errno(error, EMP_ERR_IO, file->path, "sync");
    if (file->open) {
        file->open = false;
        if (close(file->descriptor) != 0)
            return emp__fail_errno(error, EMP_ERR_IO, file->path, "close");
    }
    if (file->temporary && rename(file->temporary, file->path) != 0)
        return emp__fail_errno(error, EMP_ERR_CREATE, file->path, "create");
    free(file->temporary);
    file->temporary = NULL;
    return EMP_OK;
}

void emp__generate_file_discard(struct emp_generate_file *file)
{
    if (file->open)
        close(file->descriptor);
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    *file = (struct emp_generate_file){.descriptor = -1};
}
