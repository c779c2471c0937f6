// SPDX-License-Identifier: Apache-2.0
/* The schema tables of the sections that every run has, and the loaders of their odd shapes. */
#include "params/input_params.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/memory.h"
#include "params/conditions.h"
#include "text/civil_time.h"
#include "text/time_parse.h"

static emp_status load_column(const struct emp_node *node, struct emp_column_ref *out,
                              emp_error *error)
{
    const char *name;
    emp_status status = emp__node_text(node, &name, error);
    if (status != EMP_OK)
        return status;
    out->place = emp__node_place(node);
    int64_t number;
    if (!node->quoted && emp__node_integer(node, 1, 1000000, &number, NULL) == EMP_OK)
        out->number = number;
    return emp__copy_text(&out->name, name, strlen(name), error);
}

emp_status emp__column_ref_load(const struct emp_node *node, struct emp_column_ref *out,
                                emp_error *error)
{
    return load_column(node, out, error);
}

emp_status emp__column_ref_need_number(const struct emp_column_ref *column, emp_error *error)
{
    char shown[EMP_EXCERPT];
    if (!column->name || column->number > 0)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, column->place,
                        "with header: false a column is a number from 1; found '%s'",
                        emp__text_excerpt(column->name, shown));
}

/* amount: COLUMN or amount: {price: COLUMN, quantity: COLUMN}. */
static emp_status load_amount(const struct emp_node *node, struct emp_roles *roles,
                              emp_error *error)
{
    static const char *const keys[] = {"price", "quantity", NULL};
    if (node->kind != EMP_NODE_MAP)
        return load_column(node, &roles->amount, error);
    emp_status status = emp__node_expect_map(node, keys, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; keys[i]; i++) {
        const struct emp_node *part = emp__node_get(node, keys[i]);
        if (!part)
            return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                "'%s' is a product and needs both 'price' and 'quantity'",
                                node->path);
        struct emp_column_ref *column = i == 0 ? &roles->price : &roles->price_quantity;
        status = load_column(part, column, error);
        if (status != EMP_OK)
            return status;
    }
    return EMP_OK;
}

/* Every role: its key and its place in struct emp_roles; the first `required` must be given. */
static const struct {
    const char *key;
    size_t offset;
} role_rows[] = {
    {"customer", offsetof(struct emp_roles, customer)},
    {"time", offsetof(struct emp_roles, time)},
    {"amount", offsetof(struct emp_roles, amount)},
    {"order", offsetof(struct emp_roles, order)},
    {"product", offsetof(struct emp_roles, product)},
    {"quantity", offsetof(struct emp_roles, quantity)},
    {"channel", offsetof(struct emp_roles, channel)},
    {"cost", offsetof(struct emp_roles, cost)},
};

enum { ROLE_COUNT = sizeof role_rows / sizeof role_rows[0], REQUIRED_ROLES = 3 };

static emp_status load_columns(const struct emp_node *node, void *field, emp_error *error)
{
    struct emp_roles *roles = field;
    const char *keys[ROLE_COUNT + 1] = {NULL};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        keys[i] = role_rows[i].key;
    emp_status status = emp__node_expect_map(node, keys, error);
    for (size_t i = 0; i < ROLE_COUNT && status == EMP_OK; i++) {
        const struct emp_node *value = emp__node_get(node, keys[i]);
        if (value && strcmp(keys[i], "amount") == 0)
            status = load_amount(value, roles, error);
        else if (value)
            status = load_column(value, (void *)((char *)roles + role_rows[i].offset), error);
        else if (i < REQUIRED_ROLES)
            status = emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                                  "'%s' must say which column is the %s: %s: COLUMN", node->path,
                                  keys[i], keys[i]);
    }
    return status;
}

static void release_columns(void *field)
{
    struct emp_roles *roles = field;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        free(((struct emp_column_ref *)(void *)((char *)roles + role_rows[i].offset))->name);
    free(roles->price.name);
    free(roles->price_quantity.name);
}

#define DELIMITER_SHAPE "\",\", \";\", \"|\", tab or whitespace"
#define DECIMAL_SHAPE   "\".\" or \",\""
#define THOUSANDS_SHAPE "\" \", \",\", \".\" or \"'\""

