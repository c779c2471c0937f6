// SPDX-License-Identifier: Apache-2.0
/* One stage of a byte stream, and the stages that can stand above the file. */
#ifndef EMP_SOURCE_STREAM_STAGE_H
#define EMP_SOURCE_STREAM_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

struct emp_stage {
    /* Up to `size` (> 0) bytes into `out`; *length is 0 only at the end. */
    emp_status (*read)(struct emp_stage *stage, char *out, size_t size, size_t *length,
                       emp_error *error);
    void (*close)(struct emp_stage *stage); /* releases `state`; NULL: nothing to release */
    void *state;
};

/*
 * Each makes *stage read from `below`. On failure the stage is untouched. Compressed members and
 * frames that follow each other are read as one text; data that are damaged or end early are
 * EMP_ERR_DATA.
 */
emp_status emp__gzip_stage(struct emp_stage *stage, struct emp_stage *below, const char *path,
                           emp_error *error);
emp_status emp__zstd_stage(struct emp_stage *stage, struct emp_stage *below, const char *path,
                           emp_error *error);

/* From `encoding` to UTF-8; byte sequences that it does not allow become U+FFFD and are counted. */
emp_status emp__encoding_stage(struct emp_stage *stage, struct emp_stage *below,
                               const char *encoding, emp_error *error);
uint64_t emp__encoding_replacements(const struct emp_stage *stage);

#endif
