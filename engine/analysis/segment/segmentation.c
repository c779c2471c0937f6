// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/segmentation.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

emp_status emp__segmentation_new(size_t clusters, size_t features, size_t rows,
                                 struct emp_segmentation *out, emp_error *error)
{
    *out = (struct emp_segmentation){.clusters = clusters, .features = features, .rows = rows};
    emp_status status =
        emp__new_array(&out->centres, clusters * features, sizeof *out->centres, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->number, clusters, sizeof *out->number, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->name, clusters, sizeof(char *), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->label, rows, sizeof *out->label, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->square, rows, sizeof *out->square, error);
    return status;
}

void emp__segmentation_free(struct emp_segmentation *segmentation)
{
    for (size_t c = 0; segmentation->name && c < segmentation->clusters; c++)
        free(segmentation->name[c]);
    free(segmentation->centres);
    free(segmentation->number);
    free(segmentation->name);
    free(segmentation->label);
    free(segmentation->square);
    *segmentation = (struct emp_segmentation){0};
}

emp_status emp__segmentation_assign(const struct emp_segment_task *task,
                                    struct emp_segmentation *segmentation, emp_error *error)
{
    struct emp_segment_centres centres = {segmentation->clusters, segmentation->centres};
    return emp__segment_nearest(task, centres, segmentation->label, segmentation->square, error);
}

emp_status emp__segmentation_reorder(struct emp_segmentation *segmentation, const size_t *order,
                                     emp_error *error)
{
    size_t k = segmentation->clusters, d = segmentation->features;
    double *centres = NULL;
    uint32_t *place = NULL;
    emp_status status = emp__new_array(&centres, k * d, sizeof *centres, error);
    if (status == EMP_OK)
        status = emp__new_array(&place, k, sizeof *place, error);
    if (status == EMP_OK) {
        for (size_t i = 0; i < k; i++) {
            memcpy(centres + i * d, segmentation->centres + order[i] * d, d * sizeof *centres);
            place[order[i]] = (uint32_t)i;
        }
        for (size_t i = 0; i < segmentation->rows; i++)
            segmentation->label[i] = place[segmentation->label[i]];
        double *before = segmentation->centres;
        segmentation->centres = centres;
        centres = before;
    }
    free(place);
    free(centres);
    return status;
}
