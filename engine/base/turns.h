// SPDX-License-Identifier: Apache-2.0
/*
 * Numbered pieces of work, made by several threads in any order, that have their turn one by one in
 * order of number: so a file is written in order.
 *
 * Threads that wait sleep. (OpenMP's `ordered` lets them spin, which costs ten times the whole work
 * once another program wants one of the processors.) Every number must have its turn, also after a
 * failure, and a thread must not take a number while it holds back a lower one.
 */
#ifndef EMP_BASE_TURNS_H
#define EMP_BASE_TURNS_H

#include <pthread.h>
#include <stddef.h>

struct emp_turns {
    pthread_mutex_t lock;
    pthread_cond_t came;
    size_t next; /* the number whose turn it is */
};

/* The first turn is number 0. */
void emp__turns_init(struct emp_turns *turns);
void emp__turns_destroy(struct emp_turns *turns);

/* Waits for the turn of `number`, and ends it. In between no other turn begins. */
void emp__turns_begin(struct emp_turns *turns, size_t number);
void emp__turns_end(struct emp_turns *turns);

#endif
