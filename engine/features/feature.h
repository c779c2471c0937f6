// SPDX-License-Identifier: Apache-2.0
/*
 * The table of features: numbers that describe a customer, each computed by one function from the
 * history up to a date, for fitting and for scoring alike. docs/features.md is made of it.
 *
 * Whatever is a quotient of integers is the double nearest to it (number/ratio.h), so that a value
 * is the same however the history was read.
 */
#ifndef EMP_FEATURES_FEATURE_H
#define EMP_FEATURES_FEATURE_H

#include "features/feature_view.h"
#include "params/roles.h"

struct emp_feature {
    const char *name;
    const char *unit;
    const char *definition; /* Markdown of one line, with the formula */
    /* Of the history, beside what the purchases need (emp__purchases_needs()). */
    struct emp_needs needs;
    /* The values of `count` customers, which are given by number. NaN: missing. */
    void (*compute)(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                    double *out);
};

/* All features; ends with one whose name is NULL. */
extern const struct emp_feature emp__features[];

enum { EMP_FEATURES_MAX = 64 };

/* The feature of that name; NULL if there is none. */
const struct emp_feature *emp__feature_find(const char *name);

/* All names and then NULL, for emp__nearest_word(). */
void emp__feature_names(const char *out[EMP_FEATURES_MAX + 1]);

/*
 * The role of the transactions, such as "product", that has no column although it is needed; NULL
 * if none lacks.
 */
const char *emp__needs_lack(struct emp_needs needs, const struct emp_roles *roles);

#endif
