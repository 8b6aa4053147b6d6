// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)

_Static_assert(sizeof(pthread_t) <= sizeof(uintptr_t), "a thread handle fits a word");

static void *run(void *argument) {
    sim_thread *t = argument;
    t->body(t->argument);
    return NULL;
}

int mimir_sim_os_start(sim_thread *t) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, t) != 0) {
        return -EAGAIN;
    }
    t->handle = (uintptr_t) thread;
    return 0;
}

/* `ns` from now on the clock that sleeps are counted by; CLOCK_MONOTONIC_RAW cannot be slept on. */
static struct timespec in(int64_t ns) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    const int64_t sum = t.tv_nsec + ns % SECOND_NS;
    t.tv_sec += ns / SECOND_NS + sum / SECOND_NS;
    t.tv_nsec = sum % SECOND_NS;
    return t;
}

void mimir_sim_os_join(sim_thread *t) {
    pthread_join((pthread_t) t->handle, NULL);
}

int64_t mimir_sim_os_enter(const char *name) {
    pthread_setname_np(pthread_self(), name);
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    return syscall(SYS_gettid);
}

void mimir_sim_os_sleep(int64_t until_ns, int64_t now_ns) {
    if (until_ns > now_ns) {
        const struct timespec until = in(until_ns - now_ns);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

void mimir_sim_os_rest(const uint32_t *word, uint32_t seen, int64_t until_ns, int64_t now_ns) {
    if (until_ns > now_ns) {
        const struct timespec until = in(until_ns - now_ns);
        syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, seen, &until, NULL, FUTEX_BITSET_MATCH_ANY);
    }
}

void mimir_sim_os_wake(const uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}
