// SPDX-License-Identifier: Apache-2.0
/*
 * A radix sort by 8-byte keys that agree with the order of ids: digits are their own key, a text is
 * the text bit and its first bytes. Texts that share those are then put in order among themselves.
 */
#include "history/id_order.h"

#include <stdlib.h>

#include "base/memory.h"
#include "order/radix_sort.h"

enum { PREFIX_BYTES = 7 };

static uint64_t prefix_key(const struct emp_ids *ids, size_t i)
{
    uint64_t word = ids->word[i];
    if (!(word & EMP_ID_TEXT))
        return word;
    size_t length;
    const char *bytes = emp__id_bytes(ids, i, NULL, &length);
    uint64_t key = 0;
    /* The text bit takes one bit, so that the last byte loses its lowest. */
    for (size_t b = 0; b <= PREFIX_BYTES; b++)
        key = key << 8 | (b < length ? (unsigned char)bytes[b] : 0);
    return EMP_ID_TEXT | key >> 1;
}

static int compare_ids(const void *a, const void *b, void *user)
{
    const struct emp_ids *ids = user;
    return emp__id_compare(ids, *(const uint32_t *)a, ids, *(const uint32_t *)b);
}

/* Runs of texts with one key. */
static void order_ties(const struct emp_ids *ids, const uint64_t *keys, uint32_t *order)
{
    for (size_t begin = 0; begin < ids->count;) {
        size_t end = begin + 1;
        while (end < ids->count && keys[end] == keys[begin])
            end++;
        if (end - begin > 1)
            qsort_r(order + begin, end - begin, sizeof *order, compare_ids, (void *)ids);
        begin = end;
    }
}

emp_status emp__id_order(const struct emp_ids *ids, uint32_t *out, emp_error *error)
{
    uint64_t *keys = NULL, *spare_keys = NULL;
    uint32_t *spare = NULL;
    size_t n = ids->count;
    emp_status status = emp__new_array(&keys, n, sizeof *keys, error);
    if (status == EMP_OK)
        status = emp__new_array(&spare_keys, n, sizeof *spare_keys, error);
    if (status == EMP_OK)
        status = emp__new_array(&spare, n, sizeof *spare, error);
    if (status == EMP_OK) {
        for (size_t i = 0; i < n; i++) {
            keys[i] = prefix_key(ids, i);
            out[i] = (uint32_t)i;
        }
        emp__radix_sort(keys, out, spare_keys, spare, n);
        order_ties(ids, keys, out);
    }
    free(spare);
    free(spare_keys);
    free(keys);
    return status;
}
