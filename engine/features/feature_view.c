// SPDX-License-Identifier: Apache-2.0
#include "features/feature_view.h"

#include <math.h>

#include "number/ratio.h"
#include "text/powers.h"

struct emp_feature_view emp__feature_view(const struct emp_customers *customers,
                                          const struct emp_input_params *input,
                                          enum emp_merge merge, int32_t day)
{
    return (struct emp_feature_view){
        .customers = customers,
        .purchases = emp__purchases(customers, merge),
        .net = input->returns == EMP_RETURNS_NET,
        .unit = emp__power_of_ten[input->amount_decimals],
        .day = day,
    };
}

double emp__mean_purchase(const struct emp_feature_view *view, size_t customer)
{
    uint32_t purchases = emp__purchase_count(&view->purchases, customer);
    if (purchases == 0)
        return NAN;
    return emp__ratio(emp__revenue(view, customer), purchases * view->unit);
}
