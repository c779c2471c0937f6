// SPDX-License-Identifier: Apache-2.0
/* The loops of likelihoods, one number after the other: the twin that the others are held against.
 */
#include "lanes/lanes_plain.h"

#include "lifetime/bgnbd_body.h"
#include "lifetime/paretonbd_body.h"

const struct emp_lifetime_kernels emp__lifetime_plain = {
    .name = "plain",
    .bgnbd = bgnbd_panel,
    .paretonbd = paretonbd_panel,
};
