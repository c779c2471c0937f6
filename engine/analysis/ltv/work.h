// SPDX-License-Identifier: Apache-2.0
/* What the parts of the lifetime value analysis hand on to each other. */
#ifndef EMP_ANALYSIS_LTV_WORK_H
#define EMP_ANALYSIS_LTV_WORK_H

#include "analysis/analysis.h"
#include "analysis/ltv/params.h"
#include "lifetime/fit.h"
#include "lifetime/predict.h"

/*
 * Customers as they were known at the end of a day, in order of id; arrays of `count`, in the store
 * of the history. Who had no purchase by then is not among them.
 */
struct emp_ltv_sample {
    size_t count;
    uint32_t *customer; /* the number in the history */
    uint32_t *x;        /* repeat purchases, or renewals of a contract */
    double *t_x, *age;  /* units; NULL of contracts */
    double *spend;      /* mean of the repeat purchases, units of money, may be <= 0; NaN: x is 0 or
                           it is not known. NULL: not asked for */
    double *past;       /* what they brought by then, units of money; NULL like spend, and but of a
                           history */
    int32_t *birth;     /* day of the first purchase; NULL but of a history */
    double *weight;     /* NULL: 1 each */
    uint8_t *ended;     /* 1: the contract is over; NULL but of contracts */
    uint32_t *holdout;  /* purchases after the calibration; NULL but of that with a holdout */
    const struct emp_visits *visits; /* by number in the history; NULL but of a history */
    int32_t day;                     /* the last day that is seen; EMP_NO_DAY but of a history */
};

/* Customers who are the same to a model, merged (patterns.h). */
struct emp_ltv_patterns {
    size_t count;
    uint32_t *pattern; /* of each customer of the sample, in its order */
    /* Columns of the patterns, as in struct emp_lifetime_data. */
    uint32_t *x;
    double *t_x, *age, *weight;
    uint8_t *ended;
};

/* A model of how often customers buy (or renew), fitted to the calibration. */
struct emp_ltv_fit {
    const struct emp_lifetime_model *model;
    struct emp_lifetime_fit fit;
    const struct emp_lifetime_model *nested; /* what the data support, where a parameter is at a
                                                bound or flat; or NULL */
    double customers;                        /* the sum of their weights */
    double aic, bic;
    /* Of customers of the calibration, in the holdout; 0 without one. */
    double holdout_predicted, mae, rmse;
};

enum { EMP_LTV_FITS_MAX = 8 };

/* How much is spent a purchase, fitted to the calibration. */
struct emp_ltv_spend {
    int how;          /* enum emp_ltv_spend_how */
    size_t customers; /* with a repeat purchase and positive spend: those it is fitted to */
    size_t left_out;  /* with a repeat purchase, but spend of 0 or less, or none known */
    double mean;      /* of the repeat purchases of these customers; 0 without any */
    struct emp_lifetime_fit fit; /* EMP_LTV_GAMMA_GAMMA */
};

/*
 * All that is needed to say what is to be expected of a customer: what a model file keeps of a fit.
 */
struct emp_ltv_rule {
    const struct emp_lifetime_model *model; /* NULL: there is none */
    enum emp_lifetime_status status;
    double parameter[EMP_LIFETIME_PARAMETERS];
    double covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS]; /* of the logarithms */
    bool has_mbgnbd; /* beside BG/NBD, which holds everyone who came once for alive: */
    double mbgnbd[EMP_LIFETIME_PARAMETERS];
    int spend;         /* enum emp_ltv_spend_how; EMP_LTV_NO_SPEND also where it has no mean */
    double spend_mean; /* EMP_LTV_MEAN */
    double spend_parameter[EMP_LIFETIME_PARAMETERS]; /* p, q, gamma */
    double spend_covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS];
    double horizon;    /* units */
    double rate;       /* of discount, continuous, for a unit: e^(-rate t) */
    double confidence; /* of intervals */
};

/* Repeat purchases by day, of all customers; 0 days but of a history. */
struct emp_ltv_calendar {
    int32_t first_day; /* of the first item: that of the first purchase */
    size_t days;
    const uint64_t *repeats;
};

struct emp_ltv_work {
    const struct emp_analysis_input *input;
    const struct emp_ltv_params *params;
    struct emp_ltv_sample calibration; /* what is fitted */
    struct emp_ltv_sample observation; /* what is scored; has the same arrays without a holdout */
    struct emp_ltv_patterns calibrated, observed; /* of them; the same without a holdout */
    bool observed_kept;                           /* they belong to the table of customers now */
    bool has_holdout; /* a history with a calibration_end before the end */
    double holdout;   /* its length, units; 0 without one */
    struct emp_ltv_calendar calendar;
    struct emp_ltv_fit fits[EMP_LTV_FITS_MAX];
    size_t fit_count, chosen; /* chosen = fit_count: none */
    struct emp_ltv_spend spend;
    struct emp_ltv_rule rule; /* of the chosen fit */
};

/* The time from one day to a later one in units (calendar months, with the days of the one that
 * has begun as a part of it; a week is 7 days). */
double emp__ltv_time(int unit, int32_t from, int32_t to);

/* The same as the model sees it: opportunities are whole spans of the calendar, other times may
 * fall between them. */
double emp__ltv_time_seen(const struct emp_ltv_params *params, int32_t from, int32_t to);

/* A year has 365.25 days, or 12 months. */
double emp__ltv_units_a_year(int unit);

#endif
