// SPDX-License-Identifier: Apache-2.0
/* What a segmentation adds to the run folder: see docs/run-folder.md for every column. */
#ifndef EMP_ANALYSIS_SEGMENT_TABLES_H
#define EMP_ANALYSIS_SEGMENT_TABLES_H

#include "analysis/segment_fits.h"
#include "analysis/segmentation.h"

/* customers.csv: cluster, cluster_distance. */
emp_status emp__segment_customer_columns(const struct emp_segment_rows *rows,
                                         const struct emp_segmentation *segmentation,
                                         struct emp_table *table, emp_error *error);

/* What is known of the clusters. */
struct emp_segment_description {
    const struct emp_segment_rows *rows;
    const struct emp_segmentation *segmentation;
    const struct emp_segment_profile *profile;
    const double *z; /* clusters x features: what sets them apart */
};

/*
 * segments.csv: a row for each cluster, and one for the customers in none if there are any; also
 * accounts for all of them.
 */
emp_status emp__segments_table(const struct emp_segment_description *description,
                               struct emp_result *result, emp_error *error);

/* k_selection.csv: a row for each k that was tried. */
emp_status emp__k_selection_table(const struct emp_segment_fits *fits, size_t chosen,
                                  struct emp_result *result, emp_error *error);

#endif
