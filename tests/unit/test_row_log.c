// SPDX-License-Identifier: Apache-2.0
/* Rows that wait: they come back as they came and in their order, from memory and from the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_memory.h"
#include "history/row_log.h"

enum { TEXT_BYTES = 64 * 40, COMBINATIONS = 2 << EMP_TOKENS };

/* A batch as a seed makes it: any number of rows, long or short, with and without each token and
 * texts. */
struct made {
    struct emp_packed_row rows[EMP_BATCH_ROWS];
    struct emp_short_row short_rows[EMP_BATCH_ROWS];
    uint64_t token[EMP_TOKENS][EMP_BATCH_ROWS];
    char texts[TEXT_BYTES];
    struct emp_packed_batch batch;
};

static void make(uint64_t seed, struct made *out)
{
    /* The first batches are of every size, with each of the sixteen combinations. */
    size_t count = 1 + seed / COMBINATIONS % EMP_BATCH_ROWS;
    bool is_short = seed / 3 % 2 == 1;
    out->batch = (struct emp_packed_batch){.count = count,
                                           .rows = is_short ? NULL : out->rows,
                                           .short_rows = is_short ? out->short_rows : NULL,
                                           .texts = out->texts};
    for (int t = 0; t < EMP_TOKENS; t++)
        out->batch.token[t] = seed >> t & 1 ? out->token[t] : NULL;
    if (seed % COMBINATIONS >= COMBINATIONS / 2)
        out->batch.text_bytes = test_random(&seed) % TEXT_BYTES;
    for (size_t i = 0; i < count; i++) {
        out->rows[i] = (struct emp_packed_row){test_random(&seed), (int64_t)test_random(&seed),
                                               (int64_t)test_random(&seed)};
        out->short_rows[i] = (struct emp_short_row){test_random(&seed), (int32_t)test_random(&seed),
                                                    (int32_t)test_random(&seed)};
        for (int t = 0; t < EMP_TOKENS; t++)
            out->token[t][i] = test_random(&seed);
    }
    for (size_t b = 0; b < out->batch.text_bytes; b++)
        out->texts[b] = (char)test_random(&seed);
}

struct expected {
    uint64_t next, end; /* seeds */
    uint64_t rows;
    uint64_t fail_at;
};

static emp_status compare(void *user, const struct emp_packed_batch *batch, emp_error *error)
{
    (void)error;
    static struct made made;
    struct expected *expected = user;
    assert_true(expected->next < expected->end);
    if (expected->next == expected->fail_at)
        return EMP_ERR_DATA;
    make(expected->next++, &made);
    assert_int_equal(batch->count, made.batch.count);
    assert_int_equal(((uintptr_t)batch->rows | (uintptr_t)batch->short_rows) % sizeof(int64_t), 0);
    assert_int_equal(batch->rows != NULL, made.batch.rows != NULL);
    assert_int_equal(batch->short_rows != NULL, made.batch.short_rows != NULL);
    if (batch->rows)
        assert_memory_equal(batch->rows, made.rows, batch->count * sizeof *made.rows);
    else
        assert_memory_equal(batch->short_rows, made.short_rows,
                            batch->count * sizeof *made.short_rows);
    for (int t = 0; t < EMP_TOKENS; t++) {
        assert_int_equal(batch->token[t] != NULL, made.batch.token[t] != NULL);
        if (batch->token[t])
            assert_memory_equal(batch->token[t], made.token[t], batch->count * sizeof(uint64_t));
    }
    assert_int_equal(batch->text_bytes, made.batch.text_bytes);
    assert_memory_equal(batch->texts, made.texts, batch->text_bytes);
    expected->rows += batch->count;
    return EMP_OK;
}

/* Adds the batches of the seeds [begin, end). */
static void add(struct emp_row_log *log, struct test_memory *memory, uint64_t begin, uint64_t end)
{
    static struct made made;
    for (uint64_t seed = begin; seed < end; seed++) {
        make(seed, &made);
        uint64_t rows = log->rows;
        assert_int_equal(emp__row_log_add(log, &made.batch, memory->arena, NULL), EMP_OK);
        assert_int_equal(log->rows, rows + made.batch.count);
    }
    assert_int_equal(emp__arena_used(memory->arena), log->in_memory * EMP_PIECE_BYTES);
}

