// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/columns.h"

#include <math.h>

#include "base/error.h"

const double *emp__ltv_numbers(const struct emp_analysis_input *input,
                               const struct emp_column_ref *column)
{
    if (!column->name)
        return NULL;
    return input->attributes->values[emp__attributes_find(input->attributes, column->name)];
}

emp_status emp__ltv_refuse(const struct emp_analysis_input *input,
                           const struct emp_column_ref *column, uint32_t customer,
                           const char *expected, emp_error *error)
{
    char id[EMP_ID_MAX + 1];
    return emp__fail_at(error, EMP_ERR_DATA, column->place,
                        "customer %s has %g in '%s', which must be %s",
                        emp__id_text(&input->customers->ids, customer, id),
                        emp__ltv_numbers(input, column)[customer], column->name, expected);
}

emp_status emp__ltv_list(const struct emp_analysis_input *input, const double *one,
                         const double *other, struct emp_ltv_sample *out, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const double *weight = emp__ltv_numbers(input, &params->columns.weight);
    size_t all = input->customers->ids.count;
    emp_status status =
        emp__store_take(input->customers->store, all, sizeof *out->customer, &out->customer, error);
    for (size_t i = 0; i < all && status == EMP_OK; i++) {
        uint32_t customer = input->by_id[i];
        if (weight && weight[customer] < 0.0)
            return emp__ltv_refuse(input, &params->columns.weight, customer, "0 or more", error);
        if (!isnan(one[customer]) && !(other && isnan(other[customer])) &&
            !(weight && weight[customer] == 0.0))
            out->customer[out->count++] = customer;
    }
    return status;
}

emp_status emp__ltv_weights(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                            emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const double *weight = emp__ltv_numbers(input, &params->columns.weight);
    if (!weight)
        return EMP_OK;
    emp_status status = emp__store_take(input->customers->store, out->count, sizeof *out->weight,
                                        &out->weight, error);
    for (size_t i = 0; i < out->count && status == EMP_OK; i++) {
        double given = weight[out->customer[i]];
        out->weight[i] = isnan(given) ? 1.0 : given;
    }
    return status;
}

bool emp__ltv_is_whole(double x)
{
    return x >= 0.0 && x <= 4e9 && x == floor(x);
}
