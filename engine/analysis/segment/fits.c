// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/fits.h"

#include <stdlib.h>

#include "base/cancel.h"
#include "base/memory.h"

emp_status emp__segment_fits(const struct emp_segment_task *task, struct emp_segment_fits *out,
                             emp_error *error)
{
    const struct emp_segment_ks *ks = &task->params->k;
    struct emp_segment_judge judge;
    *out = (struct emp_segment_fits){0};
    emp_status status = emp__segment_judge_new(task, &judge, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->fit, ks->count, sizeof *out->fit, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->figures, ks->count, sizeof *out->figures, error);
    for (; out->count < ks->count && status == EMP_OK; out->count++) {
        struct emp_segment_fit *fit = &out->fit[out->count];
        struct emp_segment_figures *figures = &out->figures[out->count];
        status = emp__check_cancelled(task->options, error);
        if (status == EMP_OK)
            status = emp__segment_fit(task, (size_t)ks->items[out->count], fit, error);
        figures->inertia = fit->inertia;
        if (status == EMP_OK)
            status = emp__segment_judge(&judge, fit, figures, error);
    }
    emp__segment_judge_free(&judge);
    return status;
}

void emp__segment_fits_free(struct emp_segment_fits *fits)
{
    for (size_t i = 0; i < fits->count; i++)
        emp__segment_fit_free(&fits->fit[i]);
    free(fits->fit);
    free(fits->figures);
    *fits = (struct emp_segment_fits){0};
}

size_t emp__segment_fits_choose(const struct emp_segment_fits *fits,
                                const struct emp_segment_params *params)
{
    size_t chosen = emp__segment_choose(fits->figures, params->k.items, fits->count,
                                        (enum emp_choose_by)params->choose_by);
    return chosen < fits->count ? chosen : 0;
}
