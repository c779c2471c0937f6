// SPDX-License-Identifier: Apache-2.0
/*
 * Rows of an event (see generate_rows.h).
 *
 * Value of an order: gamma-gamma (Fader & Hardie, note 025, 2013): z ~ gamma(shape p, rate nu), nu
 * ~ gamma(shape q, rate gamma) for each customer, rounded to the minor unit. An order of n rows
 * divides its value at n - 1 points that are even on it, so that the rows add up to the value
 * exactly. Everything is drawn anew from the numbers of the customer and the order, wherever the
 * event stands in the file; a return draws what its purchase drew. Cost: about 150 ns a row.
 */
#include "generate/generate_rows.h"

#include <math.h>
#include <string.h>

#include "text/number_format.h"

enum { ROW_ROOM = 256, DATE_LENGTH = 10 };

static const double most_minor = 1e10; /* of an order: 5e8 of them still have a sum in 64 bits */

struct row {
    struct emp_event event;
    int64_t amount, quantity, cost;
    uint32_t product, channel;
    bool quoted; /* text fields stand in quotes */
    int fault;   /* EMP_FAULT_COUNT: none */
};

static char *put_number(char *out, uint64_t number, int digits)
{
    for (int i = digits; i-- > 0; number /= 10)
        out[i] = (char)('0' + number % 10);
    return out + digits;
}

/* A number with a letter in front and at least `digits` digits. */
static char *put_code(char *out, const char *prefix, uint64_t number, int digits)
{
    out = stpcpy(out, prefix);
    uint64_t limit = 1;
    for (int i = 0; i < digits; i++)
        limit *= 10;
    return number < limit ? put_number(out, number, digits)
                          : out + emp__format_int64((int64_t)number, out);
}

static char *put_quote(char *out, bool quoted)
{
    if (quoted)
        *out++ = '"';
    return out;
}

static char *put_customer(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    uint64_t number = (uint64_t)row->event.customer + 1;
    if (row->fault == EMP_FAULT_MISSING_CUSTOMER)
        return out;
    out = put_quote(out, row->quoted);
    if (plan->params->ids == EMP_IDS_TEXT)
        out = put_code(out, "C-", number, 7);
    else
        out += emp__format_int64((int64_t)number, out);
    if (row->fault == EMP_FAULT_BAD_TEXT) {
        *out++ = (char)0xff;
        *out++ = (char)0xfe;
    }
    return put_quote(out, row->quoted);
}

static char *put_time(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    uint32_t day = row->event.time / 86400, second = row->event.time % 86400;
    memcpy(out, plan->dates + (size_t)day * DATE_LENGTH, DATE_LENGTH);
    if (row->fault == EMP_FAULT_BAD_DATE)
        put_number(out + 5, 13, 2);
    out += DATE_LENGTH;
    if (plan->params->times == EMP_TIMES_DATE)
        return out;
    *out++ = 'T';
    out = put_number(out, second / 3600, 2);
    *out++ = ':';
    out = put_number(out, second / 60 % 60, 2);
    *out++ = ':';
    return put_number(out, second % 60, 2);
}

static char *put_amount(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    char *begin = out;
    if (row->fault == EMP_FAULT_MISSING_AMOUNT)
        return out;
    if (row->fault == EMP_FAULT_HUGE_AMOUNT)
        return stpcpy(out, "99999999999999999999");
    out += emp__format_decimal(row->amount, (int)plan->params->spend_decimals, out);
    if (row->fault == EMP_FAULT_BAD_AMOUNT)
        *out++ = 'x';
    if (row->fault == EMP_FAULT_STRAY_QUOTE) {
        memmove(begin + 2, begin + 1, (size_t)(out - begin) - 1);
        begin[1] = '"';
        out++;
    }
    return out;
}

/* "1234-5" is the fifth order of customer 1234, "R1234-5" its return. */
static char *put_order(char *out, const struct row *row)
{
    out = put_quote(out, row->quoted);
    if (row->event.order & 1)
        *out++ = 'R';
    out += emp__format_int64((int64_t)row->event.customer + 1, out);
    *out++ = '-';
    out += emp__format_int64((int64_t)(row->event.order >> 1) + 1, out);
    return put_quote(out, row->quoted);
}

