// SPDX-License-Identifier: Apache-2.0
/* The parameters of the RFM analysis: the section `rfm`. */
#ifndef EMP_ANALYSIS_RFM_PARAMS_H
#define EMP_ANALYSIS_RFM_PARAMS_H

#include "features/purchases.h"
#include "params/input_params.h"

enum emp_measure { EMP_RECENCY, EMP_FREQUENCY, EMP_MONETARY, EMP_MEASURES };
extern const char *const emp__measure_names[EMP_MEASURES + 1];

enum emp_rfm_method { EMP_RFM_INDEPENDENT, EMP_RFM_NESTED, EMP_RFM_THRESHOLDS };
enum emp_rfm_ties { EMP_TIES_VALUE, EMP_TIES_RANK };
enum emp_rfm_monetary { EMP_MONETARY_SUM, EMP_MONETARY_MEAN };

/* With this many bins of each measure a table of cells still has 16-bit codes. */
enum { EMP_BINS_MIN = 2, EMP_BINS_MAX = 40 };

struct emp_rfm_bins {
    int64_t of[EMP_MEASURES];
};

/* Cut points, ascending, as mantissa x 10^-scale; the bins are closed on the right. */
struct emp_rfm_thresholds {
    struct emp_cut {
        int64_t mantissa;
        int scale;
        struct emp_place place; /* in the parameter file, for messages */
    } * of[EMP_MEASURES];
    size_t count[EMP_MEASURES];
};

/* The names of the customers of no segment, and of those without any purchase. */
#define EMP_RFM_UNASSIGNED  "Unassigned"
#define EMP_RFM_NO_PURCHASE "No purchase"

/* A segment: the scores it covers, both ends included; a range that is not given ends at
   EMP_BINS_MAX. */
struct emp_rfm_rule {
    char *name;
    int64_t low[EMP_MEASURES], high[EMP_MEASURES];
};

struct emp_rfm_rules {
    struct emp_rfm_rule *items;
    size_t count;
};

struct emp_rfm_params {
    int method;
    struct emp_rfm_bins bins;
    int ties;
    int merge; /* enum emp_merge, once it is settled */
    int monetary;
    struct emp_rfm_thresholds thresholds;
    struct emp_rfm_rules segments; /* empty: the default table, over levels 1 to 5 */
    double weights[EMP_MEASURES];
};

extern const struct emp_schema emp__rfm_schema;

/* Settles what depends on the input: `merge`, and the decimals of monetary thresholds. */
emp_status emp__rfm_settle(void *section, const struct emp_input_params *input,
                           struct emp_node *root, emp_error *error);

#endif
