// SPDX-License-Identifier: Apache-2.0
/* The schema tables of the sections that every run has, and the loaders of their odd shapes. */
#include "params/input_params.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/memory.h"
#include "text/civil_time.h"
#include "text/time_parse.h"

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
    if (converter != (iconv_t)-1) { // NOLINT(performance-no-int-to-ptr): iconv's own way
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
        status = emp__roles_need_numbers(&input->columns, error);
    if (status == EMP_OK && !input->header)
        status = emp__conditions_need_numbers(&input->where, error);
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
