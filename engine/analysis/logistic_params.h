// SPDX-License-Identifier: Apache-2.0
/*
 * The parameters of a logistic analysis: the sections `churn`, `response` and `profile`, which have
 * the same keys.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_PARAMS_H
#define EMP_ANALYSIS_LOGISTIC_PARAMS_H

#include "features/recipe.h"
#include "history/cutoffs.h"
#include "params/input_params.h"
#include "params/named_values.h"

/* Where the label of a customer comes from. */
enum emp_label_source {
    EMP_LABEL_HISTORY, /* no purchase within the horizon */
    EMP_LABEL_COLUMN   /* a column of the customers file */
};

struct emp_label_rule {
    int source;
    int64_t horizon, gap; /* days */
    int64_t *cutoffs;     /* days since 1970-01-01, ascending; none: see docs/churn.md */
    size_t cutoff_count;
    struct emp_column_ref column;
    char *positive; /* the text that is the event */
    struct emp_place place;
};

struct emp_column_list {
    struct emp_column_ref *items;
    size_t count;
};

/* Which level of a category is the one that the others are compared with. */
struct emp_reference_rule {
    struct emp_named_texts given; /* by column; for the others it is the first level */
};

enum emp_unseen { EMP_UNSEEN_ERROR, EMP_UNSEEN_IGNORE, EMP_UNSEEN_REFERENCE };
enum emp_collinear { EMP_COLLINEAR_DROP, EMP_COLLINEAR_FAIL };
enum emp_penalty { EMP_PENALTY_NONE, EMP_PENALTY_RIDGE, EMP_PENALTY_LASSO, EMP_PENALTY_ELASTIC };
enum emp_lambda_rule { EMP_LAMBDA_MINIMUM, EMP_LAMBDA_ONE_SE };
enum emp_firth { EMP_FIRTH_AUTO, EMP_FIRTH_ALWAYS, EMP_FIRTH_NEVER };
enum emp_recalibration { EMP_RECALIBRATE_NONE, EMP_RECALIBRATE_PLATT, EMP_RECALIBRATE_ISOTONIC };

struct emp_lambda {
    bool automatic;
    double value;
};

/* Two names whose product is a term. */
struct emp_interaction {
    char *name[2];
    struct emp_place place;
};

struct emp_interactions {
    struct emp_interaction *items;
    size_t count;
};

enum emp_class_weights { EMP_CLASSES_EQUAL, EMP_CLASSES_BALANCED, EMP_CLASSES_GIVEN };

struct emp_class_weight {
    int how;
    double negative, positive; /* EMP_CLASSES_GIVEN */
};

/* `folds`: a number, or a column whose texts are the folds. */
struct emp_fold_rule {
    int64_t count;                /* 0: no evaluation out of fold */
    struct emp_column_ref column; /* without a name: there are `count` */
};

enum { EMP_FOLDS_MAX = 100 };

/* In units of money; what a decision to contact a customer costs and brings. */
struct emp_costs {
    bool given;
    double margin;  /* what is at stake with a customer who is an event */
    double contact; /* of one contact */
    double success; /* the share of events who are won by the contact */
};

struct emp_logistic_params {
    struct emp_label_rule label;
    struct emp_recipes features;
    struct emp_steps steps; /* what the features leave open */
    int merge;              /* enum emp_merge, once it is settled */
    struct emp_column_list categorical;
    struct emp_reference_rule reference;
    int unseen;
    struct emp_named_reals splines, bins; /* by feature: how many knots, how many bins */
    struct emp_interactions interactions;
    int collinear;
    int penalty;
    struct emp_lambda lambda;
    int lambda_rule;
    double alpha;                           /* 0 of ridge, 1 of lasso, once it is validated */
    struct emp_named_reals penalty_factors; /* by feature or category; 1 for the others */
    struct emp_class_weight class_weight;
    struct emp_column_ref weight, offset; /* of the customers file; without a name: none */
    double prior;                         /* the share of events in the population; 0: not given */
    int firth;
    int64_t max_iterations;
    double tolerance;
    struct emp_fold_rule folds;
    bool stratified;
    int recalibration;
    struct emp_costs costs;
    double threshold; /* 0: from the costs, or 0.5 */
    double confidence;
    const struct emp_input_params *input; /* once they are settled */
};

extern const struct emp_schema emp__churn_schema, emp__response_schema, emp__profile_schema;

/* Settles what depends on the input: `merge`, and what columns stand for. */
emp_status emp__logistic_settle(struct emp_logistic_params *params, const char *section,
                                const struct emp_input_params *input, struct emp_node *root,
                                emp_error *error);

#endif
