// SPDX-License-Identifier: Apache-2.0
/* A thread that writes a ring from C at a steady beat; started by one call from Java, which then only reads. */
#include <pthread.h>
#include <time.h>

#include "mimir_ring.h"

#define WORDS 8
#define API __attribute__((visibility("default")))

static struct {
    pthread_t thread;
    mimir_ring_writer writer;
    uint64_t items;
    int64_t period_ns;
    int sleeping;
    double share;
} job;

static int64_t clock_now(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Waits for `when`, asleep or not. */
static void wait_until(int64_t when)
{
    if (job.sleeping) {
        struct timespec until = {.tv_sec = when / 1000000000LL, .tv_nsec = when % 1000000000LL};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    while (clock_now(CLOCK_MONOTONIC) < when) {
        __builtin_ia32_pause();
    }
}

static void write_item(uint64_t sequence)
{
    mimir_ring_descriptor *d;
    uint64_t *words = mimir_ring_claim_inline(&job.writer, &d);
    for (int word = 2; word < WORDS; word++) {
        words[word - 2] = sequence + (uint64_t)word;
    }
    d->sequence = sequence;
    d->format_id = 1;
    d->width = 1;
    d->height = 1;
    d->payload_bytes = 8 * (WORDS - 2); /* the other two are sequence and time */
    d->host_time_ns = clock_now(CLOCK_MONOTONIC); /* what System.nanoTime reads, so that both sides compare */
    mimir_ring_commit(&job.writer, 0);
}

static void *write_all(void *unused)
{
    (void)unused;
    int64_t begin = clock_now(CLOCK_MONOTONIC);
    int64_t used = 0;
    int64_t next = begin + job.period_ns;
    for (uint64_t i = 0; i < job.items; i++) {
        if (i == job.items / 2) { /* before, the reader's compiler wants a core, too */
            begin = clock_now(CLOCK_MONOTONIC);
            used = clock_now(CLOCK_THREAD_CPUTIME_ID);
        }
        wait_until(next);
        write_item(i);
        next += job.period_ns;
        int64_t now = clock_now(CLOCK_MONOTONIC);
        if (next < now) {
            next = now + job.period_ns;
        }
    }
    job.share = (double)(clock_now(CLOCK_THREAD_CPUTIME_ID) - used) / (double)(clock_now(CLOCK_MONOTONIC) - begin);
    return NULL;
}

/* Starts the thread. Returns 0 or a negative errno. One at a time. */
API int bench_writer_start(void *region, uint64_t bytes, void *hints, uint64_t items, int64_t period_ns, int sleeping)
{
    int error = mimir_ring_writer_attach(&job.writer, region, bytes, hints);
    job.items = items;
    job.period_ns = period_ns;
    job.sleeping = sleeping;
    return error ? error : -pthread_create(&job.thread, NULL, write_all, NULL);
}

/* Waits for its end. Returns the share of a core that it had. */
API double bench_writer_join(void)
{
    pthread_join(job.thread, NULL);
    return job.share;
}

/* Copies as the C library does; for comparison. */
API void bench_copy(void *to, const void *from, uint64_t bytes)
{
    __builtin_memcpy(to, from, bytes);
}

/* The time on a processor of all threads of this process, ns; the JVM tells it in steps of 10 ms. */
API int64_t bench_process_ns(void)
{
    return clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

/* Does nothing: the cost of a call. */
API void bench_nothing(void)
{
}
