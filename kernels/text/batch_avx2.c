// SPDX-License-Identifier: Apache-2.0
/*
 * Batches with AVX2, four fields at a time, each a vector of up to 16 bytes. Fields 0 and 2 are the
 * halves of one register, 1 and 3 those of another, so that where two registers are packed into one
 * the results come out in order. Digits are moved to fixed places by a shuffle, and multiplications
 * join neighbours to pairs, fours and eights. Four fields of which one is unusual are left to the
 * portable variant.
 */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "text/batch.h"
#include "text/civil_time.h"

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

enum { FIELDS = 4, VECTOR = 16 };

/* Four fields: where they begin, and their lengths; `longest` + 1 stands for every longer one. */
struct four {
    const char *text[FIELDS];
    uint32_t length[FIELDS];
};

static inline struct four four_fields(const struct emp_field_batch *batch, size_t first,
                                      uint32_t longest)
{
    struct four four;
    const uint32_t *marks = batch->marks + first * batch->stride;
    for (int i = 0; i < FIELDS; i++, marks += batch->stride) {
        uint32_t begin = marks[0] + 1, length = marks[1] - begin;
        four.text[i] = batch->text + begin;
        four.length[i] = length <= longest ? length : longest + 1;
    }
    return four;
}

/* The fields from `first` on. */
static inline struct emp_field_batch rest_of(const struct emp_field_batch *batch, size_t first,
                                             size_t count)
{
    return (struct emp_field_batch){batch->text, batch->marks + first * batch->stride,
                                    batch->stride, count};
}

AVX2 static inline __m256i load_two(const void *low, const void *high)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)),
                                   _mm_loadu_si128(high), 1);
}

AVX2 static inline __m256i two(const void *both)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(both));
}

AVX2 static inline bool is_zero(__m256i vector)
{
    return _mm256_testz_si256(vector, vector);
}

AVX2 static inline void store_four(void *out, __m256i numbers)
{
    _mm256_storeu_si256(out, numbers);
}

/* Not zero in every byte that is no digit's value. */
AVX2 static inline __m256i beyond_nine(__m256i a, __m256i b)
{
    return _mm256_subs_epu8(_mm256_max_epu8(a, b), _mm256_set1_epi8(9));
}

AVX2 static inline __m256i join_fours(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
}

/* The numbers that four times 16 digits write, in the order of the fields. */
AVX2 static inline __m256i join_digits(__m256i even, __m256i odd)
{
    __m256i fours = _mm256_packus_epi32(join_fours(even), join_fours(odd));
    __m256i eights = _mm256_madd_epi16(fours, _mm256_set1_epi32(0x00012710));
    return _mm256_add_epi64(_mm256_mul_epu32(eights, _mm256_set1_epi64x(100000000)),
                            _mm256_srli_epi64(eights, 32));
}

/* Windows of 16 bytes: from `length` on, they pick the first `length` bytes as the last ones. */
static const int8_t to_the_end[2 * VECTOR + 1] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                                  -1, -1, -1, -1, -1, 0,  1,  2,  3,  4,  5,
                                                  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, -1};

AVX2 static inline bool four_digits(const struct four *four, uint64_t *out)
{
    const uint32_t *length = four->length;
    const __m256i zeros = _mm256_set1_epi8('0');
    __m256i even = _mm256_sub_epi8(load_two(four->text[0], four->text[2]), zeros);
    __m256i odd = _mm256_sub_epi8(load_two(four->text[1], four->text[3]), zeros);
    even = _mm256_shuffle_epi8(even, load_two(to_the_end + length[0], to_the_end + length[2]));
    odd = _mm256_shuffle_epi8(odd, load_two(to_the_end + length[1], to_the_end + length[3]));
    __m256i numbers = _mm256_slli_epi64(join_digits(even, odd), 5);
    __m256i lengths = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(const void *)length));
    store_four(out, _mm256_or_si256(numbers, lengths));
    bool fit = true;
    for (int i = 0; i < FIELDS; i++)
        fit &= length[i] - 1 < VECTOR;
    return fit & is_zero(beyond_nine(even, odd));
}

AVX2 static void digits_avx2(const struct emp_field_batch *batch, uint64_t *out, uint8_t *good)
{
    const struct emp_field_batch all = *batch;
    size_t i = 0;
    for (; i + FIELDS <= all.count; i += FIELDS) {
        struct four four = four_fields(&all, i, VECTOR);
        if (four_digits(&four, out + i)) {
            memset(good + i, 1, FIELDS);
            continue;
        }
        struct emp_field_batch these = rest_of(&all, i, FIELDS);
        emp__batch_portable.digits(&these, out + i, good + i);
    }
    struct emp_field_batch last = rest_of(&all, i, all.count - i);
    emp__batch_portable.digits(&last, out + i, good + i);
}

