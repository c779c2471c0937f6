// SPDX-License-Identifier: Apache-2.0
/* Features: numbers that describe a customer. docs/features.md lists all. */
#ifndef EMPTOR_FEATURES_H
#define EMPTOR_FEATURES_H

#include <emptor/status.h>

/* The reference of all features as Markdown. The caller releases *out with free(). */
EMP_API emp_status emp_features_reference(char **out, emp_error *error);

#endif
