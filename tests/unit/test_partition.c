// SPDX-License-Identifier: Apache-2.0
/* One partition: customers told apart, sums exact, and the same after a time out of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_memory.h"
#include "history/partition.h"
#include "source/ids.h"
#include "text/civil_time.h"

/* Of the tokens, all but one kind are kept where rows are. */
enum { KEPT = 1 << EMP_TOKEN_ORDER | 1 << EMP_TOKEN_CHANNEL };

/* A partition with an arena and a spill file of its own. It must stay where it is. */
struct own_partition {
    struct test_memory memory;
    struct emp_partition_plan plan;
    struct emp_partition p;
    unsigned batches; /* that could be short */
};

static void new_partition(struct own_partition *own, enum emp_keep keep)
{
    test_memory_new(&own->memory);
    own->batches = 0;
    own->plan = (struct emp_partition_plan){.keep = keep,
                                            .tokens = keep == EMP_KEEP_ROWS ? KEPT : 0,
                                            .arena = own->memory.arena,
                                            .logs = own->memory.arena,
                                            .spill = own->memory.spill};
    emp__partition_init(&own->p, &own->plan);
}

static void free_partition(struct own_partition *own)
{
    emp__partition_free(&own->p);
    test_memory_free(&own->memory);
}

static uint64_t digits(const char *text)
{
    uint64_t word = 0;
    assert_true(emp__id_number(text, strlen(text), &word));
    return word;
}

static struct emp_packed_row row(uint64_t customer, int64_t day, int64_t amount)
{
    return (struct emp_packed_row){customer, day * EMP_DAY_SECONDS, amount};
}

/* Makes rows short ones, if sums alone are kept and each fits; false if not. */
static bool shorten(const struct own_partition *own, const struct emp_packed_row *rows,
                    size_t count, struct emp_short_row *out)
{
    bool fit = own->plan.keep == EMP_KEEP_SUMMARIES;
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct emp_short_row){
            rows[i].customer, (int32_t)emp__day_of_seconds(rows[i].time), (int32_t)rows[i].amount};
        fit = fit && out[i].amount == rows[i].amount;
    }
    return fit;
}

/* Takes rows, at most a batch of them, every other batch as short ones where that is possible;
   `texts` as in a batch. */
static emp_status try_take(struct own_partition *own, const struct emp_packed_row *rows,
                           size_t count, const char *texts, emp_error *error)
{
    struct emp_row_log log = {0};
    uint64_t tokens[EMP_BATCH_ROWS];
    struct emp_short_row short_rows[EMP_BATCH_ROWS];
    bool is_short = shorten(own, rows, count, short_rows) && own->batches++ % 2 == 0;
    for (size_t i = 0; i < count; i++)
        tokens[i] = own->p.rows + own->p.log.rows + i;
    struct emp_packed_batch batch = {.count = count,
                                     .rows = is_short ? NULL : rows,
                                     .short_rows = is_short ? short_rows : NULL,
                                     .texts = texts,
                                     .text_bytes = strlen(texts)};
    for (int t = 0; t < EMP_TOKENS; t++)
        if (own->plan.tokens & emp__token_bit((enum emp_token)t))
            batch.token[t] = tokens;
    assert_int_equal(emp__row_log_add(&log, &batch, own->plan.arena, NULL), EMP_OK);
    emp_status status = emp__partition_take(&own->p, &log, error);
    assert_null(log.pieces);
    assert_int_equal(log.rows, 0);
    return status;
}

static void take(struct own_partition *own, const struct emp_packed_row *rows, size_t count,
                 const char *texts)
{
    emp_error error;
    if (try_take(own, rows, count, texts, &error) != EMP_OK)
        fail_msg("%s", error.message);
}

static void put_out(struct own_partition *own)
{
    assert_false(own->p.is_out);
    assert_int_equal(emp__partition_fetched_bytes(&own->p), 0);
    assert_int_equal(emp__partition_put_out(&own->p, NULL), EMP_OK);
    assert_true(own->p.is_out);
    assert_int_equal(emp__arena_used(own->plan.arena), 0);
}

