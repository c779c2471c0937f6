// SPDX-License-Identifier: Apache-2.0
#include "source/usual_rows.h"

#include <string.h>

#include "source/ids.h"

/* Ids of a file usually are all digits or none is, which the first row tells. */
static void decode_ids(const struct emp_batch_kernels *kernels,
                       const struct emp_field_batch *fields, uint64_t *out, uint8_t *good)
{
    uint64_t number;
    if (emp__id_number(fields->text + emp__batch_begin(fields, 0), emp__batch_length(fields, 0),
                       &number))
        kernels->digits(fields, out, good);
    else
        memset(good, 0, fields->count);
}

/* All dates of a file usually have one shape, which the first row tells. */
static void decode_times(const struct emp_row_decoder *decoder,
                         const struct emp_batch_kernels *kernels, struct emp_usual_rows *batch)
{
    const struct emp_field_batch *fields = &batch->fields[EMP_SLOT_TIME];
    const char *first = fields->text + emp__batch_begin(fields, 0);
    const struct emp_time_layout *layout =
        emp__time_layout_of(&decoder->time_format, first, emp__batch_length(fields, 0));
    if (layout)
        kernels->times(fields, layout, batch->time, batch->usual);
    else
        memset(batch->usual, 0, fields->count);
}

int64_t emp__least_amount(const struct emp_row_decoder *decoder)
{
    int returns = decoder->input->returns;
    bool kept = returns == EMP_RETURNS_NET || returns == EMP_RETURNS_SEPARATE;
    return kept ? INT64_MIN : 0;
}

static void decode_amounts(const struct emp_row_decoder *decoder,
                           const struct emp_batch_kernels *kernels, struct emp_usual_rows *batch)
{
    uint8_t good[EMP_USUAL_ROWS];
    const struct emp_field_batch *fields = &batch->fields[EMP_SLOT_AMOUNT];
    int64_t least = emp__least_amount(decoder);
    kernels->decimals(fields, decoder->decimal, (int)decoder->input->amount_decimals, batch->amount,
                      good);
    for (size_t i = 0; i < fields->count; i++)
        batch->usual[i] &= good[i] & (batch->time[i] < decoder->end) & (batch->amount[i] >= least);
}

void emp__usual_rows_decode(const struct emp_row_decoder *decoder,
                            const struct emp_batch_kernels *kernels, struct emp_usual_rows *batch)
{
    const struct emp_field_batch *fields = batch->fields;
    if (decoder->wanted->slots[EMP_SLOT_QUANTITY]) {
        memset(batch->usual, 0, fields->count);
        return;
    }
    decode_ids(kernels, &fields[EMP_SLOT_CUSTOMER], batch->customer, batch->customer_good);
    for (int t = 0; t < EMP_TOKENS; t++)
        if (decoder->wanted->slots[EMP_SLOT_TOKENS + t])
            decode_ids(kernels, &fields[EMP_SLOT_TOKENS + t], batch->token[t],
                       batch->token_good[t]);
    decode_times(decoder, kernels, batch);
    decode_amounts(decoder, kernels, batch);
}

static struct emp_field field_of(const struct emp_field_batch *fields, size_t i)
{
    return (struct emp_field){fields->text + emp__batch_begin(fields, i),
                              emp__batch_length(fields, i)};
}

/* The customer of row i, if it is not digits alone, and its tokens; false if it is unusual. */
static bool take_texts(const struct emp_row_decoder *decoder, const struct emp_usual_rows *batch,
                       size_t i, struct emp_row *row)
{
    if (!batch->customer_good[i] &&
        !emp__row_customer(decoder, field_of(&batch->fields[EMP_SLOT_CUSTOMER], i), row))
        return false;
    for (int t = 0; t < EMP_TOKENS; t++) {
        if (!decoder->wanted->slots[EMP_SLOT_TOKENS + t])
            continue;
        row->token[t] = batch->token[t][i];
        if (!batch->token_good[t][i] &&
            !emp__row_token((enum emp_token)t, field_of(&batch->fields[EMP_SLOT_TOKENS + t], i),
                            row))
            return false;
    }
    return true;
}

bool emp__has_tokens(const struct emp_row_decoder *decoder)
{
    bool any = false;
    for (int t = 0; t < EMP_TOKENS; t++)
        any = any || decoder->wanted->slots[EMP_SLOT_TOKENS + t];
    return any;
}

bool emp__usual_rows_columns(const struct emp_row_decoder *decoder,
                             const struct emp_usual_rows *batch, struct emp_row_columns *columns,
                             emp_int128 *money)
{
    size_t count = batch->fields[EMP_SLOT_CUSTOMER].count;
    uint8_t good = 1;
    int64_t high = 0, low = 0; /* of the money; no sum of a batch overflows them */
    if (emp__has_tokens(decoder) || !batch->customer_good[0])
        return false;
    for (size_t i = 0; i < count; i++) {
        good &= batch->usual[i] & batch->customer_good[i];
        high += batch->amount[i] >> 32;
        low += batch->amount[i] & UINT32_MAX;
    }
    *columns = (struct emp_row_columns){count, batch->customer, batch->time, batch->amount};
    *money = (emp_int128)high * ((int64_t)1 << 32) + low;
    return good != 0;
}

size_t emp__usual_rows_take(const struct emp_row_decoder *decoder,
                            const struct emp_usual_rows *batch, size_t from,
                            struct emp_row_run *run)
{
    size_t count = batch->fields[EMP_SLOT_CUSTOMER].count, i = from;
    bool with_tokens = emp__has_tokens(decoder);
    int64_t high = 0, low = 0; /* of the money; no sum of a batch overflows them */
    for (; i < count && batch->usual[i]; i++) {
        struct emp_row *row = &run->rows[run->count];
        *row = (struct emp_row){
            .customer = batch->customer[i],
            .time = batch->time[i],
            .amount = batch->amount[i],
        };
        if ((!batch->customer_good[i] || with_tokens) && !take_texts(decoder, batch, i, row))
            break;
        high += row->amount >> 32;
        low += row->amount & UINT32_MAX;
        run->count++;
    }
    run->money += (emp_int128)high * ((int64_t)1 << 32) + low;
    return i;
}
