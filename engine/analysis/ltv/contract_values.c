// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/margin.h"
#include "analysis/ltv/values.h"
#include "base/memory.h"
#include "lifetime/contract.h"
#include "random/portable_math.h"

/* Of one who has made so many renewals; `known` once it was computed. */
struct outlook {
    bool known;
    double renewals, stays, discounted, unlimited;
};

static double survival(const struct emp_ltv_rule *rule, double t)
{
    const double *p = rule->parameter;
    if (rule->model == &emp__ltv_margin)
        return emp__pow(p[0], t);
    return emp__contract_survival(p[0], p[1], rule->model == &emp__bdw ? p[2] : 1.0, t);
}

/* Without end; NaN where it diverges, and for the BdW, of which no closed form is known. */
static double unlimited(const struct emp_ltv_rule *rule, double renewals, double d)
{
    const double *p = rule->parameter;
    double value = NAN;
    if (rule->model == &emp__sbg)
        value = emp__sbg_residual(p[0], p[1], renewals, d) / (1.0 + d);
    if (rule->model == &emp__ltv_margin && !emp__margin_value(1.0, p[0], d, &value))
        return NAN;
    return isfinite(value) ? value : NAN;
}

static struct outlook look_ahead(const struct emp_ltv_rule *rule, double renewals)
{
    double now = survival(rule, renewals), d = emp__expm1(rule->rate), factor = 1.0;
    struct outlook out = {.known = true};
    for (double k = 1.0; k <= rule->horizon; k += 1.0) {
        out.stays = now > 0.0 ? survival(rule, renewals + k) / now : 0.0;
        out.renewals += out.stays;
        factor /= 1.0 + d;
        out.discounted += out.stays * factor;
    }
    out.unlimited = unlimited(rule, renewals, d);
    return out;
}

static void set(struct emp_ltv_values *values, size_t i, const struct outlook *outlook)
{
    values->p_alive[i] = 1.0;
    values->expected[i] = outlook->renewals;
    values->no_purchase[i] = 1.0 - outlook->stays;
    values->discounted[i] = outlook->discounted;
    values->unlimited[i] = outlook->unlimited;
}

static void set_ended(struct emp_ltv_values *values, size_t i)
{
    values->p_alive[i] = values->expected[i] = values->discounted[i] = values->unlimited[i] = 0.0;
    values->no_purchase[i] = 1.0;
    values->status[i] = EMP_LTV_ENDED;
}

emp_status emp__ltv_contract_values(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                                    emp_error *error)
{
    enum { TABLE = 4096 }; /* beyond, each is computed on its own */
    const struct emp_ltv_sample *sample = &work->observation;
    struct outlook *table = NULL;
    emp_status status = emp__new_array(&table, TABLE, sizeof *table, error);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        struct outlook own = {.known = false}, *outlook = &own;
        if (sample->ended[i]) {
            set_ended(out, i);
            continue;
        }
        if (sample->x[i] < TABLE)
            outlook = &table[sample->x[i]];
        if (!outlook->known)
            *outlook = look_ahead(&work->rule, sample->x[i]);
        set(out, i, outlook);
    }
    free(table);
    return status;
}
