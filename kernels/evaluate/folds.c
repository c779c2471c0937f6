// SPDX-License-Identifier: Apache-2.0
#include "evaluate/folds.h"

#include "number/ratio.h"
#include "order/radix_sort.h"
#include "random/philox.h"

static uint64_t draw(const struct emp_folds *folds, uint64_t key)
{
    struct emp_stream stream;
    emp__stream_open(&stream, folds->seed, EMP_FOLDS_PURPOSE, key);
    return emp__stream_u64(&stream);
}

uint16_t emp__fold(const struct emp_folds *folds, uint64_t key)
{
    return (uint16_t)((emp_int128)draw(folds, key) * folds->count >> 64);
}

size_t emp__stratified_folds_work(uint32_t n)
{
    return n * (2 * sizeof(uint64_t) + 2 * sizeof(uint32_t));
}

/* Two customers with the same draw, if that ever happens, stand by their keys. */
static void order_equal_draws(const uint64_t *draws, const uint64_t *keys, uint32_t *rows,
                              uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && draws[j - 1] == draws[i]; j--) {
            uint32_t row = rows[j];
            if (keys[rows[j - 1]] <= keys[row])
                break;
            rows[j] = rows[j - 1];
            rows[j - 1] = row;
        }
}

void emp__stratified_folds(const struct emp_folds *folds, const uint64_t *keys,
                           const uint8_t *labels, uint32_t n, void *work, uint16_t *out)
{
    uint64_t *draws = work, *spare_draws = draws + n;
    uint32_t *rows = (uint32_t *)(spare_draws + n), *spare_rows = rows + n;
    uint32_t place = 0;
    for (int label = 1; label >= 0; label--) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < n; i++)
            if (labels[i] == label) {
                draws[count] = draw(folds, keys[i]);
                rows[count++] = i;
            }
        emp__radix_sort(draws, rows, spare_draws, spare_rows, count);
        order_equal_draws(draws, keys, rows, count);
        for (uint32_t i = 0; i < count; i++)
            out[rows[i]] = (uint16_t)(place++ % folds->count);
    }
}
