// SPDX-License-Identifier: Apache-2.0
#include "run/manifest.h"

#include <emptor/version.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/machine.h"
#include "params/node_json.h"
#include "sink/json_writer.h"
#include "sink/run_folder.h"
#include "text/number_format.h"

enum { FORMAT = 1 };

/* Like jansson's own calls, these take NULL for "no memory" and pass it on. */
static json_t *put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *append(json_t *list, json_t *item)
{
    if (json_array_append_new(list, item) == 0)
        return list;
    json_decref(list);
    return NULL;
}

/* An exact decimal as text: JSON's numbers are read as doubles, which would round. */
static json_t *money(emp_int128 minor, int decimals)
{
    char text[64];
    bool fits = minor <= INT64_MAX && minor >= -INT64_MAX;
    if (!fits)
        return json_string("more than 2^63 minor units");
    size_t length = emp__format_decimal((int64_t)minor, decimals, text);
    return json_stringn(text, length);
}

static json_t *day(int64_t days)
{
    char text[16];
    size_t length = emp__format_date(days, text);
    return json_stringn(text, length);
}

static json_t *analysis_date(const struct emp_history *history)
{
    bool given = history->params->general.analysis_date != EMP_NO_DATE;
    if (history->analysis_day == EMP_NO_DAY)
        return json_pack("{s:n, s:s}", "date", "from", "there are no transactions");
    return json_pack("{s:o, s:s}", "date", day(history->analysis_day), "from",
                     given ? "parameters" : "the day after the last transaction");
}

static json_t *input_file(const struct emp_input_file *file, const char *input)
{
    char digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, file->digest);
    return json_pack("{s:s%, s:s, s:I, s:I, s:s, s:I}", "path", file->path, strlen(file->path),
                     "input", input, "bytes", (json_int_t)file->bytes, "rows",
                     (json_int_t)file->rows, "xxh3_64", digest, "replaced_sequences",
                     (json_int_t)file->replacements);
}

static json_t *inputs(const struct emp_history *history)
{
    struct emp_history_input kinds[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(history, kinds);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < kinds[i].file_count; f++)
            list = append(list, input_file(&kinds[i].files[f], kinds[i].name));
    return list;
}

/* The fates in the order and under the names in which they are shown. */
static const struct {
    enum emp_fate fate;
    const char *name;
} fates[] = {
    {EMP_ROW_USED, "used"},
    {EMP_ROW_REJECTED, "rejected"},
    {EMP_ROW_FILTERED_WHERE, "filtered_by_where"},
    {EMP_ROW_FILTERED_MISSING, "filtered_missing_customer"},
    {EMP_ROW_FILTERED_LATER, "filtered_after_analysis_date"},
    {EMP_ROW_FILTERED_RETURN, "filtered_returns"},
};

enum { FATES = sizeof fates / sizeof fates[0] };

static json_t *customer_file(const struct emp_customer_file *file)
{
    uint64_t read = file->used + file->rejected;
    return json_pack("{s:{s:I, s:I, s:I}}", "rows", "read", (json_int_t)read, "used",
                     (json_int_t)file->used, "rejected", (json_int_t)file->rejected);
}

static json_t *ingest_rows(const struct emp_balance *balance)
{
    json_t *rows = json_object();
    uint64_t read = 0;
    for (int fate = 0; fate < EMP_FATES; fate++)
        read += balance->rows[fate];
    rows = put(rows, "read", json_integer((json_int_t)read));
    for (size_t i = 0; i < FATES; i++)
        rows = put(rows, fates[i].name, json_integer((json_int_t)balance->rows[fates[i].fate]));
    return rows;
}

/* The fates whose rows were decoded far enough to have an amount. */
static json_t *ingest_money(const struct emp_balance *balance, int decimals)
{
    json_t *amounts = json_object();
    emp_int128 decoded = 0;
    for (int fate = EMP_ROW_USED; fate < EMP_FATES; fate++)
        decoded += balance->money[fate];
    amounts = put(amounts, "decoded", money(decoded, decimals));
    for (size_t i = 0; i < FATES; i++)
        if (fates[i].fate >= EMP_ROW_USED)
            amounts = put(amounts, fates[i].name, money(balance->money[fates[i].fate], decimals));
    return amounts;
}

