// SPDX-License-Identifier: Apache-2.0
/* Sleeping and waking: no wake-up is ever lost, none is paid without a sleeper. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "internal.h"
#include "region.h"
#include "test.h"

#define SECOND   INT64_C(1000000000)
#define SLEEPERS 2
#define RUN_NS   run_ns(SECOND / 2)

typedef struct sleeper {
    mimir_ring_reader reader;
    uint64_t done;    /* items taken; the writer looks at it */
    uint64_t missed;  /* waits that ended by time-out */
} sleeper;

static test_region t;
static mimir_ring_writer w;
static mimir_ring_reader r;
static sleeper sleepers[SLEEPERS];

static void attach(void) {
    t = test_region_make(64, 64);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
}

static void *take_all(void *argument) {
    sleeper *own = argument;
    mimir_ring_lease lease;
    for (;;) {
        const int n = mimir_ring_next(&own->reader, &lease);
        if (n < 0) {
            return NULL;
        }
        if (n == 1) {
            mimir_ring_release(&own->reader, &lease);
            __atomic_store_n(&own->done, own->done + 1, __ATOMIC_RELEASE);
        } else if (mimir_ring_wait_sliced(&own->reader, 5 * SECOND, 5 * SECOND) == 0) {
            own->missed++; /* one slice as long as the limit: nothing but a wake-up can end it earlier */
        }
    }
}

/* Holds the next item back until both have taken this one and are about to sleep, each time a little differently. */
static void await_both(uint64_t items) {
    for (int i = 0; i < SLEEPERS; i++) {
        while (__atomic_load_n(&sleepers[i].done, __ATOMIC_ACQUIRE) < items) {
            sched_yield();
        }
    }
    for (uint64_t spin = items * UINT64_C(2654435761) % 4096; spin > 0; spin--) {
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
}

static void lose_no_wake_up(void) {
    pthread_t threads[SLEEPERS];
    attach();
    for (int i = 0; i < SLEEPERS; i++) {
        sleepers[i].reader = r;
        ASSERT_EQ(0, pthread_create(&threads[i], NULL, take_all, &sleepers[i]));
    }
    const int64_t ns = RUN_NS;
    const int64_t begin = mimir_clock_ns();
    uint64_t items = 0;
    while (mimir_clock_ns() - begin < ns) {
        test_write(&w, ++items, 64);
        await_both(items);
    }
    mimir_ring_end(&w);
    for (int i = 0; i < SLEEPERS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("# figure: %" PRIu64 " items, %" PRIu64 " wake calls\n", items, t.header->woken);
    ASSERT_EQ(0, sleepers[0].missed + sleepers[1].missed);
    ASSERT_EQ(items, sleepers[0].reader.delivered);
    ASSERT_EQ(items, sleepers[1].reader.delivered);
    ASSERT(t.header->woken <= items + 1);
    ASSERT(t.header->woken > 0);
    test_region_free(&t);
}

static void pay_for_sleepers_only(void) {
    attach();
    for (uint64_t i = 1; i <= 1000; i++) {
        test_write(&w, i, 64);
    }
    ASSERT_EQ(0, t.header->woken);
    ASSERT_EQ(0, t.header->doorbell);
    t.hints->may_sleep = 1;
    t.hints->waiters = 1; /* a sleeper that died: one wake call, then its mark is gone */
    test_write(&w, 1001, 64);
    test_write(&w, 1002, 64);
    ASSERT_EQ(1, t.header->woken);
    ASSERT_EQ(0, t.hints->waiters);
    test_region_free(&t);
}

static uint32_t doorbell_at_clear;

static void on_clear(int number) {
    (void) number;
    doorbell_at_clear = t.header->doorbell;
    mprotect(t.hints, MIMIR_RING_HINTS_BYTES, PROT_READ | PROT_WRITE);
}

/*
 * The order that keeps wake-ups (see writer.c) goes wrong too seldom to be met by chance: here the very store that
 * clears the mark is stopped, by a page that may not be written, to see that the doorbell has not changed yet.
 */
static void clear_before_ringing(void) {
    const struct sigaction action = {.sa_handler = on_clear};
    struct sigaction before;
    attach();
    t.hints->may_sleep = 1;
    t.hints->waiters = 1;
    sigaction(SIGSEGV, &action, &before);
    mprotect(t.hints, MIMIR_RING_HINTS_BYTES, PROT_READ);
    doorbell_at_clear = 99;
    test_write(&w, 1, 64);
    sigaction(SIGSEGV, &before, NULL);
    ASSERT_EQ(0, doorbell_at_clear);
    ASSERT_EQ(0, t.hints->waiters);
    ASSERT_EQ(1, t.header->doorbell);
    ASSERT_EQ(1, t.header->woken);
    test_region_free(&t);
}

static void time_out(void) {
    attach();
    const int64_t begin = mimir_clock_ns();
    ASSERT_EQ(0, mimir_ring_wait(&r, SECOND / 20));
    ASSERT(mimir_clock_ns() - begin >= SECOND / 20);
    ASSERT_EQ(0, mimir_ring_wait(&r, 0));
    test_write(&w, 1, 64);
    ASSERT_EQ(1, mimir_ring_wait(&r, 0));
    ASSERT_EQ(1, mimir_ring_wait(&r, -1));
    test_region_free(&t);
}

static const enum mimir_ring_waiting WAYS[] = {MIMIR_WAIT_DOORBELL, MIMIR_WAIT_SPIN, MIMIR_WAIT_YIELD, MIMIR_WAIT_PARK};
#define EACH_WAY size_t way = 0; way < sizeof WAYS / sizeof *WAYS; way++

static void attach_by(enum mimir_ring_waiting waiting) {
    attach();
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST, waiting));
}

