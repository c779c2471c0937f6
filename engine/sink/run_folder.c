// SPDX-License-Identifier: Apache-2.0
/* The run folder: staged beside its target, synced, and put in place by one rename. */
#include "sink/run_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/path.h"
#include "sink/folder.h"
#include "sink/run_target.h"

enum {
    STAGING_TRIES = 1000,
    STAGING_NAME_MAX = 300, /* longer than any file name may be */
};

struct emp_run_folder {
    char *target;  /* absolute */
    char *staging; /* absolute; in the same folder as the target */
    int parent;    /* that folder, open */
    int lock;      /* the staging folder, open and locked */
    bool staged;   /* the staging folder is there, and is ours to remove */
    bool replaces; /* the target is there */
    mode_t mode;   /* of the target, if it is there */
};

static const char *last_name(const char *path)
{
    return strrchr(path, '/') + 1;
}

const char *emp__run_folder_path(const struct emp_run_folder *folder)
{
    return folder->staging;
}

emp_status emp__run_folder_file(const struct emp_run_folder *folder, const char *name, char **path,
                                emp_error *error)
{
    char *full = NULL, *above = NULL;
    emp_status status = emp__format_text(&full, error, "%s/%s", folder->staging, name);
    if (status == EMP_OK && strchr(name, '/'))
        status = emp__path_above(full, &above, error);
    if (above)
        status = emp__folder_make(above, error);
    free(above);
    if (status == EMP_OK)
        *path = full;
    else
        free(full);
    return status;
}

/* Is `name` a staging folder of `target`: .TARGET.emptor-DIGITS-DIGITS? */
static bool is_staging_name(const char *name, const char *target)
{
    static const char digits[] = "0123456789";
    char prefix[STAGING_NAME_MAX];
    snprintf(prefix, sizeof prefix, ".%s.emptor-", target);
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0)
        return false;
    size_t pid = strspn(name + length, digits);
    const char *dash = name + length + pid;
    size_t number = *dash == '-' ? strspn(dash + 1, digits) : 0;
    return pid > 0 && number > 0 && dash[1 + number] == '\0';
}

/* Removes what killed runs for the same target have left: the folders whose lock is free. */
static void remove_leftovers(const struct emp_run_folder *folder)
{
    struct emp_folder_walk walk = {.fd = folder->parent};
    const char *name;
    while ((name = emp__folder_next(&walk))) {
        if (!is_staging_name(name, last_name(folder->target)))
            continue;
        int fd = emp__folder_open(folder->parent, name);
        if (fd < 0)
            continue;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            emp__folder_remove(folder->parent, name);
        close(fd);
    }
}

/*
 * Locks the new folder `name`. False and errno on failure: EAGAIN if another run took it for a
 * leftover meanwhile. A file system without locks will do: there no other run can take the lock and
 * remove the folder, either.
 */