/* Stage by stage: what came in, and what became of it. */
static json_t *balance(const struct emp_manifest *manifest)
{
    const struct emp_history *history = manifest->history;
    const struct emp_balance *ingest = &history->transactions.balance;
    int decimals = (int)history->params->input.amount_decimals;
    json_t *stages = json_object();
    if (emp__has_customer_file(&history->params->input))
        stages = put(stages, "customers_file", customer_file(&history->customer_file));
    if (emp__has_transactions(&history->params->input))
        stages = put(stages, "ingest",
                     json_pack("{s:o, s:o}", "rows", ingest_rows(ingest), "money",
                               ingest_money(ingest, decimals)));
    stages = put(stages, "history",
                 json_pack("{s:I, s:o, s:I}", "rows", (json_int_t)history->customers.rows, "money",
                           money(history->customers.money, decimals), "customers",
                           (json_int_t)history->customers.ids.count));
    for (size_t i = 0; i < manifest->result->account_count; i++) {
        const struct emp_account *stage = &manifest->result->accounts[i];
        stages = put(stages, stage->name,
                     json_pack("{s:o, s:I}", "money", money(stage->money, decimals), "customers",
                               (json_int_t)stage->customers));
    }
    return stages;
}

static json_t *outputs(const struct emp_manifest *manifest)
{
    json_t *list = json_array();
    for (size_t i = 0; i < manifest->result->table_count; i++) {
        const struct emp_table *table = manifest->result->tables[i];
        char name[256];
        snprintf(name, sizeof name, "%s.csv", table->name);
        list = append(list, json_pack("{s:s, s:I}", "file", name, "rows", (json_int_t)table->rows));
    }
    for (size_t i = 0; i < manifest->result->model_count; i++) {
        char name[256];
        snprintf(name, sizeof name, "models/%s.json", manifest->result->models[i].name);
        list = append(list, json_pack("{s:s}", "file", name));
    }
    uint64_t rejected = emp__history_rejected(manifest->history);
    return append(list,
                  json_pack("{s:s, s:I}", "file", "rejects.csv", "rows", (json_int_t)rejected));
}

static json_t *warnings(const struct emp_manifest *manifest)
{
    json_t *list = json_array();
    for (size_t i = 0; i < manifest->result->warning_count; i++)
        list = append(list, json_string(manifest->result->warnings[i]));
    return list;
}

static json_t *timings(const struct emp_manifest *manifest)
{
    const struct emp_timings *timings = &manifest->timings;
    uint64_t spilled = emp__history_spilled(manifest->history);
    return json_pack("{s:i, s:f, s:f, s:f, s:f, s:I, s:I}", "threads", timings->threads, "read_s",
                     timings->read, "analyse_s", timings->analyse, "write_s", timings->write,
                     "cpu_s", emp__processor_seconds(), "peak_memory_bytes",
                     (json_int_t)emp__peak_memory(), "spilled_bytes", (json_int_t)spilled);
}

emp_status emp__manifest_write(const struct emp_manifest *manifest, const char *path,
                               emp_error *error)
{
    json_t *parameters = NULL;
    emp_status status = emp__node_to_json(manifest->history->params->root, &parameters, error);
    if (status != EMP_OK)
        return status;
    json_t *root = json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", EMP_RUN_MARK, FORMAT,
                             "version", EMP_VERSION, "parameters", parameters, "analysis_date",
                             analysis_date(manifest->history), "inputs", inputs(manifest->history),
                             "balance", balance(manifest), "outputs", outputs(manifest), "warnings",
                             warnings(manifest), "timings", timings(manifest));
    status = root ? emp__json_write(path, root, error) : emp__fail_memory(error, 0);
    json_decref(root);
    return status;
}
