// SPDX-License-Identifier: Apache-2.0
/*
 * Lines with AVX-512 and VBMI, in blocks. The first 64 bytes of a line are one register, and its
 * delimiters, marks and signs the bits of three masks. Where the fields begin and end is found from
 * these masks for eight lines at once. Then one permutation for each line brings the digits of all
 * three fields to fixed places, 16 bytes each, and multiplications join neighbours to pairs, fours
 * and eights, those of two lines in one register. What is left is done for eight lines at once.
 *
 *     bytes  0 .. 15  the number: its digits are the last ones
 *           16 .. 31  the decimal: 16 - decimals digits before the mark, and the decimals
 *           32 .. 47  literals of the time, YYYY, more literals, MM, DD
 *           48 .. 63  0000hhmm and 000000ss
 *
 * Finding the places line by line, in general registers, was measured to take three times as long.
 */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "text/civil_time.h"
#include "text/lines.h"

#define VBMI                                                                                       \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vpopcntdq")))

enum {
    GROUP = 8,       /* lines */
    BLOCK = 64,      /* lines */
    VECTOR = 64,     /* bytes */
    FIELD = 16,      /* bytes */
    LITERALS = 8,    /* bytes */
    COLUMNS_MAX = 16 /* among which the fields are */
};

/* The layout as vectors and masks. */
struct plan {
    __m512i order;    /* of the bytes, each from the place in the line that its field is at */
    __m512i expected; /* '0' where a digit stands, else a literal */
    __m512i limits;   /* of what the bytes may be beyond that */
    __m512i delimiter, mark;
    uint64_t time_bytes;                  /* which are used */
    uint32_t number, time, decimal, last; /* places among the fields, and the last of these */
    uint32_t total, time_length, decimals;
    bool has_clock;
    __m512i last_date, last_day; /* the date that was read last, and its seconds */
};

/* Some lines, of each of which this is known: */
struct block {
    const char *text;
    const uint32_t *ends;                                   /* as those of struct emp_lines */
    size_t count;                                           /* 1..BLOCK */
    uint64_t delimiters[BLOCK], marks[BLOCK], signs[BLOCK]; /* a bit for each byte */
    uint64_t used[BLOCK];                                   /* which bytes of the order are */
    uint32_t at[BLOCK]; /* a byte each: the end of the number, the mark, the begin of the time */
    uint64_t digits[BLOCK], negative[BLOCK]; /* of the number how many, and is the decimal? */
    uint8_t wrong[BLOCK / GROUP];            /* a bit for each line that is unusual */
};

/* The upper eight digits and the lower eight of a part, as 32 bits each, of eight lines. */
struct parts {
    __m512i number, decimal, date, clock;
};

/* The bytes of a plan, while they are put together. */
struct places {
    int8_t order[VECTOR];
    uint8_t expected[VECTOR], limits[VECTOR];
    uint64_t used;
};

static void put(struct places *places, int to, int from, char expected, uint8_t limit)
{
    places->order[to] = (int8_t)from;
    places->expected[to] = (uint8_t)expected;
    places->limits[to] = limit;
    places->used |= (uint64_t)1 << to;
}

/* The digits of a field of the time, if it has one; a bit for each in *seen. */
static void put_digits(struct places *places, int to, int from, int count, uint32_t *seen)
{
    for (int i = 0; i < count && from != EMP_TIME_ABSENT; i++) {
        put(places, to + i, from + i, '0', 9);
        *seen |= 1u << (from + i);
    }
}

/* False if the layout has more literals than there is room for. */
static bool put_time(struct places *places, const struct emp_time_layout *layout)
{
    static const uint8_t digits[EMP_TIME_FIXED_FIELDS] = {4, 2, 2, 2, 2, 2};
    static const uint8_t to[EMP_TIME_FIXED_FIELDS] = {36, 44, 46, 52, 54, 62};
    char expected[8 * EMP_TIME_WORDS];
    uint32_t seen = 0;
    int literals = 0;
    memcpy(expected, layout->expected, sizeof expected);
    for (int field = 0; field < EMP_TIME_FIXED_FIELDS; field++)
        put_digits(places, to[field], layout->at[field], digits[field], &seen);
    for (int at = 0; at < layout->length; at++) {
        if (seen >> at & 1)
            continue;
        if (literals == LITERALS)
            return false;
        int place = literals % 4 + literals / 4 * 8;
        put(places, 2 * FIELD + place, at, expected[at], 0);
        literals++;
    }
    return true;
}

