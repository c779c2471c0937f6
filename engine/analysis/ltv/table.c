// SPDX-License-Identifier: Apache-2.0
/* The sample of a ready table: columns of the customers file with x, t_x, T. */
#include <math.h>

#include "analysis/ltv/columns.h"
#include "analysis/ltv/sample.h"

static emp_status check_times(const struct emp_analysis_input *input, uint32_t customer, double x,
                              double t_x, double age, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const struct emp_ltv_columns *columns = &params->columns;
    bool discrete = params->model == EMP_LTV_BGBB;
    if (!emp__ltv_is_whole(x))
        return emp__ltv_refuse(input, &columns->x, customer, "a whole number of 0 or more", error);
    if (!(age >= 0.0 && age <= 1e9) || (discrete && !emp__ltv_is_whole(age)))
        return emp__ltv_refuse(
            input, &columns->age, customer,
            discrete ? "a whole number of opportunities" : "a time from 0 to 1e9", error);
    if (!(t_x >= 0.0 && t_x <= age) || (discrete && !emp__ltv_is_whole(t_x)))
        return emp__ltv_refuse(input, &columns->t_x, customer, "a time from 0 to the age", error);
    if (x == 0.0 && t_x > 0.0)
        return emp__ltv_refuse(input, &columns->t_x, customer,
                               "0 where there is no repeat purchase", error);
    if (discrete && x > t_x)
        return emp__ltv_refuse(input, &columns->x, customer, "at most one for each opportunity",
                               error);
    return EMP_OK;
}

static emp_status fill_rows(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                            emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const double *x = emp__ltv_numbers(input, &params->columns.x);
    const double *t_x = emp__ltv_numbers(input, &params->columns.t_x);
    const double *age = emp__ltv_numbers(input, &params->columns.age);
    const double *spend = emp__ltv_numbers(input, &params->columns.spend);
    emp_status status = EMP_OK;
    for (size_t i = 0; i < out->count && status == EMP_OK; i++) {
        uint32_t c = out->customer[i];
        double last = x[c] == 0.0 && isnan(t_x[c]) ? 0.0 : t_x[c];
        status = check_times(input, c, x[c], last, age[c], error);
        if (status != EMP_OK)
            return status;
        out->x[i] = (uint32_t)x[c];
        out->t_x[i] = last;
        out->age[i] = age[c];
        if (out->spend)
            out->spend[i] = x[c] > 0.0 ? spend[c] : NAN;
    }
    return status;
}

emp_status emp__ltv_table(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                          emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const struct emp_ltv_columns *columns = &params->columns;
    bool spend = columns->spend.name && params->spend != EMP_LTV_NO_SPEND;
    emp_status status = emp__ltv_list(input, emp__ltv_numbers(input, &columns->x),
                                      emp__ltv_numbers(input, &columns->age), out, error);
    if (status == EMP_OK)
        status = emp__ltv_sample_take(input->customers->store, out->count, spend, out, error);
    if (status == EMP_OK)
        status = fill_rows(input, out, error);
    return status == EMP_OK ? emp__ltv_weights(input, out, error) : status;
}
