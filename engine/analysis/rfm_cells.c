// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm_cells.h"

#include "analysis/rfm_rules.h"
#include "base/memory.h"

enum { EXTRA_SEGMENTS = 2 };

uint32_t emp__rfm_cell(const struct emp_rfm_scores *scores, size_t customer)
{
    uint32_t cell = 0;
    for (int m = 0; m < EMP_MEASURES; m++)
        cell = cell * (uint32_t)emp__rfm_scores(scores->params, m) + scores->score[m][customer] - 1;
    return cell;
}

void emp__rfm_cell_scores(const struct emp_rfm_scores *scores, uint32_t cell, int out[EMP_MEASURES])
{
    for (int m = EMP_MEASURES - 1; m >= 0; m--) {
        uint32_t bins = (uint32_t)emp__rfm_scores(scores->params, m);
        out[m] = 1 + (int)(cell % bins);
        cell /= bins;
    }
}

bool emp__rfm_has_scores(const struct emp_rfm_scores *scores, size_t customer)
{
    return scores->score[EMP_RECENCY][customer] != 0;
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

/* Which cells are used, in order of cell, and each customer's segment. */
static emp_status assign(const struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                         emp_error *error)
{
    size_t n = scores->input->customers->ids.count;
    size_t rules = out->segments - EXTRA_SEGMENTS;
    uint16_t *segment_of_cell = NULL;
    out->cells = 1;
    for (int m = 0; m < EMP_MEASURES; m++)
        out->cells *= (size_t)emp__rfm_scores(scores->params, m);
    emp_status status = emp__new_array(&out->label, out->cells, sizeof *out->label, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->cell_of, out->cells, sizeof *out->cell_of, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->segment, n, sizeof *out->segment, error);
    if (status == EMP_OK)
        status = emp__new_array(&segment_of_cell, out->cells, sizeof *segment_of_cell, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        if (emp__rfm_has_scores(scores, i))
            out->label[emp__rfm_cell(scores, i)] = 1;
    for (size_t cell = 0; cell < out->cells; cell++) {
        if (out->label[cell] == 0)
            continue;
        int values[EMP_MEASURES];
        emp__rfm_cell_scores(scores, (uint32_t)cell, values);
        int rule = emp__rfm_segment(scores->params, values);
        segment_of_cell[cell] = (uint16_t)(rule < 0 ? rules : (size_t)rule);
        out->label[cell] = (uint16_t)out->labels;
        out->cell_of[out->labels++] = (uint32_t)cell;
    }
    for (size_t i = 0; i < n; i++)
        out->segment[i] = emp__rfm_has_scores(scores, i) ? segment_of_cell[emp__rfm_cell(scores, i)]
                                                         : (uint16_t)(rules + 1);
    free(segment_of_cell);
    return EMP_OK;
}

emp_status emp__rfm_assign(const struct emp_rfm_scores *scores, struct emp_rfm_cells *out,
                           emp_error *error)
{
    *out = (struct emp_rfm_cells){0};
    emp_status status = name_segments(scores->params, out, error);
    return status == EMP_OK ? assign(scores, out, error) : status;
}

void emp__rfm_cells_free(struct emp_rfm_cells *cells)
{
    free(cells->label);
    free(cells->cell_of);
    free(cells->segment);
    free(cells->names);
    *cells = (struct emp_rfm_cells){0};
}
