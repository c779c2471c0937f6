// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double clock_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/*
 * The one variable of the program that outlives a call: a signal handler can reach nothing else.
 * Holding the signals back instead would not do, since a library's threads may take them.
 */
static volatile sig_atomic_t noted_signal;

static void note_signal(int signal_number)
{
    noted_signal = signal_number;
}

static bool is_cancelled(void *user)
{
    (void)user;
    return noted_signal != 0;
}

static void clear_bar(struct cli_watch *watch)
{
    if (watch->bar_shown)
        fputs("\r\033[K", stderr);
    watch->bar_shown = false;
}

/* "[#####     ]  50 %  1.2 million rows, 34 MiB, 5 s left" */
static void draw_bar(const emp_progress *progress, double elapsed)
{
    enum { WIDTH = 30, BYTES_PER_MIB = 1 << 20 };
    double share = (double)progress->bytes / (double)progress->bytes_total;
    if (share > 1)
        share = 1;
    int filled = (int)(share * WIDTH);
    fputs("\r\033[K[", stderr);
    for (int i = 0; i < WIDTH; i++)
        fputc(i < filled ? '#' : ' ', stderr);
    fprintf(stderr, "] %3.0f %%  %" PRIu64 " rows, %" PRIu64 " MiB", 100 * share, progress->rows,
            progress->bytes / BYTES_PER_MIB);
    if (share > 0)
        fprintf(stderr, ", %.0f s left", elapsed * (1 - share) / share);
}

static void show_progress(void *user, const emp_progress *progress)
{
    const double interval = 0.1; /* seconds between two pictures */
    struct cli_watch *watch = user;
    double now = clock_seconds(CLOCK_MONOTONIC);
    if (now - watch->last_shown < interval)
        return;
    watch->last_shown = now;
    watch->bar_shown = true;
    if (progress->bytes_total > 0)
        draw_bar(progress, now - watch->begun);
    else
        fprintf(stderr, "\r\033[K%" PRIu64 " rows", progress->rows);
    fflush(stderr);
}

static void show_message(void *user, emp_log_level level, const char *message)
{
    struct cli_watch *watch = user;
    if (level == EMP_LOG_INFO && !watch->verbose)
        return;
    clear_bar(watch);
    fprintf(stderr, "emptor: %s%s\n", level == EMP_LOG_WARNING ? "warning: " : "", message);
}

void cli_watch_begin(struct cli_watch *watch, struct cli_line *line)
{
    struct sigaction action = {.sa_handler = note_signal};
    *watch = (struct cli_watch){
        .quiet = line->quiet,
        .verbose = line->verbose,
        .bar = !line->quiet && isatty(STDERR_FILENO),
        .begun = clock_seconds(CLOCK_MONOTONIC),
    };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &watch->old_interrupt);
    sigaction(SIGTERM, &action, &watch->old_terminate);
    line->options.user = watch;
    line->options.cancelled = is_cancelled;
    line->options.progress = watch->bar ? show_progress : NULL;
    line->options.log = watch->quiet ? NULL : show_message;
}

void cli_watch_end(struct cli_watch *watch)
{
    struct rusage usage = {0};
    clear_bar(watch);
    getrusage(RUSAGE_SELF, &usage);
    if (!watch->quiet)
        fprintf(stderr, "emptor %s: wall %.2f s, CPU %.2f s, peak memory %ld MiB\n", EMP_VERSION,
                clock_seconds(CLOCK_MONOTONIC) - watch->begun,
                clock_seconds(CLOCK_PROCESS_CPUTIME_ID), usage.ru_maxrss / 1024);
    sigaction(SIGINT, &watch->old_interrupt, NULL);
    sigaction(SIGTERM, &watch->old_terminate, NULL);
    if (noted_signal != 0)
        raise(noted_signal);
}
