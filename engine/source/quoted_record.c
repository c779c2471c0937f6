// SPDX-License-Identifier: Apache-2.0
/*
 * libcsv by default trims blanks around fields, ends a record at any carriage return and, outside
 * its strict modes, lets an open quote swallow the rest of the input. Here it gets one record at a
 * time, in both strict modes, with no byte counted as a blank or as a line end: what is a record is
 * decided by text/record.h, libcsv takes it apart.
 */
#include "source/quoted_record.h"

#include <csv.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/slack.h"

struct emp_quoted_parser {
    struct csv_parser csv;
    struct emp_buffer text;
    struct emp_span *spans;
    size_t count, capacity;
    size_t records; /* records that libcsv saw in what should be one */
    emp_status status;
};

static int no_byte(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void on_field(void *bytes, size_t length, void *user)
{
    struct emp_quoted_parser *parser = user;
    if (parser->status == EMP_OK)
        parser->status = emp__grow_array(&parser->spans, &parser->capacity, parser->count + 1,
                                         sizeof *parser->spans, NULL);
    size_t begin = parser->text.length;
    if (parser->status == EMP_OK)
        parser->status = emp__buffer_add(&parser->text, bytes, length, NULL);
    if (parser->status == EMP_OK)
        parser->spans[parser->count++] = (struct emp_span){(uint32_t)begin, (uint32_t)length};
}

static void on_record(int last, void *user)
{
    struct emp_quoted_parser *parser = user;
    (void)last;
    parser->records++;
}

/* Also after a refusal: libcsv keeps the state it was in, and the next record must not inherit it.
 */
static bool reset(struct emp_quoted_parser *parser, char delimiter)
{
    csv_free(&parser->csv);
    if (csv_init(&parser->csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return false;
    csv_set_delim(&parser->csv, (unsigned char)delimiter);
    csv_set_space_func(&parser->csv, no_byte);
    csv_set_term_func(&parser->csv, no_byte);
    return true;
}

emp_status emp__quoted_parser_new(char delimiter, struct emp_quoted_parser **out, emp_error *error)
{
    struct emp_quoted_parser *parser;
    emp_status status = emp__new_array(&parser, 1, sizeof *parser, error);
    if (status != EMP_OK)
        return status;
    if (!reset(parser, delimiter)) {
        free(parser);
        return emp__fail(error, EMP_ERR_INTERNAL, "libcsv cannot be set up");
    }
    *out = parser;
    return EMP_OK;
}

void emp__quoted_parser_free(struct emp_quoted_parser *parser)
{
    if (!parser)
        return;
    csv_free(&parser->csv);
    emp__buffer_free(&parser->text);
    free(parser->spans);
    free(parser);
}

emp_status emp__quoted_record(struct emp_quoted_parser *parser, const char *text, size_t length,
                              struct emp_fields *out, bool *well_formed, emp_error *error)
{
    emp__buffer_clear(&parser->text);
    parser->count = parser->records = 0;
    parser->status = EMP_OK;
    size_t used = csv_parse(&parser->csv, text, length, on_field, on_record, parser);
    int reason = csv_error(&parser->csv);
    bool ended = csv_fini(&parser->csv, on_field, on_record, parser) == 0;
    /* The fast decoders may read a little behind the last field. */
    if (parser->status == EMP_OK)
        parser->status = emp__buffer_reserve(&parser->text, EMP_TEXT_SLACK, NULL);
    if (parser->status != EMP_OK || (used < length && reason == CSV_ENOMEM))
        return emp__fail_memory(error, length);
    *well_formed = used == length && ended && parser->records == 1;
    if (!*well_formed && !reset(parser, (char)csv_get_delim(&parser->csv)))
        return emp__fail(error, EMP_ERR_INTERNAL, "libcsv cannot be set up");
    *out = (struct emp_fields){parser->text.data, parser->spans, parser->count};
    return EMP_OK;
}
