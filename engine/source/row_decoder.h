// SPDX-License-Identifier: Apache-2.0
/* From the texts of the needed fields to a typed row, or the reason why there is none. */
#ifndef EMP_SOURCE_ROW_DECODER_H
#define EMP_SOURCE_ROW_DECODER_H

#include "params/input_params.h"
#include "source/balance.h"
#include "source/columns.h"
#include "source/field.h"
#include "text/decimal.h"
#include "text/time_parse.h"

/* Everything that decoding needs to know, made once; threads only read it. */
struct emp_row_decoder {
    const struct emp_input_params *input;
    const struct emp_wanted_columns *wanted;
    struct emp_time_format time_format;
    struct emp_decimal_format decimal;
    bool converted; /* the text went through iconv, where U+FFFD stands for what was no character */
    int64_t end;    /* rows at or after this second are later than the analysis date */
};

/* `analysis_date` may be EMP_NO_DATE. The pointers must outlive the decoder. */
void emp__row_decoder_init(struct emp_row_decoder *decoder, const struct emp_input_params *input,
                           const struct emp_wanted_columns *wanted, int64_t analysis_date);

/*
 * Decodes fields[slot] for every wanted slot. Fills *row for EMP_ROW_USED (its customer_text points
 * into the field), its amount for the fates behind that one, and `reason` (EMP_REASON_MAX bytes,
 * terminated, no control characters) for EMP_ROW_REJECTED.
 */
enum emp_fate emp__row_decode(const struct emp_row_decoder *decoder, const struct emp_field *fields,
                              struct emp_row *row, char *reason);

/*
 * Parts of emp__row_decode(), for rows whose other fields are known: does the row meet all
 * conditions; its customer; one of its tokens. Each is false where emp__row_decode() has to be
 * asked what the row's fate is.
 */
bool emp__row_meets(const struct emp_row_decoder *decoder, const struct emp_field *fields);
bool emp__row_customer(const struct emp_row_decoder *decoder, struct emp_field field,
                       struct emp_row *row);
bool emp__row_token(enum emp_token token, struct emp_field field, struct emp_row *row);

#endif
