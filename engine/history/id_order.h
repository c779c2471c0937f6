// SPDX-License-Identifier: Apache-2.0
/* Customers in order of their ids (source/ids.h: numbers by value, then texts byte by byte). */
#ifndef EMP_HISTORY_ID_ORDER_H
#define EMP_HISTORY_ID_ORDER_H

#include <emptor/status.h>

#include "source/ids.h"

/*
 * out[0 .. ids->count) becomes the numbers of the ids in their order. Workspace: 24 bytes an id for
 * the duration of the call.
 */
emp_status emp__id_order(const struct emp_ids *ids, uint32_t *out, emp_error *error);

#endif
