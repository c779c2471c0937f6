// SPDX-License-Identifier: Apache-2.0
/* The panel kernels, one number after the other: the twin that the others are held against. */
#include "lanes/lanes_plain.h"

#include "logistic/panel_body.h"

const struct emp_panel_kernels emp__panel_plain = {
    .name = "plain",
    .centre = centre,
    .linear = linear,
    .link = link,
    .probability = probability,
    .gradient = gradient,
    .gram = gram,
    .moments = moments,
    .beyond = beyond,
};