/*
 * How to bring a decimal into its place, which is 16 - decimals digits before the mark and then the
 * decimals: that depends on where the mark stands, or would stand behind the last digit.
 */
struct decimal_places {
    __m256i order;                /* for a mark at 0; a place of the mark is to be added */
    uint32_t lengths[VECTOR + 2]; /* by the place of the mark: bits of the lengths that fit */
};

/* Windows of 16 bytes: from 17 - length on, they are the bytes of the text. */
static const int8_t kept[2 * VECTOR + 1] = {-1, -1, -1, -1, -1, -1, -1, -1, -1,
                                            -1, -1, -1, -1, -1, -1, -1, -1};

/* By the place of the mark: the first byte, if a digit stands between it and the mark. */
static const int8_t minus[VECTOR + 2][VECTOR] = {{0},  {0},  {-1}, {-1}, {-1}, {-1},
                                                 {-1}, {-1}, {-1}, {-1}, {-1}, {-1},
                                                 {-1}, {-1}, {-1}, {-1}, {-1}, {-1}};

AVX2 static void make_places(int decimals, struct decimal_places *out)
{
    int8_t order[VECTOR];
    int whole = VECTOR - decimals;
    /* A shuffle writes 0 where the high bit is set: for the digits by being less than 0, for the
       decimals, which are one further, by 0x70 carrying what is beyond 15 into it. */
    for (int i = 0; i < VECTOR; i++)
        order[i] = (int8_t)(i - whole + (i < whole ? 0 : 0x70 + 1));
    out->order = two(order);
    out->lengths[VECTOR + 1] = 0;
    for (int at = 0; at <= VECTOR; at++) {
        /* No fraction, or a mark and up to `decimals` digits; a mark alone is no number. */
        uint32_t lengths = ((uint32_t)4 << decimals) - 1;
        uint32_t least = at == 0 ? 2 : 0;
        out->lengths[at] = at > whole ? 0 : (lengths & ~least) << at & 0x1fffe;
    }
}

/* Where the marks of the lower and of the upper half stand, or the texts end. */
struct mark_places {
    unsigned low, high;
};

AVX2 static inline struct mark_places find_marks(__m256i bytes, __m256i mark, uint32_t low_length,
                                                 uint32_t high_length)
{
    unsigned marks = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, mark));
    return (struct mark_places){
        .low = (unsigned)__builtin_ctz(marks | 1u << low_length),
        .high = (unsigned)__builtin_ctz(marks >> VECTOR | 1u << high_length),
    };
}

struct decimals {
    __m256i digits, signs; /* a sign is 0xff in the first byte of a half */
};

AVX2 static inline struct decimals two_decimals(const struct four *four, int first,
                                                const struct decimal_places *places, char mark,
                                                bool *fit)
{
    uint32_t low = four->length[first], high = four->length[first + 2];
    __m256i bytes = load_two(four->text[first], four->text[first + 2]);
    struct mark_places at = find_marks(bytes, _mm256_set1_epi8(mark), low, high);
    __m256i order = _mm256_setr_m128i(_mm_set1_epi8((char)at.low), _mm_set1_epi8((char)at.high));
    __m256i signs = _mm256_and_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-')),
                                     load_two(minus[at.low], minus[at.high]));
    __m256i digits = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
    digits = _mm256_and_si256(digits, load_two(kept + VECTOR + 1 - low, kept + VECTOR + 1 - high));
    digits = _mm256_andnot_si256(signs, digits);
    order = _mm256_add_epi8(order, places->order);
    digits = _mm256_shuffle_epi8(digits, order);
    *fit &= (places->lengths[at.low] >> low & places->lengths[at.high] >> high & 1) != 0;
    return (struct decimals){digits, signs};
}

AVX2 static inline bool four_decimals(const struct four *four, const struct decimal_places *places,
                                      char mark, int64_t *out)
{
    bool fit = true;
    struct decimals even = two_decimals(four, 0, places, mark, &fit);
    struct decimals odd = two_decimals(four, 1, places, mark, &fit);
    __m256i signs =
        _mm256_cmpgt_epi64(_mm256_unpacklo_epi64(even.signs, odd.signs), _mm256_setzero_si256());
    __m256i numbers = join_digits(even.digits, odd.digits);
    store_four(out, _mm256_sub_epi64(_mm256_xor_si256(numbers, signs), signs));
    return fit & is_zero(beyond_nine(even.digits, odd.digits));
}

