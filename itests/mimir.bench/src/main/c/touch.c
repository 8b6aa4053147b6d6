// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include "common.h"

__attribute__((visibility("default"))) uint64_t bench_sum(const uint64_t *words, uint64_t bytes)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < bytes / 8; i++) {
        sum += words[i];
    }
    return sum;
}

/* Pages that were not there when the calling thread wanted them, so far, and that the system found without a disk. */
__attribute__((visibility("default"))) int64_t bench_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt;
}