static emp_status load_delimiter(const struct emp_node *node, void *field, emp_error *error)
{
    static const struct {
        const char *word;
        char delimiter;
    } words[] = {{",", ','},
                 {";", ';'},
                 {"|", '|'},
                 {"\t", '\t'},
                 {"\\t", '\t'},
                 {"tab", '\t'},
                 {"whitespace", EMP_DELIMITER_BLANKS}};
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i].word) == 0) {
            *(char *)field = words[i].delimiter;
            return EMP_OK;
        }
    }
    return emp__node_expected(node, DELIMITER_SHAPE, error);
}

/* One of the bytes of `allowed`. */
static emp_status load_mark(const struct emp_node *node, const char *allowed, const char *shape,
                            char *out, emp_error *error)
{
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    if (strlen(text) != 1 || !strchr(allowed, text[0]))
        return emp__node_expected(node, shape, error);
    *out = text[0];
    return EMP_OK;
}

static emp_status load_decimal(const struct emp_node *node, void *field, emp_error *error)
{
    return load_mark(node, ".,", DECIMAL_SHAPE, field, error);
}

static emp_status load_thousands(const struct emp_node *node, void *field, emp_error *error)
{
    return load_mark(node, " ,.'", THOUSANDS_SHAPE, field, error);
}

static emp_status load_time_format(const struct emp_node *node, void *field, emp_error *error)
{
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    struct emp_time_format format;
    size_t bad = 0;
    if (!emp__time_compile(text, &format, &bad)) {
        char shown[EMP_EXCERPT], rest[EMP_EXCERPT];
        bool partial = text[bad] == '\0';
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must be a strptime format that gives a full date, such as "
                            "\"%%d.%%m.%%Y\"; '%s' %s%s%s",
                            node->path, emp__text_excerpt(text, shown),
                            partial ? "lacks a year or a day" : "is not understood from '",
                            emp__text_excerpt(text + bad, rest), partial ? "" : "' on");
    }
    return emp__copy_text(field, text, strlen(text), error);
}

static void release_text(void *field)
{
    free(*(char **)field);
}

static const char *const returns_words[] = {"net", "separate", "drop", "reject", NULL};
static const char *const missing_words[] = {"reject", "drop", NULL};

#define INPUT(field) offsetof(struct emp_input_params, field)