static uint32_t last_of(const struct emp_line_layout *layout)
{
    uint32_t last = layout->number > layout->time ? layout->number : layout->time;
    return last > layout->decimal ? last : layout->decimal;
}

VBMI static bool make_plan(const struct emp_line_layout *layout, struct plan *out)
{
    struct places places = {.used = 0};
    int whole = FIELD - layout->decimals;
    if (last_of(layout) >= COLUMNS_MAX || !put_time(&places, layout->time_layout))
        return false;
    out->time_bytes = places.used;
    for (int i = 0; i < FIELD; i++) {
        put(&places, i, i - FIELD, '0', 9);
        put(&places, FIELD + i, i - whole + (i >= whole), '0', 9);
    }
    out->order = _mm512_loadu_si512(places.order);
    out->expected = _mm512_loadu_si512(places.expected);
    out->limits = _mm512_loadu_si512(places.limits);
    out->delimiter = _mm512_set1_epi8(layout->delimiter);
    out->mark = _mm512_set1_epi8(layout->format.mark);
    out->number = layout->number;
    out->time = layout->time;
    out->decimal = layout->decimal;
    out->last = last_of(layout);
    out->total = layout->total;
    out->time_length = layout->time_layout->length;
    out->has_clock = layout->time_layout->has_clock;
    out->last_date = out->last_day = _mm512_setzero_si512(); /* no date is 0 */
    out->decimals = (uint32_t)layout->decimals;
    return true;
}

static inline const char *line_of(const struct block *block, size_t i)
{
    return block->text + (uint32_t)(block->ends[(ptrdiff_t)i - 1] + 1);
}

VBMI static void find_bytes(struct block *block, const struct plan *plan)
{
    const __m512i sign = _mm512_set1_epi8('-');
    for (size_t i = 0; i < block->count; i++) {
        __m512i bytes = _mm512_loadu_si512(line_of(block, i));
        block->delimiters[i] = _mm512_cmpeq_epi8_mask(bytes, plan->delimiter);
        block->marks[i] = _mm512_cmpeq_epi8_mask(bytes, plan->mark);
        block->signs[i] = _mm512_cmpeq_epi8_mask(bytes, sign);
    }
}

/* Numbers of 64 bits, eight at once. */
VBMI static inline __m512i all(uint64_t number)
{
    return _mm512_set1_epi64((long long)number);
}

/* The place of the lowest bit of each, 64 where there is none. */
VBMI static inline __m512i lowest_place(__m512i bits)
{
    return _mm512_popcnt_epi64(_mm512_andnot_si512(bits, _mm512_sub_epi64(bits, all(1))));
}

VBMI static inline __m512i without_lowest(__m512i bits)
{
    return _mm512_and_si512(bits, _mm512_sub_epi64(bits, all(1)));
}

VBMI static inline __m512i bit_at(__m512i place)
{
    return _mm512_sllv_epi64(all(1), place);
}

VBMI static inline __m512i bits_below(__m512i place)
{
    return _mm512_sub_epi64(bit_at(place), all(1));
}

/* How many fields lines have, of which some are longer than a vector. */
VBMI static __m512i count_fields(const struct block *block, size_t first, const struct plan *plan,
                                 __m512i fields, __mmask8 long_lines)
{
    uint64_t counts[GROUP];
    _mm512_storeu_si512(counts, fields);
    for (size_t i = 0; i < GROUP; i++) {
        if (!(long_lines >> i & 1))
            continue;
        const char *line = line_of(block, first + i);
        size_t length = (size_t)(block->text + block->ends[first + i] - line);
        for (size_t at = VECTOR; at < length; at++)
            counts[i] +=
                line[at] == (char)_mm_cvtsi128_si32(_mm512_castsi512_si128(plan->delimiter));
        counts[i]++;
    }
    return _mm512_loadu_si512(counts);
}

