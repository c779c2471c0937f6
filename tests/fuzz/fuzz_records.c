// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as delimited text. The first byte chooses the delimiter, the number of columns and the
 * scanning kernel; the rest is the text.
 *
 * Records: the fast reader equals the plain one, whatever part of the text it sees agrees with the
 * whole, libcsv takes a well-formed record for one record with the fields that a simple splitter
 * finds, and refuses a malformed one.
 *
 * Rows: a chunk gives the same rows, rejects and counts through the scanner as through the general
 * way, as it is and with its quotes taken away.
 *
 * Chunks: a text that comes in pieces of any size is cut where its records end, and nothing is
 * lost.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/chunk_rows.h"
#include "text/slack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PREFIXES = 80, PREFIXED_RECORDS = 6 };

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void *allocate(size_t size)
{
    void *block = malloc(size ? size : 1);
    require(block != NULL);
    return block;
}

static bool same_record(struct emp_record a, struct emp_record b)
{
    return a.kind == b.kind && a.length == b.length && a.next == b.next;
}

/* The fields of a record, decoded by the rules of RFC 4180 and one behind the other in `out`. */
struct fields {
    char *bytes;
    size_t *length, count;
};

static struct fields simple_split(const char *text, size_t length, char delimiter)
{
    struct fields fields = {allocate(length), allocate((length + 1) * sizeof(size_t)), 0};
    size_t written = 0, begin = 0;
    for (size_t i = 0;;) {
        bool quoted = i < length && text[i] == '"';
        i += quoted;
        for (; i < length && (quoted || text[i] != delimiter); i++) {
            if (quoted && text[i] == '"') {
                i++;
                if (i == length || text[i] != '"')
                    break;
            }
            fields.bytes[written++] = text[i];
        }
        fields.length[fields.count++] = written - begin;
        begin = written;
        if (i >= length)
            return fields;
        require(text[i] == delimiter);
        i++;
    }
}

static void check_fields(struct emp_quoted_parser *parser, const char *text, size_t length,
                         char delimiter)
{
    struct emp_fields found;
    bool well_formed = false;
    require(emp__quoted_record(parser, text, length, &found, &well_formed, NULL) == EMP_OK);
    require(well_formed);
    struct fields expected = simple_split(text, length, delimiter);
    require(found.count == expected.count);
    for (size_t i = 0, at = 0; i < found.count; at += expected.length[i++]) {
        require(found.spans[i].length == expected.length[i]);
        require(memcmp(found.text + found.spans[i].begin, expected.bytes + at,
                       expected.length[i]) == 0);
    }
    free(expected.bytes);
    free(expected.length);
}

static void check_plain_fields(const char *text, size_t length, char delimiter)
{
    struct fields expected = simple_split(text, length, delimiter);
    struct emp_span *spans = allocate(expected.count * sizeof *spans);
    require(emp__split(text, length, delimiter, spans, expected.count) == expected.count);
    for (size_t i = 0, at = 0; i < expected.count; at += expected.length[i++]) {
        require(spans[i].length == expected.length[i]);
        require(memcmp(text + spans[i].begin, expected.bytes + at, spans[i].length) == 0);
    }
    free(spans);
    free(expected.bytes);
    free(expected.length);
}

static void check_record(struct emp_quoted_parser *parser, const char *text,
                         struct emp_record record, char delimiter)
{
    struct emp_fields found;
    bool well_formed = true;
    bool has_quote = memchr(text, '"', record.length) != NULL;
    switch (record.kind) {
    case EMP_RECORD_PLAIN:
        require(!has_quote && !memchr(text, '\n', record.length));
        check_plain_fields(text, record.length, delimiter);
        if (record.length > 0)
            check_fields(parser, text, record.length, delimiter);
        break;
    case EMP_RECORD_QUOTED:
        require(has_quote);
        check_fields(parser, text, record.length, delimiter);
        break;
    default:
        require(record.kind == EMP_RECORD_STRAY_QUOTE || record.kind == EMP_RECORD_OPEN_QUOTE);
        require(has_quote && !memchr(text, '\n', record.length));
        require(emp__quoted_record(parser, text, record.length, &found, &well_formed, NULL) ==
                EMP_OK);
        require(!well_formed);
    }
}

/* The first prefixes only: the square of a long text's length would take too long. */
static void check_prefixes(const char *text, size_t length, char delimiter, struct emp_record whole)
{
    for (size_t n = 1; n <= length && n <= PREFIXES; n++) {
        struct emp_record part = emp__record_next(text, n, delimiter, '"', false);
        require(same_record(part, emp__record_next_plain(text, n, delimiter, '"', false)));
        require(part.kind == EMP_RECORD_NEED_MORE || same_record(part, whole));
    }
}