/* P00017, or "P00017 ""large"", 6 pcs" with the file's own delimiter. */
static char *put_product(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    bool is_long = plan->long_name[row->product];
    out = put_quote(out, row->quoted || is_long);
    out = put_code(out, "P", (uint64_t)row->product + 1, 5);
    if (is_long) {
        out = stpcpy(out, " \"\"large\"\"");
        *out++ = plan->delimiter;
        out = stpcpy(out, " 6 pcs");
    }
    return put_quote(out, row->quoted || is_long);
}

static char *put_channel(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    const char *name = plan->params->channels.names[row->channel];
    bool quoted = row->quoted || strchr(name, plan->delimiter);
    return put_quote(stpcpy(put_quote(out, quoted), name), quoted);
}

static char *put_details(char *out, const struct emp_generate_plan *plan, const struct row *row)
{
    *out++ = plan->delimiter;
    out = put_order(out, row);
    *out++ = plan->delimiter;
    out = put_product(out, plan, row);
    *out++ = plan->delimiter;
    out += emp__format_int64(row->quantity, out);
    *out++ = plan->delimiter;
    out = put_channel(out, plan, row);
    if (row->fault == EMP_FAULT_MISSING_FIELD)
        return out;
    *out++ = plan->delimiter;
    return out + emp__format_decimal(row->cost, (int)plan->params->spend_decimals, out);
}

/* Adds the row to the text, which has room for it. */
static void put_row(struct emp_generate_rows *rows, const struct row *row)
{
    const struct emp_generate_plan *plan = rows->plan;
    bool full = plan->params->columns == EMP_COLUMNS_FULL;
    char *begin = rows->text.data + rows->text.length;
    char *out = put_customer(begin, plan, row);
    *out++ = plan->delimiter;
    out = put_time(out, plan, row);
    if (full || row->fault != EMP_FAULT_MISSING_FIELD) {
        *out++ = plan->delimiter;
        out = put_amount(out, plan, row);
    }
    if (full)
        out = put_details(out, plan, row);
    if (row->fault == EMP_FAULT_EXTRA_FIELD) {
        *out++ = plan->delimiter;
        out = stpcpy(out, "extra");
    }
    *out++ = '\n';
    rows->text.length += (size_t)(out - begin);
}

/* The streams of one event, open only as far as the options need them. */
struct event_draws {
    struct emp_stream lines, basket, quotes, faults;
};

static int64_t draw_value(const struct emp_generate_plan *plan, const struct emp_event *event)
{
    const struct emp_generate_params *params = plan->params;
    struct emp_stream stream;
    emp__draw_open(&stream, plan, EMP_DRAW_WORTH, event->customer, 0);
    double nu = emp__stream_gamma(&stream, params->spend_q) / params->spend_gamma;
    emp__draw_open(&stream, plan, EMP_DRAW_VALUE, event->customer, event->order >> 1);
    double minor = emp__stream_gamma(&stream, params->spend_p) / nu * plan->unit + 0.5;
    if (!(minor < most_minor)) /* and for 0 / 0, which only absurd parameters give */
        return (int64_t)most_minor;
    return minor < 1.0 ? 1 : (int64_t)minor;
}

static void draw_product(const struct emp_generate_plan *plan, struct emp_stream *stream,
                         struct row *row)
{
    double mean = plan->params->basket_quantity;
    row->product = emp__alias_draw(stream, &plan->products.table);
    row->quantity = 1 + (int64_t)emp__stream_geometric(stream, 1.0 / mean);
    double cost = plan->cost[row->product] * (double)row->amount;
    row->cost = (int64_t)floor(cost + 0.5);
    if (row->event.order & 1)
        row->quantity = -row->quantity;
}

