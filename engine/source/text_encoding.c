// SPDX-License-Identifier: Apache-2.0
/* The converting stage of a byte stream: any encoding that iconv knows, to UTF-8. */
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/stream_stage.h"

enum { INPUT_BYTES = 1 << 16, LONGEST_CHARACTER = 16 };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

struct converter {
    struct emp_stage *below;
    iconv_t iconv;
    uint64_t replacements;
    bool ended; /* the stage below has no more */
    size_t start, end;
    char input[INPUT_BYTES];
};

/* Moves what is left to the front and reads more behind it. */
static emp_status fill(struct converter *self, emp_error *error)
{
    size_t left = self->end - self->start, got = 0;
    memmove(self->input, self->input + self->start, left);
    emp_status status =
        self->below->read(self->below, self->input + left, sizeof self->input - left, &got, error);
    self->start = 0;
    self->end = left + got;
    self->ended = got == 0;
    return status;
}

/* Skips one byte that is no character and writes U+FFFD in its place, if there is room. */
static bool replace(struct converter *self, char **out, size_t *room)
{
    if (*room < sizeof replacement - 1)
        return false;
    memcpy(*out, replacement, sizeof replacement - 1);
    *out += sizeof replacement - 1;
    *room -= sizeof replacement - 1;
    self->start++;
    self->replacements++;
    return true;
}

static emp_status convert(struct emp_stage *stage, char *out, size_t size, size_t *length,
                          emp_error *error)
{
    struct converter *self = stage->state;
    char *to = out;
    size_t room = size;
    while (to == out) {
        if (!self->ended && self->end - self->start < LONGEST_CHARACTER) {
            emp_status status = fill(self, error);
            if (status != EMP_OK)
                return status;
        }
        if (self->start == self->end)
            break;
        char *from = self->input + self->start;
        size_t left = self->end - self->start;
        size_t result = iconv(self->iconv, &from, &left, &to, &room);
        self->start = self->end - left;
        /* EINVAL: a character is cut off by the end of the buffer, or, at the end, of the file. */
        bool cut = result == (size_t)-1 && errno == EINVAL;
        bool wrong = result == (size_t)-1 && errno == EILSEQ;
        if ((wrong || (cut && self->ended)) && !replace(self, &to, &room))
            break;
    }
    *length = (size_t)(to - out);
    return EMP_OK;
}

static void close_converter(struct emp_stage *stage)
{
    struct converter *self = stage->state;
    iconv_close(self->iconv);
    free(self);
}

uint64_t emp__encoding_replacements(const struct emp_stage *stage)
{
    return ((const struct converter *)stage->state)->replacements;
}

emp_status emp__encoding_stage(struct emp_stage *stage, struct emp_stage *below,
                               const char *encoding, emp_error *error)
{
    struct converter *self;
    emp_status status = emp__new_array(&self, 1, sizeof *self, error);
    if (status != EMP_OK)
        return status;
    self->below = below;
    self->iconv = iconv_open("UTF-8", encoding);
    if (self->iconv == (iconv_t)-1) { // NOLINT(performance-no-int-to-ptr): iconv's own way
        free(self);
        return emp__fail(error, EMP_ERR_PARAMS,
                         "iconv knows no encoding '%s' ('iconv -l' lists those it knows)",
                         encoding);
    }
    *stage = (struct emp_stage){.read = convert, .close = close_converter, .state = self};
    return EMP_OK;
}