static const struct emp_param input_rows[] = {
    {.key = "transactions.files",
     .type = EMP_PARAM_TEXT_LIST,
     .offset = INPUT(files),
     .doc = "Files of transactions, relative to the parameter file; * ? [] are expanded, in order "
            "of name. Plain, gzip or zstd, told by their content; - is standard input."},
    {.key = "transactions.columns",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(columns),
     .shape = "a map {customer: COLUMN, time: COLUMN, amount: COLUMN, order: COLUMN, product: "
              "COLUMN, quantity: COLUMN, channel: COLUMN, cost: COLUMN}",
     .doc = "Which column plays which role; customer, time and amount are needed. A column is a "
            "header name or, with header: false, a number from 1. The amount may be a product: "
            "{price: COLUMN, quantity: COLUMN}.",
     .load = load_columns,
     .release = release_columns},
    {.key = "transactions.time_format",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(time_format),
     .fallback = "",
     .shape = "a strptime format, such as \"%d.%m.%Y\"",
     .doc = "How times are written. Without it, ISO 8601 dates and date-times; nothing is guessed.",
     .load = load_time_format,
     .release = release_text},
    {.key = "transactions.delimiter",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(delimiter),
     .fallback = "\",\"",
     .shape = DELIMITER_SHAPE,
     .doc = "What stands between fields; whitespace is a run of blanks, and then quotes mean "
            "nothing.",
     .load = load_delimiter},
    {.key = "transactions.decimal",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(decimal),
     .fallback = "\".\"",
     .shape = DECIMAL_SHAPE,
     .doc = "The decimal mark of numbers.",
     .load = load_decimal},
    {.key = "transactions.thousands",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(thousands),
     .fallback = "",
     .shape = THOUSANDS_SHAPE,
     .doc = "What may stand between groups of three digits.",
     .load = load_thousands},
    {.key = "transactions.encoding",
     .type = EMP_PARAM_TEXT,
     .offset = INPUT(encoding),
     .fallback = "utf-8",
     .doc = "The encoding of the files, by its iconv name: utf-8, windows-1251, latin1, utf-16."},
    {.key = "transactions.header",
     .type = EMP_PARAM_BOOLEAN,
     .offset = INPUT(header),
     .fallback = "true",
     .doc = "Whether the first record of each file names the columns."},
    {.key = "transactions.amount_decimals",
     .type = EMP_PARAM_INTEGER,
     .offset = INPUT(amount_decimals),
     .min = 0,
     .max = 9,
     .fallback = "2",
     .doc = "Money is an exact integer of minor units: 10^-amount_decimals. An amount with more "
            "decimals than this is a bad row."},
    {.key = "transactions.returns",
     .type = EMP_PARAM_CHOICE,
     .offset = INPUT(returns),
     .choices = returns_words,
     .fallback = "net",
     .doc = "Rows with a negative amount. net: they lower the monetary value; separate: they are "
            "kept in columns of their own; drop: they are filtered; reject: they are bad rows. "
            "They are never purchases."},
    {.key = "transactions.where",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(where),
     .fallback = "",
     .shape = "a list of conditions {column: COLUMN, OPERATOR: VALUE}",
     .doc = "Rows that do not meet all conditions are filtered and counted. eq, ne, in, not_in, "
            "starts_with, not_starts_with compare text; lt, le, gt, ge compare decimal numbers; "
            "empty: true or false.",
     .load = emp__conditions_load,
     .release = emp__conditions_release},
    {.key = "transactions.missing_customer",
     .type = EMP_PARAM_CHOICE,
     .offset = INPUT(missing_customer),
     .choices = missing_words,
     .fallback = "reject",
     .doc = "Rows without a customer: bad rows, or filtered."},
    {.key = "bad_rows.max_share",
     .type = EMP_PARAM_REAL,
     .offset = INPUT(max_bad_share),
     .min = 0,
     .max = 1,
     .fallback = "0.0",
     .doc = "The share of bad rows up to which the run goes on. Above it the run fails with exit "
            "status 65; the bad rows are listed either way."},
    {.key = "allow_empty",
     .type = EMP_PARAM_BOOLEAN,
     .offset = INPUT(allow_empty),
     .fallback = "false",
     .doc = "Whether a run without any usable row may go on. Without it such a run fails with exit "
            "status 65: an empty export must not replace a good run."},
};

/* Is it an encoding that the source will be able to convert from? */
static emp_status check_encoding(const char *encoding, const struct emp_node *node,
                                 emp_error *error)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter != (iconv_t)-1) {
        iconv_close(converter);
        return EMP_OK;
    }
    if (errno != EINVAL)
        return emp__fail_memory(error, strlen(encoding));
    return emp__node_expected(node, "an encoding that iconv knows ('iconv -l' lists them)", error);
}

/* Marks that mean two things at once. */
static emp_status check_marks(const struct emp_input_params *input,
                              const struct emp_node *transactions, emp_error *error)
{
    if (input->thousands == 0)
        return EMP_OK;
    struct emp_place place = emp__node_place(emp__node_get(transactions, "thousands"));
    if (input->thousands == input->decimal)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'input.transactions.thousands' and 'decimal' are both '%c'",
                            input->decimal);
    if (input->delimiter == EMP_DELIMITER_BLANKS && input->thousands == ' ')
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'input.transactions.thousands' cannot be a blank where 'delimiter' is "
                            "whitespace");
    return EMP_OK;
}

/* With header: false every column must be a number. */
static emp_status check_numbers(const struct emp_input_params *input, emp_error *error)
{
    const char *base = (const char *)&input->columns;
    for (size_t i = 0; i < sizeof(struct emp_roles) / sizeof(struct emp_column_ref); i++) {
        const struct emp_column_ref *column =
            (const void *)(base + i * sizeof(struct emp_column_ref));
        emp_status status = emp__column_ref_need_number(column, error);
        if (status != EMP_OK)
            return status;
    }
    return emp__conditions_need_numbers(&input->where, error);
}

