// SPDX-License-Identifier: Apache-2.0
/* How the memory of a run is shared out among its stages. */
#ifndef EMP_RUN_RUN_MEMORY_H
#define EMP_RUN_RUN_MEMORY_H

#include <emptor/options.h>

#include "history/scatter.h"
#include "run/run_params.h"

struct emp_run_memory {
    uint64_t limit;      /* all that the run may take */
    uint64_t fixed;      /* of this, what it takes however small the data are */
    uint64_t partitions; /* and the partitions, while rows arrive */
    uint64_t arrays;     /* and what there is for each customer, until the partitions are gone */
    uint64_t file_rows;  /* and the rows of the customers file, if there is one, until the end of
                            reading */
    size_t numbers;      /* columns of the customers file, which the analyses name */
    size_t categories;   /* the same */
};

/*
 * --memory, else the parameter `memory`, else 80 % of what the machine or its control group has.
 * EMP_ERR_MEMORY if that is less than the run needs however small the data are.
 */
emp_status emp__run_memory(const struct emp_params *params, const emp_options *options,
                           const struct emp_scatter_plan *plan, struct emp_run_memory *out,
                           emp_error *error);

/*
 * What a run of so many rows and customers takes if nothing has to wait in files, about: at the
 * end of reading, or when the results are there, whichever is more.
 */
uint64_t emp__run_memory_expected(const struct emp_run_memory *memory,
                                  const struct emp_scatter_plan *plan, uint64_t rows,
                                  uint64_t customers);

#endif
