// SPDX-License-Identifier: Apache-2.0
/* Every item is in exactly one block, and no worker does two at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <string.h>

#include "base/blocks.h"

enum { MOST = 1000, WORKERS = 7 };

struct visits {
    size_t total, block;
    atomic_int items[MOST];
    atomic_int busy[WORKERS], bad;
};

static void visit(void *user, int worker, size_t first, size_t count)
{
    struct visits *visits = user;
    size_t left = visits->total - first;
    visits->bad += atomic_fetch_add(&visits->busy[worker], 1) != 0;
    visits->bad += first % visits->block != 0;
    visits->bad += count != (left < visits->block ? left : visits->block);
    for (size_t i = first; i < first + count; i++)
        visits->items[i]++;
    visits->busy[worker]--;
}

static void every_item_once(void **state)
{
    (void)state;
    static struct visits visits;
    static const size_t totals[] = {0, 1, 63, 64, 65, MOST - 1, MOST};
    for (int threads = 1; threads <= WORKERS; threads++)
        for (size_t t = 0; t < sizeof totals / sizeof *totals; t++)
            for (visits.block = 1; visits.block <= 128; visits.block *= 8) {
                memset(visits.items, 0, sizeof visits.items);
                visits.total = totals[t];
                emp__blocks(threads, visits.total, visits.block, visit, &visits);
                for (size_t i = 0; i < MOST; i++)
                    assert_int_equal(visits.items[i], i < visits.total);
                assert_int_equal(visits.bad, 0);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_item_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
