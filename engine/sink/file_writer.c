// SPDX-License-Identifier: Apache-2.0
/* Files written whole, with plain system calls: interrupted and partial writes are carried on. */
#include "sink/file_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

emp_status emp__file_create(const char *path, int *fd, emp_error *error)
{
    int opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (opened < 0)
        return emp__fail_errno(error, EMP_ERR_CREATE, path, "create");
    *fd = opened;
    return EMP_OK;
}

emp_status emp__file_finish(int fd, const char *path, emp_status status, emp_error *error)
{
    struct stat file = {0};
    bool regular = fstat(fd, &file) == 0 && S_ISREG(file.st_mode);
    if (close(fd) != 0 && errno != EINTR && status == EMP_OK)
        status = emp__fail_errno(error, EMP_ERR_IO, path, "write");
    if (status != EMP_OK && regular)
        unlink(path);
    return status;
}

/* Goes on after `written`, a result of write(): false where that is a failure. */
static bool advance(ssize_t written, const char **bytes, size_t *length)
{
    if (written < 0)
        return errno == EINTR;
    if (written == 0) {
        errno = ENOSPC;
        return false;
    }
    *bytes += written;
    *length -= (size_t)written;
    return true;
}

bool emp__write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        if (!advance(write(fd, bytes, length), &bytes, &length))
            return false;
    }
    return true;
}

bool emp__write_all_at(int fd, const char *bytes, size_t length, uint64_t offset)
{
    uint64_t end = offset + length;
    while (length > 0) {
        if (!advance(pwrite(fd, bytes, length, (off_t)(end - length)), &bytes, &length))
            return false;
    }
    return true;
}

emp_status emp__write_file(const char *path, const void *bytes, size_t length, emp_error *error)
{
    int fd = -1;
    emp_status status = emp__file_create(path, &fd, error);
    if (status != EMP_OK)
        return status;
    if (!emp__write_all(fd, bytes, length))
        status = emp__fail_errno(error, EMP_ERR_IO, path, "write");
    return emp__file_finish(fd, path, status, error);
}