static void check_records(const char *text, size_t length, char delimiter)
{
    struct emp_quoted_parser *parser;
    require(emp__quoted_parser_new(delimiter, &parser, NULL) == EMP_OK);
    size_t records = 0;
    for (size_t at = 0; at < length; records++) {
        struct emp_record record = emp__record_next(text + at, length - at, delimiter, '"', true);
        require(same_record(record,
                            emp__record_next_plain(text + at, length - at, delimiter, '"', true)));
        require(record.kind != EMP_RECORD_NEED_MORE && record.next > 0);
        require(record.length <= record.next && record.next <= length - at);
        if (record.kind != EMP_RECORD_TOO_LONG)
            check_record(parser, text + at, record, delimiter);
        if (records < PREFIXED_RECORDS)
            check_prefixes(text + at, length - at, delimiter, record);
        at += record.next;
    }
    emp__quoted_parser_free(parser);
}

/* What came out of a chunk: the rows and rejects as bytes, and the counts. */
struct outcome {
    struct emp_buffer rows, rejects;
    uint64_t records, lines;
    struct emp_balance balance;
};

static emp_status take_rows(void *user, int thread, const struct emp_row *rows, size_t count,
                            emp_error *error)
{
    struct outcome *outcome = user;
    (void)thread;
    for (size_t i = 0; i < count; i++) {
        const struct emp_row *row = &rows[i];
        const int64_t numbers[] = {(int64_t)row->customer, row->time, row->amount,
                                   row->customer_length};
        require(emp__buffer_add(&outcome->rows, numbers, sizeof numbers, error) == EMP_OK);
        require(emp__buffer_add(&outcome->rows, row->token, sizeof row->token, error) == EMP_OK);
        if (row->customer_text)
            require(emp__buffer_add(&outcome->rows, row->customer_text, row->customer_length,
                                    error) == EMP_OK);
    }
    return EMP_OK;
}

static emp_status take_columns(void *user, int thread, const struct emp_row_columns *columns,
                               emp_error *error)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct emp_row row = {.customer = columns->customer[i],
                                    .time = columns->time[i],
                                    .amount = columns->amount[i]};
        require(take_rows(user, thread, &row, 1, error) == EMP_OK);
    }
    return EMP_OK;
}

static emp_status take_reject(void *user, const struct emp_reject *reject, emp_error *error)
{
    struct outcome *outcome = user;
    const uint64_t numbers[] = {reject->line, reject->reason_length, reject->raw_length};
    require(emp__buffer_add(&outcome->rejects, numbers, sizeof numbers, error) == EMP_OK);
    require(emp__buffer_add(&outcome->rejects, reject->reason, reject->reason_length, error) ==
            EMP_OK);
    return emp__buffer_add(&outcome->rejects, reject->raw, reject->raw_length, error);
}

/* `kernels` NULL: the general way. */
static struct outcome read_chunk(const struct emp_row_decoder *decoder, const char *text,
                                 size_t length, const struct emp_file_columns *columns,
                                 const char *kernels)
{
    struct outcome outcome = {.records = 0};
    const struct emp_row_sink sink = {&outcome, take_rows, take_columns};
    struct emp_chunk chunk = {
        .text = text, .length = length, .has_quote = memchr(text, '"', length) != NULL};
    struct emp_reject_log *log;
    require(emp__reject_log_new(1, &log, NULL) == EMP_OK);
    struct emp_chunk_work work = {.decoder = decoder,
                                  .kernels = emp__text_kernels(kernels),
                                  .sink = &sink,
                                  .rejects = log,
                                  .one_by_one = kernels == NULL};
    if (!work.kernels)
        work.kernels = &emp__text_portable;
    struct emp_chunk_worker *worker;
    require(emp__chunk_worker_new(&work, 0, &worker, NULL) == EMP_OK);
    require(emp__chunk_rows(worker, &chunk, columns, &outcome.records, &outcome.lines, NULL) ==
            EMP_OK);
    outcome.balance = *emp__chunk_worker_balance(worker);
    require(emp__reject_log_each(log, take_reject, &outcome, NULL) == EMP_OK);
    emp__chunk_worker_free(worker);
    emp__reject_log_free(log);
    return outcome;
}

