// SPDX-License-Identifier: Apache-2.0
/*
 * A consumer of frames in another process, as gst_shm's source: reads the ring in place. Tells the sender through a
 * small shared file how far it is, for there a saturated sender must not overtake. Prints `ready`, then figures.
 *
 *   ring_frames FOLDER IDENTITY FIRST FRAMES PROGRESS INDEX     those before FIRST do not count
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common.h"
#include "mimir_ring_open.h"

#define LINE 128

static _Atomic uint64_t *map_progress(const char *path, int index)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return memory == MAP_FAILED ? NULL : (_Atomic uint64_t *)(memory + index * LINE);
}

int main(int argc, char **argv)
{
    mimir_ring_source source;
    mimir_ring_lease lease;
    if (argc != 7 || mimir_ring_open(&source, argv[1], argv[2], MIMIR_EVERY, MIMIR_START_OLDEST,
                                     MIMIR_WAIT_DOORBELL) < 0) {
        return 2;
    }
    uint64_t first = strtoull(argv[3], NULL, 10);
    uint64_t frames = strtoull(argv[4], NULL, 10);
    _Atomic uint64_t *progress = map_progress(argv[5], atoi(argv[6]));
    int64_t *times = calloc(frames, sizeof *times);
    uint64_t count = 0;
    uint64_t number = 0;
    int64_t cpu_ns = 0;
    volatile uint64_t sum = 0;
    if (progress == NULL) {
        return 1;
    }
    puts("ready");
    fflush(stdout);
    while (number + 1 < frames) {
        while (mimir_ring_read(&source, &lease) == 1) {
            number = lease.descriptor.sequence;
            sum += *(const uint64_t *)lease.payload;
            if (number >= first) {
                cpu_ns = count == 0 ? clock_now(CLOCK_PROCESS_CPUTIME_ID) : cpu_ns;
                times[count++] = clock_now(CLOCK_MONOTONIC) - lease.descriptor.host_time_ns;
            }
            mimir_ring_release(&source.reader, &lease);
            atomic_store_explicit(progress, number + 1, memory_order_release);
        }
        mimir_ring_await(&source, 1000000000);
    }
    printf("figure cpuPerFrame.ns %.1f\n", (double)(clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns) / (double)count);
    printf("figure received.count %llu\n", (unsigned long long)count);
    print_quantiles(times, count);
    mimir_ring_close(&source);
    return 0;
}