/* Where fields begin and end; the end is VECTOR if it is further on. */
struct fields {
    __m512i begin, length;
};

/* Where the fields up to the last one that is read begin, each and one more. */
VBMI static inline void find_begins(__m512i ends, const struct plan *plan, __m512i *begins)
{
    begins[0] = _mm512_setzero_si512();
    for (uint32_t f = 0; f <= plan->last; f++) {
        begins[f + 1] = _mm512_add_epi64(lowest_place(ends), all(1));
        ends = without_lowest(ends);
    }
}

VBMI static inline struct fields fields_of(const __m512i *begins, uint32_t field)
{
    __m512i next = _mm512_sub_epi64(begins[field + 1], begins[field]);
    return (struct fields){begins[field], _mm512_sub_epi64(next, all(1))};
}

/* The bytes of the decimals in the order, and where their marks are, or would be. */
VBMI static inline __m512i place_decimals(struct block *block, size_t first, struct fields fields,
                                          const struct plan *plan, __m512i *marks, __mmask8 *wrong)
{
    __m512i begin = fields.begin, length = fields.length;
    __m512i signs = _mm512_srlv_epi64(_mm512_loadu_si512(block->signs + first), begin);
    __m512i bits = _mm512_srlv_epi64(_mm512_loadu_si512(block->marks + first), begin);
    __m512i negative = _mm512_and_si512(signs, all(1));
    __m512i at = lowest_place(_mm512_or_si512(bits, bit_at(length)));
    __m512i whole = _mm512_sub_epi64(at, negative);
    __m512i behind = _mm512_max_epu64(_mm512_sub_epi64(length, at), all(1));
    __m512i fraction = _mm512_sub_epi64(behind, all(1));
    __m512i digits = _mm512_add_epi64(whole, fraction);
    __m512i most = all(FIELD - plan->decimals);
    *wrong |= _mm512_cmpgt_epu64_mask(whole, most) |
              _mm512_cmpgt_epu64_mask(fraction, all(plan->decimals)) |
              _mm512_testn_epi64_mask(digits, digits);
    *marks = _mm512_add_epi64(begin, at);
    _mm512_storeu_si512(block->negative + first, negative);
    __m512i to = _mm512_sub_epi64(_mm512_add_epi64(most, all(FIELD)), whole);
    return _mm512_sllv_epi64(bits_below(digits), to);
}

