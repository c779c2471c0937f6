// SPDX-License-Identifier: Apache-2.0
/* One partition: customers told apart, sums exact, memory bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "history/partition.h"
#include "source/ids.h"
#include "text/civil_time.h"

/* A partition with an arena of its own. */
static struct emp_partition new_partition(enum emp_keep keep, struct emp_memory_budget *budget)
{
    struct emp_arena *arena = NULL;
    assert_int_equal(emp__arena_new(&arena, NULL), EMP_OK);
    return (struct emp_partition){.keep = keep,
                                  .keep_orders = keep == EMP_KEEP_EVENTS,
                                  .budget = budget,
                                  .arena = arena,
                                  .first_day = EMP_NO_DAY,
                                  .last_day = EMP_NO_DAY};
}

static void free_partition(struct emp_partition *partition)
{
    emp__partition_free(partition);
    emp__arena_free(partition->arena);
}

static uint64_t digits(const char *text)
{
    uint64_t word = 0;
    assert_true(emp__id_number(text, strlen(text), &word));
    return word;
}

static struct emp_packed_row row(uint64_t customer, int64_t day, int64_t amount)
{
    return (struct emp_packed_row){customer, day * EMP_DAY_SECONDS, amount, 0};
}

static void take(struct emp_partition *partition, const struct emp_packed_row *rows, size_t count,
                 const char *texts)
{
    emp_error error;
    if (emp__partition_take(partition, rows, count, texts, &error) != EMP_OK)
        fail_msg("%s", error.message);
}

/* The slot of the customer whose id is `id`, and that there is one only. */
static const struct emp_entry *find(const struct emp_partition *partition, const char *id)
{
    const struct emp_entry *found = NULL;
    for (size_t i = 0; i < partition->slot_count; i++) {
        const struct emp_entry *slot = &partition->slots[i];
        if (slot->key == 0)
            continue;
        char scratch[24];
        size_t length;
        uint64_t word = emp__partition_id(partition, slot, 0);
        struct emp_ids one = {.count = 1, .word = &word, .text = partition->bytes.data};
        const char *bytes = emp__id_bytes(&one, 0, scratch, &length);
        if (length != strlen(id) || memcmp(bytes, id, length) != 0)
            continue;
        assert_null(found);
        found = slot;
    }
    assert_non_null(found);
    return found;
}

static void expect_summary(const struct emp_partition *partition, const char *id,
                           struct emp_summary expected)
{
    struct emp_summary found = emp__partition_summary(partition, find(partition, id));
    assert_memory_equal(&found, &expected, sizeof expected);
}

static void customers_are_told_apart(void **state)
{
    (void)state;
    struct emp_memory_budget budget = {.limit = 1 << 20};
    struct emp_partition p = new_partition(EMP_KEEP_SUMMARIES, &budget);
    const uint64_t hash = EMP_ID_TEXT | 12345;
    /* Texts of one hash, of which one begins as another does, and numbers of one value. */
    const struct emp_packed_row rows[] = {
        row(digits("7"), 1, 10),   row(digits("007"), 2, 20), row(hash, 3, 30), row(hash, 4, 40),
        row(digits("7"), 5, -100), row(hash, 6, 50),          row(hash, 7, 60),
    };
    take(&p, rows, 7, "\2ab\3abc\2ab\2aa");
    assert_int_equal(p.customers, 5);
    assert_int_equal(p.rows, 7);
    assert_int_equal(p.money, 110);
    assert_int_equal(p.first_day, 1);
    assert_int_equal(p.last_day, 7);
    expect_summary(&p, "7", (struct emp_summary){1, 1, 1, 1, 10, -100});
    expect_summary(&p, "007", (struct emp_summary){2, 2, 1, 0, 20, 0});
    expect_summary(&p, "ab", (struct emp_summary){3, 6, 2, 0, 80, 0});
    expect_summary(&p, "abc", (struct emp_summary){4, 4, 1, 0, 40, 0});
    expect_summary(&p, "aa", (struct emp_summary){7, 7, 1, 0, 60, 0});
    free_partition(&p);
}

