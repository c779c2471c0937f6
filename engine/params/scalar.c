// SPDX-License-Identifier: Apache-2.0
/* The values of scalars: numbers, truth values, words, dates, sizes and texts, and their messages.
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "params/expected.h"
#include "text/civil_time.h"

/* Fails as emp__node_expected does; `hint` goes to the end of the message. */
static emp_status refuse(const struct emp_node *node, const char *expected, const char *hint,
                         emp_error *error)
{
    char excerpt[EMP_EXCERPT];
    char found[EMP_EXCERPT + 16];
    const char *mark = strchr(expected, ',') ? ";" : ",";
    if (node->kind == EMP_NODE_MAP)
        snprintf(found, sizeof found, "a map");
    else if (node->kind == EMP_NODE_LIST)
        snprintf(found, sizeof found, "a list");
    else if (emp__node_is_null(node))
        snprintf(found, sizeof found, "nothing");
    else if (node->quoted)
        snprintf(found, sizeof found, "the text \"%s\"", emp__text_excerpt(node->text, excerpt));
    else
        snprintf(found, sizeof found, "'%s'", emp__text_excerpt(node->text, excerpt));
    if (node->path[0] == '\0')
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "the value must be %s%s found %s%s", expected, mark, found, hint);
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                        "'%s' must be %s%s found %s%s", node->path, expected, mark, found, hint);
}

emp_status emp__node_expected(const struct emp_node *node, const char *expected, emp_error *error)
{
    return refuse(node, expected, "", error);
}

/* The text of a scalar that is not in quotes and not null, or NULL. */
static const char *plain_text(const struct emp_node *node)
{
    bool plain = node->kind == EMP_NODE_SCALAR && !node->quoted && !emp__node_is_null(node);
    return plain ? node->text : NULL;
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* [+-] digits, without a leading zero that YAML 1.1 would take for octal. */
static bool is_integer(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t count = digits(text);
    return count > 0 && text[count] == '\0' && (count == 1 || text[0] != '0');
}

/* [+-] digits with a point somewhere, and an exponent if need be. */
static bool is_real(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t whole = digits(text);
    bool octal = whole > 1 && text[0] == '0';
    text += whole;
    size_t fraction = *text == '.' ? digits(text + 1) : 0;
    text += *text == '.' ? 1 + fraction : 0;
    if (*text == 'e' || *text == 'E') {
        text += text[1] == '+' || text[1] == '-' ? 2 : 1;
        size_t exponent = digits(text);
        if (exponent == 0)
            return false;
        text += exponent;
    }
    return *text == '\0' && whole + fraction > 0 && !octal;
}

static const char *number_hint(const struct emp_node *node)
{
    bool number = node->kind == EMP_NODE_SCALAR && node->quoted && is_real(node->text);
    return number ? "; leave out the quotes" : "";
}

emp_status emp__node_integer(const struct emp_node *node, int64_t min, int64_t max, int64_t *out,
                             emp_error *error)
{
    char expected[EMP_EXPECTED_NUMBER];
    const char *text = plain_text(node);
    const char *hint = number_hint(node);
    if (text && is_integer(text)) {
        errno = 0;
        long long value = strtoll(text, NULL, 10);
        if (errno == 0 && value >= min && value <= max) {
            *out = value;
            return EMP_OK;
        }
        hint = errno ? ", which does not fit into 64 bits" : "";
    }
    return refuse(node, emp__expected_integer(min, max, expected), hint, error);
}

/* strtod whatever the locale of the program; NAN where memory ran out. */
static double decimal_to_double(const char *text)
{
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!locale)
        return NAN;
    double value = strtod_l(text, NULL, locale);
    freelocale(locale);
    return value;
}

emp_status emp__node_real(const struct emp_node *node, double min, double max, double *out,
                          emp_error *error)
{
    char expected[EMP_EXPECTED_NUMBER];
    const char *text = plain_text(node);
    const char *hint = number_hint(node);
    if (text && is_real(text)) {
        double value = decimal_to_double(text);
        if (isnan(value))
            return emp__fail_memory(error, strlen(text));
        if (isfinite(value) && value >= min && value <= max) {
            *out = value;
            return EMP_OK;
        }
        hint = isinf(value) ? ", which is too large" : "";
    }
    return refuse(node, emp__expected_real(min, max, expected), hint, error);
}

emp_status emp__node_boolean(const struct emp_node *node, bool *out, emp_error *error)
{
    static const char *const words[] = {
        "false", "False", "FALSE", "no",  "No",  "NO",  "off", "Off", "OFF",
        "true",  "True",  "TRUE",  "yes", "Yes", "YES", "on",  "On",  "ON",
    };
    enum { WORD_COUNT = sizeof words / sizeof words[0], FIRST_TRUE = WORD_COUNT / 2 };
    const char *text = plain_text(node);
    for (int i = 0; text && i < WORD_COUNT; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i >= FIRST_TRUE;
            return EMP_OK;
        }
    }
    return refuse(node, EMP_EXPECTED_BOOLEAN, "", error);
}

