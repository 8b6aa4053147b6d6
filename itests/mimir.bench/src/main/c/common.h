// SPDX-License-Identifier: Apache-2.0
/* What the programs of the benchmarks share. */
#ifndef MIMIR_BENCH_COMMON_H
#define MIMIR_BENCH_COMMON_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FRAME_BYTES 614400 /* 640 x 480 pixels of YUYV */

static inline int64_t clock_now(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline void sleep_until(int64_t when)
{
    struct timespec until = {.tv_sec = when / 1000000000LL, .tv_nsec = when % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* Sum of all words: what a consumer of pixels does at the very least. Defined in touch.c. */
uint64_t bench_sum(const uint64_t *words, uint64_t bytes);

static inline int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static inline void print_quantiles(int64_t *times, uint64_t count)
{
    qsort(times, count, sizeof *times, compare_times);
    if (count > 0) {
        printf("figure p50.ns %lld\n", (long long)times[count / 2]);
        printf("figure p99.ns %lld\n", (long long)times[count * 99 / 100]);
    }
}

#endif
