// SPDX-License-Identifier: Apache-2.0
/*
 * Kernels that are made several times, for the vectors of one processor or another: which of them
 * run here. Sums over rows are taken in EMP_LANES lanes whatever the width of a vector, row i into
 * lane i mod EMP_LANES, so that all of them give the same bytes.
 */
#ifndef EMP_LANES_MACHINE_H
#define EMP_LANES_MACHINE_H

#include <stdbool.h>

enum { EMP_LANES = 8 };

/* What a variant is made for, from the slowest to the fastest. */
enum emp_lanes_kind { EMP_LANES_PLAIN, EMP_LANES_AVX2, EMP_LANES_AVX512, EMP_LANES_KINDS };

bool emp__lanes_run_here(enum emp_lanes_kind kind);

#endif
