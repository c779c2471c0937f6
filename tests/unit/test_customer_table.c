// SPDX-License-Identifier: Apache-2.0
/*
 * The table of customers: whatever their keys, each is found again, and the index leads to where
 * they are. Keys are made from the hashes they are to have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "../lib/test_memory.h"
#include "history/customer_table.h"

enum { PIECE = EMP_PIECE_BYTES };

/* The number with which an odd number makes 1: each step doubles the bits that are right. */
static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd;
    for (int i = 0; i < 6; i++)
        x *= 2 - odd * x;
    return x;
}

/* The key of a hash. */
static uint64_t unhash(uint64_t hash)
{
    uint64_t key = hash ^ hash >> 33;
    key *= inverse(UINT64_C(0xc4ceb9fe1a85ec53));
    key ^= key >> 33;
    key *= inverse(UINT64_C(0xff51afd7ed558ccd));
    key ^= key >> 33;
    assert_int_equal(emp__customer_hash(key), hash);
    return key;
}

static struct emp_customer_table new_table(struct test_memory *memory, int skipped_bits)
{
    test_memory_new(memory);
    struct emp_customer_table table = {.arena = memory->arena, .skipped_bits = skipped_bits};
    assert_int_equal(emp__customer_table_begin(&table, NULL), EMP_OK);
    assert_int_equal(emp__customer_table_begin(&table, NULL), EMP_OK);
    assert_int_equal(table.index.count, 1);
    return table;
}

static void free_table(struct emp_customer_table *table, struct test_memory *memory)
{
    emp__customer_table_free(table);
    assert_null(table->index.piece);
    assert_int_equal(table->bits, 0);
    test_memory_free(memory);
}

/* Adds a customer, with a text of its own where the key asks for one. */
static emp_status add(struct emp_customer_table *table, uint64_t key, uint32_t number,
                      emp_error *error)
{
    char text[12];
    struct emp_entry *entry = NULL;
    text[0] = (char)sprintf(text + 1, "%x", number);
    emp_status status = emp__customer_add(table, key, text, &entry, error);
    if (status != EMP_OK)
        return status;
    assert_int_equal(entry->key, key);
    assert_int_equal(entry->count, 0);
    assert_true(entry->first_day > entry->last_day);
    entry->count = number;
    return EMP_OK;
}

static void expect_there(const struct emp_customer_table *table, const uint64_t *keys,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char text[12];
        text[0] = (char)sprintf(text + 1, "%x", i);
        const struct emp_entry *entry = emp__customer_find(table, keys[i], text);
        if (!entry || entry->count != i)
            fail_msg("customer %" PRIu32 " is not where it is looked for", i);
    }
    assert_int_equal(table->customers, count);
}

/* Every customer has one slot, with his tag; between his home and it no slot is free. */
static void expect_sound(const struct emp_customer_table *table)
{
    size_t slots = (size_t)1 << table->bits, used = 0;
    uint32_t numbers = (uint32_t)(slots - 1);
    char *seen = calloc(table->customers + 1, 1);
    assert_non_null(seen);
    assert_int_equal(table->index.count * PIECE, slots * sizeof(uint32_t));
    for (size_t i = 0; i < slots; i++) {
        uint32_t slot = *emp__customer_slot(table, i);
        if (slot == 0)
            continue;
        size_t number = (slot & numbers) - 1;
        assert_true(number < table->customers);
        assert_int_equal(seen[number]++, 0);
        uint64_t hash = emp__customer_hash(emp__customer_entry(table, number)->key);
        assert_int_equal(slot & ~numbers, emp__customer_tag(hash, numbers));
        for (size_t at = emp__customer_home(table, hash); at != i; at = (at + 1) % slots)
            assert_int_not_equal(*emp__customer_slot(table, at), 0);
        used++;
    }
    assert_int_equal(used, table->customers);
    assert_true(used <= slots / 4 * 3);
    free(seen);
}

