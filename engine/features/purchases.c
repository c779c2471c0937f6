// SPDX-License-Identifier: Apache-2.0
#include "features/purchases.h"

struct emp_purchases emp__purchases(const struct emp_customers *customers, enum emp_merge merge)
{
    struct emp_purchases purchases = {.summary = customers->summary};
    if (merge == EMP_MERGE_DAY)
        purchases.counts = customers->days;
    else if (merge == EMP_MERGE_ORDER)
        purchases.counts = customers->orders;
    return purchases;
}

struct emp_needs emp__purchases_needs(enum emp_merge merge)
{
    return (struct emp_needs){.days = merge == EMP_MERGE_DAY, .orders = merge == EMP_MERGE_ORDER};
}
