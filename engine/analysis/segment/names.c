// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/names.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { NAMED = 3 }; /* features in a name */
static const double worth_a_word = 0.5, worth_very = 1.5;

/* Features that have better words than "high" and "low". */
static const struct emp_feature_words known_words[] = {
    {"recency_days", "long ago", "recent"},
    {"tenure_days", "long-standing", "new"},
    {"frequency", "frequent", "rare"},
    {"monetary", "high spend", "low spend"},
    {"mean_purchase", "large baskets", "small baskets"},
    {"interval_cv", "irregular", "regular"},
    {"products", "many products", "few products"},
    {"channels", "many channels", "few channels"},
    {"return_share", "many returns", "few returns"},
    {"trend", "growing", "declining"},
};

struct emp_feature_words emp__segment_words(const char *feature)
{
    for (size_t i = 0; i < sizeof known_words / sizeof *known_words; i++)
        if (strcmp(known_words[i].name, feature) == 0)
            return known_words[i];
    return (struct emp_feature_words){feature, NULL, NULL};
}

void emp__segment_z(const double *centres, const double *mean, const double *sd, size_t k, size_t d,
                    double *z)
{
    for (size_t c = 0; c < k; c++)
        for (size_t j = 0; j < d; j++)
            z[c * d + j] = sd[j] > 0 ? (centres[c * d + j] - mean[j]) / sd[j] : 0;
}

/* The features with the greatest |z|, in descending order; of equal ones the first comes first. */
static size_t greatest(const double *z, size_t d, size_t out[NAMED])
{
    size_t found = 0;
    for (size_t j = 0; j < d; j++) {
        if (fabs(z[j]) < worth_a_word)
            continue;
        size_t at = found < NAMED ? found++ : NAMED;
        for (; at > 0 && fabs(z[out[at - 1]]) < fabs(z[j]); at--)
            if (at < NAMED)
                out[at] = out[at - 1];
        if (at < NAMED)
            out[at] = j;
    }
    return found;
}

static emp_status say_feature(struct emp_buffer *text, const struct emp_feature_words *words,
                              double z, emp_error *error)
{
    const char *word = z > 0 ? words->high : words->low;
    const char *comma = text->length > 0 ? ", " : "", *very = fabs(z) >= worth_very ? "very " : "";
    if (word)
        return emp__buffer_printf(text, error, "%s%s%s", comma, very, word);
    return emp__buffer_printf(text, error, "%s%s%s %s", comma, very, z > 0 ? "high" : "low",
                              words->name);
}

static emp_status name_cluster(const double *z, const struct emp_feature_words *words, size_t d,
                               struct emp_buffer *text, emp_error *error)
{
    size_t features[NAMED], count = greatest(z, d, features);
    emp_status status = EMP_OK;
    if (count == 0)
        return emp__buffer_printf(text, error, "average");
    for (size_t j = 0; j < d && status == EMP_OK; j++)
        for (size_t i = 0; i < count && status == EMP_OK; i++)
            if (features[i] == j)
                status = say_feature(text, &words[j], z[j], error);
    return status;
}

/* Names that stood before, each followed by nothing or by its number. */
static size_t count_before(char *const *names, const char *name, size_t before)
{
    size_t count = 0, length = strlen(name);
    for (size_t i = 0; i < before; i++)
        count += strncmp(names[i], name, length) == 0 &&
                 (names[i][length] == '\0' || strncmp(names[i] + length, " (", 2) == 0);
    return count;
}

emp_status emp__segment_names(const double *z, const struct emp_feature_words *words, size_t k,
                              size_t d, char **names, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t c = 0; c < k && status == EMP_OK; c++) {
        struct emp_buffer text = {0};
        status = name_cluster(z + c * d, words, d, &text, error);
        assert(status != EMP_OK || text.data);
        size_t same = status == EMP_OK ? count_before(names, text.data, c) : 0;
        if (same > 0)
            status = emp__buffer_printf(&text, error, " (%zu)", same + 1);
        if (status == EMP_OK)
            names[c] = text.data;
        else
            emp__buffer_free(&text);
    }
    return status;
}

emp_status emp__segment_sets_apart(const double *z, const struct emp_feature_words *words, size_t d,
                                   char **out, emp_error *error)
{
    struct emp_buffer text = {0};
    size_t features[NAMED], count = greatest(z, d, features);
    emp_status status = emp__buffer_printf(&text, error, "%s", "");
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = emp__buffer_printf(&text, error, "%s%s %+.2f", i > 0 ? ", " : "",
                                    words[features[i]].name, z[features[i]]);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}
