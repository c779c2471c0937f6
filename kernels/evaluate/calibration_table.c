// SPDX-License-Identifier: Apache-2.0
#include "evaluate/calibration_table.h"

#include <math.h>

#include "number/chi_square.h"
#include "number/compensated_sum.h"
#include "number/normal.h"

/* A bin that is being filled. */
struct filling {
    struct emp_compensated events, weight, predicted;
};

static void fill(struct filling *bin, const struct emp_score_group *group)
{
    double weight = group->events + group->non_events;
    emp__add(&bin->events, group->events);
    emp__add(&bin->weight, weight);
    emp__add(&bin->predicted, weight * group->score);
}

static struct emp_calibration_bin filled(const struct filling *bin, double confidence)
{
    double weight = emp__total(bin->weight), events = emp__total(bin->events);
    return (struct emp_calibration_bin){
        .customers = weight,
        .events = events,
        .predicted = emp__total(bin->predicted) / weight,
        .observed = events / weight,
        .interval = emp__wilson_interval(events, weight, confidence),
    };
}

/* The whole part of a quotient that may be rounded up to `bins`. */
static uint32_t bin_of(double quotient, uint32_t bins)
{
    return quotient < bins ? (uint32_t)quotient : bins - 1;
}

uint32_t emp__calibration_table(const struct emp_ranking *ranking, uint32_t bins, double confidence,
                                struct emp_calibration_bin *table)
{
    double all = ranking->events + ranking->non_events;
    struct emp_compensated below = {0};
    struct filling filling = {0};
    uint32_t count = 0, open = 0;
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        double weight = group->events + group->non_events;
        if (!(weight > 0.0))
            continue;
        uint32_t bin = bin_of(bins * (2.0 * emp__total(below) + weight) / (2.0 * all), bins);
        if (bin != open && filling.weight.sum > 0.0) {
            table[count++] = filled(&filling, confidence);
            filling = (struct filling){0};
        }
        open = bin;
        fill(&filling, group);
        emp__add(&below, weight);
    }
    if (filling.weight.sum > 0.0)
        table[count++] = filled(&filling, confidence);
    return count;
}

struct emp_interval emp__wilson_interval(double events, double n, double confidence)
{
    if (!(n > 0.0))
        return (struct emp_interval){NAN, NAN};
    double z = emp__normal_two_sided_quantile(confidence);
    double share = events / n, square = z * z / n;
    double centre = share + 0.5 * square;
    double reach = sqrt(square * (share * (1.0 - share) + 0.25 * square));
    return (struct emp_interval){
        .low = events <= 0.0 ? 0.0 : (centre - reach) / (1.0 + square),
        .high = events >= n ? 1.0 : (centre + reach) / (1.0 + square),
    };
}

/* What a bin adds to the statistic. */
static double discrepancy(const struct emp_calibration_bin *bin)
{
    double expected = bin->customers * bin->predicted;
    double off = bin->events - expected, variance = expected * (1.0 - bin->predicted);
    if (variance > 0.0)
        return off * off / variance;
    return off == 0.0 ? 0.0 : INFINITY;
}

struct emp_hosmer_lemeshow emp__hosmer_lemeshow(const struct emp_calibration_bin *table,
                                                uint32_t count, uint32_t fitted)
{
    struct emp_hosmer_lemeshow result = {.degrees = count > fitted ? count - fitted : 0};
    for (uint32_t i = 0; i < count; i++)
        result.statistic += discrepancy(&table[i]);
    result.p_value =
        result.degrees > 0 ? emp__chi_square_tail(result.statistic, result.degrees) : NAN;
    return result;
}

static double distance(const struct filling *bin)
{
    return fabs(emp__total(bin->events) - emp__total(bin->predicted));
}

double emp__calibration_error(const struct emp_ranking *ranking, uint32_t bins)
{
    struct filling filling = {0};
    double sum = 0.0;
    uint32_t open = 0;
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        uint32_t bin = bin_of(group->score * bins, bins);
        if (bin != open) {
            sum += distance(&filling);
            filling = (struct filling){0};
        }
        open = bin;
        fill(&filling, group);
    }
    return (sum + distance(&filling)) / (ranking->events + ranking->non_events);
}