static void put_out(struct emp_row_log *log, struct test_memory *memory)
{
    assert_int_equal(emp__row_log_put_out(log, memory->arena, memory->spill, NULL), EMP_OK);
    assert_int_equal(log->in_memory, 0);
    assert_int_equal(emp__arena_used(memory->arena), 0);
}

static void expect(struct emp_row_log *log, struct test_memory *memory, uint64_t end)
{
    struct expected expected = {.end = end, .fail_at = UINT64_MAX};
    uint64_t rows = log->rows;
    assert_int_equal(emp__row_log_replay(log, memory->arena, memory->spill,
                                         (struct emp_batch_taker){&expected, compare}, NULL),
                     EMP_OK);
    assert_int_equal(expected.next, end);
    assert_int_equal(expected.rows, rows);
    assert_int_equal(log->count, 0);
    assert_int_equal(log->rows, 0);
    assert_null(log->pieces);
    assert_int_equal(emp__arena_used(memory->arena), 0);
}

enum { EVERY_SIZE = COMBINATIONS * EMP_BATCH_ROWS };

static void in_memory_and_out(void **state)
{
    (void)state;
    struct test_memory memory;
    struct emp_row_log log = {0};
    test_memory_new(&memory);
    expect(&log, &memory, 0);
    put_out(&log, &memory);
    add(&log, &memory, 0, EVERY_SIZE);
    expect(&log, &memory, EVERY_SIZE);
    assert_int_equal(emp__spill_bytes(memory.spill), 0);

    add(&log, &memory, 0, EVERY_SIZE);
    put_out(&log, &memory);
    put_out(&log, &memory);
    expect(&log, &memory, EVERY_SIZE);

    /* Some out, the rest in memory; put out again and again. */
    add(&log, &memory, 0, 1);
    put_out(&log, &memory);
    add(&log, &memory, 1, 100);
    put_out(&log, &memory);
    add(&log, &memory, 100, 3 * EVERY_SIZE);
    expect(&log, &memory, 3 * EVERY_SIZE);
    emp__row_log_free(&log, memory.arena);
    test_memory_free(&memory);
}

/* Logs put one behind the other, as a partition that is out gets them. */
static void logs_behind_each_other(void **state)
{
    (void)state;
    struct test_memory memory;
    struct emp_row_log log = {0}, more = {0};
    uint64_t end = 0;
    test_memory_new(&memory);
    for (uint64_t i = 0; i < 60; i++) {
        add(&more, &memory, end, end + i % 7 * 5);
        end += i % 7 * 5;
        put_out(&more, &memory);
        uint64_t rows = log.rows + more.rows;
        assert_int_equal(emp__row_log_append(&log, &more, NULL), EMP_OK);
        assert_int_equal(log.rows, rows);
        assert_int_equal(more.rows, 0);
        assert_null(more.pieces);
    }
    /* And one that is in memory. */
    add(&more, &memory, end, end + 30);
    assert_int_equal(emp__row_log_append(&log, &more, NULL), EMP_OK);
    expect(&log, &memory, end + 30);
    test_memory_free(&memory);
}

struct counted {
    size_t rows, batches;
    uint64_t fail_at; /* a row */
};

static emp_status count_rows(void *user, const struct emp_packed_batch *batch, emp_error *error)
{
    struct counted *counted = user;
    (void)error;
    assert_null(batch->rows);
    assert_in_range(batch->count, 1, EMP_PIECE_ROWS);
    assert_int_equal(batch->text_bytes, 0);
    for (size_t i = 0; i < batch->count; i++, counted->rows++) {
        if (counted->rows == counted->fail_at)
            return EMP_ERR_DATA;
        assert_int_equal(batch->short_rows[i].customer, counted->rows + 1);
    }
    counted->batches++;
    return EMP_OK;
}

