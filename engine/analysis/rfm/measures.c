// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/measures.h"

#include <math.h>
#include <string.h>

#include "base/blocks.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "order/log_bin.h"
#include "order/radix_sort.h"

/* A key of the same order for a double that is not NaN: its bits, turned where it is negative. */
static uint64_t real_key(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 and 0 are one value */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double real_of_key(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int64_t whole_of_key(uint64_t key)
{
    return (int64_t)(key ^ (UINT64_C(1) << 63));
}

static bool is_mean(const struct emp_rfm_measures *measures, int measure)
{
    return measure == EMP_MONETARY && measures->params->monetary == EMP_MONETARY_MEAN;
}

/* The whole numbers of a measure are multiples of 1 / this. */
static uint64_t unit_of(const struct emp_rfm_measures *measures, int measure)
{
    return measure == EMP_MONETARY ? measures->view.unit : 1;
}

static void monetary_keys(const struct emp_rfm_measures *measures, size_t first, size_t count,
                          uint64_t *out)
{
    if (is_mean(measures, EMP_MONETARY))
        for (size_t i = 0; i < count; i++)
            out[i] = real_key(emp__mean_purchase(&measures->view, first + i));
    else
        for (size_t i = 0; i < count; i++)
            out[i] = emp__radix_key(emp__revenue(&measures->view, first + i));
}

void emp__rfm_keys(const struct emp_rfm_measures *measures, int measure, size_t first, size_t count,
                   uint64_t *out)
{
    if (measure == EMP_MONETARY)
        monetary_keys(measures, first, count, out);
    else if (measure == EMP_RECENCY)
        for (size_t i = 0; i < count; i++)
            out[i] = emp__radix_key(emp__recency(&measures->view, first + i));
    else
        for (size_t i = 0; i < count; i++)
            out[i] = emp__radix_key(emp__purchase_count(&measures->view.purchases, first + i));
}

double emp__rfm_value(const struct emp_rfm_measures *measures, int measure, uint64_t key)
{
    if (is_mean(measures, measure))
        return real_of_key(key);
    return emp__ratio(whole_of_key(key), unit_of(measures, measure));
}

double emp__rfm_between(const struct emp_rfm_measures *measures, int measure, uint64_t low,
                        uint64_t high, uint32_t part, uint32_t parts)
{
    if (is_mean(measures, measure)) {
        double a = real_of_key(low), b = real_of_key(high);
        return a + (b - a) * ((double)part / parts);
    }
    emp_int128 a = whole_of_key(low), b = whole_of_key(high);
    return emp__ratio(a * parts + (b - a) * part, parts * unit_of(measures, measure));
}

double emp__rfm_threshold(const struct emp_rfm_measures *measures, int measure, size_t k)
{
    const struct emp_cut *cut = &measures->params->thresholds.of[measure][k];
    return emp__ratio(cut->mantissa, unit_of(measures, measure));
}

uint64_t emp__rfm_threshold_key(const struct emp_rfm_measures *measures, int measure, size_t k)
{
    if (is_mean(measures, measure))
        return real_key(emp__rfm_threshold(measures, measure, k));
    return emp__radix_key(measures->params->thresholds.of[measure][k].mantissa);
}

void emp__rfm_log_bins(const struct emp_rfm_measures *measures, int measure, const uint64_t *keys,
                       size_t count, uint16_t *out)
{
    if (is_mean(measures, measure))
        for (size_t i = 0; i < count; i++)
            out[i] = emp__log_bin(real_of_key(keys[i]) * (double)measures->view.unit);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = emp__log_bin((double)whole_of_key(keys[i]));
}

struct customer_loop {
    const struct emp_customers *customers;
    void (*body)(void *user, int worker, size_t first, size_t count);
    void *user;
};

static void loop_block(void *user, int worker, size_t first, size_t count)
{
    const struct customer_loop *loop = user;
    struct emp_store *store = loop->customers->store;
    emp__store_ahead(store, loop->customers->summary + first, count * sizeof(struct emp_summary));
    loop->body(loop->user, worker, first, count);
    emp__store_touched(store, count * sizeof(struct emp_summary));
}

void emp__rfm_blocks(const struct emp_rfm_measures *measures,
                     void (*body)(void *user, int worker, size_t first, size_t count), void *user)
{
    struct customer_loop loop = {measures->view.customers, body, user};
    emp__blocks(measures->threads, measures->customers, EMP_RFM_BLOCK, loop_block, &loop);
}

/* What a worker has seen; a cache line or more apart from the others. */
struct extremes {
    size_t buyers;
    uint64_t low[EMP_MEASURES], high[EMP_MEASURES];
    char apart[72];
};

struct measuring {
    const struct emp_rfm_measures *measures;
    struct extremes *workers;
};

/* Widens [*low, *high] to hold [from, to]; either may be empty, which is [UINT64_MAX, 0]. */
static void widen(uint64_t *low, uint64_t *high, uint64_t from, uint64_t to)
{
    *low = from < *low ? from : *low;
    *high = to > *high ? to : *high;
}

static void measure_block(void *user, int worker, size_t first, size_t count)
{
    const struct measuring *measuring = user;
    const struct emp_rfm_measures *measures = measuring->measures;
    struct extremes found = measuring->workers[worker];
    uint64_t keys[EMP_RFM_BLOCK];
    for (size_t i = 0; i < count; i++)
        found.buyers += emp__is_buyer(&measures->view, first + i);
    for (int m = 0; m < EMP_MEASURES; m++) {
        emp__rfm_keys(measures, m, first, count, keys);
        for (size_t i = 0; i < count; i++)
            if (emp__is_buyer(&measures->view, first + i))
                widen(&found.low[m], &found.high[m], keys[i], keys[i]);
    }
    measuring->workers[worker] = found;
}

static void add_up(struct emp_rfm_measures *measures, const struct extremes *workers)
{
    for (int m = 0; m < EMP_MEASURES; m++) {
        measures->low[m] = UINT64_MAX;
        measures->high[m] = 0;
    }
    for (int t = 0; t < measures->threads; t++) {
        measures->buyers += workers[t].buyers;
        for (int m = 0; m < EMP_MEASURES; m++)
            widen(&measures->low[m], &measures->high[m], workers[t].low[m], workers[t].high[m]);
    }
}

emp_status emp__rfm_measure(const struct emp_analysis_input *input, struct emp_rfm_measures *out,
                            emp_error *error)
{
    const struct emp_rfm_params *params = input->section;
    *out = (struct emp_rfm_measures){
        .params = params,
        .view = emp__feature_view(input->customers, input->input, (enum emp_merge)params->merge,
                                  input->analysis_day),
        .customers = input->customers->ids.count,
        .threads = input->threads,
    };
    struct measuring measuring = {.measures = out};
    emp_status status =
        emp__new_array(&measuring.workers, (size_t)out->threads, sizeof(struct extremes), error);
    if (status != EMP_OK)
        return status;
    for (int t = 0; t < out->threads; t++)
        memset(measuring.workers[t].low, 0xFF, sizeof measuring.workers[t].low);
    emp__rfm_blocks(out, measure_block, &measuring);
    add_up(out, measuring.workers);
    free(measuring.workers);
    return EMP_OK;
}