static bool began; /* to wait */

/* Comes a little after the reader has begun to wait, so that it does what its way does. */
static void *write_late(void *unused) {
    while (!__atomic_load_n(&began, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
    mimir_nap(SECOND / 500);
    test_write(&w, 1, 64);
    return unused;
}

static void wake_each_way(void) {
    for (EACH_WAY) {
        pthread_t writer;
        mimir_ring_lease lease;
        attach_by(WAYS[way]);
        began = false;
        ASSERT_EQ(0, pthread_create(&writer, NULL, write_late, NULL));
        __atomic_store_n(&began, true, __ATOMIC_RELEASE);
        const int result = mimir_ring_wait_sliced(&r, 20 * SECOND, 20 * SECOND);
        pthread_join(writer, NULL);
        ASSERT_EQ(1, result);
        ASSERT_EQ(1, mimir_ring_next(&r, &lease));
        ASSERT_EQ(WAYS[way] == MIMIR_WAIT_DOORBELL, t.header->woken); /* nobody else asks the writer for a call */
        test_region_free(&t);
    }
}

static void mark_at_the_doorbell_only(void) {
    for (EACH_WAY) {
        attach_by(WAYS[way]);
        ASSERT_EQ(0, mimir_ring_wait(&r, SECOND / 100));
        ASSERT_EQ(WAYS[way] == MIMIR_WAIT_DOORBELL, t.hints->waiters);
        test_region_free(&t);
    }
}

static int64_t processor_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * SECOND + now.tv_nsec;
}

static void time_out_each_way(void) {
    for (EACH_WAY) {
        attach_by(WAYS[way]);
        ASSERT_EQ(0, mimir_ring_wait(&r, 0));
        const int64_t begin = mimir_clock_ns();
        const int64_t used = processor_ns();
        ASSERT_EQ(0, mimir_ring_wait(&r, SECOND / 10));
        const int64_t waited = mimir_clock_ns() - begin;
        ASSERT(waited >= SECOND / 10);
        ASSERT(waited < 10 * SECOND);
        if (WAYS[way] != MIMIR_WAIT_SPIN && WAYS[way] != MIMIR_WAIT_YIELD) {
            ASSERT(processor_ns() - used < SECOND / 20); /* it sleeps */
        }
        test_write(&w, 1, 64);
        ASSERT_EQ(1, mimir_ring_wait(&r, 0));
        test_region_free(&t);
    }
}

static void see_the_end_each_way(void) {
    for (EACH_WAY) {
        mimir_ring_lease lease;
        attach_by(WAYS[way]);
        mimir_ring_end(&w);
        ASSERT_EQ(1, mimir_ring_wait(&r, -1));
        ASSERT_EQ(-EPIPE, mimir_ring_next(&r, &lease));
        test_region_free(&t);
    }
}

static void poll_without_hints(void) {
    mimir_ring_lease lease;
    attach();
    r.hints = NULL;
    ASSERT_EQ(0, mimir_ring_wait(&r, SECOND / 100));
    test_write(&w, 1, 64);
    ASSERT_EQ(1, mimir_ring_wait(&r, SECOND));
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(0, t.header->woken);
    test_region_free(&t);
}

static void *end_when_marked(void *unused) {
    while (__atomic_load_n(&t.hints->waiters, __ATOMIC_ACQUIRE) == 0) {
        sched_yield();
    }
    mimir_ring_end(&w);
    return unused;
}

static void wake_at_the_end(void) {
    pthread_t ender;
    mimir_ring_lease lease;
    attach();
    ASSERT_EQ(0, pthread_create(&ender, NULL, end_when_marked, NULL));
    ASSERT_EQ(1, mimir_ring_wait_sliced(&r, 20 * SECOND, 20 * SECOND));
    pthread_join(ender, NULL);
    ASSERT_EQ(-EPIPE, mimir_ring_next(&r, &lease));
    test_region_free(&t);
}

static void on_signal(int number) { (void) number; }

static void *signal_until_done(void *argument) {
    const pthread_t waiting = *(pthread_t *) argument;
    while (__atomic_load_n(&t.header->source_id, __ATOMIC_ACQUIRE) != 0) {
        pthread_kill(waiting, SIGUSR1);
        sched_yield();
    }
    return NULL;
}

static void stop_at_signal(void) {
    pthread_t other;
    pthread_t self = pthread_self();
    struct sigaction action = {.sa_handler = on_signal};
    attach();
    sigaction(SIGUSR1, &action, NULL);
    ASSERT_EQ(0, pthread_create(&other, NULL, signal_until_done, &self));
    const int result = mimir_ring_wait(&r, 20 * SECOND);
    __atomic_store_n(&t.header->source_id, 0, __ATOMIC_RELEASE);
    pthread_join(other, NULL);
    ASSERT_EQ(-EINTR, result);
    test_region_free(&t);
}

int main(void) {
    RUN("should lose no wake-up", lose_no_wake_up);
    RUN("should make no wake call without a sleeper", pay_for_sleepers_only);
    RUN("should clear the mark before it rings the doorbell", clear_before_ringing);
    RUN("should time out", time_out);
    RUN("should wake in each way of waiting", wake_each_way);
    RUN("should ask to be woken at the doorbell only", mark_at_the_doorbell_only);
    RUN("should time out in each way of waiting", time_out_each_way);
    RUN("should see an end in each way of waiting", see_the_end_each_way);
    RUN("should poll without hints", poll_without_hints);
    RUN("should wake at the end of the ring", wake_at_the_end);
    RUN("should stop waiting at a signal", stop_at_signal);
    FINISH();
}
