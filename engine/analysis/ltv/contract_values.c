// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <string.h>

#include "analysis/ltv/margin.h"
#include "analysis/ltv/values.h"
#include "lifetime/contract.h"
#include "random/portable_math.h"

enum { MOST = EMP_LIFETIME_PARAMETERS };

static double survival(const struct emp_lifetime_model *model, const double *p, double t)
{
    if (model == &emp__ltv_margin)
        return emp__pow(p[0], t);
    return emp__contract_survival(p[0], p[1], model == &emp__bdw ? p[2] : 1.0, t);
}

/* Without end; NaN where it diverges, and for BdW, of which no closed form is known. */
static double unlimited(const struct emp_ltv_rule *rule, double renewals)
{
    const double *p = rule->parameter, d = emp__expm1(rule->rate);
    double value = NAN;
    if (rule->model == &emp__sbg)
        value = emp__sbg_residual(p[0], p[1], renewals, d) / (1.0 + d);
    if (rule->model == &emp__ltv_margin && !emp__margin_value(1.0, p[0], d, &value))
        return NAN;
    return isfinite(value) ? value : NAN;
}

/* The sums over the horizon. */
static struct emp_lifetime_outlook look_ahead(const struct emp_ltv_rule *rule, const double *p,
                                              double renewals)
{
    double now = survival(rule->model, p, renewals), factor = 1.0, stays = 1.0;
    double each = emp__exp(-rule->rate);
    struct emp_lifetime_outlook out = {.p_alive = 1.0};
    for (double k = 1.0; k <= rule->horizon; k += 1.0) {
        stays = now > 0.0 ? survival(rule->model, p, renewals + k) / now : 0.0;
        factor *= each;
        out.expected += stays;
        out.discounted += stays * factor;
    }
    out.p_alive_later = stays;
    out.no_purchase = 1.0 - stays;
    return out;
}

static double slope(double low, double high, double step)
{
    return low > 0.0 && high > 0.0 ? (emp__log(high) - emp__log(low)) / (2.0 * step) : 0.0;
}

/* By the delta method, as in lifetime/outlook.h. */
static void find_errors(const struct emp_ltv_rule *rule, double renewals,
                        struct emp_lifetime_outlook *out)
{
    const double step = 1e-4;
    double expected[MOST] = {0.0}, moved[MOST];
    int n = rule->model->parameters;
    for (int i = 0; i < n; i++) {
        memcpy(moved, rule->parameter, sizeof moved);
        moved[i] = rule->parameter[i] * emp__exp(-step);
        struct emp_lifetime_outlook low = look_ahead(rule, moved, renewals);
        moved[i] = rule->parameter[i] * emp__exp(step);
        struct emp_lifetime_outlook high = look_ahead(rule, moved, renewals);
        expected[i] = slope(low.expected, high.expected, step);
        out->gradient[i] = slope(low.discounted, high.discounted, step);
    }
    out->expected_error = emp__lifetime_error(expected, rule->covariance, n);
    out->discounted_error = emp__lifetime_error(out->gradient, rule->covariance, n);
}

void emp__ltv_contract_outlooks(const struct emp_ltv_rule *rule,
                                const struct emp_ltv_patterns *patterns,
                                struct emp_lifetime_outlook *out)
{
    for (size_t p = 0; p < patterns->count; p++) {
        out[p] = (struct emp_lifetime_outlook){.no_purchase = 1.0};
        if (patterns->ended[p])
            continue;
        out[p] = look_ahead(rule, rule->parameter, patterns->x[p]);
        out[p].unlimited = unlimited(rule, patterns->x[p]);
        find_errors(rule, patterns->x[p], &out[p]);
    }
}

void emp__ltv_contract_discounted(const struct emp_ltv_rule *rule,
                                  const struct emp_ltv_patterns *patterns, double *out)
{
    for (size_t p = 0; p < patterns->count; p++)
        out[p] =
            patterns->ended[p] ? 0.0 : look_ahead(rule, rule->parameter, patterns->x[p]).discounted;
}
