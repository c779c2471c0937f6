// SPDX-License-Identifier: Apache-2.0
#include "bench_isolate.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* False if the other end was closed before all bytes had come. */
static bool read_all(int fd, char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t found = read(fd, bytes, size);
        if (found == 0 || (found < 0 && errno != EINTR))
            return false;
        if (found > 0) {
            bytes += found;
            size -= (size_t)found;
        }
    }
    return true;
}

static sigset_t ending_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

void bench_signals_hold(void)
{
    sigset_t set = ending_signals();
    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool bench_signals_wait(void)
{
    sigset_t set;
    return sigpending(&set) == 0 &&
           (sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) || sigismember(&set, SIGHUP));
}

void bench_signals_release(void)
{
    sigset_t set = ending_signals();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool bench_isolated(void (*work)(void *user, void *result), void *user, void *result, size_t size)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        bench_signals_release();
        work(user, result);
        _exit(write_all(ends[1], result, size) ? 0 : 1);
    }
    close(ends[1]);
    bool whole = child > 0 && read_all(ends[0], result, size);
    close(ends[0]);
    int status;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return whole;
}