static emp_status validate_input(void *section, const struct emp_node *node, emp_error *error)
{
    const struct emp_input_params *input = section;
    const struct emp_node *transactions = emp__node_get(node, "transactions");
    if (input->files.count == 0)
        return emp__fail_at(error, EMP_ERR_PARAMS,
                            emp__node_place(emp__node_get(transactions, "files")),
                            "'input.transactions.files' must name at least one file");
    emp_status status =
        check_encoding(input->encoding, emp__node_get(transactions, "encoding"), error);
    if (status == EMP_OK)
        status = check_marks(input, transactions, error);
    if (status == EMP_OK && !input->header)
        status = check_numbers(input, error);
    return status;
}

const struct emp_schema emp__input_schema = {
    .section = "input",
    .doc = "Where the records come from and what their columns mean.",
    .params = input_rows,
    .count = sizeof input_rows / sizeof input_rows[0],
    .size = sizeof(struct emp_input_params),
    .validate = validate_input,
};

static const struct emp_param output_rows[] = {
    {.key = "folder",
     .type = EMP_PARAM_TEXT,
     .offset = offsetof(struct emp_output_params, folder),
     .fallback = "out",
     .doc = "The run folder, relative to the parameter file. It appears when it is complete, or "
            "not at all; --out overrides it."},
};

static emp_status validate_output(void *section, const struct emp_node *node, emp_error *error)
{
    const struct emp_output_params *output = section;
    if (output->folder[0] == '\0')
        return emp__node_expected(emp__node_get(node, "folder"), "the path of a folder", error);
    return EMP_OK;
}

const struct emp_schema emp__output_schema = {
    .section = "output",
    .doc = "Where the results go.",
    .params = output_rows,
    .count = sizeof output_rows / sizeof output_rows[0],
    .size = sizeof(struct emp_output_params),
    .validate = validate_output,
};

static emp_status load_analysis_date(const struct emp_node *node, void *field, emp_error *error)
{
    int64_t *date = field;
    *date = EMP_NO_DATE;
    if (node->kind == EMP_NODE_SCALAR && strcmp(node->text, "last") == 0)
        return EMP_OK;
    return emp__node_date(node, date, error);
}

enum { PARTITIONS_MAX = 65536 };
#define PARTITIONS_SHAPE "a power of two from 1 to 65536"

static emp_status load_partitions(const struct emp_node *node, void *field, emp_error *error)
{
    int64_t value;
    if (emp__node_integer(node, 1, PARTITIONS_MAX, &value, NULL) != EMP_OK ||
        (value & (value - 1)) != 0)
        return emp__node_expected(node, PARTITIONS_SHAPE, error);
    *(int64_t *)field = value;
    return EMP_OK;
}

#define GENERAL(field) offsetof(struct emp_general_params, field)

static const struct emp_param general_rows[] = {
    {.key = "analysis_date",
     .type = EMP_PARAM_OWN,
     .offset = GENERAL(analysis_date),
     .fallback = "last",
     .shape = "a date like 2025-12-31, or last",
     .doc = "The day the customers are looked at; rows of that day are used, rows of later days "
            "filtered. last: the day "
            "after the last transaction. The clock is never asked.",
     .load = load_analysis_date},
    {.key = "partitions",
     .type = EMP_PARAM_OWN,
     .offset = GENERAL(partitions),
     .fallback = "256",
     .shape = PARTITIONS_SHAPE,
     .doc = "Into how many partitions the customers are hashed. The results do not depend on it, "
            "memory and speed do.",
     .load = load_partitions},
    {.key = "seed",
     .type = EMP_PARAM_INTEGER,
     .offset = GENERAL(seed),
     .min = 0,
     .max = 9e15,
     .fallback = "1",
     .doc = "The seed of everything random."},
};

const struct emp_schema emp__general_schema = {
    .section = "",
    .doc = "Keys at the top of the file.",
    .params = general_rows,
    .count = sizeof general_rows / sizeof general_rows[0],
    .size = sizeof(struct emp_general_params),
};
