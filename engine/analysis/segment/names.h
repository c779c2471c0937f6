// SPDX-License-Identifier: Apache-2.0
/*
 * Names for clusters, made of the features that set them apart: "recent, frequent, high spend".
 *
 * A feature sets a cluster apart as far as the cluster's centre lies from the mean of all
 * customers, in standard deviations of all customers, after transform and scaling:
 * z = (centre - mean) / sd. What is below a half is not worth a word; from one and a half on it is
 * "very".
 */
#ifndef EMP_ANALYSIS_SEGMENT_NAMES_H
#define EMP_ANALYSIS_SEGMENT_NAMES_H

#include <stddef.h>

#include <emptor/status.h>

/* What a feature is called where it is high and where it is low; NULL: "high NAME", "low NAME". */
struct emp_feature_words {
    const char *name, *high, *low;
};

/* What a feature of the table of features is called. */
struct emp_feature_words emp__segment_words(const char *feature);

/* z for k clusters and d features, row-major. A feature that is the same for all has z = 0. */
void emp__segment_z(const double *centres, const double *mean, const double *sd, size_t k, size_t d,
                    double *z);

/*
 * One name for each cluster: of its three features with the greatest |z|, in the order of the
 * features; "average" if there is none. Clusters that would have the same name are numbered from
 * the second on. The caller frees names[i], also after a failure (they are NULL beforehand).
 */
emp_status emp__segment_names(const double *z, const struct emp_feature_words *words, size_t k,
                              size_t d, char **names, emp_error *error);

/*
 * The same features in figures, the greatest |z| first: "frequency +1.84, recency_days -0.72"; an
 * empty text if there is none. The caller frees *out.
 */
emp_status emp__segment_sets_apart(const double *z, const struct emp_feature_words *words, size_t d,
                                   char **out, emp_error *error);

#endif