/* Finds where in eight lines everything is. */
VBMI static inline void find_places(struct block *block, size_t first, const struct plan *plan)
{
    size_t left = block->count - first;
    __mmask8 here = (__mmask8)(left < GROUP ? (1u << left) - 1 : UINT8_MAX);
    const uint32_t *ends = block->ends + first;
    __m512i end = _mm512_maskz_cvtepu32_epi64(here, _mm256_maskz_loadu_epi32(here, ends));
    __m512i before = _mm512_maskz_cvtepu32_epi64(here, _mm256_maskz_loadu_epi32(here, ends - 1));
    __m512i begins[COLUMNS_MAX + 1], marks;
    __m512i length =
        _mm512_and_si512(_mm512_sub_epi64(_mm512_sub_epi64(end, before), all(1)), all(UINT32_MAX));
    __m512i bits =
        _mm512_and_si512(_mm512_loadu_si512(block->delimiters + first), bits_below(length));
    bits = _mm512_or_si512(bits, bit_at(length));
    __m512i total = _mm512_popcnt_epi64(bits);
    __mmask8 long_lines = here & _mm512_cmpgt_epu64_mask(length, all(VECTOR - 1));
    if (long_lines)
        total = count_fields(block, first, plan, total, long_lines);
    find_begins(bits, plan, begins);
    struct fields number = fields_of(begins, plan->number), time = fields_of(begins, plan->time);
    __mmask8 wrong =
        _mm512_cmpneq_epu64_mask(total, all(plan->total)) |
        _mm512_cmpgt_epu64_mask(begins[plan->last + 1], all(VECTOR)) |
        _mm512_cmpneq_epu64_mask(time.length, all(plan->time_length)) |
        _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(number.length, all(1)), all(FIELD - 1));
    __m512i used =
        place_decimals(block, first, fields_of(begins, plan->decimal), plan, &marks, &wrong);
    used = _mm512_or_si512(used, all(plan->time_bytes));
    used = _mm512_or_si512(used, _mm512_sllv_epi64(bits_below(number.length),
                                                   _mm512_sub_epi64(all(FIELD), number.length)));
    __m512i at = _mm512_add_epi64(number.begin, number.length);
    at = _mm512_or_si512(at, _mm512_slli_epi64(marks, 8));
    at = _mm512_or_si512(at, _mm512_slli_epi64(time.begin, 16));
    _mm256_storeu_si256((void *)(block->at + first), _mm512_cvtepi64_epi32(at));
    _mm512_storeu_si512(block->used + first, used);
    _mm512_storeu_si512(block->digits + first, number.length);
    block->wrong[first / GROUP] = (uint8_t)(wrong & here);
}

/* The digits of a line's parts, joined to fours; bits in *excess where some are none. */
VBMI static inline __m512i join_fours(const struct block *block, size_t i, const struct plan *plan,
                                      __m512i *excess)
{
    const __m512i spread = _mm512_set_epi32(
        0x02020202, 0x02020202, 0x02020202, 0x02020202, 0x02020202, 0x02020202, 0x02020202,
        0x02020202, 0x01010101, 0x01010101, 0x01010101, 0x01010101, 0, 0, 0, 0);
    __m512i at = _mm512_set1_epi32((int)block->at[i]);
    __m512i order = _mm512_add_epi8(plan->order, _mm512_shuffle_epi8(at, spread));
    __m512i bytes = _mm512_permutexvar_epi8(order, _mm512_loadu_si512(line_of(block, i)));
    bytes = _mm512_maskz_sub_epi8(block->used[i], bytes, plan->expected);
    *excess = _mm512_or_si512(*excess, _mm512_subs_epu8(bytes, plan->limits));
    __m512i pairs = _mm512_maddubs_epi16(bytes, _mm512_set1_epi16(0x010a));
    return _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
}

/* The fours of two lines as eights. */
VBMI static inline __m512i join_two(__m512i first, __m512i second)
{
    return _mm512_madd_epi16(_mm512_packus_epi32(first, second), _mm512_set1_epi32(0x00012710));
}

/* From two lines a register to a part a register. */
VBMI static inline struct parts transpose(const __m512i eights[GROUP / 2])
{
    __m512i numbers_0 = _mm512_shuffle_i32x4(eights[0], eights[1], 0x44);
    __m512i numbers_4 = _mm512_shuffle_i32x4(eights[2], eights[3], 0x44);
    __m512i times_0 = _mm512_shuffle_i32x4(eights[0], eights[1], 0xee);
    __m512i times_4 = _mm512_shuffle_i32x4(eights[2], eights[3], 0xee);
    return (struct parts){
        .number = _mm512_shuffle_i32x4(numbers_0, numbers_4, 0x88),
        .decimal = _mm512_shuffle_i32x4(numbers_0, numbers_4, 0xdd),
        .date = _mm512_shuffle_i32x4(times_0, times_4, 0x88),
        .clock = _mm512_shuffle_i32x4(times_0, times_4, 0xdd),
    };
}

/* In 64-bit numbers, for small ones: a * b, and a / 100 for a < 10000 */
VBMI static inline __m512i times(__m512i a, int64_t b)
{
    return _mm512_mul_epu32(a, all((uint64_t)b));
}