AVX2 static void decimals_avx2(const struct emp_field_batch *batch,
                               struct emp_decimal_format format, int decimals, int64_t *out,
                               uint8_t *good)
{
    struct decimal_places places;
    make_places(decimals, &places);
    const struct emp_field_batch all = *batch;
    size_t i = 0;
    for (; i + FIELDS <= all.count; i += FIELDS) {
        struct four four = four_fields(&all, i, VECTOR);
        if (four_decimals(&four, &places, format.mark, out + i)) {
            memset(good + i, 1, FIELDS);
            continue;
        }
        struct emp_field_batch these = rest_of(&all, i, FIELDS);
        emp__batch_portable.decimals(&these, format, decimals, out + i, good + i);
    }
    struct emp_field_batch last = rest_of(&all, i, all.count - i);
    emp__batch_portable.decimals(&last, format, decimals, out + i, good + i);
}

/* A layout as vectors: what its bytes are to be, and which of them are the digits of what. */
struct layout {
    __m256i expected[2], limits[2]; /* of the bytes from 0 and from 8 on */
    __m256i date[2], clock[2]; /* orders of YYYYMMDD and hhmmss in the lower or upper eight bytes */
    uint32_t length;
};

/* Puts the digits of a field that begins at `at` of the vector into the order. */
static bool place(int8_t *order, int at, int digits)
{
    if (at < 0 || at + digits > VECTOR)
        return false;
    for (int i = 0; i < digits; i++)
        order[i] = (int8_t)(at + i);
    return true;
}

/* The orders of eight digits, with as many places left out before or behind them. */
static bool make_orders(const struct emp_time_layout *layout, int8_t date[3 * 8],
                        int8_t clock[3 * 8])
{
    memset(date, -1, 3 * 8);
    memset(clock, -1, 3 * 8);
    bool fits = place(date + 8, layout->at[EMP_TIME_YEAR], 4) &&
                place(date + 12, layout->at[EMP_TIME_MONTH], 2) &&
                place(date + 14, layout->at[EMP_TIME_DAY], 2);
    for (int i = 0; i < 3; i++) {
        int at = layout->at[EMP_TIME_HOUR + i];
        fits = fits && (at == EMP_TIME_ABSENT || place(clock + 8 + 2 * i, at - 8, 2));
    }
    return fits;
}

AVX2 static bool make_layout(const struct emp_time_layout *layout, struct layout *out)
{
    int8_t date[3 * 8], clock[3 * 8];
    const __m256i most = _mm256_set1_epi8(0x7f), ones = _mm256_set1_epi8(-1);
    bool fits = make_orders(layout, date, clock);
    for (int i = 0; i < 2; i++) {
        /* An excess carries what is beyond the limit past 0x7f. */
        out->expected[i] = two(layout->expected + i);
        out->limits[i] = _mm256_or_si256(_mm256_sub_epi8(most, two(layout->excess + i)),
                                         _mm256_xor_si256(two(layout->mask + i), ones));
        out->date[i] = two(date + 8 - 8 * i);
        out->clock[i] = two(clock + 8 - 8 * i);
    }
    out->length = layout->length;
    return fits;
}

/*
 * The bytes from 8 * word on of four fields, which are to be as expected: eight digits of each, in
 * the order of the fields. *wrong gets bits where they are not.
 */
AVX2 static inline __m256i four_times_eight(const struct four *four, const struct layout *layout,
                                            int word, __m256i *wrong)
{
    const __m256i *order = word ? layout->clock : layout->date;
    int at = 8 * word;
    __m256i even = load_two(four->text[0] + at, four->text[2] + at);
    __m256i odd = load_two(four->text[1] + at, four->text[3] + at);
    even = _mm256_xor_si256(even, layout->expected[word]);
    odd = _mm256_xor_si256(odd, layout->expected[word]);
    *wrong =
        _mm256_or_si256(*wrong, _mm256_subs_epu8(_mm256_max_epu8(even, odd), layout->limits[word]));
    return _mm256_or_si256(_mm256_shuffle_epi8(even, order[0]), _mm256_shuffle_epi8(odd, order[1]));
}

/* In 64-bit numbers, for small ones: a * b, and a / 100 for a < 10000 */
AVX2 static inline __m256i times(__m256i a, int b)
{
    return _mm256_mul_epu32(a, _mm256_set1_epi64x(b));
}

AVX2 static inline __m256i hundredth(__m256i a)
{
    return _mm256_srli_epi64(times(a, 5243), 19);
}

/* Does the month have that day? 29 February is left to others. Bits are set where it has not. */
AVX2 static inline __m256i no_days(__m256i month, __m256i day)
{
    static const int8_t days[VECTOR] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    __m256i longest = _mm256_shuffle_epi8(two(days), month);
    const __m256i zero = _mm256_setzero_si256();
    return _mm256_or_si256(_mm256_cmpgt_epi32(day, longest), _mm256_cmpeq_epi64(day, zero));
}

