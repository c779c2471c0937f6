// SPDX-License-Identifier: Apache-2.0
/* The inside of emp_params: the parameter file, loaded and checked. */
#ifndef EMP_RUN_RUN_PARAMS_H
#define EMP_RUN_RUN_PARAMS_H

#include <emptor/params.h>

#include "analysis/analysis.h"
#include "params/input_params.h"

struct emp_params {
    char *path;            /* of the parameter file */
    char *folder;          /* it is in, which relative paths start from */
    char *output;          /* output.folder, as a path from the current folder */
    struct emp_node *root; /* the effective parameters */
    struct emp_general_params general;
    struct emp_input_params input;
    struct emp_output_params out;
    void *sections[EMP_ANALYSES_MAX]; /* one for each analysis; NULL: not asked for */
    /* The models to score by, whose sections those are; NULL: the analysis is to be run. */
    struct emp_model *models[EMP_ANALYSES_MAX];
    struct emp_attribute_wishes attributes; /* of all analyses that were asked for */
};

/* What all analyses that were asked for need together. */
struct emp_needs emp__params_needs(const struct emp_params *params);

/*
 * And the cut-offs, at the analysis date `day`; none at EMP_NO_DAY. A date that was given was over
 * when the files were written, as far as anyone can tell: its own rows count. *out is undefined on
 * failure.
 */
emp_status emp__params_cutoffs(const struct emp_params *params, int32_t day,
                               struct emp_cutoffs *out, emp_error *error);

#endif