static void fetch(struct own_partition *own)
{
    assert_true(own->p.is_out);
    uint64_t bound = emp__partition_fetched_bytes(&own->p);
    assert_int_equal(emp__partition_fetch(&own->p, NULL), EMP_OK);
    assert_false(own->p.is_out);
    assert_int_equal(own->p.log.rows, 0);
    /* Every list may have a piece that is nearly empty. */
    assert_true(emp__arena_used(own->plan.arena) <= bound + 8 * EMP_PIECE_BYTES);
}

/* The entry of the customer whose id is `id`, and that there is one only. */
static const struct emp_entry *find(const struct emp_partition *p, const char *id)
{
    const struct emp_entry *found = NULL;
    char *texts = malloc(p->table.text_end + 1);
    assert_non_null(texts);
    emp__customer_copy_texts(&p->table, texts);
    for (size_t i = 0; i < p->table.customers; i++) {
        const struct emp_entry *entry = emp__customer_entry(&p->table, i);
        char scratch[24];
        size_t length;
        uint64_t word = emp__customer_id(&p->table, entry);
        struct emp_ids one = {.count = 1, .word = &word, .text = texts};
        const char *bytes = emp__id_bytes(&one, 0, scratch, &length);
        if (length != strlen(id) || memcmp(bytes, id, length) != 0)
            continue;
        assert_null(found);
        found = entry;
    }
    assert_non_null(found);
    free(texts);
    return found;
}

static void expect_summary(const struct emp_partition *p, const char *id,
                           struct emp_summary expected)
{
    struct emp_summary found = emp__customer_summary(&p->table, find(p, id));
    assert_memory_equal(&found, &expected, sizeof expected);
}

/* Out of memory or not, the rows taken in two halves. */
static void customers_are_told_apart(void **state)
{
    (void)state;
    const uint64_t hash = EMP_ID_TEXT | 12345;
    /* Texts of one hash, of which one begins as another does, and numbers of one value. */
    const struct emp_packed_row rows[] = {
        row(digits("7"), 1, 10),   row(digits("007"), 2, 20), row(hash, 3, 30), row(hash, 4, 40),
        row(digits("7"), 5, -100), row(hash, 6, 50),          row(hash, 7, 60),
    };
    for (int out = 0; out < 4; out++) {
        struct own_partition own;
        struct emp_partition *p = &own.p;
        new_partition(&own, EMP_KEEP_SUMMARIES);
        if (out == 3)
            put_out(&own); /* while it is empty */
        take(&own, rows, 4, "\2ab\3abc");
        if (out == 1 || out == 2)
            put_out(&own);
        if (out == 2)
            fetch(&own);
        take(&own, rows + 4, 3, "\2ab\2aa");
        if (p->is_out)
            fetch(&own);
        assert_int_equal(p->table.customers, 5);
        assert_int_equal(p->rows, 7);
        assert_int_equal(p->money, 110);
        assert_int_equal(p->first_day, 1);
        assert_int_equal(p->last_day, 7);
        expect_summary(p, "7", (struct emp_summary){1, 1, 1, 1, 10, -100});
        expect_summary(p, "007", (struct emp_summary){2, 2, 1, 0, 20, 0});
        expect_summary(p, "ab", (struct emp_summary){3, 6, 2, 0, 80, 0});
        expect_summary(p, "abc", (struct emp_summary){4, 4, 1, 0, 40, 0});
        expect_summary(p, "aa", (struct emp_summary){7, 7, 1, 0, 60, 0});
        free_partition(&own);
    }
}

/* A short text at the end of all memory, and a longer one of its hash, of which no byte behind the
   short one may be compared. */
