// SPDX-License-Identifier: Apache-2.0
/* A file that appears under its name when it is complete, or not at all. */
#ifndef EMP_GENERATE_FILE_H
#define EMP_GENERATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <emptor/status.h>

/* All zero is no file; discarding that does nothing. */
struct emp_generate_file {
    const char *path; /* the caller's; for messages "standard output" */
    char *temporary;  /* the name beside it until it is complete; NULL: written in place */
    int descriptor;
    bool open;
};

/*
 * "-" is standard output, which stays open. A regular file is written under a temporary name beside
 * it; devices and pipes are written as they are. EMP_ERR_CREATE if it cannot be opened.
 */
emp_status emp__generate_file_open(const char *path, struct emp_generate_file *out,
                                   emp_error *error);

emp_status emp__generate_file_write(struct emp_generate_file *file, const char *data, size_t length,
                                    emp_error *error);

/* Syncs and closes the file and gives it its name. On failure it is still there to be discarded. */
emp_status emp__generate_file_commit(struct emp_generate_file *file, emp_error *error);

/* Closes the file and removes it unless it was committed. */
void emp__generate_file_discard(struct emp_generate_file *file);

#endif