static bool lock_staging(struct emp_run_folder *folder, const char *name)
{
    int fd = emp__folder_open(folder->parent, name);
    if (fd < 0) {
        errno = errno == ENOENT ? EAGAIN : errno;
        return false;
    }
    struct stat opened = {0};
    struct stat found = {0};
    bool lost = (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
                fstat(fd, &opened) != 0 || fstatat(folder->parent, name, &found, 0) != 0 ||
                opened.st_ino != found.st_ino;
    if (lost) {
        close(fd);
        errno = EAGAIN;
        return false;
    }
    folder->lock = fd;
    return true;
}

static emp_status fail_staging(const struct emp_run_folder *folder, emp_error *error)
{
    return emp__fail_errno(error, EMP_ERR_CREATE, folder->target,
                           "make a staging folder beside it");
}

/* Makes and locks the staging folder, whose name is written to `name` (STAGING_NAME_MAX bytes). */
static emp_status make_staging(struct emp_run_folder *folder, char *name, emp_error *error)
{
    for (int i = 0; i < STAGING_TRIES; i++) {
        snprintf(name, STAGING_NAME_MAX, ".%s.emptor-%ld-%d", last_name(folder->target),
                 (long)getpid(), i);
        if (mkdirat(folder->parent, name, folder->replaces ? 0700 : 0777) != 0) {
            if (errno == EEXIST)
                continue;
            return fail_staging(folder, error);
        }
        if (lock_staging(folder, name)) {
            if (folder->replaces)
                fchmod(folder->lock, folder->mode | 0700);
            return EMP_OK;
        }
        if (errno != EAGAIN) {
            emp_status status = fail_staging(folder, error);
            unlinkat(folder->parent, name, AT_REMOVEDIR);
            return status;
        }
    }
    errno = EEXIST;
    return fail_staging(folder, error);
}

/* Opens the folder that holds the target. */
static emp_status open_parent(struct emp_run_folder *folder, emp_error *error)
{
    char *path = NULL;
    size_t length = (size_t)(last_name(folder->target) - folder->target);
    emp_status status = emp__copy_text(&path, folder->target, length, error);
    if (status != EMP_OK)
        return status;
    folder->parent = emp__folder_open(AT_FDCWD, path);
    if (folder->parent < 0)
        status = emp__fail_errno(error, EMP_ERR_CREATE, path, "open the folder");
    free(path);
    return status;
}

static emp_status stage(struct emp_run_folder *folder, emp_error *error)
{
    char name[STAGING_NAME_MAX];
    remove_leftovers(folder);
    emp_status status = make_staging(folder, name, error);
    if (status != EMP_OK)
        return status;
    int above = (int)(last_name(folder->target) - folder->target);
    status = emp__format_text(&folder->staging, error, "%.*s%s", above, folder->target, name);
    if (status == EMP_OK)
        folder->staged = true;
    else
        emp__folder_remove(folder->parent, name);
    return status;
}

static emp_status fail_exchange(const struct emp_run_folder *folder, emp_error *error)
{
    if (errno != EINVAL && errno != ENOSYS)
        return emp__fail_errno(error, EMP_ERR_CREATE, folder->target, "replace the run folder");
    return emp__fail_at(error, EMP_ERR_CREATE, (struct emp_place){.file = folder->target},
                        "this file system cannot exchange two folders in one step: give the name "
                        "of a folder that does not exist yet");
}

/* Better to learn at the beginning than after hours that the target cannot be replaced. */
static emp_status try_exchange(const struct emp_run_folder *folder, emp_error *error)
{
    static const char *const names[2] = {"try-1", "try-2"};
    emp_status status = EMP_OK;
    for (int i = 0; i < 2 && status == EMP_OK; i++)
        if (mkdirat(folder->lock, names[i], 0700) != 0)
            status = fail_staging(folder, error);
    if (status == EMP_OK &&
        renameat2(folder->lock, names[0], folder->lock, names[1], RENAME_EXCHANGE) != 0)
        status = fail_exchange(folder, error);
    for (int i = 0; i < 2; i++)
        unlinkat(folder->lock, names[i], AT_REMOVEDIR);
    return status;
}

emp_status emp__run_folder_begin(const char *target, struct emp_run_folder **out, emp_error *error)
{
    struct emp_run_folder *folder = NULL;
    emp_status status = emp__new_array(&folder, 1, sizeof *folder, error);
    if (status != EMP_OK)
        return status;
    folder->parent = -1;
    folder->lock = -1;

    status = emp__target_resolve(target, &folder->target, error);
    if (status == EMP_OK)
        status = emp__target_check(folder->target, &folder->replaces, &folder->mode, error);
    if (status == EMP_OK)
        status = open_parent(folder, error);
    if (status == EMP_OK)
        status = stage(folder, error);
    if (status == EMP_OK && folder->replaces)
        status = try_exchange(folder, error);
    if (status == EMP_OK)
        *out = folder;
    else
        emp__run_folder_abandon(folder);
    return status;
}

/* One rename. *exchanged: the former run folder stands at the staging name now. */
static emp_status put_in_place(struct emp_run_folder *folder, bool *exchanged, emp_error *error)
{
    const char *from = last_name(folder->staging);
    const char *to = last_name(folder->target);
    /* Takes the place of nothing, or of an empty folder. */
    if (renameat(folder->parent, from, folder->parent, to) == 0)
        return EMP_OK;
    int reason = errno;
    emp_status status = emp__target_check(folder->target, &folder->replaces, &folder->mode, error);
    if (status != EMP_OK)
        return status;
    errno = reason;
    if (errno != ENOTEMPTY && errno != EEXIST)
        return emp__fail_errno(error, EMP_ERR_CREATE, folder->target,
                               "put the run folder in place");
    if (renameat2(folder->parent, from, folder->parent, to, RENAME_EXCHANGE) != 0)
        return fail_exchange(folder, error);
    *exchanged = true;
    return EMP_OK;
}

/* Undoes put_in_place(). */
static bool take_back(const struct emp_run_folder *folder, bool exchanged)
{
    const char *from = last_name(folder->target);
    const char *to = last_name(folder->staging);
    if (exchanged)
        return renameat2(folder->parent, from, folder->parent, to, RENAME_EXCHANGE) == 0;
    if (renameat(folder->parent, from, folder->parent, to) != 0)
        return false;
    if (folder->replaces) /* an empty folder */
        mkdirat(folder->parent, from, folder->mode);
    return true;
}

static emp_status fail_sync(const struct emp_run_folder *folder, emp_error *error)
{
    return emp__fail_errno(error, EMP_ERR_IO, folder->target, "write the run folder to disk");
}

/* Makes the rename last, or undoes it. What stands at the staging name then may be removed. */
static emp_status settle(struct emp_run_folder *folder, bool exchanged, emp_error *error)
{
    folder->staged = exchanged;
    if (fsync(folder->parent) == 0 || errno == EINVAL)
        return EMP_OK;
    emp_status status = fail_sync(folder, error);
    folder->staged = take_back(folder, exchanged);
    if (folder->staged)
        return status;
    return emp__fail_at(error, status, (struct emp_place){.file = folder->target},
                        "the new run folder is in place, but the disk failed and may lose it");
}

emp_status emp__run_folder_commit(struct emp_run_folder *folder, emp_error *error)
{
    bool exchanged = false;
    emp_status status = EMP_OK;
    if (!emp__folder_sync(folder->lock))
        status = fail_sync(folder, error);
    if (status == EMP_OK)
        status = put_in_place(folder, &exchanged, error);
    if (status == EMP_OK)
        status = settle(folder, exchanged, error);
    /* What stands at the staging name now is either the run that failed or the former one. */
    if (folder->staged)
        emp__folder_remove(folder->parent, last_name(folder->staging));
    folder->staged = false;
    return status;
}

void emp__run_folder_abandon(struct emp_run_folder *folder)
{
    if (!folder)
        return;
    if (folder->staged)
        emp__folder_remove(folder->parent, last_name(folder->staging));
    if (folder->lock >= 0)
        close(folder->lock);
    if (folder->parent >= 0)
        close(folder->parent);
    free(folder->staging);
    free(folder->target);
    free(folder);
}
