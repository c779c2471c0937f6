// SPDX-License-Identifier: Apache-2.0
#include "source/row_decoder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#define XXH_INLINE_ALL /* ids are so short that the call would take as long as the hash */
#include <xxhash.h>

#include "source/byte_stream.h"
#include "source/ids.h"
#include "text/number_format.h"

enum { SECONDS_PER_DAY = 86400 };

void emp__row_decoder_init(struct emp_row_decoder *decoder, const struct emp_input_params *input,
                           const struct emp_wanted_columns *wanted, int64_t analysis_date)
{
    size_t ignored;
    *decoder = (struct emp_row_decoder){
        .input = input,
        .wanted = wanted,
        .decimal = {.mark = input->format.decimal, .thousands = input->format.thousands},
        .converted = !emp__encoding_is_utf8(input->format.encoding),
        .end = analysis_date == EMP_NO_DATE ? INT64_MAX : (analysis_date + 1) * SECONDS_PER_DAY,
    };
    emp__time_compile(input->time_format, &decoder->time_format, &ignored);
}

/* Writes "column 'NAME': 'FIELD' WHAT" and returns EMP_ROW_REJECTED. */
static enum emp_fate reject(const struct emp_row_decoder *decoder, size_t slot,
                            struct emp_field field, char *reason, const char *what)
{
    emp__field_reason(decoder->wanted->slots[slot]->name, field, what, reason);
    return EMP_ROW_REJECTED;
}

static bool equals(struct emp_field field, const char *text)
{
    return strlen(text) == field.length && memcmp(field.text, text, field.length) == 0;
}

static bool begins(struct emp_field field, const char *text)
{
    size_t n = strlen(text);
    return n <= field.length && memcmp(field.text, text, n) == 0;
}

static bool is_among(struct emp_field field, const struct emp_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        if (equals(field, texts->items[i]))
            return true;
    return false;
}

