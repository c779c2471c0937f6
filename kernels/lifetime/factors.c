// SPDX-License-Identifier: Apache-2.0
#include "lifetime/factors.h"

#include "random/portable_math.h"
#include "special/gamma_functions.h"

struct emp_rising emp__rising(double r, double k)
{
    double first = r * emp__digamma_step(r, k);
    return (struct emp_rising){emp__log_rising(r, k), first,
                               first + r * r * emp__trigamma_step(r, k)};
}

struct emp_survival emp__survival(double a, double b, double k)
{
    double psi_b = emp__digamma_step(b, k), psi_sum = emp__digamma_step(a + b, k);
    double tri_b = emp__trigamma_step(b, k), tri_sum = emp__trigamma_step(a + b, k);
    return (struct emp_survival){
        .log = emp__log_beta_step(a, b, k),
        .a = -a * psi_sum,
        .b = b * (psi_b - psi_sum),
        .aa = -a * psi_sum - a * a * tri_sum,
        .ab = -a * b * tri_sum,
        .bb = b * (psi_b - psi_sum) + b * b * (tri_b - tri_sum),
    };
}

void emp__rising_table(double r, uint32_t size, struct emp_rising *out)
{
    struct emp_rising sum = {0.0, 0.0, 0.0};
    for (uint32_t k = 0; k < size; k++) {
        out[k] = sum;
        double share = r / (r + k);
        sum.log += emp__log(r + k);
        sum.first += share;
        sum.second += share * (k / (r + k));
    }
}

void emp__survival_table(double a, double b, uint32_t size, struct emp_survival *out)
{
    struct emp_survival sum = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
    for (uint32_t k = 0; k < size; k++) {
        out[k] = sum;
        double at = b + k, all = a + at, dies = a / all, of_b = b / at;
        sum.log -= emp__log1p(a / at);
        sum.a -= dies;
        sum.b += dies * of_b;
        sum.aa -= dies * (at / all);
        sum.ab += dies * (b / all);
        sum.bb += dies * of_b * (a * k / at + (k - b)) / all;
    }
}