/* A random hash with given upper bits. */
static uint64_t hash_with(uint64_t upper, int bits, uint64_t *seed)
{
    return bits == 0 ? test_random(seed) : upper << (64 - bits) | test_random(seed) >> bits;
}

/* Slots that agree with the tag, in few bits or in many, and free ones. */
static void buckets(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int i = 0; i < 200000; i++) {
        uint32_t slots[EMP_BUCKET_SLOTS], tag = (uint32_t)test_random(&seed);
        int bits = 12 + (int)(test_random(&seed) % 20);
        uint32_t numbers = (1U << bits) - 1, mask = ~numbers;
        tag = emp__customer_tag(tag, numbers);
        for (int s = 0; s < EMP_BUCKET_SLOTS; s++) {
            uint64_t dice = test_random(&seed);
            slots[s] = dice % 4 == 0   ? 0
                       : dice % 4 == 1 ? (uint32_t)(dice >> 32)
                                       : (tag & mask) | (uint32_t)(dice >> 52);
        }
        if (i % 3 == 0)
            tag = emp__customer_tag(0, numbers); /* the one that is closest to a free slot's */
        assert_true((tag & mask) != 0);
        unsigned expected = 0;
        for (int s = 0; s < EMP_BUCKET_SLOTS; s++)
            if ((slots[s] & mask) == (tag & mask))
                expected |= 1u << s;
        assert_int_equal(emp__bucket_match_plain(slots, tag, mask), expected);
        assert_int_equal(emp__bucket_match(slots, tag, mask), expected);
        unsigned free_slots = 0;
        for (int s = 0; s < EMP_BUCKET_SLOTS; s++)
            free_slots |= slots[s] == 0 ? 1u << s : 0;
        assert_int_equal(emp__bucket_free_plain(slots), free_slots);
        assert_int_equal(emp__bucket_free(slots), free_slots);
    }
}

/* Random keys of one partition, of 1 to 65536: each table grows alike. */
static void random_keys(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static uint64_t keys[COUNT];
    for (int bits = 0; bits <= 16; bits++) {
        struct test_memory memory;
        struct emp_customer_table table = new_table(&memory, bits);
        uint64_t seed = 7 + (uint64_t)bits, partition = test_random(&seed) & ((1U << bits) - 1);
        for (uint32_t i = 0; i < COUNT; i++) {
            keys[i] = unhash(hash_with(partition, bits, &seed));
            assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
            if ((i & (i - 1)) == 0) {
                expect_sound(&table);
                expect_there(&table, keys, i + 1);
            }
        }
        expect_sound(&table);
        expect_there(&table, keys, COUNT);
        assert_null(emp__customer_find(&table, unhash(hash_with(partition, bits, &seed)), "\1x"));
        /* 20000 are more than three quarters of 2^14, and the entries leave no gaps. */
        assert_int_equal(table.bits, 15);
        assert_int_equal(emp__customer_index_bytes(COUNT), 4 << 15);
        assert_int_equal(table.entries.count,
                         (COUNT * sizeof(struct emp_entry) + PIECE - 1) / PIECE);
        free_table(&table, &memory);
    }
}

/* Nearly consecutive numbers of customers, as they come in practice. */
static void consecutive_keys(void **state)
{
    (void)state;
    enum { COUNT = 30000 };
    static uint64_t keys[COUNT];
    struct test_memory memory;
    struct emp_customer_table table = new_table(&memory, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        keys[i] = (uint64_t)(i + 1) << 5 | 5;
        assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
    }
    expect_sound(&table);
    expect_there(&table, keys, COUNT);
    assert_int_equal(table.bits, 16);
    free_table(&table, &memory);
}

