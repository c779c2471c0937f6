// SPDX-License-Identifier: Apache-2.0
/*
 * Our side of the works with logistic regression, and their data:
 *
 *   logistic_job make N COLUMNS plain|ill|sparse
 *       writes (COLUMNS + 1) x N doubles to standard output, column by column, the labels last
 *   logistic_job fit FILE COLUMNS LAMBDA THREADS
 *       a fit with that ridge penalty, 0 being none
 *   logistic_job path FILE COLUMNS ALPHA THREADS
 *       an elastic-net path of 100 penalties
 *
 * Data: labels are drawn with p = 1 / (1 + exp(-eta)), eta = -1 + the sum of slopes and z. `plain`:
 * z is normal, of every third column 0 or 1, and the columns are z. `sparse`: neighbours are
 * correlated by 1/2, and every fifth column has a slope. `ill`: a column is unit (level + common +
 * z / 10), with units from 1e-2 to 1e2 and one common number a row, so that columns are correlated
 * by .99 and the condition number of the matrix, the intercept included, is above 1e6.
 *
 * What is fitted is fitted once for nothing, so that all memory has been touched; then it is timed,
 * and what came of it printed as one line of JSON. The log-likelihood is less the penalty: it is
 * -N times what is made least; of a path, the mean over its penalties. jobs/logistic.py is the same
 * for the peers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emptor/version.h>

#include "job.h"
#include "logistic/path.h"
#include "random/distributions.h"

static int fail(const char *what)
{
    fprintf(stderr, "logistic_job: %s\n", what);
    return EXIT_FAILURE;
}

struct maker {
    struct emp_stream stream;
    size_t rows, columns;
    double *x; /* column by column, the labels last */
    double *slope;
};

/* One row by its kind; returns the sum of slopes and z. */
typedef double draw_row(struct maker *maker, size_t row);

static double draw_plain(struct maker *maker, size_t row)
{
    enum { EVERY = 3 };
    double eta = 0;
    for (size_t j = 0; j < maker->columns; j++) {
        double z = emp__stream_normal(&maker->stream);
        if (j % EVERY == EVERY - 1)
            z = z > 0.5;
        maker->x[j * maker->rows + row] = z;
        eta += maker->slope[j] * z;
    }
    return eta;
}

static double draw_sparse(struct maker *maker, size_t row)
{
    enum { EVERY = 5 };
    double eta = 0, z = 0;
    for (size_t j = 0; j < maker->columns; j++) {
        double fresh = emp__stream_normal(&maker->stream);
        z = j == 0 ? fresh : z / 2 + sqrt(0.75) * fresh;
        maker->x[j * maker->rows + row] = z;
        if (j % EVERY == 0)
            eta += maker->slope[j] * z;
    }
    return eta;
}

static double draw_ill(struct maker *maker, size_t row)
{
    enum { UNITS = 5 };
    static const double unit[UNITS] = {1e-2, 1e-1, 1, 1e1, 1e2};
    double eta = 0, common = emp__stream_normal(&maker->stream);
    for (size_t j = 0; j < maker->columns; j++) {
        double z = emp__stream_normal(&maker->stream);
        maker->x[j * maker->rows + row] = unit[j % UNITS] * ((double)j + common + z / 10);
        eta += maker->slope[j] * z;
    }
    return eta;
}

static draw_row *kind_of(const char *name)
{
    return strcmp(name, "plain") == 0    ? draw_plain
           : strcmp(name, "sparse") == 0 ? draw_sparse
           : strcmp(name, "ill") == 0    ? draw_ill
                                         : NULL;
}

static bool make_rows(struct maker *maker, draw_row *draw)
{
    size_t n = maker->rows, d = maker->columns;
    emp__stream_open(&maker->stream, 1, 1, 0);
    for (size_t j = 0; j < d; j++)
        maker->slope[j] = (j % 2 ? -1.5 : 1.5) / sqrt((double)d);
    for (size_t i = 0; i < n; i++) {
        double eta = draw(maker, i) - 1;
        maker->x[d * n + i] = emp__stream_uniform(&maker->stream) < 1 / (1 + exp(-eta));
    }
    return fwrite(maker->x, sizeof *maker->x, n * (d + 1), stdout) == n * (d + 1) &&
           fflush(stdout) == 0;
}

static int make(size_t n, size_t d, const char *kind)
{
    struct maker maker = {.rows = n, .columns = d};
    draw_row *draw = kind_of(kind);
    if (!draw)
        return fail("the data are plain, ill or sparse");
    maker.x = job_memory(n * (d + 1) * sizeof *maker.x);
    maker.slope = job_memory(d * sizeof *maker.slope);
    bool made = maker.x && maker.slope && make_rows(&maker, draw);
    free(maker.x);
    free(maker.slope);
    return made ? EXIT_SUCCESS : fail("the rows cannot be made");
}

struct job {
    double *x;
    uint8_t *label;
    struct emp_matrix matrix;
    struct emp_logistic_data data;
    double penalty; /* lambda, or of a path alpha */
    int threads;
};

