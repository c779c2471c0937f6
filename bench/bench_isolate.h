// SPDX-License-Identifier: Apache-2.0
/*
 * Work done by a process of its own, whose memory and whose end concern nobody else, and the
 * signals that ask both to end.
 */
#ifndef BENCH_ISOLATE_H
#define BENCH_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Forks; the child calls work(user, result) and sends the `size` bytes of *result back. False if it
 * ended without: *result is then undefined. To be called before this process has started threads
 * (those of OpenMP do not survive a fork).
 */
bool bench_isolated(void (*work)(void *user, void *result), void *user, void *result, size_t size);

/*
 * Lets SIGINT, SIGTERM and SIGHUP wait, so that there is time to clear up; asks whether one does;
 * and lets them have their effect. The processes of bench_isolated() are not so patient.
 */
void bench_signals_hold(void);
bool bench_signals_wait(void);
void bench_signals_release(void);

#endif