/* Keys that all begin their search at one slot, the last of the index included. */
static void hashes_that_begin_alike(void **state)
{
    (void)state;
    enum { COUNT = 3500 };
    static uint64_t keys[COUNT];
    static const uint64_t upper[] = {0, 0x123456789, (UINT64_C(1) << 40) - 1};
    for (int bits = 0; bits <= 16; bits += 8)
        for (size_t u = 0; u < 3; u++) {
            struct test_memory memory;
            struct emp_customer_table table = new_table(&memory, bits);
            for (uint32_t i = 0; i < COUNT; i++) {
                /* An odd factor, so that all are different. */
                uint64_t lower = (i + 1) * UINT64_C(0x9e3779b97f4a7c15) << 40 >> 40;
                keys[i] = unhash(upper[u] << 24 | lower);
                assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
            }
            expect_sound(&table);
            expect_there(&table, keys, COUNT);
            free_table(&table, &memory);
        }
}

/* Keys whose tags are alike: only the keys themselves tell them apart. */
static void hashes_that_end_alike(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static uint64_t keys[COUNT];
    static const uint32_t lower[] = {0, 12345, UINT32_MAX};
    for (size_t l = 0; l < 3; l++) {
        struct test_memory memory;
        struct emp_customer_table table = new_table(&memory, 4);
        uint64_t seed = 5;
        for (uint32_t i = 0; i < COUNT; i++) {
            keys[i] = unhash((UINT64_C(9) << 60 | test_random(&seed) >> 4) >> 32 << 32 | lower[l]);
            assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
        }
        expect_sound(&table);
        expect_there(&table, keys, COUNT);
        free_table(&table, &memory);
    }
}

/* The texts of one key are many customers, as if their hash had been forged. */
static void texts_of_one_key(void **state)
{
    (void)state;
    enum { COUNT = 3500 };
    static uint64_t keys[COUNT];
    struct test_memory memory;
    struct emp_customer_table table = new_table(&memory, 8);
    for (uint32_t i = 0; i < COUNT; i++) {
        keys[i] = EMP_ID_TEXT | 77;
        assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
    }
    expect_sound(&table);
    expect_there(&table, keys, COUNT);
    assert_null(emp__customer_find(&table, EMP_ID_TEXT | 77, "\1x"));
    free_table(&table, &memory);
}

/* The index can be taken away and made again, in the size that the customers need. */
static void an_index_made_again(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    static uint64_t keys[COUNT];
    struct test_memory memory;
    struct emp_customer_table table = new_table(&memory, 3);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t pieces = table.index.count;
        emp__customer_table_end(&table);
        assert_int_equal(emp__arena_used(memory.arena) / PIECE, table.entries.count);
        assert_int_equal(emp__customer_table_begin(&table, NULL), EMP_OK);
        assert_int_equal(table.index.count, pieces);
        for (int n = 0; n < 1000; n++, i++) {
            keys[i] = (uint64_t)(i + 1) << 5 | 5;
            assert_int_equal(add(&table, keys[i], i, NULL), EMP_OK);
        }
        i--;
    }
    expect_sound(&table);
    expect_there(&table, keys, COUNT);
    free_table(&table, &memory);
}

enum { TEXTS = 3000 };

static unsigned char texts[TEXTS][EMP_ID_MAX + 1];

static void expect_texts(const struct emp_customer_table *table, const char *copy)
{
    for (uint32_t i = 0; i < TEXTS; i++) {
        const char *text = (const char *)texts[i];
        const struct emp_entry *entry = emp__customer_find(table, EMP_ID_TEXT | (i + 1), text);
        assert_non_null(entry);
        uint64_t id = emp__customer_id(table, entry);
        assert_true(id & EMP_ID_TEXT);
        uint64_t offset = id & ~EMP_ID_TEXT;
        assert_true(offset + texts[i][0] + 1 <= table->text_end);
        assert_memory_equal(copy + offset, text, texts[i][0] + 1U);
        /* Whole in one piece. */
        assert_int_equal(offset / PIECE, (offset + texts[i][0]) / PIECE);
    }
}

