// SPDX-License-Identifier: Apache-2.0
/* What became of every row that was read: read = used + rejected + filtered, in rows and in money.
 */
#ifndef EMP_SOURCE_BALANCE_H
#define EMP_SOURCE_BALANCE_H

#include <stdint.h>

#include "number/ratio.h" /* emp_int128 */

/* The fate of a row. The amount of a row is known for the fates from EMP_ROW_USED on. */
enum emp_fate {
    EMP_ROW_REJECTED,         /* a bad row, listed in rejects.csv */
    EMP_ROW_FILTERED_WHERE,   /* does not meet a condition of `where` */
    EMP_ROW_FILTERED_MISSING, /* no customer, and missing_customer: drop */
    EMP_ROW_USED,
    EMP_ROW_FILTERED_LATER,  /* after the analysis date */
    EMP_ROW_FILTERED_RETURN, /* a negative amount, and returns: drop */
    EMP_FATES
};

struct emp_balance {
    uint64_t rows[EMP_FATES];
    emp_int128 money[EMP_FATES]; /* minor units */
};

#endif
