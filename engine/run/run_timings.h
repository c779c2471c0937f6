// SPDX-License-Identifier: Apache-2.0
/* How long each stage of a run took. All that depends on the machine and the moment is here. */
#ifndef EMP_RUN_RUN_TIMINGS_H
#define EMP_RUN_RUN_TIMINGS_H

struct emp_timings {
    int threads;
    double read, analyse, write; /* seconds */
};

#endif
