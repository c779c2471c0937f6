// SPDX-License-Identifier: Apache-2.0
/*
 * Parameters: what is computed, from which files, and where it goes. docs/parameters.md lists all.
 */
#ifndef EMPTOR_PARAMS_H
#define EMPTOR_PARAMS_H

#include <stddef.h>

#include <emptor/status.h>

typedef struct emp_params emp_params;

/*
 * Reads a parameter file (YAML) and checks it. `sets` are `set_count` overrides "key.subkey=VALUE",
 * applied in order before the check. EMP_ERR_PARAMS: the file is wrong, with line and column;
 * EMP_ERR_USAGE: an override is; EMP_ERR_NO_INPUT: there is no such file. *out is untouched on
 * failure. Relative paths in the file are relative to the folder of the file.
 */
EMP_API emp_status emp_params_load(const char *path, const char *const *sets, size_t set_count,
                                   emp_params **out, emp_error *error);

/*
 * The same for scoring by `model_count` models that earlier runs have left (models/NAME.json in the
 * run folder): what is computed is what the models say, and the sections of analyses in the file
 * are checked but not run. emp_history_read(), emp_analyse(), emp_run() and emp_check() then score.
 * EMP_ERR_NO_INPUT: a model is missing; EMP_ERR_DATA: it is no model, or two are of one analysis.
 */
EMP_API emp_status emp_params_load_scoring(const char *path, const char *const *sets,
                                           size_t set_count, const char *const *models,
                                           size_t model_count, emp_params **out, emp_error *error);

/* Takes NULL. */
EMP_API void emp_params_free(emp_params *params);

/* The parameters in effect, defaults included, as YAML. The caller releases *out with free(). */
EMP_API emp_status emp_params_effective(const emp_params *params, char **out, emp_error *error);

/* The reference of all parameters as Markdown. The caller releases *out with free(). */
EMP_API emp_status emp_params_reference(char **out, emp_error *error);

/* The folder that output.folder names, as a path from the current folder; owned by `params`. */
EMP_API const char *emp_params_folder(const emp_params *params);

#endif
