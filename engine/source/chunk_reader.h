// SPDX-License-Identifier: Apache-2.0
/*
 * Cuts the input files into chunks of whole records, for threads to take one after the other.
 *
 * Each thread reads (and decompresses, and converts) into its own buffer. A plain file is read by
 * all threads at once, each its own piece of it; a stream only in turn. What follows is done in
 * turn for both: the digest of the bytes, and finding the end of the last whole record, behind
 * which the next chunk begins. The first record of a file is its header, if it has one.
 */
#ifndef EMP_SOURCE_CHUNK_READER_H
#define EMP_SOURCE_CHUNK_READER_H

#include <emptor/options.h>

#include "params/input_params.h"
#include "source/chunk_cut.h"
#include "source/columns.h"

/* What is known of an input file; complete once everything was read. */
struct emp_input_file {
    const char *path;
    uint64_t bytes, digest, replacements;
    uint64_t rows; /* records, the header not counted */
    struct emp_file_columns columns;
};

struct emp_chunk_reader;

/* `format`, `files`, `options` and `wanted` must outlive the reader. */
emp_status emp__chunk_reader_new(const struct emp_text_format *format,
                                 const struct emp_texts *files,
                                 const struct emp_wanted_columns *wanted,
                                 const emp_options *options, struct emp_chunk_reader **out,
                                 emp_error *error);

/* Takes other kernels than the fastest there are, before anything is taken. */
void emp__chunk_reader_use(struct emp_chunk_reader *reader, const struct emp_text_kernels *kernels);

/*
 * The next chunk, into a chunk that is all zero or was used before; *more is false at the end.
 * Called by many threads at once; after a failure every later call fails with EMP_ERR_CANCELLED.
 */
emp_status emp__chunk_reader_take(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                                  bool *more, emp_error *error);

/*
 * Says that a chunk was taken apart: how many records and lines it held. For the rows of its file,
 * the progress, and the line numbers of later chunks.
 */
void emp__chunk_reader_done(struct emp_chunk_reader *reader, const struct emp_chunk *chunk,
                            uint64_t rows, uint64_t lines);

/* Opens every file, finds its columns and closes it again; nothing can be taken afterwards.
   Standard input is left alone: what is read from it would be gone. */
emp_status emp__chunk_reader_check(struct emp_chunk_reader *reader, emp_error *error);

/* Stops every thread: each later take fails. */
void emp__chunk_reader_stop(struct emp_chunk_reader *reader);

/* Numbers the lines of all chunks that were done. */
void emp__chunk_reader_number(struct emp_chunk_reader *reader);

/* The file of a chunk, and then the number in it of the line at which the chunk begins. */
size_t emp__chunk_reader_file(const struct emp_chunk_reader *reader, uint64_t chunk);
uint64_t emp__chunk_reader_line(const struct emp_chunk_reader *reader, uint64_t chunk);

const struct emp_input_file *emp__chunk_reader_files(const struct emp_chunk_reader *reader,
                                                     size_t *count);

void emp__chunk_free(struct emp_chunk *chunk);
void emp__chunk_reader_free(struct emp_chunk_reader *reader);

#endif
