// SPDX-License-Identifier: Apache-2.0
/*
 * Our side of the works with k-means, and their data:
 *
 *   kmeans_job make N COLUMNS PLACES
 *       writes N x COLUMNS doubles to standard output: points around so many places, normal in
 *       both, so that they overlap
 *   kmeans_job fit FILE COLUMNS K THREADS
 *       fits from the first K points until no label changes
 *
 * A fit is made once for nothing, so that all memory has been touched; then it is timed, and what
 * came of it printed as one line of JSON. jobs/kmeans.py is the same for the peers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emptor/version.h>

#include "cluster/kmeans.h"
#include "job.h"
#include "random/distributions.h"

enum { ITERATIONS_MOST = 300 };

struct job {
    struct emp_points points;
    struct emp_kmeans_options options;
    double *centres;
    uint32_t *labels;
    void *workspace;
    double seconds, inertia;
    int iterations;
};

static int fail(const char *what)
{
    fprintf(stderr, "kmeans_job: %s\n", what);
    return EXIT_FAILURE;
}

static int make(size_t n, size_t d, size_t places)
{
    struct emp_stream stream;
    double *place = malloc(places * d * sizeof *place), *point = malloc(d * sizeof *point);
    bool written = place && point;
    emp__stream_open(&stream, 1, 1, 0);
    for (size_t i = 0; i < places * d && written; i++)
        place[i] = emp__stream_normal(&stream);
    for (size_t i = 0; i < n && written; i++) {
        const double *around = place + emp__stream_u64(&stream) % places * d;
        for (size_t j = 0; j < d; j++)
            point[j] = around[j] + emp__stream_normal(&stream);
        written = fwrite(point, sizeof *point, d, stdout) == d;
    }
    free(place);
    free(point);
    return written && fflush(stdout) == 0 ? EXIT_SUCCESS : fail("the points cannot be written");
}

static bool read_points(const char *path, struct job *job)
{
    size_t count;
    double *x = job_read(path, &count);
    job->points.x = x;
    job->points.n = x ? count / job->points.d : 0;
    return x;
}

static void fit(struct job *job)
{
    struct emp_kmeans *state;
    double begun = job_now();
    if (emp__kmeans_begin(&job->points, &job->options, job->points.x, job->labels, job->workspace,
                          &state) != EMP_KMEANS_RUNNING)
        return;
    while (emp__kmeans_step(state) == EMP_KMEANS_RUNNING)
        continue;
    job->inertia = emp__kmeans_finish(state, job->centres, NULL);
    job->iterations = emp__kmeans_progress(state)->iterations;
    job->seconds = job_now() - begun;
}

static int run(struct job *job)
{
    size_t size = job->options.k * job->points.d * sizeof(double);
    job->labels = job_memory(job->points.n * sizeof *job->labels);
    job->workspace = job_memory(emp__kmeans_workspace(&job->points, &job->options));
    job->centres = job_memory(size);
    if (!job->labels || !job->workspace || !job->centres)
        return fail("there is not enough memory");
    fit(job);
    fit(job);
    printf("{\"seconds\": %.6f, \"peak_kib\": %ld, \"version\": \"%s\", \"answer\": "
           "{\"points\": %zu, \"iterations\": %d, \"inertia\": %.17g}}\n",
           job->seconds, job_peak_kib(), EMP_VERSION, job->points.n, job->iterations, job->inertia);
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    enum { MAKE_WORDS = 5, FIT_WORDS = 6 };
    if (count == MAKE_WORDS && strcmp(words[1], "make") == 0)
        return make(job_number(words[2]), job_number(words[3]), job_number(words[4]));
    if (count != FIT_WORDS || strcmp(words[1], "fit") != 0)
        return fail("usage: kmeans_job make N COLUMNS PLACES | fit FILE COLUMNS K THREADS");
    struct job job = {
        .points.d = job_number(words[3]),
        .options = {.k = job_number(words[4]),
                    .threads = (int)job_number(words[5]),
                    .max_iterations = ITERATIONS_MOST},
    };
    int status = read_points(words[2], &job) ? run(&job) : fail("the points cannot be read");
    free((void *)(uintptr_t)job.points.x);
    free(job.labels);
    free(job.workspace);
    free(job.centres);
    return status;
}
