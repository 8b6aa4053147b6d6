// SPDX-License-Identifier: Apache-2.0
/* The host clock on Linux: un-slewed, the same for all processes of a boot. */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

int64_t mimir_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Upper 56 bits of FNV-1a (64 bits) over the kernel's boot id without the end of line; 0 when it cannot be read. */
static uint64_t hash_of_boot(void) {
    char id[64];
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    const int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    const ssize_t length = fd >= 0 ? read(fd, id, sizeof id) : 0;
    if (fd >= 0) {
        close(fd);
    }
    for (ssize_t i = 0; i < length && id[i] != '\n'; i++) {
        hash = (hash ^ (uint8_t) id[i]) * UINT64_C(0x100000001B3);
    }
    return length > 0 ? hash >> 8 : 0;
}

uint64_t mimir_clock_id(void) {
    return (uint64_t) MIMIR_CLOCK_MONOTONIC_RAW << 56 | hash_of_boot();
}