VBMI static inline __m512i hundredth(__m512i a)
{
    return _mm512_srli_epi64(times(a, 5243), 19);
}

VBMI static inline __m512i below_hundred(__m512i a, __m512i its_hundredth)
{
    return _mm512_sub_epi64(a, times(its_hundredth, 100));
}

VBMI static inline __m512i upper_eight(__m512i pairs)
{
    return _mm512_and_si512(pairs, _mm512_set1_epi64(UINT32_MAX));
}

VBMI static inline __m512i lower_eight(__m512i pairs)
{
    return _mm512_srli_epi64(pairs, 32);
}

VBMI static inline __m512i join_eights(__m512i pairs)
{
    return _mm512_add_epi64(times(pairs, 100000000), lower_eight(pairs));
}

/* Bits of dates that do not exist. 29 February is looked at one by one: it is rare. */
VBMI static inline __mmask8 no_dates(__m512i year, __m512i month, __m512i day)
{
    const __m128i days = _mm_setr_epi8(0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0);
    const __m512i one = _mm512_set1_epi64(1);
    __m512i longest = _mm512_shuffle_epi8(_mm512_broadcast_i32x4(days), month);
    __mmask8 wrong = _mm512_cmpgt_epu64_mask(day, longest) | _mm512_cmplt_epu64_mask(day, one) |
                     _mm512_cmplt_epu64_mask(year, one) |
                     _mm512_cmpgt_epu64_mask(month, _mm512_set1_epi64(12));
    __mmask8 leap_days = _mm512_cmpeq_epi64_mask(day, _mm512_set1_epi64(29)) &
                         _mm512_cmpeq_epi64_mask(month, _mm512_set1_epi64(2));
    if (leap_days == 0)
        return wrong;
    uint64_t years[GROUP];
    _mm512_storeu_si512(years, year);
    for (int i = 0; i < GROUP; i++)
        if (leap_days >> i & 1 && !emp__is_leap_year((int)years[i]))
            wrong |= (__mmask8)(1u << i);
    return wrong;
}

/* Days since 0000-03-01, plus one; see emp__days_from_civil(). */
VBMI static inline __m512i count_days(__m512i year, __m512i month, __m512i day)
{
    __mmask8 early = _mm512_cmplt_epu64_mask(month, _mm512_set1_epi64(3));
    year = _mm512_mask_sub_epi64(year, early, year, _mm512_set1_epi64(1));
    month = _mm512_mask_add_epi64(month, early, month, _mm512_set1_epi64(12));
    __m512i century = hundredth(year);
    /* (153 * (month - 3) + 2) / 5, and a quarter of the years that are no centuries */
    __m512i days =
        _mm512_srli_epi64(_mm512_sub_epi64(times(month, 979), _mm512_set1_epi64(2919)), 5);
    days = _mm512_add_epi64(days, _mm512_add_epi64(day, times(year, 365)));
    days = _mm512_add_epi64(days, _mm512_srli_epi64(year, 2));
    return _mm512_sub_epi64(_mm512_add_epi64(days, _mm512_srli_epi64(century, 2)), century);
}

/* Seconds of dates. Most files are in order of time, where one date follows itself many times. */
VBMI static inline __m512i read_dates(__m512i pairs, struct plan *plan, __mmask8 *wrong)
{
    const __m512i last = all(GROUP - 1);
    if (_mm512_cmpneq_epu64_mask(pairs, plan->last_date) == 0)
        return plan->last_day;
    __m512i year = upper_eight(pairs), both = lower_eight(pairs);
    __m512i month = hundredth(both), day = below_hundred(both, month);
    __mmask8 none = no_dates(year, month, day);
    __m512i seconds = _mm512_sub_epi64(times(count_days(year, month, day), EMP_DAY_SECONDS),
                                       all((EMP_MARCH_0000 + 1) * EMP_DAY_SECONDS));
    *wrong |= none;
    if (none == 0) {
        plan->last_date = _mm512_permutexvar_epi64(last, pairs);
        plan->last_day = _mm512_permutexvar_epi64(last, seconds);
    }
    return seconds;
}

