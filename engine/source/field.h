// SPDX-License-Identifier: Apache-2.0
/* The text of one field: how a message shows it, and the customer id or category it may be. */
#ifndef EMP_SOURCE_FIELD_H
#define EMP_SOURCE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "source/row.h"

/* EMP_TEXT_SLACK readable bytes follow it. */
struct emp_field {
    const char *text;
    size_t length;
};

bool emp__field_is_blank(struct emp_field field);

/* The field as a message shows it: cut at a character, control characters and bad UTF-8 masked. */
enum { EMP_FIELD_SHOWN = 64 };
char *emp__field_show(struct emp_field field, char out[EMP_FIELD_SHOWN]);

/* "column 'NAME': 'FIELD' WHAT", terminated, without control characters. */
enum { EMP_REASON_MAX = 320 };
void emp__field_reason(const char *column, struct emp_field field, const char *what,
                       char out[EMP_REASON_MAX]);

/* Of a text by which things are told apart: a customer id, or a category. */
enum emp_id_result {
    EMP_ID_OK,
    EMP_ID_MISSING, /* nothing but blanks */
    EMP_ID_LONG,
    EMP_ID_NUL,
    EMP_ID_NOT_UTF8,
    EMP_ID_REPLACED /* U+FFFD stands for bytes that were not of the encoding */
};

/* Is the field such a text? `converted` says that it went through iconv. */
enum emp_id_result emp__field_text(struct emp_field field, bool converted);

/*
 * The customer of a row: its `customer` and its text, which points into the field; for an id of
 * digits there is none.
 */
enum emp_id_result emp__field_customer(struct emp_field field, bool converted, struct emp_row *row);

/* What is wrong with a text that should be a `noun`, such as "customer id", for
   emp__field_reason(); `input` is "input.transactions", whose encoding may be at fault. */
enum { EMP_ID_FAULT_MAX = 100 };
char *emp__id_fault(enum emp_id_result result, const char *noun, const char *input,
                    char out[EMP_ID_FAULT_MAX]);

#endif
