// SPDX-License-Identifier: Apache-2.0
/*
 * The hot loops of likelihoods, in lanes (lanes/machine.h): all variants are made of one source,
 * bgnbd_body.h and paretonbd_body.h, and give the same bytes.
 */
#ifndef EMP_LIFETIME_PANEL_KERNELS_H
#define EMP_LIFETIME_PANEL_KERNELS_H

#include "lanes/machine.h"
#include "lifetime/lifetime.h"

enum { EMP_LIFETIME_PANEL = 1024 }; /* patterns; a multiple of EMP_LANES */

/* Patterns while they lie in the cache, filled up to a multiple of EMP_LANES with some of weight 0
 * and x = t_x = age = 0. */
struct emp_lifetime_panel {
    _Alignas(64) double x[EMP_LIFETIME_PANEL];
    _Alignas(64) double t_x[EMP_LIFETIME_PANEL];
    _Alignas(64) double age[EMP_LIFETIME_PANEL];
    _Alignas(64) double weight[EMP_LIFETIME_PANEL];
    size_t count; /* with those */
};

/*
 * sum += weight times the log-likelihood of BG/NBD (`first` 0) or MBG/NBD (1), with its
 * derivatives, but for what x alone tells. Row i is summed in lane i mod EMP_LANES.
 */
typedef void emp_bgnbd_panel_fn(const double *parameter, double first,
                                const struct emp_lifetime_panel *panel,
                                struct emp_derivatives *sum);

struct emp_lifetime_kernels {
    const char *name;
    emp_bgnbd_panel_fn *bgnbd;
};

extern const struct emp_lifetime_kernels emp__lifetime_plain, emp__lifetime_avx2,
    emp__lifetime_avx512;

/* The fastest that runs here, or the one of that name, NULL if that does not run here. */
const struct emp_lifetime_kernels *emp__lifetime_kernels(const char *name);

#endif