static emp_status refuse_choice(const struct emp_node *node, const char *const *choices,
                                emp_error *error)
{
    struct emp_buffer expected = {0};
    char hint[EMP_EXCERPT + 32] = "";
    const char *nearest =
        node->kind == EMP_NODE_SCALAR ? emp__nearest_word(node->text, choices) : NULL;
    if (nearest)
        snprintf(hint, sizeof hint, "; did you mean '%s'?", nearest);
    emp_status status = emp__expected_choice(choices, &expected, error);
    if (status == EMP_OK)
        status = refuse(node, expected.data, hint, error);
    emp__buffer_free(&expected);
    return status;
}

emp_status emp__node_choice(const struct emp_node *node, const char *const *choices, int *out,
                            emp_error *error)
{
    bool given = node->kind == EMP_NODE_SCALAR && !emp__node_is_null(node);
    for (int i = 0; given && choices[i]; i++) {
        if (strcmp(node->text, choices[i]) == 0) {
            *out = i;
            return EMP_OK;
        }
    }
    return refuse_choice(node, choices, error);
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

static bool is_date_shaped(const char *text)
{
    return digits(text) == 4 && text[4] == '-' && digits(text + 5) == 2 && text[7] == '-' &&
           digits(text + 8) == 2 && text[10] == '\0';
}

emp_status emp__node_date(const struct emp_node *node, int64_t *out, emp_error *error)
{
    if (node->kind != EMP_NODE_SCALAR || !is_date_shaped(node->text))
        return refuse(node, EMP_EXPECTED_DATE, "", error);
    int year = two_digits(node->text) * 100 + two_digits(node->text + 2);
    int month = two_digits(node->text + 5);
    int day = two_digits(node->text + 8);
    bool real = year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
                day <= emp__days_in_month(year, month);
    if (!real)
        return refuse(node, EMP_EXPECTED_DATE, ", which is no day of the calendar", error);
    *out = emp__days_from_civil(year, month, day);
    return EMP_OK;
}

/* The shift of a suffix, or -1. */
static int size_shift(const char *suffix)
{
    static const char letters[] = "KMGT";
    if (suffix[0] == '\0')
        return 0;
    char letter = suffix[0] >= 'a' ? (char)(suffix[0] - 'a' + 'A') : suffix[0];
    const char *found = strchr(letters, letter);
    return found && suffix[1] == '\0' ? 10 * (int)(found - letters + 1) : -1;
}

emp_status emp__node_size(const struct emp_node *node, uint64_t *out, emp_error *error)
{
    const char *text = plain_text(node);
    size_t count = text ? digits(text) : 0;
    int shift = count > 0 && (count == 1 || text[0] != '0') ? size_shift(text + count) : -1;
    if (shift < 0)
        return refuse(node, EMP_EXPECTED_SIZE, number_hint(node), error);
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (errno || value > UINT64_MAX >> shift)
        return refuse(node, EMP_EXPECTED_SIZE, ", which does not fit into 64 bits", error);
    *out = (uint64_t)value << shift;
    return EMP_OK;
}

emp_status emp__node_text(const struct emp_node *node, const char **out, emp_error *error)
{
    if (node->kind != EMP_NODE_SCALAR || emp__node_is_null(node))
        return refuse(node, EMP_EXPECTED_TEXT, "", error);
    *out = node->text;
    return EMP_OK;
}

static emp_status add_text(struct emp_texts *texts, const struct emp_node *node, emp_error *error)
{
    const char *text = NULL;
    emp_status status = emp__node_text(node, &text, error);
    if (status == EMP_OK)
        status = emp__copy_text(&texts->items[texts->count], text, strlen(text), error);
    texts->count += status == EMP_OK;
    return status;
}

emp_status emp__node_texts(const struct emp_node *node, struct emp_texts *out, emp_error *error)
{
    struct emp_texts texts = {0};
    bool list = node->kind == EMP_NODE_LIST;
    if (node->kind == EMP_NODE_MAP || emp__node_is_null(node))
        return refuse(node, EMP_EXPECTED_TEXT_LIST, "", error);
    size_t count = list ? node->count : 1;
    emp_status status = emp__new_array(&texts.items, count, sizeof *texts.items, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = add_text(&texts, list ? node->items[i] : node, error);
    if (status == EMP_OK)
        *out = texts;
    else
        emp__texts_free(&texts);
    return status;
}

void emp__texts_free(struct emp_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct emp_texts){0};
}