/* A piece that was filled elsewhere, with every number of rows, is one batch. */
static void whole_pieces(void **state)
{
    (void)state;
    struct test_memory memory;
    test_memory_new(&memory);
    for (size_t rows = 0; rows <= EMP_PIECE_ROWS; rows++)
        for (int fails = 0; fails < 2; fails++) {
            struct emp_row_log log = {0};
            struct counted counted = {.fail_at = fails ? rows / 2 : UINT64_MAX};
            struct emp_short_row *piece = NULL;
            assert_int_equal(emp__arena_take_any(memory.arena, &piece, NULL), EMP_OK);
            for (size_t i = 0; i < rows; i++)
                piece[1 + i] = (struct emp_short_row){i + 1, 2, 3};
            assert_int_equal(emp__row_log_attach(&log, (char *)piece, rows, memory.arena, NULL),
                             EMP_OK);
            assert_int_equal(log.rows, rows);
            if (rows % 50 == 49)
                put_out(&log, &memory);
            emp_status status =
                emp__row_log_replay(&log, memory.arena, memory.spill,
                                    (struct emp_batch_taker){&counted, count_rows}, NULL);
            assert_int_equal(status, fails && rows > 0 ? EMP_ERR_DATA : EMP_OK);
            assert_int_equal(counted.rows, fails ? rows / 2 : rows);
            if (!fails)
                assert_int_equal(counted.batches, rows > 0);
            assert_int_equal(emp__arena_used(memory.arena), 0);
        }
    test_memory_free(&memory);
}

/* Whoever takes the batches fails at one of them: the rest is given back, wherever it is. */
static void batches_that_are_not_taken(void **state)
{
    (void)state;
    for (uint64_t fail_at = 0; fail_at < 200; fail_at += 33)
        for (int out = 0; out < 2; out++) {
            struct test_memory memory;
            struct emp_row_log log = {0};
            struct expected expected = {.end = 200, .fail_at = fail_at};
            test_memory_new(&memory);
            add(&log, &memory, 0, 100);
            if (out)
                put_out(&log, &memory);
            add(&log, &memory, 100, 200);
            assert_int_equal(emp__row_log_replay(&log, memory.arena, memory.spill,
                                                 (struct emp_batch_taker){&expected, compare},
                                                 NULL),
                             EMP_ERR_DATA);
            assert_int_equal(expected.next, fail_at);
            assert_null(log.pieces);
            test_memory_free(&memory);
        }
}

static void failures_of_the_disk(void **state)
{
    (void)state;
    for (rlim_t room = 0; room < 300000; room += 100000) {
        struct test_memory memory;
        struct emp_row_log log = {0};
        emp_error error = {.status = EMP_OK};
        test_memory_new(&memory);
        add(&log, &memory, 0, EVERY_SIZE);
        test_limit_files(room);
        assert_int_equal(emp__row_log_put_out(&log, memory.arena, memory.spill, &error),
                         EMP_ERR_IO);
        test_limit_files(RLIM_INFINITY);
        assert_string_equal(error.file, memory.folder.path);
        emp__row_log_free(&log, memory.arena);
        test_memory_free(&memory);
    }
    struct test_memory memory;
    struct emp_row_log log = {0};
    struct expected expected = {.end = EVERY_SIZE, .fail_at = UINT64_MAX};
    emp_error error = {.status = EMP_OK};
    test_memory_new(&memory);
    int next = dup(STDERR_FILENO); /* the file will have this number */
    assert_true(next >= 0 && close(next) == 0);
    add(&log, &memory, 0, EVERY_SIZE / 2);
    put_out(&log, &memory);
    add(&log, &memory, EVERY_SIZE / 2, EVERY_SIZE);
    assert_int_equal(ftruncate(next, 50000), 0);
    assert_int_equal(emp__row_log_replay(&log, memory.arena, memory.spill,
                                         (struct emp_batch_taker){&expected, compare}, &error),
                     EMP_ERR_IO);
    assert_string_equal(error.file, memory.folder.path);
    test_memory_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory_and_out),          cmocka_unit_test(logs_behind_each_other),
        cmocka_unit_test(batches_that_are_not_taken), cmocka_unit_test(whole_pieces),
        cmocka_unit_test(failures_of_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
