// SPDX-License-Identifier: Apache-2.0
/* The beginning of an input file: blank lines, the header, and which columns the file has. */
#ifndef EMP_SOURCE_FILE_HEADER_H
#define EMP_SOURCE_FILE_HEADER_H

#include "base/buffer.h"
#include "params/text_format.h"
#include "source/byte_stream.h"
#include "source/columns.h"

/* What is wanted of the file. */
struct emp_header_request {
    const char *path;
    const struct emp_text_format *format;
    const struct emp_wanted_columns *wanted;
};

/* What was found; `text` belongs to the caller, also after a failure. */
struct emp_file_header {
    struct emp_file_columns columns;
    uint64_t lines;         /* in front of the text */
    struct emp_buffer text; /* the bytes behind the header that were read with it */
    bool at_end;            /* there are no others */
};

/*
 * Reads the beginning of a newly opened file. *header is all zero, but for memory that its text may
 * have. Errors: those of the stream, and EMP_ERR_DATA where there is no usable header.
 */
emp_status emp__file_header_read(const struct emp_header_request *request,
                                 struct emp_byte_stream *stream, struct emp_file_header *header,
                                 emp_error *error);

#endif
