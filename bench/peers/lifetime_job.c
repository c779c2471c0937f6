// SPDX-License-Identifier: Apache-2.0
/*
 * Our side of the works with models of lifetimes, and their data:
 *
 *   lifetime_job make N days|continuous
 *       writes 3 x N doubles to standard output: all x, all t_x, all T
 *   lifetime_job fit FILE MODEL THREADS
 *       a fit of that model, customers who are the same to it merged before
 *
 * Data: customers of BG/NBD with the parameters that Fader, Hardie & Lee (2005) found for CDNOW,
 * who came at any moment of 12 weeks and are seen until the end of the 39th; times are in days.
 * `days`: whole ones, and all purchases of a day are one.
 *
 * It is fitted once for nothing, so that all memory has been touched; then it is timed, and what
 * came of it printed as one line of JSON. jobs/lifetime.py is the same for the peers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emptor/version.h>

#include "analysis/ltv/patterns.h"
#include "base/store.h"
#include "job.h"
#include "random/distributions.h"

enum { DAYS_A_WEEK = 7, FIRST_WEEKS = 12, WEEKS = 39 };

static int fail(const char *what)
{
    fprintf(stderr, "lifetime_job: %s\n", what);
    return EXIT_FAILURE;
}

/* Purchases until the customer leaves or time is up; of those of one day the first counts. */
static void live(struct emp_stream *stream, bool in_days, double *out[3], size_t i)
{
    double rate = emp__stream_gamma(stream, .243) / (4.414 * DAYS_A_WEEK);
    double leaves = emp__stream_beta(stream, .793, 2.426);
    double age = DAYS_A_WEEK * (WEEKS - FIRST_WEEKS * emp__stream_uniform(stream));
    double time = 0, last = 0, x = 0;
    age = in_days ? floor(age) : age;
    for (;;) {
        time += -log1p(-emp__stream_uniform(stream)) / rate;
        double seen = in_days ? floor(time) : time;
        if (!(seen <= age))
            break;
        if (seen > last) {
            x++;
            last = seen;
        }
        if (emp__stream_uniform(stream) < leaves)
            break;
    }
    out[0][i] = x;
    out[1][i] = last;
    out[2][i] = age;
}

static int make(size_t n, const char *kind)
{
    bool in_days = strcmp(kind, "days") == 0;
    struct emp_stream stream;
    double *all = job_memory(3 * n * sizeof *all);
    if (!in_days && strcmp(kind, "continuous") != 0)
        return fail("times are days or continuous");
    if (!all)
        return fail("there is not enough memory");
    emp__stream_open(&stream, 1, 1, 0);
    double *columns[3] = {all, all + n, all + 2 * n};
    for (size_t i = 0; i < n; i++)
        live(&stream, in_days, columns, i);
    bool written = fwrite(all, sizeof *all, 3 * n, stdout) == 3 * n && fflush(stdout) == 0;
    free(all);
    return written ? EXIT_SUCCESS : fail("the customers cannot be written");
}

struct job {
    double *columns;
    struct emp_ltv_sample sample;
    const struct emp_lifetime_model *model;
    struct emp_lifetime_options options;
    struct emp_store *store;
};

/* What came of a fit. */
struct outcome {
    double seconds;
    size_t patterns;
    struct emp_lifetime_fit fit;
};

static bool read_customers(const char *path, struct job *job)
{
    size_t count = 0;
    job->columns = job_read(path, &count);
    size_t n = count / 3;
    job->sample = (struct emp_ltv_sample){.count = n, .x = job_memory(n * sizeof(uint32_t))};
    if (!job->columns || !job->sample.x)
        return false;
    for (size_t i = 0; i < n; i++)
        job->sample.x[i] = (uint32_t)job->columns[i];
    job->sample.t_x = job->columns + n;
    job->sample.age = job->columns + 2 * n;
    return true;
}

static bool fit_once(const struct job *job, struct outcome *out)
{
    struct emp_ltv_patterns patterns;
    double begun = job_now();
    bool made = emp__ltv_patterns(&job->sample, job->options.threads, job->store, &patterns,
                                  NULL) == EMP_OK;
    const struct emp_lifetime_data data = emp__ltv_data(&patterns);
    void *work = made ? job_memory(emp__lifetime_work(job->model, &data)) : NULL;
    if (work)
        emp__lifetime_fit(job->model, &data, &job->options, work, &out->fit);
    out->seconds = job_now() - begun;
    out->patterns = data.n;
    emp__ltv_patterns_give(job->store, &patterns);
    free(work);
    return work;
}

static int run(const struct job *job)
{
    struct outcome out = {0};
    if (!fit_once(job, &out) || !fit_once(job, &out))
        return fail("there is not enough memory");
    if (out.fit.status == EMP_LIFETIME_LIMIT)
        return fail("the fit has not converged");
    printf("{\"seconds\": %.6f, \"peak_kib\": %ld, \"version\": \"%s\", \"patterns\": %zu, "
           "\"iterations\": %d, \"answer\": {\"customers\": %zu, \"log_likelihood\": %.17g}}\n",
           out.seconds, job_peak_kib(), EMP_VERSION, out.patterns, out.fit.iterations,
           job->sample.count, out.fit.log_likelihood);
    return EXIT_SUCCESS;
}

static int fit(const char *path, const char *model, size_t threads)
{
    struct job job = {.model = emp__lifetime_model(model), .options = emp__lifetime_defaults()};
    job.options.threads = (int)threads;
    if (!job.model)
        return fail("there is no such model");
    bool ready = read_customers(path, &job) &&
                 emp__store_new("/tmp", UINT64_MAX, &job.store, NULL) == EMP_OK;
    int status = ready ? run(&job) : fail("the customers cannot be read");
    emp__store_free(job.store);
    free(job.columns);
    free(job.sample.x);
    return status;
}

int main(int count, char **words)
{
    enum { MAKE_WORDS = 4, FIT_WORDS = 5 };
    if (count == MAKE_WORDS && strcmp(words[1], "make") == 0)
        return make(job_number(words[2]), words[3]);
    if (count == FIT_WORDS && strcmp(words[1], "fit") == 0)
        return fit(words[2], words[3], job_number(words[4]));
    return fail("usage: lifetime_job make N days|continuous | fit FILE MODEL THREADS");
}
