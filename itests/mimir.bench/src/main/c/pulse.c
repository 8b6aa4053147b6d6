// SPDX-License-Identifier: Apache-2.0
/* Devices: threads that fill and publish items at a steady beat, as capture threads do, until they are stopped. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "common.h"
#include "mimir_ring.h"

#define API __attribute__((visibility("default")))
#define DEVICES 16
#define PRIORITY 50
#define TIMED (1 << 16)

struct device {
    pthread_t thread;
    mimir_ring_writer writer;
    uint32_t width;
    uint32_t height;
    uint64_t bytes;
    int64_t period_ns;
    bool running; /* its place is free once it was stopped; its times stay until somebody else has the place */
    atomic_bool stop;
    uint64_t items;
    uint32_t took_ns[TIMED]; /* to publish the newest items, without what it takes to fill them */
};

static struct device devices[DEVICES];
static int newest = -1;

static void publish(struct device *one)
{
    mimir_ring_descriptor *d;
    int64_t began = clock_now(CLOCK_MONOTONIC);
    void *payload = mimir_ring_claim(&one->writer, &d);
    int64_t claimed = clock_now(CLOCK_MONOTONIC);
    memset(payload, (int)one->items, one->bytes);
    d->sequence = one->items;
    d->device_time = (int64_t)one->items;
    d->device_clock = 1;
    d->format_id = 1;
    d->width = one->width;
    d->height = one->height;
    d->payload_bytes = one->bytes;
    d->host_time_ns = clock_now(CLOCK_MONOTONIC); /* what System.nanoTime reads; last, so that only the ring counts */
    int64_t filled = d->host_time_ns;
    mimir_ring_commit(&one->writer, 0);
    int64_t took = clock_now(CLOCK_MONOTONIC) - filled + claimed - began;
    one->took_ns[one->items++ % TIMED] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
}

static void *run(void *argument)
{
    struct device *one = argument;
    struct sched_param urgent = {.sched_priority = PRIORITY};
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &urgent); /* where that is permitted, as for a driver */
    int64_t next = clock_now(CLOCK_MONOTONIC);
    while (!atomic_load(&one->stop)) {
        publish(one);
        next += one->period_ns;
        sleep_until(next);
    }
    return NULL;
}

/* The place that was stopped longest ago, or -ENOSPC. */
static int free_place(void)
{
    for (int i = 1; i <= DEVICES; i++) {
        int place = (newest + i) % DEVICES;
        if (!devices[place].running) {
            return place;
        }
    }
    return -ENOSPC;
}

/* Starts a device. Returns its number or a negative errno. One thread at a time, as for stopping. */
API int bench_device_start(void *region, uint64_t region_bytes, void *hints, uint32_t width, uint32_t height,
    uint64_t bytes, int64_t period_ns)
{
    int place = free_place();
    if (place < 0) {
        return place;
    }
    struct device *one = &devices[place];
    one->items = 0;
    atomic_store(&one->stop, false);
    int error = mimir_ring_writer_attach(&one->writer, region, region_bytes, hints);
    one->width = width;
    one->height = height;
    one->bytes = bytes;
    one->period_ns = period_ns;
    error = error ? error : -pthread_create(&one->thread, NULL, run, one);
    if (error) {
        return error;
    }
    one->running = true;
    return newest = place;
}

/* Stops it. Returns how many items it published. */
API uint64_t bench_device_stop(int number)
{
    atomic_store(&devices[number].stop, true);
    pthread_join(devices[number].thread, NULL);
    devices[number].running = false;
    return devices[number].items;
}

/* How long it took to publish an item, ns: one of the newest 65,536, after the device was stopped. */
API uint32_t bench_device_took(int number, uint64_t item)
{
    return devices[number].took_ns[item % TIMED];
}
