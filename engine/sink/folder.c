// SPDX-License-Identifier: Apache-2.0
/* Folders as wholes. The entries are read by getdents64(): opendir() would allocate. */
#include "sink/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

static bool fill_walk(struct emp_folder_walk *walk)
{
    ssize_t length = getdents64(walk->fd, walk->entries, sizeof walk->entries);
    walk->failed = length < 0;
    walk->length = length > 0 ? (size_t)length : 0;
    walk->at = 0;
    return length > 0;
}

const char *emp__folder_next(struct emp_folder_walk *walk)
{
    while (walk->at < walk->length || fill_walk(walk)) {
        const char *entry = walk->entries + walk->at;
        unsigned short length;
        memcpy(&length, entry + offsetof(struct dirent64, d_reclen), sizeof length);
        walk->at += length;
        const char *name = entry + offsetof(struct dirent64, d_name);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            return name;
    }
    return NULL;
}

int emp__folder_open(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool emp__folder_remove(int parent, const char *name)
{
    struct emp_folder_walk walk = {.fd = emp__folder_open(parent, name)};
    if (walk.fd < 0)
        return errno == ENOENT;
    const char *entry;
    while ((entry = emp__folder_next(&walk))) {
        if (unlinkat(walk.fd, entry, 0) != 0 && (errno == EISDIR || errno == EPERM))
            emp__folder_remove(walk.fd, entry);
    }
    close(walk.fd);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

static bool sync_entry(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct stat file = {0};
    bool synced =
        fstat(fd, &file) == 0 && (S_ISDIR(file.st_mode) ? emp__folder_sync(fd) : fsync(fd) == 0);
    int reason = errno;
    close(fd);
    errno = reason;
    return synced;
}

bool emp__folder_sync(int fd)
{
    struct emp_folder_walk walk = {.fd = fd};
    if (lseek(fd, 0, SEEK_SET) != 0)
        return false;
    const char *entry;
    while ((entry = emp__folder_next(&walk))) {
        if (!sync_entry(fd, entry))
            return false;
    }
    /* Some file systems cannot sync a folder and say so by EINVAL: there is nothing more to do. */
    return !walk.failed && (fsync(fd) == 0 || errno == EINVAL);
}

static bool make_one(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    int reason = errno;
    struct stat found = {0};
    if (stat(path, &found) == 0)
        return true;
    errno = reason;
    return false;
}

emp_status emp__folder_make(const char *path, emp_error *error)
{
    char *part = NULL;
    size_t length = strlen(path);
    emp_status status = emp__copy_text(&part, path, length, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 1; i <= length && status == EMP_OK; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        part[i] = '\0';
        if (!make_one(part))
            status = emp__fail_errno(error, EMP_ERR_CREATE, part, "make the folder");
        part[i] = path[i];
    }
    free(part);
    return status;
}
