// SPDX-License-Identifier: Apache-2.0
/* The parameters of the segmentation: the section `segment`. */
#ifndef EMP_ANALYSIS_SEGMENT_PARAMS_H
#define EMP_ANALYSIS_SEGMENT_PARAMS_H

#include "features/purchases.h"
#include "features/recipe.h"
#include "params/column_ref.h"
#include "params/input_params.h"

/* By which figure of k_selection.csv a k is chosen. */
enum emp_choose_by {
    EMP_CHOOSE_SILHOUETTE,
    EMP_CHOOSE_SIMPLIFIED,
    EMP_CHOOSE_CALINSKI,
    EMP_CHOOSE_DAVIES,
    EMP_CHOOSE_GAP,
    EMP_CHOOSE_ELBOW,
    EMP_CHOOSE_STABILITY,
};

/* The first three as in enum emp_seeding (kernels/cluster/kmeans_seed.h). */
enum emp_segment_init {
    EMP_INIT_PLUS_PLUS,
    EMP_INIT_PARALLEL,
    EMP_INIT_RANDOM,
    EMP_INIT_CENTRES, /* the user's own */
};

/* `init`: a word, or {centres: [[...], ...]} in the units of the features. */
struct emp_segment_start {
    int how;
    double *centres; /* count x features; EMP_INIT_CENTRES */
    size_t count, features;
    struct emp_place place;
};

enum emp_segment_algorithm { EMP_ALGORITHM_LLOYD, EMP_ALGORITHM_MINI_BATCH };

extern const char *const emp__segment_algorithm_words[];

/* The numbers of clusters to try, ascending. */
struct emp_segment_ks {
    int64_t *items;
    size_t count;
};

struct emp_segment_params {
    struct emp_recipes features;
    struct emp_steps steps; /* what the features leave open */
    int merge;              /* enum emp_merge, once it is settled */
    struct emp_segment_ks k;
    int choose_by;
    struct emp_segment_start init;
    int algorithm; /* enum emp_segment_algorithm */
    int64_t batch; /* rows */
    int64_t restarts, max_iterations;
    double tolerance;
    int precision;                /* enum emp_precision */
    struct emp_column_ref weight; /* of the customers file; without a name: all count 1 */
    int64_t sample;               /* rows for what costs the square of them */
    int64_t gap_sets, subsamples;
    const struct emp_input_params *input; /* once they are settled */
    char *previous;                       /* a model whose numbers are to be kept; NULL: none */
};

enum emp_precision { EMP_PRECISION_FLOAT64, EMP_PRECISION_FLOAT32 };

enum { EMP_SEGMENT_K_MAX = 1024, EMP_SEGMENT_KS_MAX = 100 };

extern const struct emp_schema emp__segment_schema;

/* Settles what depends on the input: `merge`. */
emp_status emp__segment_settle(void *section, const struct emp_input_params *input,
                               struct emp_node *root, emp_error *error);

#endif
