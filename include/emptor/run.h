// SPDX-License-Identifier: Apache-2.0
/* A whole run: files in, a complete run folder out. And its rehearsal, which touches nothing. */
#ifndef EMPTOR_RUN_H
#define EMPTOR_RUN_H

#include <emptor/analysis.h>

/* What a run did, for its last word. */
typedef struct emp_run_report {
    emp_row_counts rows; /* as emp_history_rows() has them */
    uint64_t customers;
    uint64_t bytes; /* of the input files, as they lie there */
} emp_run_report;

/*
 * Reads the input, runs the analyses and writes the run folder at `folder` (NULL: what the
 * parameters say). The folder appears whole or not at all, and what stood there stays until then.
 * Errors are those of emp_history_read() and emp_analyse(), and EMP_ERR_CREATE or EMP_ERR_IO for
 * the output; a failure because of bad rows leaves the list of them at "FOLDER.rejects.csv" and
 * nothing else. `report` may be NULL and is untouched on failure.
 */
EMP_API emp_status emp_run(const emp_params *params, const emp_options *options, const char *folder,
                           emp_run_report *report, emp_error *error);

/*
 * Checks what can be checked without reading the input through: that the files are there and their
 * headers hold the columns, and what the rules of the parameters leave open. The plan as text in
 * *out; the caller releases it with free(). Nothing is written.
 */
EMP_API emp_status emp_check(const emp_params *params, const emp_options *options, char **out,
                             emp_error *error);

#endif