/* A row of the given amount, with its broken copy. */
static void add_row(struct emp_generate_rows *rows, struct event_draws *draws, struct row *row)
{
    const struct emp_generate_plan *plan = rows->plan;
    const struct emp_generate_params *params = plan->params;
    if (params->columns == EMP_COLUMNS_FULL)
        draw_product(plan, &draws->basket, row);
    row->quoted =
        params->quoted_rows > 0.0 && emp__stream_uniform(&draws->quotes) < params->quoted_rows;
    row->fault = EMP_FAULT_COUNT;
    put_row(rows, row);
    rows->tally.rows++;
    rows->tally.return_rows += row->event.order & 1;
    rows->tally.amount_minor += row->amount;
    if (params->dirty_share <= 0.0 || emp__stream_uniform(&draws->faults) >= params->dirty_share)
        return;
    uint32_t number = (uint32_t)(emp__stream_uniform(&draws->faults) * plan->fault_count);
    row->fault = plan->faults[number];
    row->quoted = false;
    put_row(rows, row);
    rows->tally.rows++;
    rows->tally.dirty_rows++;
    rows->tally.faults[row->fault]++;
}

/* Divides the value among the rows; the gaps are drawn twice, once for their sum. */
static void add_rows(struct emp_generate_rows *rows, struct event_draws *draws, struct row *row,
                     uint64_t count)
{
    int64_t value = draw_value(rows->plan, &row->event), done = 0;
    int64_t sign = row->event.order & 1 ? -1 : 1;
    struct emp_stream gaps = draws->lines;
    double sum = 0.0, reached = 0.0;
    for (uint64_t i = 0; i < count && count > 1; i++)
        sum += emp__stream_exponential(&gaps);
    for (uint64_t i = 0; i < count; i++) {
        int64_t upto = value;
        if (i + 1 < count) {
            reached += emp__stream_exponential(&draws->lines);
            upto = (int64_t)floor((double)value * (reached / sum));
        }
        row->amount = sign * (upto - done);
        done = upto;
        add_row(rows, draws, row);
    }
}

emp_status emp__rows_event(struct emp_generate_rows *rows, const struct emp_event *event,
                           emp_error *error)
{
    const struct emp_generate_plan *plan = rows->plan;
    const struct emp_generate_params *params = plan->params;
    uint32_t customer = event->customer, order = event->order >> 1;
    struct event_draws draws = {0};
    struct row row = {.event = *event};
    uint64_t count = 1;
    if (params->basket_lines > 1.0) {
        emp__draw_open(&draws.lines, plan, EMP_DRAW_LINES, customer, order);
        count += emp__stream_poisson(&draws.lines, params->basket_lines - 1.0);
    }
    emp_status status = emp__buffer_reserve(&rows->text, (size_t)count * 2 * ROW_ROOM, error);
    if (status != EMP_OK)
        return status;
    if (params->columns == EMP_COLUMNS_FULL) {
        emp__draw_open(&draws.basket, plan, EMP_DRAW_BASKET, customer, order);
        row.channel = emp__alias_draw(&draws.basket, &plan->channels.table);
    }
    emp__draw_open(&draws.quotes, plan, EMP_DRAW_QUOTES, customer, event->order);
    emp__draw_open(&draws.faults, plan, EMP_DRAW_FAULTS, customer, event->order);
    add_rows(rows, &draws, &row, count);
    rows->tally.orders += !(event->order & 1);
    return EMP_OK;
}

emp_status emp__rows_header(struct emp_generate_rows *rows, emp_error *error)
{
    static const char *const names[] = {"customer_id", "date",     "amount",  "order_id",
                                        "product",     "quantity", "channel", "cost"};
    size_t count = rows->plan->params->columns == EMP_COLUMNS_FULL ? 8 : 3;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        if (i > 0)
            status = emp__buffer_add(&rows->text, &rows->plan->delimiter, 1, error);
        if (status == EMP_OK)
            status = emp__buffer_text(&rows->text, names[i], error);
    }
    return status == EMP_OK ? emp__buffer_text(&rows->text, "\n", error) : status;
}

emp_status emp__rows_open_quote(struct emp_generate_rows *rows, emp_error *error)
{
    char delimiter = rows->plan->delimiter;
    emp_status status = emp__buffer_printf(&rows->text, error, "\"1%c%.10s%c1\n", delimiter,
                                           rows->plan->dates, delimiter);
    if (status != EMP_OK)
        return status;
    rows->tally.rows++;
    rows->tally.dirty_rows++;
    rows->tally.faults[EMP_FAULT_OPEN_QUOTE]++;
    return EMP_OK;
}