static void returns_are_no_visits(void **state)
{
    (void)state;
    struct emp_memory_budget budget = {.limit = 1 << 20};
    struct emp_partition p = new_partition(EMP_KEEP_SUMMARIES, &budget);
    const struct emp_packed_row rows[] = {row(digits("1"), -400, -5), row(digits("1"), 3, 0)};
    take(&p, rows, 1, "");
    expect_summary(&p, "1", (struct emp_summary){EMP_NO_DAY, EMP_NO_DAY, 0, 1, 0, -5});
    take(&p, rows + 1, 1, "");
    expect_summary(&p, "1", (struct emp_summary){3, 3, 1, 1, 0, -5});
    assert_int_equal(p.first_day, -400);
    assert_int_equal(p.last_day, 3);
    free_partition(&p);
}

enum { CUSTOMERS = 5000, ROWS = 40000 };

/* Takes rows of customers in random order, in batches of any size, and sums them up beside it. */
static struct emp_partition take_many(enum emp_keep keep, struct emp_memory_budget *budget,
                                      struct emp_summary *sums)
{
    struct emp_partition p = new_partition(keep, budget);
    struct emp_packed_row batch[100];
    uint64_t seed = 51;
    for (size_t c = 0; c < CUSTOMERS; c++)
        sums[c] = emp__summary_empty();
    for (size_t taken = 0, n; taken < ROWS; taken += n) {
        n = 1 + test_random(&seed) % 100;
        n = n < ROWS - taken ? n : ROWS - taken;
        for (size_t i = 0; i < n; i++) {
            size_t c = test_random(&seed) % CUSTOMERS;
            int64_t amount = (int64_t)(test_random(&seed) % 1000) - 50;
            batch[i] = row((uint64_t)(c + 1) << 5 | 5, (int64_t)(taken + i), amount);
            batch[i].order = taken + i;
            assert_true(emp__summary_add(&sums[c], (int32_t)(taken + i), amount));
        }
        take(&p, batch, n, "");
    }
    assert_int_equal(p.rows, ROWS);
    assert_int_equal(p.last_day, ROWS - 1);
    return p;
}

static size_t count_known(const struct emp_summary *sums)
{
    size_t known = 0;
    for (size_t c = 0; c < CUSTOMERS; c++)
        known += sums[c].purchases + sums[c].return_rows > 0;
    return known;
}

static void many_customers(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    struct emp_memory_budget budget = {.limit = 1 << 24};
    struct emp_partition p = take_many(EMP_KEEP_SUMMARIES, &budget, sums);
    size_t seen = 0;
    for (size_t i = 0; i < p.slot_count; i++) {
        if (p.slots[i].key == 0)
            continue;
        struct emp_summary found = emp__partition_summary(&p, &p.slots[i]);
        assert_memory_equal(&found, &sums[(p.slots[i].key >> 5) - 1], sizeof found);
        seen++;
    }
    assert_int_equal(seen, count_known(sums));
    assert_int_equal(p.customers, seen);
    free_partition(&p);
}

static void many_rows(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    static uint64_t key_of[CUSTOMERS];
    struct emp_memory_budget budget = {.limit = 1 << 24};
    struct emp_partition p = take_many(EMP_KEEP_EVENTS, &budget, sums);
    assert_int_equal(p.customers, count_known(sums));
    for (size_t i = 0; i < p.slot_count; i++)
        if (p.slots[i].key != 0) {
            assert_int_equal(key_of[p.slots[i].count], 0);
            key_of[p.slots[i].count] = p.slots[i].key;
        }
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(p.time[i], (int64_t)i * EMP_DAY_SECONDS);
        assert_int_equal(p.order[i], i);
        struct emp_summary *sum = &sums[(key_of[p.customer[i]] >> 5) - 1];
        *(p.amount[i] < 0 ? &sum->returned : &sum->bought) -= p.amount[i];
    }
    for (size_t c = 0; c < CUSTOMERS; c++)
        assert_true(sums[c].bought == 0 && sums[c].returned == 0);
    free_partition(&p);
}