/* The conditions that compare numbers; *bad says that the field is none. */
static bool meets_number(const struct emp_row_decoder *decoder,
                         const struct emp_condition *condition, struct emp_field field, bool *bad)
{
    int64_t mantissa;
    int scale;
    *bad = emp__decimal_split(field.text, field.length, decoder->decimal, &mantissa, &scale) !=
           EMP_DECIMAL_OK;
    if (*bad)
        return false;
    int order = emp__decimal_compare(mantissa, scale, condition->mantissa, condition->scale);
    switch (condition->kind) {
    case EMP_WHERE_LT:
        return order < 0;
    case EMP_WHERE_LE:
        return order <= 0;
    case EMP_WHERE_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool meets(const struct emp_row_decoder *decoder, const struct emp_condition *condition,
                  struct emp_field field, bool *bad)
{
    *bad = false;
    switch (condition->kind) {
    case EMP_WHERE_EQ:
    case EMP_WHERE_IN:
        return is_among(field, &condition->operands);
    case EMP_WHERE_NE:
    case EMP_WHERE_NOT_IN:
        return !is_among(field, &condition->operands);
    case EMP_WHERE_STARTS_WITH:
        return begins(field, condition->operands.items[0]);
    case EMP_WHERE_NOT_STARTS_WITH:
        return !begins(field, condition->operands.items[0]);
    case EMP_WHERE_EMPTY:
        return emp__field_is_blank(field) == condition->empty;
    default:
        return meets_number(decoder, condition, field, bad);
    }
}

static enum emp_fate check_conditions(const struct emp_row_decoder *decoder,
                                      const struct emp_field *fields, char *reason)
{
    const struct emp_conditions *where = &decoder->input->where;
    for (size_t i = 0; i < where->count; i++) {
        size_t slot = EMP_SLOT_CONDITIONS + i;
        bool bad;
        if (meets(decoder, &where->items[i], fields[slot], &bad))
            continue;
        if (bad)
            return reject(decoder, slot, fields[slot], reason,
                          "is not a decimal number, which a condition of 'where' needs");
        return EMP_ROW_FILTERED_WHERE;
    }
    return EMP_ROW_USED;
}

/* What a number or a text is told apart by: see enum emp_token. */
static uint64_t identity(struct emp_field field)
{
    uint64_t number;
    if (emp__id_number(field.text, field.length, &number))
        return number;
    return XXH3_64bits(field.text, field.length) | EMP_ID_TEXT;
}

static enum emp_fate decode_customer(const struct emp_row_decoder *decoder, struct emp_field field,
                                     struct emp_row *row, char *reason)
{
    char what[EMP_ID_FAULT_MAX];
    enum emp_id_result result = emp__field_customer(field, decoder->converted, row);
    if (result == EMP_ID_OK)
        return EMP_ROW_USED;
    if (result == EMP_ID_MISSING && decoder->input->missing_customer == EMP_MISSING_DROP)
        return EMP_ROW_FILTERED_MISSING;
    return reject(decoder, EMP_SLOT_CUSTOMER, field, reason,
                  emp__id_fault(result, "customer id", "input.transactions", what));
}

static enum emp_fate decode_time(const struct emp_row_decoder *decoder, struct emp_field field,
                                 struct emp_row *row, char *reason)
{
    if (emp__time_parse(&decoder->time_format, field.text, field.length, &row->time))
        return EMP_ROW_USED;
    char what[100];
    if (decoder->input->time_format)
        snprintf(what, sizeof what, "does not match the time format '%.60s'",
                 decoder->input->time_format);
    else
        snprintf(what, sizeof what,
                 "is not an ISO 8601 date or date-time like 2025-12-31 or "
                 "2025-12-31T23:59:59");
    return reject(decoder, EMP_SLOT_TIME, field, reason, what);
}

static enum emp_fate bad_number(const struct emp_row_decoder *decoder, enum emp_slot slot,
                                struct emp_field field, enum emp_decimal_result result,
                                char *reason)
{
    char what[100] = "";
    switch (result) {
    case EMP_DECIMAL_EMPTY:
        snprintf(what, sizeof what, "is empty, expected a decimal number");
        break;
    case EMP_DECIMAL_TOO_FINE:
        snprintf(what, sizeof what,
                 "has more than %d decimals (input.transactions.amount_decimals)",
                 (int)decoder->input->amount_decimals);
        break;
    case EMP_DECIMAL_OVERFLOW:
        snprintf(what, sizeof what, "is too large");
        break;
    default:
        snprintf(what, sizeof what, "is not a decimal number with the mark '%c'",
                 decoder->decimal.mark);
    }
    return reject(decoder, slot, field, reason, what);
}

/* price x quantity in minor units, exactly or not at all. */
static enum emp_decimal_result multiply(int64_t price, int64_t quantity, int scale, int decimals,
                                        int64_t *out)
{
    emp_int128 product = (emp_int128)price * quantity;
    for (; scale > decimals; scale--) {
        if (product % 10 != 0)
            return EMP_DECIMAL_TOO_FINE;
        product /= 10;
    }
    for (; scale < decimals; scale++) {
        if (product > INT64_MAX || product < -INT64_MAX)
            return EMP_DECIMAL_OVERFLOW;
        product *= 10;
    }
    if (product > INT64_MAX || product < -INT64_MAX)
        return EMP_DECIMAL_OVERFLOW;
    *out = (int64_t)product;
    return EMP_DECIMAL_OK;
}

static enum emp_fate decode_product(const struct emp_row_decoder *decoder,
                                    const struct emp_field *fields, struct emp_row *row,
                                    char *reason)
{
    static const enum emp_slot slots[2] = {EMP_SLOT_AMOUNT, EMP_SLOT_QUANTITY};
    int64_t factor[2];
    int scale[2];
    for (int i = 0; i < 2; i++) {
        struct emp_field field = fields[slots[i]];
        enum emp_decimal_result result =
            emp__decimal_split(field.text, field.length, decoder->decimal, &factor[i], &scale[i]);
        if (result != EMP_DECIMAL_OK)
            return bad_number(decoder, slots[i], field, result, reason);
    }
    enum emp_decimal_result result = multiply(factor[0], factor[1], scale[0] + scale[1],
                                              (int)decoder->input->amount_decimals, &row->amount);
    if (result == EMP_DECIMAL_OK)
        return EMP_ROW_USED;
    char quantity[EMP_FIELD_SHOWN], what[160];
    emp__field_show(fields[EMP_SLOT_QUANTITY], quantity);
    if (result == EMP_DECIMAL_TOO_FINE)
        snprintf(what, sizeof what,
                 "times '%s' has more than %d decimals (input.transactions.amount_decimals)",
                 quantity, (int)decoder->input->amount_decimals);
    else
        snprintf(what, sizeof what, "times '%s' is too large", quantity);
    return reject(decoder, EMP_SLOT_AMOUNT, fields[EMP_SLOT_AMOUNT], reason, what);
}

static enum emp_fate decode_amount(const struct emp_row_decoder *decoder,
                                   const struct emp_field *fields, struct emp_row *row,
                                   char *reason)
{
    if (decoder->wanted->slots[EMP_SLOT_QUANTITY])
        return decode_product(decoder, fields, row, reason);
    struct emp_field field = fields[EMP_SLOT_AMOUNT];
    enum emp_decimal_result result =
        emp__decimal_parse(field.text, field.length, decoder->decimal,
                           (int)decoder->input->amount_decimals, &row->amount);
    if (result == EMP_DECIMAL_OK)
        return EMP_ROW_USED;
    return bad_number(decoder, EMP_SLOT_AMOUNT, field, result, reason);
}

/* A row may be of no product or channel that is known, but not of no order. */
static enum emp_fate decode_tokens(const struct emp_row_decoder *decoder,
                                   const struct emp_field *fields, struct emp_row *row,
                                   char *reason)
{
    for (int t = 0; t < EMP_TOKENS; t++) {
        size_t slot = EMP_SLOT_TOKENS + (size_t)t;
        row->token[t] = 0;
        if (decoder->wanted->slots[slot] && !emp__row_token((enum emp_token)t, fields[slot], row))
            return reject(decoder, slot, fields[slot], reason, "is empty, expected an order id");
    }
    return EMP_ROW_USED;
}

/* A row that is fine in itself: is it later than the analysis date, or a return nobody wants? */
static enum emp_fate settle(const struct emp_row_decoder *decoder, const struct emp_field *fields,
                            const struct emp_row *row, char *reason)
{
    if (row->time >= decoder->end)
        return EMP_ROW_FILTERED_LATER;
    if (row->amount >= 0)
        return EMP_ROW_USED;
    if (decoder->input->returns == EMP_RETURNS_DROP)
        return EMP_ROW_FILTERED_RETURN;
    if (decoder->input->returns == EMP_RETURNS_REJECT)
        return reject(decoder, EMP_SLOT_AMOUNT, fields[EMP_SLOT_AMOUNT], reason,
                      "makes a negative amount, and returns: reject is set");
    return EMP_ROW_USED;
}

enum emp_fate emp__row_decode(const struct emp_row_decoder *decoder, const struct emp_field *fields,
                              struct emp_row *row, char *reason)
{
    enum emp_fate fate = check_conditions(decoder, fields, reason);
    if (fate == EMP_ROW_USED)
        fate = decode_customer(decoder, fields[EMP_SLOT_CUSTOMER], row, reason);
    if (fate == EMP_ROW_USED)
        fate = decode_time(decoder, fields[EMP_SLOT_TIME], row, reason);
    if (fate == EMP_ROW_USED)
        fate = decode_amount(decoder, fields, row, reason);
    if (fate == EMP_ROW_USED)
        fate = decode_tokens(decoder, fields, row, reason);
    return fate == EMP_ROW_USED ? settle(decoder, fields, row, reason) : fate;
}

bool emp__row_meets(const struct emp_row_decoder *decoder, const struct emp_field *fields)
{
    const struct emp_conditions *where = &decoder->input->where;
    bool bad;
    for (size_t i = 0; i < where->count; i++)
        if (!meets(decoder, &where->items[i], fields[EMP_SLOT_CONDITIONS + i], &bad))
            return false;
    return true;
}

bool emp__row_customer(const struct emp_row_decoder *decoder, struct emp_field field,
                       struct emp_row *row)
{
    char ignored[EMP_REASON_MAX];
    return decode_customer(decoder, field, row, ignored) == EMP_ROW_USED;
}

bool emp__row_token(enum emp_token token, struct emp_field field, struct emp_row *row)
{
    bool blank = emp__field_is_blank(field);
    row->token[token] = blank ? 0 : identity(field);
    return !blank || token != EMP_TOKEN_ORDER;
}
