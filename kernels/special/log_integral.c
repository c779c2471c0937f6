// SPDX-License-Identifier: Apache-2.0
#include "special/log_integral.h"

#include <math.h>

#include "random/portable_math.h"
#include "special/log_space.h"

const struct emp_gauss_rule emp__gauss_8 = {
    8,
    {-0.9602898564975363, -0.7966664774136267, -0.525532409916329, -0.1834346424956498,
     0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363},
    {0.10122853629037626, 0.22238103445337448, 0.31370664587788727, 0.362683783378362,
     0.362683783378362, 0.31370664587788727, 0.22238103445337448, 0.10122853629037626}};
const struct emp_gauss_rule emp__gauss_16 = {
    16,
    {-0.9894009349916499, -0.9445750230732326, -0.8656312023878318, -0.755404408355003,
     -0.6178762444026438, -0.45801677765722737, -0.2816035507792589, -0.09501250983763744,
     0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438,
     0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499},
    {0.027152459411754096, 0.062253523938647894, 0.09515851168249279, 0.12462897125553388,
     0.14959598881657674, 0.16915651939500254, 0.18260341504492358, 0.1894506104550685,
     0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674,
     0.12462897125553388, 0.09515851168249279, 0.062253523938647894, 0.027152459411754096}};

/* h falls by no more than PANEL_FALL over a panel; past NEGLIGIBLE nothing counts. */
static const double panel_widest = 3.0, panel_fall = 8.0, negligible = 42.0, grid_step = 2.0;

static double h_at(const struct emp_log_density *density, double y)
{
    return density->log_value(y, density->of);
}

/* Whether a golden section of [a, b] around the mode still tells places apart. */
static double narrow_to_mode(const struct emp_log_density *density, double a, double b)
{
    const double golden = 0.6180339887498949, flat = 0.01;
    double low = b - golden * (b - a), high = a + golden * (b - a);
    double h_low = h_at(density, low), h_high = h_at(density, high);
    for (int i = 0; i < 100 && fabs(h_high - h_low) > flat; i++) {
        if (h_low < h_high) {
            a = low;
            low = high;
            h_low = h_high;
            high = a + golden * (b - a);
            h_high = h_at(density, high);
        } else {
            b = high;
            high = low;
            h_high = h_low;
            low = b - golden * (b - a);
            h_low = h_at(density, low);
        }
    }
    return h_low > h_high ? low : high;
}

static double find_mode(const struct emp_log_density *density)
{
    double best = density->low, h_best = h_at(density, best);
    for (double y = density->low; y < density->high;) {
        y = fmin(y + grid_step, density->high);
        double h = h_at(density, y);
        if (h > h_best) {
            best = y;
            h_best = h;
        }
    }
    double inner = narrow_to_mode(density, fmax(best - grid_step, density->low),
                                  fmin(best + grid_step, density->high));
    return h_at(density, inner) > h_best ? inner : best;
}

/* The integral of e^(h - level) between two places in either order. */
static double panel_sum(const struct emp_log_density *density, double from, double to, double level)
{
    double centre = 0.5 * (from + to), half = 0.5 * fabs(to - from), sum = 0.0;
    for (int i = 0; i < emp__gauss_16.count; i++) {
        double y = centre + half * emp__gauss_16.place[i];
        sum += emp__gauss_16.weight[i] * emp__exp(h_at(density, y) - level);
    }
    return half * sum;
}

/* From the mode to `end`, panel by panel. */
static double sum_towards(const struct emp_log_density *density, double mode, double end)
{
    double level = h_at(density, mode), y = mode, h = level, sum = 0.0;
    double step = end > mode ? panel_widest : -panel_widest;
    while (y != end && h > level - negligible) {
        double to = fabs(end - y) > fabs(step) ? y + step : end;
        double h_to = h_at(density, to);
        if (h - h_to > panel_fall && y + 0.5 * step != y) {
            step *= 0.5;
            continue;
        }
        sum += panel_sum(density, y, to, level);
        if (h - h_to < 0.25 * panel_fall && fabs(step) < panel_widest)
            step *= 2.0;
        y = to;
        h = h_to;
    }
    return sum;
}

static double tail(double h, double rate)
{
    return rate > 0.0 ? h - emp__log(rate) : -INFINITY;
}

double emp__log_integral(const struct emp_log_density *density)
{
    double mode = find_mode(density);
    double sum =
        sum_towards(density, mode, density->low) + sum_towards(density, mode, density->high);
    double body = h_at(density, mode) + emp__log(sum);
    double tails = emp__log_add(tail(h_at(density, density->low), density->low_rate),
                                tail(h_at(density, density->high), density->high_rate));
    return emp__log_add(body, tails);
}
