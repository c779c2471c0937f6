// SPDX-License-Identifier: Apache-2.0
/* What libyaml found wrong with a text, in words for its author. */
#ifndef EMP_PARAMS_YAML_PROBLEM_H
#define EMP_PARAMS_YAML_PROBLEM_H

#include <yaml.h>

#include "base/error.h"

struct emp_yaml_source {
    const char *name;
    const char *text; /* without a byte order mark */
    size_t length;
};

/* Fails with the problem at which `parser` stopped. */
emp_status emp__yaml_fail(const yaml_parser_t *parser, const struct emp_yaml_source *source,
                          emp_error *error);

#endif
