// SPDX-License-Identifier: Apache-2.0
/* What differs between systems: threads and sleeping. */
#ifndef MIMIR_SIM_OS_H
#define MIMIR_SIM_OS_H

#include <stdint.h>

/* A thread and what it runs; stays where it is until the thread was joined. */
typedef struct sim_thread {
    void (*body)(void *argument);
    void *argument;
    uintptr_t handle;
} sim_thread;

/* Starts t->body(t->argument). 0 or -EAGAIN. */
int mimir_sim_os_start(sim_thread *t);

/* Waits for its end: call when body has returned or is about to. */
void mimir_sim_os_join(sim_thread *t);

/*
 * Called first by a worker: takes the name, asks for wake-ups that are not put off. Returns the thread id of the
 * system.
 */
int64_t mimir_sim_os_enter(const char *name);

/* Sleeps until `until_ns`; `now_ns` is mimir_clock_ns() just read. May end early. */
void mimir_sim_os_sleep(int64_t until_ns, int64_t now_ns);

/* The same while *word is `seen`, less exactly: Windows may be 16 ms late. mimir_sim_os_wake ends it. */
void mimir_sim_os_rest(const uint32_t *word, uint32_t seen, int64_t until_ns, int64_t now_ns);

/* Wakes who rests on `word`, which was changed before. */
void mimir_sim_os_wake(const uint32_t *word);

#endif
