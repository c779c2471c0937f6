// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/validation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/ltv/patterns.h"
#include "base/memory.h"
#include "evaluate/spearman.h"
#include "sink/table_fields.h"

/* Customers with 0 to 6 repeat purchases, with 7 and more, and all of them. */
enum { OPEN_CLASS = 7, ALL = OPEN_CLASS + 1, CLASSES };
static const char *const class_words[CLASSES] = {"0", "1", "2", "3", "4", "5", "6", "7+", "all"};

enum { FORECASTS_MAX = EMP_LTV_FITS_MAX + 2 };

struct row {
    const char *model, *group;
    uint64_t customers;
    double actual, predicted, actual_mean, predicted_mean, total_error, mae, rmse, spearman;
};

static const struct emp_table_field fields[] = {
    {"model", EMP_FIELD_TEXT, offsetof(struct row, model)},
    {"repeat_purchases", EMP_FIELD_TEXT, offsetof(struct row, group)},
    {"customers", EMP_FIELD_COUNT, offsetof(struct row, customers)},
    {"actual_total", EMP_FIELD_REAL, offsetof(struct row, actual)},
    {"predicted_total", EMP_FIELD_REAL, offsetof(struct row, predicted)},
    {"actual_mean", EMP_FIELD_REAL, offsetof(struct row, actual_mean)},
    {"predicted_mean", EMP_FIELD_REAL, offsetof(struct row, predicted_mean)},
    {"total_error", EMP_FIELD_REAL, offsetof(struct row, total_error)},
    {"mae", EMP_FIELD_REAL, offsetof(struct row, mae)},
    {"rmse", EMP_FIELD_REAL, offsetof(struct row, rmse)},
    {"spearman", EMP_FIELD_REAL, offsetof(struct row, spearman)},
    {.name = NULL},
};

/* What is compared, by customer of the calibration. */
struct validation {
    const struct emp_ltv_work *work;
    double *actual, *predicted;
    void *space; /* of the correlation */
    struct row rows[FORECASTS_MAX * CLASSES];
    size_t count;
};

int64_t emp__ltv_day_before(int64_t calibration, int64_t observation)
{
    return calibration - (observation - calibration);
}

/* --- Forecasts --- */

static emp_status by_model(const struct emp_ltv_work *work, const struct emp_ltv_fit *fit,
                           double *out, emp_error *error)
{
    const struct emp_lifetime_data data = emp__ltv_data(&work->calibrated);
    const struct emp_lifetime_request request = {.horizon = work->holdout,
                                                 .threads = work->input->threads};
    struct emp_lifetime_columns columns = {.expected = NULL};
    emp_status status = emp__new_array(&columns.expected, data.n, sizeof(double), error);
    if (status == EMP_OK)
        emp__lifetime_predict(fit->model, fit->fit.parameter, &data, &request, &columns);
    for (size_t i = 0; i < work->calibration.count && status == EMP_OK; i++)
        out[i] = columns.expected[work->calibrated.pattern[i]];
    free(columns.expected);
    return status;
}

static void by_past_rate(const struct emp_ltv_work *work, double *out)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    for (size_t i = 0; i < sample->count; i++)
        out[i] = sample->age[i] > 0.0 ? sample->x[i] / sample->age[i] * work->holdout : 0.0;
}

/* The repeat purchases since the day before the last period. */
static void by_last_period(const struct emp_ltv_work *work, double *out)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    const struct emp_customers *customers = work->input->customers;
    int32_t cut = (int32_t)emp__ltv_day_before(sample->day, work->observation.day) + 1;
    size_t cutoff = emp__customers_cutoff(customers, cut, cut);
    const struct emp_visits *before = customers->past[cutoff].figures.visits[work->params->merge];
    for (size_t i = 0; i < sample->count; i++) {
        uint32_t visits = before[sample->customer[i]].count;
        out[i] = sample->x[i] - (visits > 0 ? visits - 1.0 : 0.0);
    }
}

/* --- Comparison --- */

static void add_customer(struct row *row, double actual, double predicted)
{
    double off = predicted - actual;
    row->customers++;
    row->actual += actual;
    row->predicted += predicted;
    row->mae += fabs(off);
    row->rmse += off * off;
}

static void conclude(struct row *row)
{
    double n = (double)row->customers;
    row->actual_mean = row->actual / n;
    row->predicted_mean = row->predicted / n;
    row->total_error = row->actual > 0.0 ? row->predicted / row->actual - 1.0 : NAN;
    row->mae /= n;
    row->rmse = sqrt(row->rmse / n);
}

/* The rows of a forecast, in order of class; classes of nobody are left out. */
static void compare(struct validation *v, const char *model)
{
    const struct emp_ltv_sample *sample = &v->work->calibration;
    struct row rows[CLASSES];
    for (int c = 0; c < CLASSES; c++)
        rows[c] = (struct row){.model = model, .group = class_words[c], .spearman = NAN};
    for (size_t i = 0; i < sample->count; i++) {
        uint32_t x = sample->x[i] < OPEN_CLASS ? sample->x[i] : OPEN_CLASS;
        add_customer(&rows[x], v->actual[i], v->predicted[i]);
        add_customer(&rows[ALL], v->actual[i], v->predicted[i]);
    }
    rows[ALL].spearman = emp__spearman(v->actual, v->predicted, sample->count, v->space);
    for (int c = 0; c < CLASSES; c++) {
        if (rows[c].customers == 0)
            continue;
        conclude(&rows[c]);
        v->rows[v->count++] = rows[c];
    }
}

static emp_status new_validation(const struct emp_ltv_work *work, struct validation *out,
                                 emp_error *error)
{
    size_t n = work->calibration.count;
    *out = (struct validation){.work = work};
    emp_status status = emp__new_array(&out->actual, n, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->predicted, n, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array((char **)&out->space, emp__spearman_work(n), 1, error);
    for (size_t i = 0; i < n && status == EMP_OK; i++)
        out->actual[i] = work->calibration.holdout[i];
    return status;
}

static emp_status compare_all(struct validation *v, emp_error *error)
{
    const struct emp_ltv_work *work = v->work;
    emp_status status = EMP_OK;
    for (size_t m = 0; m < work->fit_count && status == EMP_OK; m++) {
        if (work->fits[m].fit.status == EMP_LIFETIME_NO_DATA)
            continue;
        status = by_model(work, &work->fits[m], v->predicted, error);
        if (status == EMP_OK)
            compare(v, work->fits[m].model->name);
    }
    if (status != EMP_OK)
        return status;
    by_past_rate(work, v->predicted);
    compare(v, "past rate");
    by_last_period(work, v->predicted);
    compare(v, "last period");
    return EMP_OK;
}

emp_status emp__ltv_validation(const struct emp_ltv_work *work, struct emp_result *result,
                               emp_error *error)
{
    struct emp_table *table = NULL;
    struct validation *v = NULL;
    emp_status status = emp__new_array(&v, 1, sizeof *v, error);
    if (status == EMP_OK && work->has_holdout && work->calibration.count > 0) {
        status = new_validation(work, v, error);
        if (status == EMP_OK)
            status = compare_all(v, error);
    }
    if (status == EMP_OK)
        status = emp__result_add_table(result, "ltv_validation", v->count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields,
                                       (struct emp_table_items){v->rows, sizeof *v->rows}, error);
    if (v) {
        free(v->actual);
        free(v->predicted);
        free(v->space);
    }
    free(v);
    return status;
}