/* Texts of all lengths at the borders of pieces: the longest only, the empty, and any. */
static void texts_lie_whole_in_a_piece(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        struct test_memory memory;
        struct emp_customer_table table = new_table(&memory, 0);
        uint64_t seed = 21;
        for (uint32_t i = 0; i < TEXTS; i++) {
            const unsigned lengths[] = {EMP_ID_MAX, EMP_ID_MAX - 1, i % 2 ? 3 : 0,
                                        (unsigned)(test_random(&seed) % (EMP_ID_MAX + 1))};
            texts[i][0] = (unsigned char)lengths[round];
            for (unsigned b = 1; b <= EMP_ID_MAX; b++)
                texts[i][b] = (unsigned char)test_random(&seed);
            struct emp_entry *entry;
            assert_int_equal(emp__customer_add(&table, EMP_ID_TEXT | (i + 1),
                                               (const char *)texts[i], &entry, NULL),
                             EMP_OK);
        }
        char *copy = malloc(table.text_end);
        assert_non_null(copy);
        emp__customer_copy_texts(&table, copy);
        expect_texts(&table, copy);
        free(copy);
        /* 64 of the longest fill a piece to its last byte. */
        if (round == 0)
            assert_int_equal(table.text_end, TEXTS * (EMP_ID_MAX + 1));
        free_table(&table, &memory);
    }
}

static void extra_records(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    struct test_memory memory;
    struct emp_customer_table table = new_table(&memory, 0);
    for (uint32_t i = 1; i <= COUNT; i++) {
        struct emp_entry *entry;
        assert_int_equal(emp__customer_add(&table, i, NULL, &entry, NULL), EMP_OK);
        assert_int_equal(entry->extra, 0);
        for (int again = 0; again < 2; again++)
            assert_int_equal(emp__customer_add_extra(&table, entry, NULL), EMP_OK);
        assert_int_equal(entry->extra, i);
        assert_int_equal(emp__customer_extra(&table, i)->returned, 0);
        emp__customer_extra(&table, i)->returned = -(int64_t)i;
        emp__customer_extra(&table, i)->return_rows = 2 * i;
    }
    assert_int_equal(table.extra_count, COUNT);
    for (uint32_t i = 1; i <= COUNT; i++) {
        const struct emp_entry *entry = emp__customer_find(&table, i, NULL);
        struct emp_summary summary = emp__customer_summary(&table, entry);
        struct emp_summary expected = {EMP_NO_DAY, INT32_MIN, 0, 2 * i, 0, -(int64_t)i};
        assert_memory_equal(&summary, &expected, sizeof expected);
        assert_int_equal(emp__customer_id(&table, entry), i);
    }
    free_table(&table, &memory);
}

static void limits(void **state)
{
    (void)state;
    struct test_memory memory;
    struct emp_customer_table table = new_table(&memory, 0);
    struct emp_entry *entry = NULL;
    emp_error error;
    table.text_end = UINT32_MAX - EMP_ID_MAX;
    assert_int_equal(emp__customer_add(&table, EMP_ID_TEXT | 1, "\1a", &entry, &error),
                     EMP_ERR_DATA);
    assert_string_equal(error.message,
                        "the text ids of one partition exceed 4 GiB: raise 'partitions'");
    table.text_end = 0;
    table.customers = 1 << 30;
    assert_int_equal(emp__customer_add(&table, 1, NULL, &entry, &error), EMP_ERR_DATA);
    assert_string_equal(error.message,
                        "more than 2^30 customers in one partition: raise 'partitions'");
    assert_null(entry);
    table.customers = 0;
    free_table(&table, &memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets),
        cmocka_unit_test(random_keys),
        cmocka_unit_test(consecutive_keys),
        cmocka_unit_test(hashes_that_begin_alike),
        cmocka_unit_test(hashes_that_end_alike),
        cmocka_unit_test(texts_of_one_key),
        cmocka_unit_test(an_index_made_again),
        cmocka_unit_test(texts_lie_whole_in_a_piece),
        cmocka_unit_test(extra_records),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
