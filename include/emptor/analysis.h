// SPDX-License-Identifier: Apache-2.0
/* The analyses that the parameters ask for, over a history, and their tables. */
#ifndef EMPTOR_ANALYSIS_H
#define EMPTOR_ANALYSIS_H

#include <emptor/history.h>
#include <emptor/table.h>

typedef struct emp_result emp_result;

/*
 * Runs every analysis that has a section in the parameters. The history must have been read with
 * the same parameters, and must outlive the result. *out is untouched on failure.
 */
EMP_API emp_status emp_analyse(const emp_params *params, const emp_history *history,
                               const emp_options *options, emp_result **out, emp_error *error);

/* Takes NULL. */
EMP_API void emp_result_free(emp_result *result);

/* The tables, in the order of the analyses; "customers" is the first. */
EMP_API size_t emp_result_tables(const emp_result *result);
EMP_API const emp_table *emp_result_table(const emp_result *result, size_t i);

/* The table of that name ("customers", "rfm_segments", ...), or NULL. */
EMP_API const emp_table *emp_result_find(const emp_result *result, const char *name);

/* What a reader of the result should know: ties, empty bins, customers without a purchase, ... */
EMP_API size_t emp_result_warnings(const emp_result *result);
EMP_API const char *emp_result_warning(const emp_result *result, size_t i);

#endif