/* Seconds of the dates YYYYMMDD of four fields; see emp__days_from_civil(). */
AVX2 static inline __m256i four_days(__m256i digits, __m256i *wrong)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    __m256i years = _mm256_madd_epi16(pairs, _mm256_set1_epi64x(0x00010064));
    const __m256i low = _mm256_set1_epi64x(0xff);
    __m256i month = _mm256_and_si256(_mm256_srli_epi64(pairs, 32), low);
    __m256i day = _mm256_srli_epi64(pairs, 48);
    __m256i early = _mm256_cmpgt_epi64(_mm256_set1_epi64x(3), month);
    *wrong = _mm256_or_si256(*wrong, no_days(month, day));
    *wrong = _mm256_or_si256(*wrong, _mm256_cmpeq_epi64(years, _mm256_setzero_si256()));
    *wrong = _mm256_or_si256(*wrong, _mm256_cmpgt_epi64(month, _mm256_set1_epi64x(12)));
    years = _mm256_add_epi64(years, early);
    month = _mm256_add_epi64(month, _mm256_and_si256(early, _mm256_set1_epi64x(12)));
    __m256i century = hundredth(years);
    /* (153 * (month - 3) + 2) / 5, and a quarter of the years that are no centuries */
    __m256i days =
        _mm256_srli_epi64(_mm256_sub_epi64(times(month, 979), _mm256_set1_epi64x(2919)), 5);
    days = _mm256_add_epi64(days, _mm256_add_epi64(day, times(years, 365)));
    days = _mm256_add_epi64(days, _mm256_srli_epi64(years, 2));
    days = _mm256_add_epi64(days, _mm256_srli_epi64(century, 2));
    days = _mm256_sub_epi64(days, century);
    return _mm256_sub_epi64(times(days, EMP_DAY_SECONDS),
                            _mm256_set1_epi64x((EMP_MARCH_0000 + 1) * EMP_DAY_SECONDS));
}

/* Seconds of the clocks hhmmss of four fields. */
AVX2 static inline __m256i four_clocks(__m256i digits, __m256i *wrong)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    const __m256i largest = _mm256_set1_epi64x(0x0000003b003b0017);
    *wrong = _mm256_or_si256(*wrong, _mm256_cmpgt_epi16(pairs, largest));
    __m256i joined = _mm256_madd_epi16(pairs, _mm256_set1_epi64x(0x00000001003c0e10));
    return _mm256_add_epi64(_mm256_and_si256(joined, _mm256_set1_epi64x(UINT32_MAX)),
                            _mm256_srli_epi64(joined, 32));
}

AVX2 static inline bool four_times(const struct four *four, const struct layout *layout, bool clock,
                                   int64_t *out)
{
    __m256i wrong = _mm256_setzero_si256();
    __m256i seconds = four_days(four_times_eight(four, layout, 0, &wrong), &wrong);
    if (clock)
        seconds = _mm256_add_epi64(seconds,
                                   four_clocks(four_times_eight(four, layout, 1, &wrong), &wrong));
    store_four(out, seconds);
    uint32_t differ = 0;
    for (int i = 0; i < FIELDS; i++)
        differ |= four->length[i] ^ layout->length;
    return differ == 0 && is_zero(wrong);
}

AVX2 static void times_avx2(const struct emp_field_batch *batch,
                            const struct emp_time_layout *layout, int64_t *out, uint8_t *good)
{
    struct layout vectors;
    bool fits = make_layout(layout, &vectors);
    bool clock = layout->has_clock || layout->length > VECTOR;
    const struct emp_field_batch all = *batch;
    size_t i = 0;
    for (; fits && i + FIELDS <= all.count; i += FIELDS) {
        struct four four = four_fields(&all, i, 8 * EMP_TIME_WORDS);
        bool done = clock ? four_times(&four, &vectors, true, out + i)
                          : four_times(&four, &vectors, false, out + i);
        if (done) {
            memset(good + i, 1, FIELDS);
            continue;
        }
        struct emp_field_batch these = rest_of(&all, i, FIELDS);
        emp__batch_portable.times(&these, layout, out + i, good + i);
    }
    struct emp_field_batch last = rest_of(&all, i, all.count - i);
    emp__batch_portable.times(&last, layout, out + i, good + i);
}

const struct emp_batch_kernels emp__batch_avx2 = {digits_avx2, decimals_avx2, times_avx2};
#else
typedef int batch_avx2_is_for_x86_64;
#endif
