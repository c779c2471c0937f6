// SPDX-License-Identifier: Apache-2.0
/* Scores a history as a parameter file says and prints its customers: example PARAMS.yaml */
#include <stdio.h>

#include <emptor/emptor.h>

static void print_table(const emp_table *table)
{
    char cell[512];
    size_t columns = emp_table_columns(table);
    for (size_t c = 0; c < columns; c++)
        printf("%s%c", emp_table_column_name(table, c), c + 1 < columns ? '\t' : '\n');
    for (size_t r = 0; r < emp_table_rows(table); r++) {
        for (size_t c = 0; c < columns; c++) {
            emp_table_text(table, r, c, cell, sizeof cell);
            printf("%s%c", cell, c + 1 < columns ? '\t' : '\n');
        }
    }
}

int main(int count, char **words)
{
    if (count != 2) {
        fprintf(stderr, "usage: %s PARAMS.yaml\n", words[0]);
        return emp_status_exit(EMP_ERR_USAGE);
    }
    emp_error error;
    emp_options options;
    emp_params *params = NULL;
    emp_history *history = NULL;
    emp_result *result = NULL;
    emp_options_defaults(&options);

    emp_status status = emp_params_load(words[1], NULL, 0, &params, &error);
    if (status == EMP_OK)
        status = emp_history_read(params, &options, &history, &error);
    if (status == EMP_OK)
        status = emp_analyse(params, history, &options, &result, &error);

    if (status == EMP_OK) {
        print_table(emp_result_find(result, "customers"));
        for (size_t i = 0; i < emp_result_warnings(result); i++)
            fprintf(stderr, "warning: %s\n", emp_result_warning(result, i));
    } else {
        char text[2048];
        fprintf(stderr, "%s\n", emp_error_text(&error, text, sizeof text));
    }
    if (status == EMP_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = EMP_ERR_IO;
    emp_result_free(result);
    emp_history_free(history);
    emp_params_free(params);
    return emp_status_exit(status);
}
