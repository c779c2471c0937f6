// SPDX-License-Identifier: Apache-2.0
/* The reference twin of record.c: one state machine, one byte at a time. */
#include "text/record.h"

enum state { FIELD_START, UNQUOTED, QUOTED, QUOTE_IN_QUOTED, CR_BEHIND_QUOTE };

/* What the machine says after the bytes it has seen. */
struct verdict {
    enum emp_record_kind kind;
    size_t length, next;
};

/* The next state, or -1 for the end of the record and -2 for a stray quote. */
static int step(enum state state, char c, char delimiter, char quote)
{
    switch (state) {
    case FIELD_START:
        if (c == quote)
            return QUOTED;
        return c == '\n' ? -1 : c == delimiter ? FIELD_START : UNQUOTED;
    case UNQUOTED:
        if (c == quote)
            return -2;
        return c == '\n' ? -1 : c == delimiter ? FIELD_START : UNQUOTED;
    case QUOTED:
        return c == quote ? QUOTE_IN_QUOTED : QUOTED;
    case QUOTE_IN_QUOTED:
        if (c == quote)
            return QUOTED;
        if (c == '\r')
            return CR_BEHIND_QUOTE;
        return c == '\n' ? -1 : c == delimiter ? FIELD_START : -2;
    case CR_BEHIND_QUOTE:
    default:
        return c == '\n' ? -1 : -2;
    }
}

static struct verdict run_machine(const char *text, size_t window, char delimiter, char quote,
                                  bool final)
{
    enum state state = FIELD_START;
    bool quoted = false, ended = false;
    size_t i = 0;
    while (i < window && !ended) {
        int next = step(state, text[i], delimiter, quote);
        if (next == -2)
            return (struct verdict){.kind = EMP_RECORD_STRAY_QUOTE};
        ended = next == -1;
        if (!ended) {
            state = (enum state)next;
            quoted = quoted || state == QUOTED;
            i++;
        }
    }
    if (!ended && !final)
        return (struct verdict){.kind = EMP_RECORD_NEED_MORE};
    if (!ended && state == QUOTED)
        return (struct verdict){.kind = EMP_RECORD_OPEN_QUOTE};
    struct verdict verdict = {.kind = quoted ? EMP_RECORD_QUOTED : EMP_RECORD_PLAIN,
                              .length = i,
                              .next = ended ? i + 1 : i};
    if (i > 0 && text[i - 1] == '\r' && (state == UNQUOTED || state == CR_BEHIND_QUOTE))
        verdict.length--;
    return verdict;
}

struct emp_record emp__record_next_plain(const char *text, size_t length, char delimiter,
                                         char quote, bool at_end)
{
    size_t line = 0;
    bool has_quote = false;
    while (line < length && text[line] != '\n' && line <= EMP_RECORD_MAX) {
        has_quote = has_quote || (quote != 0 && text[line] == quote);
        line++;
    }
    bool line_ends = line < length && text[line] == '\n';
    if (line > EMP_RECORD_MAX) {
        while (line < length && text[line] != '\n')
            line++;
        line_ends = line < length;
        size_t cut = line > 0 && text[line - 1] == '\r' ? line - 1 : line;
        return (struct emp_record){EMP_RECORD_TOO_LONG, cut, line_ends ? line + 1 : line};
    }
    if (!line_ends && !at_end)
        return (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
    size_t cut = line > 0 && text[line - 1] == '\r' ? line - 1 : line;
    struct emp_record first = {EMP_RECORD_PLAIN, cut, line_ends ? line + 1 : line};
    if (!has_quote)
        return first;
    bool final = at_end && length <= EMP_RECORD_MAX;
    size_t window = length <= EMP_RECORD_MAX ? length : EMP_RECORD_MAX + 1;
    struct verdict verdict = run_machine(text, window, delimiter, quote, final);
    if (verdict.kind == EMP_RECORD_NEED_MORE && length <= EMP_RECORD_MAX)
        return (struct emp_record){.kind = EMP_RECORD_NEED_MORE};
    if (verdict.kind == EMP_RECORD_QUOTED && verdict.length <= EMP_RECORD_MAX)
        return (struct emp_record){verdict.kind, verdict.length, verdict.next};
    first.kind = run_machine(text, line, delimiter, quote, true).kind;
    return first;
}
