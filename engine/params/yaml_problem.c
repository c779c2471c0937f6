// SPDX-License-Identifier: Apache-2.0
#include "params/yaml_problem.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

struct advice {
    const char *problem;
    const char *context; /* NULL: any */
    const char *message;
    bool at_context;   /* the place to look at is where the thing began */
    bool tells_origin; /* name the line on which the thing began */
};

static const struct advice advices[] = {
    {"did not find expected key", NULL,
     "a key of the map is expected here: check the indentation, and that text with ': ', ' #' or"
     " quotes in it stands in quotes",
     false, true},
    {"did not find expected '-' indicator", NULL,
     "an item of the list ('- ') is expected here: check the indentation", false, true},
    {"mapping values are not allowed in this context", NULL,
     "a ':' is not expected here: check the indentation, and that text with ': ' in it stands in"
     " quotes",
     false, false},
    {"block sequence entries are not allowed in this context", NULL,
     "an item of a list ('- ') is not expected here: begin the list on a line of its own", false,
     false},
    {"could not find expected ':'", NULL, "a ':' is expected behind this key", true, false},
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "the quote that is opened here is never closed", true, false},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "the quote that is opened here is never closed", true, false},
    {"did not find expected ',' or ']'", NULL, "',' or ']' is expected here, in the list", false,
     true},
    {"did not find expected ',' or '}'", NULL, "',' or '}' is expected here, in the map", false,
     true},
    {"found unknown escape character", NULL,
     "unknown escape after '\\': in double quotes a backslash is written '\\\\'; in single quotes"
     " it stands for itself",
     false, false},
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     "text that begins with '*' must stand in quotes", true, false},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor",
     "text that begins with '&' must stand in quotes", true, false},
    {"did not find expected node content", NULL, "a value is expected here", false, false},
    {"found a tab character that violates indentation", NULL,
     "indentation must be spaces, found a tab", false, false},
    {"found a tab character where an indentation space is expected", NULL,
     "indentation must be spaces, found a tab", false, false},
};

/* The byte at a mark, whose index counts characters; 0 at the end. */
static char byte_at(const struct emp_yaml_source *source, size_t index)
{
    size_t i = 0;
    for (; i < source->length; i++) {
        bool begins = ((unsigned char)source->text[i] & 0xC0) != 0x80;
        if (begins && index-- == 0)
            return source->text[i];
    }
    return '\0';
}

static struct emp_place place_of(const struct emp_yaml_source *source, yaml_mark_t mark)
{
    return (struct emp_place){
        .file = source->name, .line = mark.line + 1, .column = (uint32_t)mark.column + 1};
}

/* The place of a byte; only \n, \r and \r\n end lines here. */
static struct emp_place place_of_byte(const struct emp_yaml_source *source, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < source->length; i++) {
        char byte = source->text[i];
        bool pair = byte == '\r' && i + 1 < source->length && source->text[i + 1] == '\n';
        if ((byte == '\n' || byte == '\r') && !pair) {
            mark.line++;
            mark.column = 0;
        } else if (((unsigned char)byte & 0xC0) != 0x80) {
            mark.column++;
        }
    }
    return place_of(source, mark);
}

static emp_status fail_bytes(const yaml_parser_t *parser, const struct emp_yaml_source *source,
                             emp_error *error)
{
    size_t offset = parser->problem_offset;
    if (strcmp(parser->problem, "invalid trailing UTF-8 octet") == 0)
        do
            offset--;
        while (offset > 0 && ((unsigned char)source->text[offset] & 0xC0) == 0x80);
    struct emp_place place = place_of_byte(source, offset);
    unsigned byte = offset < source->length ? (unsigned char)source->text[offset] : 0;
    if (strcmp(parser->problem, "control characters are not allowed") == 0)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "a control character (U+%04X) is not allowed",
                            (unsigned)parser->problem_value);
    return emp__fail_at(error, EMP_ERR_PARAMS, place, "this is not UTF-8 text: byte 0x%02X", byte);
}

static emp_status fail_first_character(const struct emp_yaml_source *source, yaml_mark_t mark,
                                       emp_error *error)
{
    char byte = byte_at(source, mark.index);
    if (byte == '\t')
        return emp__fail_at(error, EMP_ERR_PARAMS, place_of(source, mark),
                            "indentation must be spaces, found a tab");
    return emp__fail_at(error, EMP_ERR_PARAMS, place_of(source, mark),
                        "text that begins with '%c' must stand in quotes", byte);
}

static const struct advice *find_advice(const char *problem, const char *context)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        const struct advice *advice = &advices[i];
        if (strcmp(advice->problem, problem) == 0 &&
            (!advice->context || (context && strcmp(advice->context, context) == 0)))
            return advice;
    }
    return NULL;
}

static emp_status fail_syntax(const yaml_parser_t *parser, const struct emp_yaml_source *source,
                              emp_error *error)
{
    const char *context = parser->context;
    struct emp_place here = place_of(source, parser->problem_mark);
    struct emp_place origin = place_of(source, parser->context_mark);
    const struct advice *advice = find_advice(parser->problem, context);
    if (!advice)
        return emp__fail_at(error, EMP_ERR_PARAMS, here, "this is not YAML: %s%s%s",
                            parser->problem, context ? " " : "", context ? context : "");
    bool lines = memchr(source->text, '\n', source->length) != NULL;
    if (advice->tells_origin && context && lines && origin.line != here.line)
        return emp__fail_at(error, EMP_ERR_PARAMS, here, "%s (it began on line %" PRIu64 ")",
                            advice->message, origin.line);
    return emp__fail_at(error, EMP_ERR_PARAMS, advice->at_context && context ? origin : here, "%s",
                        advice->message);
}

emp_status emp__yaml_fail(const yaml_parser_t *parser, const struct emp_yaml_source *source,
                          emp_error *error)
{
    if (parser->error == YAML_MEMORY_ERROR || !parser->problem)
        return emp__fail(error, EMP_ERR_MEMORY, "out of memory while reading %s", source->name);
    if (parser->error == YAML_READER_ERROR)
        return fail_bytes(parser, source, error);
    if (strcmp(parser->problem, "found character that cannot start any token") == 0)
        return fail_first_character(source, parser->problem_mark, error);
    return fail_syntax(parser, source, error);
}
