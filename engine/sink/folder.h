// SPDX-License-Identifier: Apache-2.0
/*
 * Folders as wholes: walked, removed, synced. Nothing here allocates, so that cleaning up works
 * when memory has run out, and no symbolic link is ever followed.
 */
#ifndef EMP_SINK_FOLDER_H
#define EMP_SINK_FOLDER_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

/* A walk through the names in a folder: {.fd = an open folder, read from its beginning}. */
struct emp_folder_walk {
    int fd;
    bool failed; /* the walk ended early, and errno says why */
    size_t at;
    size_t length;
    alignas(8) char entries[4096];
};

/* The next name but "." and "..", good until the next call; NULL at the end or on failure. */
const char *emp__folder_next(struct emp_folder_walk *walk);

/* Opens the folder `name` in the open folder `parent`: a descriptor, or -1 and errno. */
int emp__folder_open(int parent, const char *name);

/* Removes the folder `name` in the open folder `parent` and all in it. False: something is left. */
bool emp__folder_remove(int parent, const char *name);

/* Syncs the open folder `fd` and all the files and folders in it. False, and errno, on failure. */
bool emp__folder_sync(int fd);

/* Makes the folder `path` and those above it, where they are absent. EMP_ERR_CREATE. */
emp_status emp__folder_make(const char *path, emp_error *error);

#endif