static bool same_bytes(const struct emp_buffer *a, const struct emp_buffer *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

static void compare_outcomes(struct outcome *fast, struct outcome *general)
{
    uint64_t rows = 0;
    require(same_bytes(&fast->rows, &general->rows));
    require(same_bytes(&fast->rejects, &general->rejects));
    require(fast->records == general->records && fast->lines == general->lines);
    for (int i = 0; i < EMP_FATES; i++) {
        require(fast->balance.rows[i] == general->balance.rows[i]);
        require(fast->balance.money[i] == general->balance.money[i]);
        rows += fast->balance.rows[i];
    }
    require(rows == fast->records);
    emp__buffer_free(&fast->rows);
    emp__buffer_free(&fast->rejects);
    emp__buffer_free(&general->rows);
    emp__buffer_free(&general->rejects);
}

/* Customer, time and amount are the last three of `columns` columns, or all the first. A column
   before them is the product, which may be empty, and the customer the order as well. */
static void check_rows(char *text, size_t length, char delimiter, uint32_t columns,
                       const char *kernels)
{
    static char names[4][10] = {"customer", "time", "amount", "product"};
    static char compact_dates[] = "%Y%m%d", utf8[] = "utf-8";
    const struct emp_column_ref refs[] = {
        {.name = names[0]}, {.name = names[1]}, {.name = names[2]}, {.name = names[3]}};
    struct emp_input_params input = {
        .format = {.delimiter = delimiter, .decimal = '.', .encoding = utf8},
        .amount_decimals = 2,
        .time_format = columns == 1 ? compact_dates : NULL};
    struct emp_wanted_columns wanted = {.count = EMP_SLOT_CONDITIONS};
    struct emp_file_columns places = {.total = columns};
    for (uint32_t i = 0; i < 3; i++) {
        wanted.slots[i] = &refs[i];
        places.slot[i] = columns < 3 ? 0 : columns - 3 + i;
    }
    if (columns > 3) {
        wanted.slots[EMP_SLOT_TOKENS + EMP_TOKEN_ORDER] = &refs[0];
        places.slot[EMP_SLOT_TOKENS + EMP_TOKEN_ORDER] = columns - 3;
        wanted.slots[EMP_SLOT_TOKENS + EMP_TOKEN_PRODUCT] = &refs[3];
        places.slot[EMP_SLOT_TOKENS + EMP_TOKEN_PRODUCT] = 0;
    }
    struct emp_row_decoder decoder;
    emp__row_decoder_init(&decoder, &input, &wanted, EMP_NO_DATE);
    for (int quotes = 1; quotes >= 0; quotes--) {
        for (size_t i = 0; i < length && !quotes; i++)
            if (text[i] == '"')
                text[i] = '\n';
        struct outcome general = read_chunk(&decoder, text, length, &places, NULL);
        struct outcome fast = read_chunk(&decoder, text, length, &places, kernels);
        compare_outcomes(&fast, &general);
    }
}

/* Moves *at on over the records of a chunk, which must be those of the whole text. */
static void check_chunk(const struct emp_chunk *chunk, const char *text, size_t length,
                        char delimiter, size_t *at)
{
    size_t end = *at + chunk->length;
    require(!chunk->too_long && end <= length);
    require(memcmp(chunk->text, text + *at, chunk->length) == 0);
    require(chunk->has_quote || !memchr(chunk->text, '"', chunk->length));
    while (*at < end)
        *at += emp__record_next(text + *at, length - *at, delimiter, '"', true).next;
    require(*at == end);
}

/* Texts that are shorter than the longest record, so that none is too long. */
static void check_cuts(const char *text, size_t length, char delimiter, size_t step,
                       const char *kernels)
{
    struct emp_chunk_cutter cutter = {
        .kernels = emp__text_kernels(kernels), .delimiter = delimiter, .quote = '"'};
    struct emp_chunk chunk = {.length = 0};
    size_t at = 0;
    if (!cutter.kernels)
        cutter.kernels = &emp__text_portable;
    for (size_t from = 0; from < length; from += step) {
        size_t size = length - from < step ? length - from : step;
        require(emp__chunk_reserve(&chunk, size, NULL) == EMP_OK);
        memcpy(chunk.memory + EMP_CHUNK_FRONT, text + from, size);
        struct emp_text_piece piece = emp__text_piece_look(&cutter, &chunk, size);
        piece.at_end = from + size == length;
        require(emp__chunk_cut(&cutter, &chunk, piece, NULL) == EMP_OK);
        check_chunk(&chunk, text, length, delimiter, &at);
        require(at + cutter.rest.length == from + size);
    }
    require(at == length);
    emp__buffer_free(&cutter.rest);
    emp__chunk_free(&chunk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {',', ';', '\t', '|'};
    static const uint32_t column_counts[] = {3, 1, 4, 3};
    static const char *const kernels[] = {"portable", "avx2", "avx512", "avx512_vbmi2"};
    if (size < 2)
        return 0;
    char delimiter = delimiters[data[0] & 3];
    size_t length = size - 1;
    char *exact = allocate(length), *slack = allocate(length + EMP_TEXT_SLACK);
    memcpy(exact, data + 1, length);
    memcpy(slack, data + 1, length);
    memset(slack + length, delimiter, EMP_TEXT_SLACK);
    check_records(exact, length, delimiter);
    if (length <= EMP_RECORD_MAX)
        check_cuts(exact, length, delimiter, 1 + (data[0] >> 6) * (size_t)(1 + data[1] % 100),
                   kernels[data[0] >> 4 & 3]);
    check_rows(slack, length, delimiter, column_counts[data[0] >> 2 & 3],
               kernels[data[0] >> 4 & 3]);
    free(slack);
    free(exact);
    return 0;
}
