// SPDX-License-Identifier: Apache-2.0
/* Names of clusters, and the figures they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analysis/segment/names.h"

static const struct emp_feature_words words[] = {
    {"recency_days", "long ago", "recent"}, {"frequency", "frequent", "rare"}, {"age", NULL, NULL}};

enum { FEATURES = 3 };

static void expect_names(const double *z, size_t k, const char *const *expected)
{
    char *names[8] = {0};
    assert_int_equal(emp__segment_names(z, words, k, FEATURES, names, NULL), EMP_OK);
    for (size_t c = 0; c < k; c++) {
        assert_string_equal(names[c], expected[c]);
        free(names[c]);
    }
}

static void by_the_features_that_matter(void **state)
{
    (void)state;
    const double z[] = {-0.6, 0.9, 0.1, 0.5, -1.5, 2.0, 0.49, -0.49, 0.2};
    const char *const expected[] = {"recent, frequent", "long ago, very rare, very high age",
                                    "average"};
    expect_names(z, 3, expected);
}

static void equal_names_are_numbered(void **state)
{
    (void)state;
    const double z[] = {-0.6, 0, 0, -0.7, 0, 0, -0.8, 0.6, 0, -0.9, 0, 0};
    const char *const expected[] = {"recent", "recent (2)", "recent, frequent", "recent (3)"};
    expect_names(z, 4, expected);
}

static void in_figures(void **state)
{
    (void)state;
    const double z[] = {-0.6, 1.234, 0.1};
    char *text = NULL;
    assert_int_equal(emp__segment_sets_apart(z, words, FEATURES, &text, NULL), EMP_OK);
    assert_string_equal(text, "frequency +1.23, recency_days -0.60");
    free(text);
    const double none[] = {0, 0, 0};
    assert_int_equal(emp__segment_sets_apart(none, words, FEATURES, &text, NULL), EMP_OK);
    assert_string_equal(text, "");
    free(text);
}

/* Of many features the three greatest, and of equal ones those that come first. */
static void at_most_three(void **state)
{
    (void)state;
    const struct emp_feature_words many[] = {{"a", NULL, NULL},
                                             {"b", NULL, NULL},
                                             {"c", NULL, NULL},
                                             {"d", NULL, NULL},
                                             {"e", NULL, NULL}};
    const double z[] = {0.7, -0.7, 1.0, 0.7, 0.6};
    char *text = NULL, *name = NULL;
    assert_int_equal(emp__segment_sets_apart(z, many, 5, &text, NULL), EMP_OK);
    assert_string_equal(text, "c +1.00, a +0.70, b -0.70");
    assert_int_equal(emp__segment_names(z, many, 1, 5, &name, NULL), EMP_OK);
    assert_string_equal(name, "high a, low b, high c");
    free(name);
    free(text);
}

static void a_feature_without_spread_says_nothing(void **state)
{
    (void)state;
    const double centres[] = {1, 5, 3, 5}, mean[] = {2, 5}, sd[] = {0.5, 0};
    double z[4];
    emp__segment_z(centres, mean, sd, 2, 2, z);
    const double expected[] = {-2, 0, 2, 0};
    assert_memory_equal(z, expected, sizeof z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_features_that_matter),
        cmocka_unit_test(equal_names_are_numbered),
        cmocka_unit_test(in_figures),
        cmocka_unit_test(at_most_three),
        cmocka_unit_test(a_feature_without_spread_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
