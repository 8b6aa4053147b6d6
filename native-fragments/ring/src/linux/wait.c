// SPDX-License-Identifier: Apache-2.0
/* Sleeping on Linux: a futex that processes share, which needs no more than read access to the word. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

static struct timespec span(int64_t ns) {
    return (struct timespec) {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

int mimir_doorbell_sleep(const uint32_t *word, uint32_t seen, int64_t ns) {
    const struct timespec limit = span(ns);
    if (syscall(SYS_futex, word, FUTEX_WAIT, seen, &limit, NULL, 0) == 0) {
        return 0;
    }
    if (errno == EINTR) {
        return -EINTR;
    }
    /* The doorbell rang or the time is over; or the page is gone, and then it must not become a loop without rest. */
    return errno == EAGAIN || errno == ETIMEDOUT ? 0 : mimir_nap(ns < MIMIR_POLL_NS ? ns : MIMIR_POLL_NS);
}

uint32_t mimir_doorbell_wake(const uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    return 1;
}

uint32_t mimir_process_id(void) { return (uint32_t) getpid(); }

bool mimir_process_gone(uint32_t id) { return id == 0 || (kill((pid_t) id, 0) != 0 && errno == ESRCH); }

void mimir_yield(void) { sched_yield(); }

int mimir_nap(int64_t ns) {
    const struct timespec length = span(ns);
    return nanosleep(&length, NULL) == 0 ? 0 : -errno;
}
