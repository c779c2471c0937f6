// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/cells.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "analysis/rfm/rules.h"
#include "base/memory.h"

enum { EXTRA_SEGMENTS = 2, ALL_CELLS = EMP_RFM_NO_CELL + 1 };

void emp__rfm_cell_scores(const struct emp_rfm_scores *scores, uint32_t cell, int out[EMP_MEASURES])
{
    for (int m = EMP_MEASURES - 1; m >= 0; m--) {
        uint32_t bins = (uint32_t)emp__rfm_scores(scores->params, m);
        out[m] = 1 + (int)(cell % bins);
        cell /= bins;
    }
}

static emp_status name_segments(const struct emp_rfm_params *params, struct emp_rfm_cells *out,
                                emp_error *error)
{
    size_t rules = emp__rfm_segment_count(params);
    out->segments = rules + EXTRA_SEGMENTS;
    emp_status status = emp__new_array(&out->names, out->segments, sizeof *out->names, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < rules; i++)
        out->names[i] = emp__rfm_segment_name(params, i);
    out->names[rules] = EMP_RFM_UNASSIGNED;
    out->names[rules + 1] = EMP_RFM_NO_PURCHASE;
    return EMP_OK;
}

/* From cells to codes. */
struct coding {
    uint16_t *code;     /* of each customer; a cell so far */
    atomic_uchar *used; /* of each cell */
    uint16_t *code_of;  /* of each cell */
    struct emp_rfm_cells *out;
};

static void find_used(void *user, int worker, size_t first, size_t count)
{
    const struct coding *coding = user;
    (void)worker;
    /* To write only once keeps the flags in the caches of all threads. */
    for (size_t i = first; i < first + count; i++) {
        atomic_uchar *used = &coding->used[coding->code[i]];
        if (!atomic_load_explicit(used, memory_order_relaxed))
            atomic_store_explicit(used, 1, memory_order_relaxed);
    }
}

static void put_codes(void *user, int worker, size_t first, size_t count)
{
    const struct coding *coding = user;
    (void)worker;
    for (size_t i = first; i < first + count; i++)
        coding->code[i] = coding->code_of[coding->code[i]];
}

/* Numbers the used cells, and finds the segment of each. */
static void list_codes(const struct emp_rfm_scores *scores, struct coding *coding)
{
    struct emp_rfm_cells *out = coding->out;
    size_t rules = out->segments - EXTRA_SEGMENTS;
    for (size_t cell = 0; cell < ALL_CELLS; cell++) {
        if (!coding->used[cell])
            continue;
        coding->code_of[cell] = (uint16_t)out->codes;
        if (cell == EMP_RFM_NO_CELL) {
            out->segment_of[out->codes++] = (uint16_t)(rules + 1);
            continue;
        }
        int values[EMP_MEASURES];
        emp__rfm_cell_scores(scores, (uint32_t)cell, values);
        int rule = emp__rfm_segment(scores->params, values);
        out->cell_of[out->used++] = (uint32_t)cell;
        out->segment_of[out->codes++] = (uint16_t)(rule < 0 ? rules : (size_t)rule);
    }
}

static emp_status put_in_code(const struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                              emp_error *error)
{
    const struct emp_rfm_measures *measures = &scores->measures;
    struct coding coding = {.code = out->code, .out = out};
    emp_status status = emp__new_array(&coding.used, ALL_CELLS, sizeof *coding.used, error);
    if (status == EMP_OK)
        status = emp__new_array(&coding.code_of, ALL_CELLS, sizeof *coding.code_of, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->cell_of, ALL_CELLS, sizeof *out->cell_of, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->segment_of, ALL_CELLS, sizeof *out->segment_of, error);
    if (status == EMP_OK) {
        emp__rfm_blocks(measures, find_used, &coding);
        list_codes(scores, &coding);
        emp__rfm_blocks(measures, put_codes, &coding);
    }
    free(coding.code_of);
    free(coding.used);
    return status;
}

emp_status emp__rfm_assign(struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                           emp_error *error)
{
    *out = (struct emp_rfm_cells){.code = scores->cell};
    scores->cell = NULL;
    emp_status status = name_segments(scores->params, out, error);
    return status == EMP_OK ? put_in_code(scores, out, error) : status;
}

void emp__rfm_cells_free(struct emp_rfm_cells *cells)
{
    if (!cells->given_away)
        free(cells->code);
    free(cells->cell_of);
    free(cells->segment_of);
    free(cells->names);
    *cells = (struct emp_rfm_cells){0};
}
