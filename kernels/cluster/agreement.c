// SPDX-License-Identifier: Apache-2.0
#include "cluster/agreement.h"

#include <string.h>

#include "number/ratio.h"

void emp__contingency(const uint32_t *first, const uint32_t *second, size_t n,
                      const struct emp_contingency *table)
{
    size_t width = table->k_second;
    memset(table->counts, 0, table->k_first * width * sizeof *table->counts);
    for (size_t i = 0; i < n; i++)
        table->counts[first[i] * width + second[i]]++;
}

/* n (n - 1) / 2: below 2^63 for n <= 2^32. */
static uint64_t pairs(uint64_t n)
{
    return n % 2 == 0 ? n / 2 * (n - (n > 0)) : (n - 1) / 2 * n;
}

double emp__adjusted_rand(const struct emp_contingency *table)
{
    uint64_t n = 0;
    emp_int128 both = 0, first = 0, second = 0;
    for (size_t a = 0; a < table->k_first; a++) {
        uint64_t row = 0;
        for (size_t b = 0; b < table->k_second; b++) {
            uint64_t count = table->counts[a * table->k_second + b];
            both += pairs(count);
            row += count;
        }
        first += pairs(row);
        n += row;
    }
    for (size_t b = 0; b < table->k_second; b++) {
        uint64_t column = 0;
        for (size_t a = 0; a < table->k_first; a++)
            column += table->counts[a * table->k_second + b];
        second += pairs(column);
    }
    emp_int128 all = pairs(n);
    emp_int128 above_chance = 2 * (both * all - first * second);
    emp_int128 most_above = (first + second) * all - 2 * first * second;
    return most_above == 0 ? 1.0 : (double)above_chance / (double)most_above;
}
