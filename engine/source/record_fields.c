// SPDX-License-Identifier: Apache-2.0
#include "source/record_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

emp_status emp__field_splitter_init(struct emp_field_splitter *splitter, char delimiter,
                                    emp_error *error)
{
    *splitter = (struct emp_field_splitter){
        .delimiter = delimiter,
        .quote = delimiter == EMP_DELIMITER_BLANKS ? 0 : '"',
    };
    return emp__quoted_parser_new(delimiter, &splitter->parser, error);
}

void emp__field_splitter_free(struct emp_field_splitter *splitter)
{
    emp__quoted_parser_free(splitter->parser);
    free(splitter->spans);
    *splitter = (struct emp_field_splitter){0};
}

static emp_status split_plain(struct emp_field_splitter *splitter, struct emp_record_text record,
                              uint32_t expected, struct emp_fields *out, emp_error *error)
{
    emp_status status = emp__grow_array(&splitter->spans, &splitter->capacity, expected,
                                        sizeof *splitter->spans, error);
    if (status != EMP_OK)
        return status;
    *out = (struct emp_fields){.text = record.text, .spans = splitter->spans};
    out->count = emp__split(record.text, record.length, splitter->delimiter, splitter->spans,
                            splitter->capacity);
    return EMP_OK;
}

emp_status emp__record_fields(struct emp_field_splitter *splitter, struct emp_record_text record,
                              uint32_t expected, struct emp_fields *out, emp_error *error)
{
    bool well_formed = false;
    if (record.kind == EMP_RECORD_PLAIN)
        return split_plain(splitter, record, expected, out, error);
    emp_status status =
        emp__quoted_record(splitter->parser, record.text, record.length, out, &well_formed, error);
    if (status == EMP_OK && !well_formed)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "libcsv refuses a record that the splitter takes for well-formed");
    return status;
}

const char *emp__record_fault(enum emp_record_kind kind)
{
    switch (kind) {
    case EMP_RECORD_PLAIN:
    case EMP_RECORD_QUOTED:
        return NULL;
    case EMP_RECORD_STRAY_QUOTE:
        return "a quote inside a field that does not begin with one, or text behind a closing "
               "quote";
    case EMP_RECORD_OPEN_QUOTE:
        return "a quote that is not closed";
    default:
        return EMP_RECORD_TOO_LONG_FAULT;
    }
}

bool emp__check_field_count(size_t found, uint32_t expected, char *reason, size_t size)
{
    if (found == expected)
        return true;
    snprintf(reason, size, "expected %" PRIu32 " fields, found %zu", expected, found);
    return false;
}
