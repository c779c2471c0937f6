// SPDX-License-Identifier: Apache-2.0
/* A small file that stands for a large one: its first line, and lines from all over it. */
#ifndef EMP_SOURCE_SAMPLE_FILE_H
#define EMP_SOURCE_SAMPLE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

struct emp_sample_file {
    char path[32];  /* can be read while the sample is not freed */
    int descriptor; /* of the file in memory; -1: none, the large file itself is to be read */
    uint64_t bytes; /* of the sample, and of the large file */
    uint64_t file_bytes;
};

/*
 * Takes `windows` runs of whole lines, evenly spread. Files that are no larger than the sample
 * would be, or are compressed, have none. Errors: EMP_ERR_NO_INPUT, EMP_ERR_IO, EMP_ERR_MEMORY.
 */
emp_status emp__sample_file(const char *path, size_t windows, struct emp_sample_file *out,
                            emp_error *error);

void emp__sample_file_free(struct emp_sample_file *sample);

#endif
