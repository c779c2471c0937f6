// SPDX-License-Identifier: Apache-2.0
/* Where a run folder is to appear. Nothing but an empty folder or a former run is ever replaced. */
#include "sink/run_target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "sink/folder.h"
#include "sink/run_folder.h"

enum { MARK_WITHIN = 4096 }; /* bytes of run.json that are searched for the mark */

static emp_status refuse(emp_error *error, const char *path, const char *reason)
{
    return emp__fail_at(error, EMP_ERR_CREATE, (struct emp_place){.file = path}, "%s", reason);
}

static emp_status real_path(const char *path, char **out, emp_error *error)
{
    char *real = realpath(path, NULL);
    if (real) {
        *out = real;
        return EMP_OK;
    }
    return errno == ENOMEM ? emp__fail_memory(error, PATH_MAX)
                           : emp__fail_errno(error, EMP_ERR_CREATE, path, "find the folder");
}

/* `path` is absent and has no slash at its end; it is cut into its parts in place. */
static emp_status resolve_absent(char *path, char **out, emp_error *error)
{
    struct stat found = {0};
    if (lstat(path, &found) == 0)
        return refuse(error, path, "the run folder is a symbolic link to nothing");
    char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (strcmp(name, "") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return refuse(error, path, "the run folder needs a name");

    char *parent = NULL;
    emp_status status = EMP_OK;
    if (slash)
        *slash = '\0';
    const char *above = !slash ? "." : slash == path ? "/" : path;
    status = emp__folder_make(above, error);
    if (status == EMP_OK)
        status = real_path(above, &parent, error);
    if (status == EMP_OK)
        status =
            emp__format_text(out, error, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, name);
    free(parent);
    return status;
}

emp_status emp__target_resolve(const char *target, char **out, emp_error *error)
{
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/')
        length--;
    char *path = NULL;
    char *resolved = NULL;
    emp_status status = emp__copy_text(&path, target, length, error);
    if (status != EMP_OK)
        return status;

    struct stat found = {0};
    if (stat(path, &found) != 0 && errno == ENOENT)
        status = resolve_absent(path, &resolved, error);
    else
        status = real_path(path, &resolved, error);
    free(path);
    if (status != EMP_OK)
        return status;
    if (strcmp(resolved, "/") == 0) {
        free(resolved);
        return refuse(error, "/", "the root folder cannot be the run folder");
    }
    *out = resolved;
    return EMP_OK;
}

/* Is the folder `path` the current one or above it? (Its file would vanish under the caller.) */
static bool holds_current(const char *path)
{
    char current[PATH_MAX];
    size_t length = strlen(path);
    return getcwd(current, sizeof current) && strncmp(current, path, length) == 0 &&
           (current[length] == '/' || current[length] == '\0');
}

/* Does the folder hold a run.json with the mark in it? */
static emp_status find_mark(int folder, const char *path, bool *found, emp_error *error)
{
    static const char mark[] = "\"" EMP_RUN_MARK "\"";
    *found = false;
    int fd = openat(folder, EMP_RUN_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return EMP_OK;
    char text[MARK_WITHIN];
    size_t length = 0;
    ssize_t got = 0;
    while (length < sizeof text && (got = read(fd, text + length, sizeof text - length)) > 0)
        length += (size_t)got;
    emp_status status = EMP_OK;
    if (got < 0)
        status = emp__fail_errno(error, EMP_ERR_IO, path, "read the " EMP_RUN_FILE " in");
    close(fd);
    *found = memmem(text, length, mark, sizeof mark - 1) != NULL;
    return status;
}

static emp_status check_contents(const char *path, emp_error *error)
{
    struct emp_folder_walk walk = {.fd = emp__folder_open(AT_FDCWD, path)};
    if (walk.fd < 0)
        return emp__fail_errno(error, EMP_ERR_CREATE, path, "read the folder");
    bool empty = !emp__folder_next(&walk), marked = false;
    emp_status status = EMP_OK;
    if (walk.failed)
        status = emp__fail_errno(error, EMP_ERR_CREATE, path, "read the folder");
    else if (!empty)
        status = find_mark(walk.fd, path, &marked, error);
    if (status == EMP_OK && !empty && !marked)
        status = refuse(error, path,
                        "the folder holds files but no run of emptor (a " EMP_RUN_FILE
                        "): it will not be replaced; name a new or an empty folder");
    close(walk.fd);
    return status;
}

emp_status emp__target_check(const char *path, bool *exists, mode_t *mode, emp_error *error)
{
    struct stat found = {0};
    if (lstat(path, &found) != 0) {
        if (errno != ENOENT)
            return emp__fail_errno(error, EMP_ERR_CREATE, path, "make the run folder");
        *exists = false;
        return EMP_OK;
    }
    if (!S_ISDIR(found.st_mode))
        return refuse(error, path, "the run folder cannot be made: this is not a folder");
    if (holds_current(path))
        return refuse(error, path, "the run folder cannot be the current folder or one above it");
    emp_status status = check_contents(path, error);
    if (status != EMP_OK)
        return status;
    *exists = true;
    *mode = found.st_mode & 0777;
    return EMP_OK;
}
