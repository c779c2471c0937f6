// SPDX-License-Identifier: Apache-2.0
/* The schema tables of the sections that every run has, and the loaders of their odd shapes. */
#include "params/input_params.h"

#include <string.h>

#include "base/memory.h"
#include "text/civil_time.h"
#include "text/time_parse.h"

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

/* {customer: COLUMN} into a struct emp_column_ref. */
static emp_status load_customer_column(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"customer", NULL};
    emp_status status = emp__node_expect_map(node, keys, error);
    const struct emp_node *column = status == EMP_OK ? emp__node_get(node, keys[0]) : NULL;
    if (status == EMP_OK && !column)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' must say which column is the customer: customer: COLUMN",
                            node->path);
    return status == EMP_OK ? emp__column_ref_load(column, field, error) : status;
}

static void release_column(void *field)
{
    free(((struct emp_column_ref *)field)->name);
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
     .load = emp__roles_load,
     .release = emp__roles_release},
    {.key = "transactions.time_format",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(time_format),
     .fallback = "",
     .shape = "a strptime format, such as \"%d.%m.%Y\"",
     .doc = "How times are written. Without it, ISO 8601 dates and date-times; nothing is guessed.",
     .load = load_time_format,
     .release = release_text},
    EMP_TEXT_FORMAT_ROWS("transactions", INPUT(format)),
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
    {.key = "customers.files",
     .type = EMP_PARAM_TEXT_LIST,
     .offset = INPUT(customers.files),
     .doc = "Files with one row for each customer, whose columns the analyses can name; found, "
            "expanded and read as those of transactions. Their customers are in the result, "
            "whether they have transactions or not; the transactions may be left out."},
    {.key = "customers.columns",
     .type = EMP_PARAM_OWN,
     .offset = INPUT(customers.customer),
     .shape = "a map {customer: COLUMN}",
     .doc = "Which column has the customer's id: a header name or, with header: false, a number "
            "from 1. Every other column is known by its own name or number.",
     .load = load_customer_column,
     .release = release_column},
    EMP_TEXT_FORMAT_ROWS("customers", INPUT(customers.format)),
    {.key = "customers.missing",
     .type = EMP_PARAM_TEXT_LIST,
     .offset = INPUT(customers.missing),
     .fallback = "",
     .doc = "Texts that stand for a missing value, such as [\"NA\", \"NULL\"]. A field that is "
            "empty or blank always does."},
    {.key = "bad_rows.max_share",
     .type = EMP_PARAM_REAL,
     .offset = INPUT(max_bad_share),
     .min = 0,
     .max = 1,
     .fallback = "0.0",
     .doc = "The share of bad rows, among those of the transactions and among those of the "
            "customers file, up to which the run goes on. Above it the run fails with exit status "
            "65; the bad rows are listed either way."},
    {.key = "allow_empty",
     .type = EMP_PARAM_BOOLEAN,
     .offset = INPUT(allow_empty),
     .fallback = "false",
     .doc = "Whether a run without any usable row may go on. Without it such a run fails with exit "
            "status 65: an empty export must not replace a good run."},
};

static emp_status need_files(const struct emp_texts *files, const struct emp_node *map,
                             emp_error *error)
{
    if (files->count > 0)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(emp__node_get(map, "files")),
                        "'%s.files' must name at least one file", map->path);
}

static emp_status validate_transactions(const struct emp_input_params *input,
                                        const struct emp_node *map, emp_error *error)
{
    emp_status status = need_files(&input->files, map, error);
    if (status == EMP_OK)
        status = emp__text_format_validate(&input->format, map, error);
    if (status == EMP_OK && !input->format.header)
        status = emp__roles_need_numbers(&input->columns, error);
    if (status == EMP_OK && !input->format.header)
        status = emp__conditions_need_numbers(&input->where, error);
    return status;
}

static emp_status validate_customers(const struct emp_customer_file_params *customers,
                                     const struct emp_node *map, emp_error *error)
{
    emp_status status = need_files(&customers->files, map, error);
    if (status == EMP_OK)
        status = emp__text_format_validate(&customers->format, map, error);
    if (status == EMP_OK && !customers->format.header)
        status = emp__column_ref_need_number(&customers->customer, error);
    return status;
}

static bool reads_standard_input(const struct emp_texts *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i], "-") == 0)
            return true;
    return false;
}

static emp_status validate_input(void *section, const struct emp_node *node, emp_error *error)
{
    const struct emp_input_params *input = section;
    const struct emp_node *transactions = emp__node_get(node, "transactions");
    const struct emp_node *customers = emp__node_get(node, "customers");
    emp_status status = EMP_OK;
    if (!transactions && !customers)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "there is no input: add 'input.transactions', 'input.customers' or "
                            "both");
    if (transactions)
        status = validate_transactions(input, transactions, error);
    if (status == EMP_OK && customers)
        status = validate_customers(&input->customers, customers, error);
    if (status == EMP_OK && reads_standard_input(&input->files) &&
        reads_standard_input(&input->customers.files))
        return emp__fail_at(error, EMP_ERR_PARAMS,
                            emp__node_place(emp__node_get(customers, "files")),
                            "standard input can only be one of 'input.transactions.files' and "
                            "'input.customers.files'");
    return status;
}

/* Either kind of input may be left out. */
static const char *const input_maps[] = {"transactions", "customers", NULL};

const struct emp_schema emp__input_schema = {
    .section = "input",
    .doc = "Where the records come from and what their columns mean.",
    .params = input_rows,
    .count = sizeof input_rows / sizeof input_rows[0],
    .size = sizeof(struct emp_input_params),
    .optional = input_maps,
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
    {.key = "memory",
     .type = EMP_PARAM_SIZE,
     .offset = GENERAL(memory),
     .fallback = "",
     .unit = "bytes",
     .doc = "How much memory the run may take; what does not fit waits in files. The results do "
            "not depend on it. Without it: 80 % of what the machine or its control group has; "
            "--memory overrides it."},
    {.key = "temporary_folder",
     .type = EMP_PARAM_TEXT,
     .offset = GENERAL(temporary_folder),
     .fallback = "",
     .doc = "Where those files are made, relative to the parameter file. They have no names and "
            "are gone when the run ends, however it ends. Without it: the folder that the run "
            "folder is in."},
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
