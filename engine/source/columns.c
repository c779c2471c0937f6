// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "params/conditions.h"

void emp__wanted_columns(const struct emp_input_params *input, unsigned tokens,
                         struct emp_wanted_columns *out)
{
    const struct emp_roles *roles = &input->columns;
    struct emp_wanted_columns wanted = {.count = EMP_SLOT_CONDITIONS,
                                        .by_number = !input->format.header};
    wanted.slots[EMP_SLOT_CUSTOMER] = &roles->customer;
    wanted.slots[EMP_SLOT_TIME] = &roles->time;
    wanted.slots[EMP_SLOT_AMOUNT] = roles->amount.name ? &roles->amount : &roles->price;
    if (!roles->amount.name)
        wanted.slots[EMP_SLOT_QUANTITY] = &roles->price_quantity;
    const struct emp_column_ref *named[] = {[EMP_TOKEN_ORDER] = &roles->order,
                                            [EMP_TOKEN_PRODUCT] = &roles->product,
                                            [EMP_TOKEN_CHANNEL] = &roles->channel,
                                            [EMP_TOKENS] = &roles->quantity,
                                            &roles->cost};
    _Static_assert(sizeof named == sizeof wanted.unread, "all others may be unread");
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (i < EMP_TOKENS && tokens & emp__token_bit((enum emp_token)i))
            wanted.slots[EMP_SLOT_TOKENS + i] = named[i];
        else
            wanted.unread[i] = named[i]->name ? named[i] : NULL;
    _Static_assert((int)EMP_SLOT_CONDITIONS + (int)EMP_CONDITIONS_MAX <= (int)EMP_SLOTS_MAX,
                   "every condition has a slot");
    for (size_t i = 0; i < input->where.count; i++)
        wanted.slots[wanted.count++] = &input->where.items[i].column;
    *out = wanted;
}

struct header {
    const char *path;
    const struct emp_fields *names;
};

/* "'id', 'date', 'amount', ..." */
static emp_status list_names(const char *const *names, struct emp_buffer *out, emp_error *error)
{
    enum { LISTED = 5 };
    emp_status status = EMP_OK;
    for (size_t i = 0; i <= LISTED && names[i] && status == EMP_OK; i++) {
        const char *comma = i > 0 ? ", " : "";
        status = i == LISTED ? emp__buffer_text(out, ", ...", error)
                             : emp__buffer_printf(out, error, "%s'%.60s'", comma, names[i]);
    }
    return status;
}

static emp_status fail_missing(const struct header *header, const struct emp_column_ref *column,
                               const char *const *names, emp_error *error)
{
    struct emp_place place = {.file = header->path, .line = 1};
    struct emp_buffer list = {0};
    const char *near = emp__nearest_word(column->name, names);
    const char *hint = column->number ? " (a number is a column only with header: false)" : "";
    emp_status status = list_names(names, &list, error);
    if (status == EMP_OK && near)
        status = emp__fail_at(error, EMP_ERR_DATA, place,
                              "the header has no column '%s'; did you mean '%s'?%s", column->name,
                              near, hint);
    else if (status == EMP_OK)
        status =
            emp__fail_at(error, EMP_ERR_DATA, place, "the header has no column '%s'; it has %s%s%s",
                         column->name, list.data ? list.data : "nothing",
                         header->names->count == 1 ? " (is the delimiter right?)" : "", hint);
    emp__buffer_free(&list);
    return status;
}

/* The message about a name that is not there; for it, the header's names are made C strings. */
static emp_status missing(const struct header *header, const struct emp_column_ref *column,
                          emp_error *error)
{
    char **words = NULL;
    size_t count = header->names->count;
    emp_status status = emp__new_array(&words, count + 1, sizeof *words, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = emp__copy_text(&words[i], header->names->text + header->names->spans[i].begin,
                                header->names->spans[i].length, error);
    if (status == EMP_OK)
        status = fail_missing(header, column, (const char *const *)words, error);
    for (size_t i = 0; words && i < count; i++)
        free(words[i]);
    free(words);
    return status;
}

static bool is_named(const char *text, struct emp_span name, const char *wanted)
{
    return name.length == strlen(wanted) && memcmp(text + name.begin, wanted, name.length) == 0;
}

static emp_status find_column(const struct header *header, const struct emp_column_ref *column,
                              uint32_t *out, emp_error *error)
{
    size_t found = header->names->count;
    for (size_t i = 0; i < header->names->count; i++) {
        if (!is_named(header->names->text, header->names->spans[i], column->name))
            continue;
        if (found < header->names->count)
            return emp__fail_at(error, EMP_ERR_DATA,
                                (struct emp_place){.file = header->path, .line = 1},
                                "the header has the column '%s' twice, as column %zu and %zu",
                                column->name, found + 1, i + 1);
        found = i;
    }
    if (found == header->names->count)
        return missing(header, column, error);
    *out = (uint32_t)found;
    return EMP_OK;
}

emp_status emp__columns_by_name(const struct emp_wanted_columns *wanted, const char *path,
                                const struct emp_fields *names, struct emp_file_columns *out,
                                emp_error *error)
{
    struct header header = {path, names};
    struct emp_file_columns columns = {.total = (uint32_t)names->count};
    uint32_t ignored;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < wanted->count && status == EMP_OK; i++)
        if (wanted->slots[i])
            status = find_column(&header, wanted->slots[i], &columns.slot[i], error);
    for (size_t i = 0; i < sizeof wanted->unread / sizeof *wanted->unread && status == EMP_OK; i++)
        if (wanted->unread[i])
            status = find_column(&header, wanted->unread[i], &ignored, error);
    if (status == EMP_OK)
        *out = columns;
    return status;
}

static emp_status check_number(const struct emp_column_ref *column, const char *path, size_t count,
                               emp_error *error)
{
    if ((uint64_t)column->number <= count)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = path, .line = 1},
                        "there is no column %" PRId64 ": the first record has %zu field%s%s",
                        column->number, count, count == 1 ? "" : "s",
                        count == 1 ? " (is the delimiter right?)" : "");
}

emp_status emp__columns_by_number(const struct emp_wanted_columns *wanted, const char *path,
                                  size_t count, struct emp_file_columns *out, emp_error *error)
{
    struct emp_file_columns columns = {.total = (uint32_t)count};
    emp_status status = EMP_OK;
    for (size_t i = 0; i < wanted->count && status == EMP_OK; i++) {
        if (!wanted->slots[i])
            continue;
        status = check_number(wanted->slots[i], path, count, error);
        columns.slot[i] = (uint32_t)(wanted->slots[i]->number - 1);
    }
    for (size_t i = 0; i < sizeof wanted->unread / sizeof *wanted->unread && status == EMP_OK; i++)
        if (wanted->unread[i])
            status = check_number(wanted->unread[i], path, count, error);
    if (status == EMP_OK)
        *out = columns;
    return status;
}
