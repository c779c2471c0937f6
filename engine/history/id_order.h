// SPDX-License-Identifier: Apache-2.0
/* Customers in order of their ids (source/ids.h: numbers by value, then texts byte by byte). */
#ifndef EMP_HISTORY_ID_ORDER_H
#define EMP_HISTORY_ID_ORDER_H

#include <emptor/status.h>

#include "base/store.h"
#include "source/ids.h"

/*
 * out[0 .. ids->count) becomes the numbers of the ids in their order. Workspace: 24 bytes an id for
 * the duration of the call.
 */
emp_status emp__id_order(const struct emp_ids *ids, uint32_t *out, emp_error *error);

/* Ids that stand in order in each of `count` runs: run r is [first[r], first[r + 1]). */
struct emp_id_runs {
    const size_t *first; /* count + 1 */
    size_t count;
    struct emp_store *store; /* where the ids and their order lie; NULL: anywhere */
};

/*
 * The same for ids that are in order run by run, in parallel. All ids are cut into ranges of some
 * thousands, which are found in each run by bisection and put in order on their own, so that a
 * range is at home in the cache. Workspace: about one bit an id.
 */
emp_status emp__id_order_runs(const struct emp_ids *ids, struct emp_id_runs runs, int threads,
                              uint32_t *out, emp_error *error);

#endif