/* What came of a fit or a path. */
struct outcome {
    double seconds, log_likelihood;
    int iterations, passes, full_passes;
    bool converged;
};

static bool read_rows(const char *path, size_t d, struct job *job)
{
    size_t count = 0;
    job->x = job_read(path, &count);
    size_t n = count / (d + 1);
    job->label = job_memory(n);
    if (!job->x || !job->label)
        return false;
    for (size_t i = 0; i < n; i++)
        job->label[i] = job->x[d * n + i] > 0;
    job->matrix = (struct emp_matrix){.rows = n, .terms = d, .x = job->x, .stride = n};
    job->data = (struct emp_logistic_data){
        .design = emp__matrix_design(&job->matrix), .label = job->label, .left_out = -1};
    return true;
}

static bool fit(const struct job *job, struct outcome *out)
{
    enum { ITERATIONS = 100 };
    const struct emp_logistic_options options = {.lambda = job->penalty,
                                                 .max_iterations = ITERATIONS,
                                                 .tolerance = 1e-8,
                                                 .threads = job->threads};
    struct emp_logistic_fit fit = {.coefficients =
                                       job_memory((job->matrix.terms + 1) * sizeof(double))};
    void *workspace = job_memory(emp__logistic_workspace(&job->data, &options));
    bool allocated = fit.coefficients && workspace;
    for (int time = 0; time < 2 && allocated; time++) {
        double begun = job_now();
        out->converged =
            emp__logistic_fit(&job->data, &options, &fit, workspace) == EMP_LOGISTIC_CONVERGED;
        out->seconds = job_now() - begun;
    }
    out->log_likelihood = -fit.objective * (double)job->matrix.rows;
    out->iterations = fit.iterations;
    out->passes = fit.passes;
    out->full_passes = fit.full_passes;
    free(fit.coefficients);
    free(workspace);
    return allocated;
}

static void summarise(const struct emp_path *path, double rows, struct outcome *out)
{
    double sum = 0;
    for (size_t k = 0; k < path->fitted; k++)
        sum += path->point[k].objective;
    out->log_likelihood = -sum * rows / (double)path->fitted;
    out->iterations = (int)path->fitted;
    out->passes = path->passes;
    out->full_passes = path->full_passes;
}

static bool fit_path(const struct job *job, struct outcome *out)
{
    enum { PASSES = 100 };
    const struct emp_path_options options = {.alpha = job->penalty,
                                             .count = EMP_PATH_COUNT,
                                             .complete = true,
                                             .max_passes = PASSES,
                                             .tolerance = 1e-6,
                                             .threads = job->threads};
    struct emp_path path = {
        .coefficients = job_memory(options.count * (job->matrix.terms + 1) * sizeof(double)),
        .point = job_memory(options.count * sizeof *path.point)};
    void *workspace = job_memory(emp__path_workspace(&job->data, &options));
    bool allocated = path.coefficients && path.point && workspace;
    for (int time = 0; time < 2 && allocated; time++) {
        double begun = job_now();
        out->converged =
            emp__path_fit(&job->data, &options, &path, workspace) == EMP_LOGISTIC_CONVERGED;
        out->seconds = job_now() - begun;
    }
    if (allocated)
        summarise(&path, (double)job->matrix.rows, out);
    free(path.coefficients);
    free(path.point);
    free(workspace);
    return allocated;
}

static int run(const struct job *job, bool path)
{
    struct outcome out = {0};
    if (!(path ? fit_path : fit)(job, &out))
        return fail("there is not enough memory");
    if (!out.converged)
        return fail("the fit has not converged");
    printf("{\"seconds\": %.6f, \"peak_kib\": %ld, \"version\": \"%s\", \"passes\": %d, "
           "\"full_passes\": %d, \"answer\": {\"rows\": %zu, \"%s\": %d, \"log_likelihood\": "
           "%.17g}}\n",
           out.seconds, job_peak_kib(), EMP_VERSION, out.passes, out.full_passes, job->matrix.rows,
           path ? "penalties" : "iterations", out.iterations, out.log_likelihood);
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    enum { MAKE_WORDS = 5, FIT_WORDS = 6 };
    if (count == MAKE_WORDS && strcmp(words[1], "make") == 0)
        return make(job_number(words[2]), job_number(words[3]), words[4]);
    bool path = count == FIT_WORDS && strcmp(words[1], "path") == 0;
    if (!path && (count != FIT_WORDS || strcmp(words[1], "fit") != 0))
        return fail("usage: logistic_job make N COLUMNS KIND | "
                    "fit FILE COLUMNS LAMBDA THREADS | path FILE COLUMNS ALPHA THREADS");
    struct job job = {.penalty = strtod(words[4], NULL), .threads = (int)job_number(words[5])};
    int status = read_rows(words[2], job_number(words[3]), &job) ? run(&job, path)
                                                                 : fail("the rows cannot be read");
    free(job.x);
    free(job.label);
    return status;
}
