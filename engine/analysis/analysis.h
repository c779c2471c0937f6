// SPDX-License-Identifier: Apache-2.0
/*
 * What an analysis is to the rest of the engine. Each analysis is one file that exports one
 * struct emp_analysis, and one row in analyses.c; nothing else knows any of them by name.
 */
#ifndef EMP_ANALYSIS_ANALYSIS_H
#define EMP_ANALYSIS_ANALYSIS_H

#include "analysis/result.h"
#include "base/buffer.h"
#include "features/attributes.h"
#include "history/history.h"
#include "model/model_file.h"
#include "params/input_params.h"

/* Everything that an analysis may look at. */
struct emp_analysis_input {
    const void *kind;                  /* the analysis's own */
    const void *section;               /* the analysis's own parameters: the struct of its schema */
    const struct emp_node *parameters; /* the same as a tree, for models */
    const struct emp_input_params *input;
    const struct emp_customers *customers;
    const struct emp_attributes *attributes; /* NULL: there is no customers file */
    const uint32_t *by_id;                   /* the customers in order of id */
    int32_t analysis_day; /* days since 1970-01-01; EMP_NO_DAY: none is given, and there are no
                             transactions */
    int threads;
    uint64_t seed;
    const char *folder;         /* what paths in the section start from */
    const emp_options *options; /* for emp__check_cancelled() */
};

/* To fit takes more than to score by what was fitted: the label, say. */
enum emp_use { EMP_USE_FIT, EMP_USE_SCORE };

struct emp_analysis {
    const struct emp_schema *schema; /* its section of the parameter file, which asks for it */
    const void *kind; /* `kind` of the input, where analyses share their functions; or NULL */

    /*
     * Rules between this section and the input, and defaults that depend on it (which go into
     * `root` too, for the effective parameters). May be NULL.
     */
    emp_status (*settle)(void *section, const struct emp_input_params *input, struct emp_node *root,
                         emp_error *error);

    /* Of the history, which keeps what all analyses need together. A token that is needed has a
       column: settle() sees to it. */
    struct emp_needs (*needs)(const void *section);

    /*
     * Asks with emp__cutoffs_add() for the cut-offs in the past that the analysis learns from, no
     * more than its needs say; the customers at them are in `customers->past` of the input then.
     * Called once the transactions are read and the analysis date is known, `day` of *out; not
     * without one, nor for a model that is applied: it has learned. May be NULL.
     */
    emp_status (*cutoffs)(const void *section, struct emp_cutoffs *out, emp_error *error);

    /*
     * Asks for the columns of the customers file that the section names, as numbers or as
     * categories, with emp__attribute_wish(); they are in `attributes` of the input then. Called
     * after `settle`. May be NULL.
     */
    emp_status (*attributes)(const void *section, enum emp_use use,
                             struct emp_attribute_wishes *out, emp_error *error);

    /* What `emptor check` says about these parameters, as lines of text; may be NULL. */
    emp_status (*explain)(const void *section, struct emp_buffer *out, emp_error *error);

    /* Adds its columns to the customers table of the result, and its own tables and warnings. */
    emp_status (*run)(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error);

    /*
     * The same by a model of an earlier run, without fitting anything; `section` is the one that
     * stands in the model. NULL: the analysis leaves no models.
     */
    emp_status (*score)(const struct emp_analysis_input *input, const struct emp_model *model,
                        struct emp_result *result, emp_error *error);

    /* What `emptor check` says about such a model, which is read and checked as score() does; may
       be NULL. */
    emp_status (*explain_model)(const void *section, const struct emp_model *model,
                                struct emp_buffer *out, emp_error *error);
};

/* All analyses, in the order in which they run; ends with NULL. */
extern const struct emp_analysis *const emp__analyses[];

enum { EMP_ANALYSES_MAX = 32 };

#endif
