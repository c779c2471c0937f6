// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <omp.h>
#include <stdbool.h>

/* The failure that is to be reported, guarded by the critical section of emp__parallel(). */
struct failure {
    bool failed;
    size_t item;
    emp_error error;
};

static void keep_worst(struct failure *failure, size_t item, const emp_error *error)
{
    bool echo = error->status == EMP_ERR_CANCELLED;
    bool known_echo = failure->failed && failure->error.status == EMP_ERR_CANCELLED;
    bool better =
        !failure->failed || (known_echo && !echo) || (known_echo == echo && item < failure->item);
    if (better)
        *failure = (struct failure){true, item, *error};
}

emp_status emp__parallel(int threads, size_t count,
                         emp_status (*body)(void *user, size_t i, emp_error *error), void *user,
                         emp_error *error)
{
    struct failure failure = {0};
    bool stop = false;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t i = 0; i < count; i++) {
        bool skip;
#pragma omp atomic read
        skip = stop;
        emp_error own = {0};
        if (skip || (own.status = body(user, i, &own)) == EMP_OK)
            continue;
#pragma omp critical(emp_parallel_failure)
        keep_worst(&failure, i, &own);
#pragma omp atomic write
        stop = true;
    }
    if (!failure.failed)
        return EMP_OK;
    if (error)
        *error = failure.error;
    return failure.error.status;
}

int emp__thread_count(const emp_options *options)
{
    return options->threads > 0 ? options->threads : omp_get_num_procs();
}

void emp_options_defaults(emp_options *out)
{
    *out = (emp_options){0};
}
