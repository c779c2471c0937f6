// SPDX-License-Identifier: Apache-2.0
/* Long work looks now and then whether the caller still wants it. */
#ifndef EMP_BASE_CANCEL_H
#define EMP_BASE_CANCEL_H

#include <emptor/options.h>

#include "base/error.h"

/* EMP_ERR_CANCELLED once the options' `cancelled` says so. */
static inline emp_status emp__check_cancelled(const emp_options *options, emp_error *error)
{
    if (options->cancelled && options->cancelled(options->user))
        return emp__fail(error, EMP_ERR_CANCELLED, "cancelled");
    return EMP_OK;
}

#endif
