// SPDX-License-Identifier: Apache-2.0
/* The fields of a record with quotes in it, by libcsv in its strict mode. */
#ifndef EMP_SOURCE_QUOTED_RECORD_H
#define EMP_SOURCE_QUOTED_RECORD_H

#include <stdbool.h>

#include "base/buffer.h"
#include "text/record.h"

struct emp_quoted_parser; /* one for each thread */

emp_status emp__quoted_parser_new(char delimiter, struct emp_quoted_parser **out, emp_error *error);
void emp__quoted_parser_free(struct emp_quoted_parser *parser);

/*
 * Parses exactly one record (without its line end). *well_formed is false if libcsv refuses it. The
 * decoded fields in *out last until the parser is used again.
 * EMP_ERR_MEMORY if memory runs out.
 */
emp_status emp__quoted_record(struct emp_quoted_parser *parser, const char *text, size_t length,
                              struct emp_fields *out, bool *well_formed, emp_error *error);

#endif