static void texts_of_one_hash_at_the_end_of_a_piece(void **state)
{
    (void)state;
    struct own_partition own;
    new_partition(&own, EMP_KEEP_SUMMARIES);
    char text[EMP_ID_MAX + 2] = {0};
    size_t filled = 0;
    for (uint64_t i = 1; filled < EMP_PIECE_BYTES - 3; i++) {
        size_t left = EMP_PIECE_BYTES - 3 - filled, length = left < 200 ? left : 100;
        memset(text, 'f', sizeof text - 1);
        text[0] = (char)(length - 1);
        text[length] = '\0';
        take(&own, &(struct emp_packed_row){EMP_ID_TEXT | i, 0, 1}, 1, text);
        filled += length;
    }
    assert_int_equal(own.p.table.text_end, EMP_PIECE_BYTES - 3);
    const uint64_t hash = EMP_ID_TEXT | 999999;
    take(&own, &(struct emp_packed_row){hash, 0, 3}, 1, "\2ab");
    assert_int_equal(own.p.table.text_end, EMP_PIECE_BYTES);
    memset(text + 1, 'a', sizeof text - 2);
    text[0] = (char)(unsigned char)EMP_ID_MAX;
    take(&own, &(struct emp_packed_row){hash, 0, 4}, 1, text);
    take(&own, &(struct emp_packed_row){hash, 0, 5}, 1, "\2ab");
    take(&own, &(struct emp_packed_row){hash, 0, 6}, 1, text);
    expect_summary(&own.p, "ab", (struct emp_summary){0, 0, 2, 0, 8, 0});
    expect_summary(&own.p, text + 1, (struct emp_summary){0, 0, 2, 0, 10, 0});
    free_partition(&own);
}

static void returns_are_no_visits(void **state)
{
    (void)state;
    struct own_partition own;
    new_partition(&own, EMP_KEEP_SUMMARIES);
    const struct emp_packed_row rows[] = {row(digits("1"), -400, -5), row(digits("1"), 3, 0)};
    take(&own, rows, 1, "");
    expect_summary(&own.p, "1", (struct emp_summary){EMP_NO_DAY, EMP_NO_DAY, 0, 1, 0, -5});
    take(&own, rows + 1, 1, "");
    expect_summary(&own.p, "1", (struct emp_summary){3, 3, 1, 1, 0, -5});
    assert_int_equal(own.p.first_day, -400);
    assert_int_equal(own.p.last_day, 3);
    free_partition(&own);
}

enum { CUSTOMERS = 5000, ROWS = 40000 };

/* Takes rows of customers in random order, in batches of any size, and sums them up beside it. With
   `out` the partition is put out of memory and fetched again and again. */
static void take_many(struct own_partition *own, enum emp_keep keep, bool out,
                      struct emp_summary *sums)
{
    struct emp_packed_row batch[EMP_BATCH_ROWS];
    uint64_t seed = 51, dice = 52;
    new_partition(own, keep);
    for (size_t c = 0; c < CUSTOMERS; c++)
        sums[c] = emp__summary_empty();
    for (size_t taken = 0, n; taken < ROWS; taken += n) {
        n = 1 + test_random(&seed) % EMP_BATCH_ROWS;
        n = n < ROWS - taken ? n : ROWS - taken;
        for (size_t i = 0; i < n; i++) {
            size_t c = test_random(&seed) % CUSTOMERS;
            int64_t amount = (int64_t)(test_random(&seed) % 1000) - 50;
            batch[i] = row((uint64_t)(c + 1) << 5 | 5, (int64_t)(taken + i), amount);
            assert_true(emp__summary_add(&sums[c], (int32_t)(taken + i), amount));
        }
        if (out && !own->p.is_out && test_random(&dice) % 4 == 0)
            put_out(own);
        else if (own->p.is_out && test_random(&dice) % 10 == 0)
            fetch(own);
        take(own, batch, n, "");
    }
    if (own->p.is_out)
        fetch(own);
    assert_int_equal(own->p.rows, ROWS);
    assert_int_equal(own->p.last_day, ROWS - 1);
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
    for (int out = 0; out < 2; out++) {
        struct own_partition own;
        take_many(&own, EMP_KEEP_SUMMARIES, out, sums);
        size_t seen = 0;
        for (size_t i = 0; i < own.p.table.customers; i++) {
            const struct emp_entry *entry = emp__customer_entry(&own.p.table, i);
            struct emp_summary found = emp__customer_summary(&own.p.table, entry);
            assert_memory_equal(&found, &sums[(entry->key >> 5) - 1], sizeof found);
            seen++;
        }
        assert_int_equal(seen, count_known(sums));
        assert_int_equal(own.p.table.customers, seen);
        free_partition(&own);
    }
}