VBMI static inline __m512i read_clocks(__m512i pairs, __mmask8 *wrong)
{
    __m512i both = upper_eight(pairs), second = lower_eight(pairs);
    __m512i hour = hundredth(both), minute = below_hundred(both, hour);
    *wrong |= _mm512_cmpgt_epu64_mask(hour, all(23)) | _mm512_cmpgt_epu64_mask(minute, all(59)) |
              _mm512_cmpgt_epu64_mask(second, all(59));
    return _mm512_add_epi64(_mm512_add_epi64(times(hour, 3600), times(minute, 60)), second);
}

/* The columns of eight lines; false if one of them is unusual. */
VBMI static inline bool write_columns(const struct parts *parts, const struct block *block,
                                      size_t first, struct plan *plan,
                                      const struct emp_line_columns *out)
{
    size_t left = block->count - first;
    __mmask8 here = (__mmask8)(left < GROUP ? (1u << left) - 1 : UINT8_MAX), wrong = 0;
    __m512i negative = _mm512_loadu_si512(block->negative + first);
    __m512i digits = _mm512_loadu_si512(block->digits + first);
    __m512i number = _mm512_slli_epi64(join_eights(parts->number), 5);
    __m512i decimal = join_eights(parts->decimal);
    decimal = _mm512_mask_sub_epi64(decimal, _mm512_test_epi64_mask(negative, negative),
                                    _mm512_setzero_si512(), decimal);
    __m512i time = read_dates(parts->date, plan, &wrong);
    if (plan->has_clock)
        time = _mm512_add_epi64(time, read_clocks(parts->clock, &wrong));
    _mm512_mask_storeu_epi64(out->number + first, here, _mm512_or_si512(number, digits));
    _mm512_mask_storeu_epi64(out->decimal + first, here, decimal);
    _mm512_mask_storeu_epi64(out->time + first, here, time);
    return ((wrong & here) | block->wrong[first / GROUP]) == 0;
}

/* Reads eight lines; the last one stands for those that are not there. */
VBMI static inline bool read_group(const struct block *block, size_t first, struct plan *plan,
                                   const struct emp_line_columns *out)
{
    __m512i eights[GROUP / 2], fours[2], excess = _mm512_setzero_si512();
#pragma GCC unroll 8
    for (size_t i = 0; i < GROUP; i++) {
        size_t line = first + i < block->count ? first + i : block->count - 1;
        fours[i % 2] = join_fours(block, line, plan, &excess);
        if (i % 2)
            eights[i / 2] = join_two(fours[0], fours[1]);
    }
    struct parts parts = transpose(eights);
    bool usual = write_columns(&parts, block, first, plan, out);
    return usual && _mm512_test_epi8_mask(excess, excess) == 0;
}

/* Reads a block of lines; returns how many. */
VBMI static size_t read_block(struct block *block, struct plan *plan,
                              const struct emp_line_columns *out)
{
    find_bytes(block, plan);
    for (size_t i = 0; i < block->count; i += GROUP)
        find_places(block, i, plan);
    for (size_t i = 0; i < block->count; i += GROUP)
        if (!read_group(block, i, plan, out))
            return i;
    return block->count;
}

VBMI size_t emp__lines_avx512(const struct emp_lines *lines, const struct emp_line_layout *layout,
                              const struct emp_line_columns *out)
{
    struct plan plan;
    struct block block;
    size_t done = 0, read = BLOCK;
    if (!make_plan(layout, &plan))
        return 0;
    block.text = lines->text;
    for (; done < lines->count && read == BLOCK; done += read) {
        const struct emp_line_columns rest = {out->number + done, out->time + done,
                                              out->decimal + done};
        block.ends = lines->ends + done;
        block.count = lines->count - done < BLOCK ? lines->count - done : BLOCK;
        read = read_block(&block, &plan, &rest);
    }
    return done;
}
#else
typedef int lines_avx512_is_for_x86_64;
#endif