static void a_budget_that_is_too_small(void **state)
{
    (void)state;
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_EVENTS; keep++) {
        struct emp_memory_budget budget = {.limit = 1 << 20};
        struct emp_partition p = new_partition((enum emp_keep)keep, &budget);
        emp_error error = {.status = EMP_OK};
        emp_status status = EMP_OK;
        size_t taken = 0;
        for (; taken < 1000000 && status == EMP_OK; taken++) {
            struct emp_packed_row one = row((uint64_t)taken << 5 | 7, 1, 1);
            status = emp__partition_take(&p, &one, 1, "", &error);
        }
        assert_int_equal(status, EMP_ERR_MEMORY);
        assert_string_equal(error.message, "the histories of the customers need more than the 1024 "
                                           "KiB of memory that they may take (--memory)");
        /* What is charged is what is needed: between half of the limit and all of it. */
        assert_in_range(taken * 32, 1 << 17, 1 << 20);
        free_partition(&p);
    }
}

static void sums_that_do_not_fit(void **state)
{
    (void)state;
    struct emp_memory_budget budget = {.limit = 1 << 20};
    struct emp_partition p = new_partition(EMP_KEEP_SUMMARIES, &budget);
    emp_error error;
    const struct emp_packed_row rows[] = {
        row(digits("0042"), 1, INT64_MAX),  row(digits("0042"), 1, 0),
        row(digits("0042"), 1, -INT64_MAX), row(digits("0042"), 1, 1),
        row(digits("0042"), 1, -2),         row(EMP_ID_TEXT | 9, 1, INT64_MAX),
        row(EMP_ID_TEXT | 9, 1, INT64_MAX)};
    take(&p, rows, 3, "");
    assert_int_equal(emp__partition_take(&p, rows + 3, 1, "", &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "the amounts of customer '0042' add up to more than 2^63 "
                                       "minor units, or there are more than 2^32 of them");
    assert_int_equal(emp__partition_take(&p, rows + 4, 1, "", &error), EMP_ERR_DATA);
    take(&p, rows + 5, 1, "\4Ivan");
    assert_int_equal(emp__partition_take(&p, rows + 6, 1, "\4Ivan", &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "the amounts of customer 'Ivan' add up to more than 2^63 "
                                       "minor units, or there are more than 2^32 of them");
    free_partition(&p);
}

/* The summaries' own rules, where rows cannot reach them. */
static void counts_that_do_not_fit(void **state)
{
    (void)state;
    struct emp_summary summary = emp__summary_empty();
    summary.purchases = UINT32_MAX - 1;
    assert_true(emp__summary_add(&summary, 1, 1));
    assert_false(emp__summary_add(&summary, 1, 1));
    summary = emp__summary_empty();
    summary.return_rows = UINT32_MAX;
    assert_false(emp__summary_add(&summary, 1, -1));
    int32_t first = EMP_NO_DAY, last = EMP_NO_DAY;
    emp__widen_days(&first, &last, EMP_NO_DAY);
    assert_int_equal(first, EMP_NO_DAY);
    emp__widen_days(&first, &last, -5);
    emp__widen_days(&first, &last, EMP_NO_DAY);
    emp__widen_days(&first, &last, -9);
    assert_int_equal(first, -9);
    assert_int_equal(last, -5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_are_told_apart),
        cmocka_unit_test(returns_are_no_visits),
        cmocka_unit_test(many_customers),
        cmocka_unit_test(many_rows),
        cmocka_unit_test(a_budget_that_is_too_small),
        cmocka_unit_test(sums_that_do_not_fit),
        cmocka_unit_test(counts_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