static void many_rows(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    for (int out = 0; out < 2; out++) {
        struct own_partition own;
        const struct emp_partition *p = &own.p;
        uint64_t key_of[CUSTOMERS] = {0};
        take_many(&own, EMP_KEEP_ROWS, out, sums);
        assert_int_equal(p->table.customers, count_known(sums));
        for (size_t i = 0; i < p->table.customers; i++) {
            const struct emp_entry *entry = emp__customer_entry(&p->table, i);
            assert_int_equal(entry->count, i);
            key_of[entry->count] = entry->key;
        }
        for (size_t i = 0; i < ROWS; i++) {
            assert_int_equal(emp__partition_time(p, i), (int64_t)i * EMP_DAY_SECONDS);
            for (int t = 0; t < EMP_TOKENS; t++)
                if (KEPT >> t & 1)
                    assert_int_equal(emp__partition_token(p, (enum emp_token)t, i), i);
                else
                    assert_int_equal(p->token[t].count, 0);
            int64_t amount = emp__partition_amount(p, i);
            struct emp_summary *sum = &sums[(key_of[emp__partition_customer(p, i)] >> 5) - 1];
            *(amount < 0 ? &sum->returned : &sum->bought) -= amount;
        }
        for (size_t c = 0; c < CUSTOMERS; c++)
            assert_true(sums[c].bought == 0 && sums[c].returned == 0);
        free_partition(&own);
    }
}

/* What is released keeps its totals; what is freed begins anew. */
static void released_and_freed(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_ROWS; keep++)
        for (int out = 0; out < 2; out++) {
            struct own_partition own;
            take_many(&own, (enum emp_keep)keep, out, sums);
            if (out) {
                put_out(&own);
                take(&own, &(struct emp_packed_row){digits("1"), 0, 1}, 1, "");
            }
            emp__partition_release(&own.p);
            assert_int_equal(emp__arena_used(own.plan.arena), 0);
            assert_int_equal(own.p.rows, ROWS);
            assert_int_equal(own.p.last_day, ROWS - 1);
            emp__partition_free(&own.p);
            assert_int_equal(own.p.rows, 0);
            take(&own, &(struct emp_packed_row){digits("1"), 0, 1}, 1, "");
            assert_int_equal(own.p.rows, 1);
            assert_int_equal(own.p.table.customers, 1);
            free_partition(&own);
        }
}

/* Customers of whom no row is known have no days: not even when they come, or wait, while the
   partition is out of memory. */
static void registered_customers_have_no_days(void **state)
{
    (void)state;
    const struct emp_packed_row listed[] = {{digits("7"), 0, EMP_NO_AMOUNT},
                                            {EMP_ID_TEXT | 5, 0, EMP_NO_AMOUNT}};
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_ROWS; keep++)
        for (int out = 0; out < 2; out++) {
            struct own_partition own;
            struct emp_packed_row late = row(digits("8"), 20000, 5);
            new_partition(&own, (enum emp_keep)keep);
            if (out)
                put_out(&own);
            take(&own, listed, 2, "\3ann");
            assert_int_equal(own.p.first_day, EMP_NO_DAY);
            assert_int_equal(own.p.last_day, EMP_NO_DAY);
            take(&own, &late, 1, "");
            if (out)
                fetch(&own);
            assert_int_equal(own.p.first_day, 20000);
            assert_int_equal(own.p.last_day, 20000);
            assert_int_equal(own.p.table.customers, 3);
            assert_int_equal(own.p.rows, 1);
            assert_int_equal(own.p.money, 5);
            free_partition(&own);
        }
}

