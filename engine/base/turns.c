// SPDX-License-Identifier: Apache-2.0
#include "base/turns.h"

void emp__turns_init(struct emp_turns *turns)
{
    pthread_mutex_init(&turns->lock, NULL);
    pthread_cond_init(&turns->came, NULL);
    turns->next = 0;
}

void emp__turns_destroy(struct emp_turns *turns)
{
    pthread_cond_destroy(&turns->came);
    pthread_mutex_destroy(&turns->lock);
}

void emp__turns_begin(struct emp_turns *turns, size_t number)
{
    pthread_mutex_lock(&turns->lock);
    while (turns->next != number)
        pthread_cond_wait(&turns->came, &turns->lock);
}

void emp__turns_end(struct emp_turns *turns)
{
    turns->next++;
    pthread_cond_broadcast(&turns->came);
    pthread_mutex_unlock(&turns->lock);
}
