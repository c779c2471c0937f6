// SPDX-License-Identifier: Apache-2.0
/* The parameters of the analysis `ltv`. */
#ifndef EMP_ANALYSIS_LTV_PARAMS_H
#define EMP_ANALYSIS_LTV_PARAMS_H

#include "history/visits.h"
#include "params/input_params.h"

/* `model`: those that follow auto are in the order of the kernels' table; the margin is none. */
enum emp_ltv_model {
    EMP_LTV_AUTO,
    EMP_LTV_NBD,
    EMP_LTV_BGNBD,
    EMP_LTV_MBGNBD,
    EMP_LTV_PARETONBD,
    EMP_LTV_BGBB,
    EMP_LTV_SBG,
    EMP_LTV_BDW,
    EMP_LTV_MARGIN,
};

enum emp_ltv_spend_how { EMP_LTV_GAMMA_GAMMA, EMP_LTV_MEAN, EMP_LTV_NO_SPEND };

/* Where the numbers of a customer come from. */
enum emp_ltv_source {
    EMP_LTV_HISTORY,  /* purchases */
    EMP_LTV_TABLE,    /* columns of the customers file: x, t_x, age */
    EMP_LTV_CONTRACT, /* columns of the customers file: periods and ended, or start and end */
};

/* Columns of the customers file; those without a name are not given. */
struct emp_ltv_columns {
    struct emp_column_ref x, t_x, age, spend, weight;
    struct emp_column_ref periods, ended; /* of a contract: renewals made, and is it over */
    struct emp_column_ref start, end;     /* dates instead; no end: it goes on */
};

struct emp_ltv_params {
    int model; /* enum emp_ltv_model */
    int spend; /* enum emp_ltv_spend_how */
    int unit;  /* enum emp_calendar_span: of t_x, T, the horizon */
    int merge; /* enum emp_calendar_span: the purchases of one are one */
    struct emp_ltv_columns columns;
    int source;                           /* enum emp_ltv_source, once it is validated */
    int64_t calibration_end;              /* the last day that is fitted; EMP_NO_DATE: all */
    int64_t observation_end;              /* the last day that is seen; EMP_NO_DATE: last */
    double horizon;                       /* units */
    double discount_rate;                 /* a year */
    double penalty;                       /* of the squares of the log-parameters */
    double confidence;                    /* of intervals */
    int64_t bootstrap;                    /* replicates */
    const struct emp_input_params *input; /* once they are settled */
    struct emp_place place, calibration, observation; /* of the section and the two dates */
};

extern const struct emp_schema emp__ltv_schema;

/* Settles what depends on the input. */
emp_status emp__ltv_settle(struct emp_ltv_params *params, const struct emp_input_params *input,
                           emp_error *error);

/* "day", "week" or "month". */
const char *emp__ltv_unit_word(const struct emp_ltv_params *params);

#endif
