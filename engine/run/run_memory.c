// SPDX-License-Identifier: Apache-2.0
#include "run/run_memory.h"

#include <inttypes.h>

#include "base/error.h"
#include "base/machine.h"
#include "history/history.h"

enum {
    PROGRAM_BYTES = 12 << 20, /* the program, its libraries and the parameters */
    /* Of a customer in the table, with his share of the slots of the index. */
    TABLE_BYTES = sizeof(struct emp_entry) + 3 * sizeof(uint32_t),
    RESULT_BYTES = 60, /* of a customer: scores, columns, and the order in which they are written */
    THREAD_BYTES = 3 << 20, /* chunks, stack, and what the allocator keeps for a thread */
};

static uint64_t limit_of(const struct emp_params *params, const emp_options *options)
{
    if (options->memory > 0)
        return options->memory;
    return params->general.memory > 0 ? params->general.memory : emp__machine_memory() / 5 * 4;
}

emp_status emp__run_memory(const struct emp_params *params, const emp_options *options,
                           const struct emp_scatter_plan *plan, struct emp_run_memory *out,
                           emp_error *error)
{
    uint64_t shares = emp__has_customer_file(&params->input) ? 3 : 2;
    /* Each partition has at least a piece of its customers, and one of the index to them. */
    uint64_t tables = 2 * plan->partitions * (uint64_t)EMP_PIECE_BYTES;
    *out = (struct emp_run_memory){
        .limit = limit_of(params, options),
        .fixed = PROGRAM_BYTES + (uint64_t)plan->threads * THREAD_BYTES +
                 emp__scatter_overhead(plan) + emp__customers_overhead(plan),
        .numbers = emp__attribute_wishes_count(&params->attributes, EMP_ATTRIBUTE_NUMBER),
        .categories = emp__attribute_wishes_count(&params->attributes, EMP_ATTRIBUTE_CATEGORY),
    };
    if (out->limit < out->fixed + shares * tables)
        return emp__fail(error, EMP_ERR_MEMORY,
                         "the run may take %" PRIu64 " KiB of memory (--memory), but with %d "
                         "threads and %zu partitions it needs at least %" PRIu64 " KiB",
                         out->limit >> 10, plan->threads, plan->partitions,
                         (out->fixed + shares * tables) >> 10);
    out->partitions = out->arrays = (out->limit - out->fixed) / shares;
    if (shares == 3)
        out->file_rows = out->arrays;
    return EMP_OK;
}

uint64_t emp__run_memory_expected(const struct emp_run_memory *memory,
                                  const struct emp_scatter_plan *plan, uint64_t rows,
                                  uint64_t customers)
{
    struct emp_needs needs = plan->needs;
    uint64_t row = emp__needs_rows(needs) ? emp__kept_row_bytes(emp__needs_tokens(needs)) : 0;
    uint64_t present = emp__figures_bytes(emp__figures_present(needs));
    uint64_t past = needs.cutoffs * emp__figures_bytes(emp__figures_past(needs));
    uint64_t arrays = sizeof(uint64_t) + present + past;
    uint64_t waiting = sizeof(struct emp_attribute_row) +
                       (memory->numbers + memory->categories) * sizeof(union emp_attribute_value);
    uint64_t file_row = memory->file_rows ? waiting : 0;
    uint64_t reading = rows * row + customers * (TABLE_BYTES + arrays + file_row);
    arrays += memory->numbers * sizeof(double) + memory->categories * sizeof(uint32_t);
    uint64_t results = customers * (arrays + RESULT_BYTES);
    return memory->fixed + (reading > results ? reading : results);
}
