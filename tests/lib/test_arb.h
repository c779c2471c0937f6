// SPDX-License-Identifier: Apache-2.0
/* Values in ball arithmetic, against which doubles are held. Include cmocka first. */
#ifndef EMP_TESTS_TEST_ARB_H
#define EMP_TESTS_TEST_ARB_H

#include <math.h>
#include <stdbool.h>

#include <arb.h>
#include <arb_hypgeom.h>

/* How many points, and how many by night: each oracle is built twice. */
#ifdef TEST_BY_NIGHT
#define TEST_POINTS(quick, by_night) (by_night)
#else
#define TEST_POINTS(quick, by_night) (quick)
#endif

/* Bits that the oracle works with. */
enum { TEST_BITS = 400 };

/* The double nearest to a ball, which must be narrow. */
static inline double test_arb_value(const arb_t ball)
{
    if (!arb_is_finite(ball) || arb_rel_accuracy_bits(ball) < 80)
        fail_msg("the oracle itself has only %d bits", (int)arb_rel_accuracy_bits(ball));
    return arf_get_d(arb_midref(ball), ARF_RND_NEAR);
}

static inline void test_arb_near(double got, const arb_t ball, double bound, const char *what)
{
    double expected = arb_is_zero(ball) ? 0.0 : test_arb_value(ball);
    if (!(fabs(got - expected) <= bound))
        fail_msg("%s: %.17g instead of %.17g, off by %.3g, allowed %.3g", what, got, expected,
                 got - expected, bound);
}

static inline uint64_t test_arb_random(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Spread evenly over the decades from low to high. */
static inline double test_decades(uint64_t *seed, double low, double high)
{
    double u = (double)(test_arb_random(seed) >> 11) * 0x1p-53;
    return exp(log(low) + u * (log(high) - log(low)));
}

#endif