static void sums_that_do_not_fit(void **state)
{
    (void)state;
    struct own_partition own;
    emp_error error;
    const struct emp_packed_row rows[] = {
        row(digits("0042"), 1, INT64_MAX),  row(digits("0042"), 1, 0),
        row(digits("0042"), 1, -INT64_MAX), row(digits("0042"), 1, 1),
        row(digits("0042"), 1, -2),         row(EMP_ID_TEXT | 9, 1, INT64_MAX),
        row(EMP_ID_TEXT | 9, 1, INT64_MAX)};
    static const char *const ivan = "the amounts of customer 'Ivan' add up to more than 2^63 "
                                    "minor units, or there are more than 2^32 of them";
    new_partition(&own, EMP_KEEP_SUMMARIES);
    take(&own, rows, 3, "");
    assert_int_equal(try_take(&own, rows + 3, 1, "", &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "the amounts of customer '0042' add up to more than 2^63 "
                                       "minor units, or there are more than 2^32 of them");
    assert_int_equal(try_take(&own, rows + 4, 1, "", &error), EMP_ERR_DATA);
    take(&own, rows + 5, 1, "\4Ivan");
    assert_int_equal(try_take(&own, rows + 6, 1, "\4Ivan", &error), EMP_ERR_DATA);
    assert_string_equal(error.message, ivan);
    free_partition(&own);

    /* Out of memory it is found later. */
    new_partition(&own, EMP_KEEP_SUMMARIES);
    take(&own, rows + 5, 1, "\4Ivan");
    put_out(&own);
    take(&own, rows + 6, 1, "\4Ivan");
    take(&own, rows, 2, "");
    assert_int_equal(emp__partition_fetch(&own.p, &error), EMP_ERR_DATA);
    assert_string_equal(error.message, ivan);
    free_partition(&own);
}

/* Counts that do not fit, where no test can have as many rows. */
static void too_many_rows_of_a_customer(void **state)
{
    (void)state;
    for (int64_t amount = -1; amount <= 1; amount += 2) {
        struct own_partition own;
        emp_error error;
        const struct emp_packed_row one = row(digits("42"), 1, amount);
        new_partition(&own, EMP_KEEP_SUMMARIES);
        take(&own, &one, 1, "");
        struct emp_entry *entry = emp__customer_find(&own.p.table, one.customer, NULL);
        uint32_t *count = amount < 0 ? &emp__customer_extra(&own.p.table, entry->extra)->return_rows
                                     : &entry->count;
        assert_int_equal(*count, 1);
        *count = UINT32_MAX - 1;
        take(&own, &one, 1, "");
        assert_int_equal(try_take(&own, &one, 1, "", &error), EMP_ERR_DATA);
        assert_non_null(strstr(error.message, "customer '42'"));
        free_partition(&own);
    }
}

/* The disk gets full while a partition is put out, or while it is out: nothing leaks, and a thread
   that comes with more rows finds nothing half done. */
static void a_full_disk(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_ROWS; keep++)
        for (rlim_t room = 0; room < 700000; room += 100000) {
            struct own_partition own;
            emp_error error = {.status = EMP_OK};
            const struct emp_packed_row one = row(digits("42"), 1, 1);
            take_many(&own, (enum emp_keep)keep, false, sums);
            test_limit_files(room);
            emp_status status = emp__partition_put_out(&own.p, &error);
            if (status == EMP_OK) {
                while (status == EMP_OK)
                    status = try_take(&own, &one, 1, "", &error);
            } else {
                take(&own, &one, 1, "");
                assert_int_equal(own.p.table.customers, 1);
            }
            test_limit_files(RLIM_INFINITY);
            assert_int_equal(status, EMP_ERR_IO);
            assert_string_equal(error.file, own.memory.folder.path);
            free_partition(&own);
        }
}

static void a_file_that_was_cut_off(void **state)
{
    (void)state;
    static struct emp_summary sums[CUSTOMERS];
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_ROWS; keep++)
        for (off_t left = 0; left < 700000; left += 100000) {
            struct own_partition own;
            emp_error error = {.status = EMP_OK};
            int next = dup(STDERR_FILENO); /* the file will have this number */
            assert_true(next >= 0 && close(next) == 0);
            take_many(&own, (enum emp_keep)keep, false, sums);
            put_out(&own);
            take(&own, &(struct emp_packed_row){digits("42"), 1, 1}, 1, "");
            off_t size = lseek(next, 0, SEEK_END);
            assert_int_equal(ftruncate(next, left < size ? left : size - 1), 0);
            assert_int_equal(emp__partition_fetch(&own.p, &error), EMP_ERR_IO);
            assert_string_equal(error.file, own.memory.folder.path);
            free_partition(&own);
        }
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
        cmocka_unit_test(texts_of_one_hash_at_the_end_of_a_piece),
        cmocka_unit_test(returns_are_no_visits),
        cmocka_unit_test(many_customers),
        cmocka_unit_test(many_rows),
        cmocka_unit_test(released_and_freed),
        cmocka_unit_test(registered_customers_have_no_days),
        cmocka_unit_test(sums_that_do_not_fit),
        cmocka_unit_test(too_many_rows_of_a_customer),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(a_file_that_was_cut_off),
        cmocka_unit_test(counts_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
