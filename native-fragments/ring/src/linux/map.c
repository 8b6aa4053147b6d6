// SPDX-License-Identifier: Apache-2.0
/*
 * Mapping on Linux, with a guard: touching a mapped file behind its end raises SIGBUS, and whoever may truncate the
 * file could so end every process that reads it. The guard replaces the whole map by zero pages: the region's id is 0
 * then, and its readers say -EIO.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "internal.h"

#define MOST_MAPS 64

enum entry_state { FREE, FILLING, GUARDED };

/* Read by the signal handler: filled before `state` becomes GUARDED, left alone until it no longer is. */
typedef struct entry {
    uint32_t state;
    uintptr_t region;
    uint64_t region_bytes;
    uintptr_t hints; /* 0: none */
} entry;

static entry entries[MOST_MAPS];
static struct sigaction before;
static int install_error;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

static bool holds(uintptr_t start, uint64_t bytes, uintptr_t address) {
    return start != 0 && address >= start && address - start < bytes;
}

static bool put_zeros(uintptr_t start, uint64_t bytes, int protection) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    return mmap((void *) start, bytes, protection, flags, -1, 0) != MAP_FAILED;
}

/* True when the address was in one of our maps, which now reads as zeros. */
static bool give_up_map_of(uintptr_t address) {
    for (int i = 0; i < MOST_MAPS; i++) {
        const entry *e = &entries[i];
        if (__atomic_load_n(&e->state, __ATOMIC_ACQUIRE) != GUARDED) {
            continue;
        }
        if (holds(e->region, e->region_bytes, address) || holds(e->hints, MIMIR_RING_HINTS_BYTES, address)) {
            return put_zeros(e->region, e->region_bytes, PROT_READ) &&
                   (e->hints == 0 || put_zeros(e->hints, MIMIR_RING_HINTS_BYTES, PROT_READ | PROT_WRITE));
        }
    }
    return false;
}

static void hand_on(int signal_number, siginfo_t *info, void *context) {
    if ((before.sa_flags & SA_SIGINFO) != 0) {
        before.sa_sigaction(signal_number, info, context);
        return;
    }
    const bool sent = info->si_code <= 0;
    if (before.sa_handler == SIG_IGN && sent) {
        return;
    }
    if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
        /*
         * A fault happens again when we return, and ends the process then; a signal that was sent must be sent again.
         */
        signal(signal_number, SIG_DFL);
        if (sent) {
            raise(signal_number);
        }
        return;
    }
    before.sa_handler(signal_number);
}

static void on_bus_error(int signal_number, siginfo_t *info, void *context) {
    const int kept = errno;
    if (info->si_code <= 0 || !give_up_map_of((uintptr_t) info->si_addr)) {
        hand_on(signal_number, info, context);
    }
    errno = kept;
}

static void install(void) {
    struct sigaction ours = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&ours.sa_mask);
    install_error = sigaction(SIGBUS, &ours, &before) == 0 ? 0 : -errno;
}

/* Returns the index of the entry or a negative errno. */
static int guard(const mimir_ring_map *map) {
    pthread_once(&installed, install);
    if (install_error != 0) {
        return install_error;
    }
    for (int i = 0; i < MOST_MAPS; i++) {
        entry *e = &entries[i];
        uint32_t state = FREE;
        if (__atomic_compare_exchange_n(&e->state, &state, FILLING, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            e->region = (uintptr_t) map->region;
            e->region_bytes = map->region_bytes;
            e->hints = (uintptr_t) map->hints;
            __atomic_store_n(&e->state, GUARDED, __ATOMIC_RELEASE);
            return i;
        }
    }
    return -EMFILE;
}

/* Returns the length of a file that has `least` bytes, or a negative errno. */
static int64_t length_of(int fd, int64_t least) {
    struct stat file;
    if (fstat(fd, &file) != 0) {
        return -errno;
    }
    return file.st_size >= least ? file.st_size : -EINVAL;
}

static int map_file(int fd, uint64_t bytes, int protection, void **start) {
    void *mapped = mmap(NULL, bytes, protection, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        return -errno;
    }
    *start = mapped;
    return 0;
}

static int map_region(mimir_ring_map *map, int fd) {
    const int64_t bytes = length_of(fd, MIMIR_RING_HEADER_BYTES);
    if (bytes < 0) {
        return (int) bytes;
    }
    void *start = NULL;
    const int error = map_file(fd, (uint64_t) bytes, PROT_READ, &start);
    map->region = start;
    map->region_bytes = (uint64_t) bytes;
    return error;
}

static int map_hints(mimir_ring_map *map, int fd) {
    const int64_t bytes = length_of(fd, MIMIR_RING_HINTS_BYTES);
    return bytes < 0 ? (int) bytes : map_file(fd, MIMIR_RING_HINTS_BYTES, PROT_READ | PROT_WRITE, &map->hints);
}

static void drop_maps(mimir_ring_map *map) {
    if (map->region != NULL) {
        munmap((void *) (uintptr_t) map->region, map->region_bytes);
    }
    if (map->hints != NULL) {
        munmap(map->hints, MIMIR_RING_HINTS_BYTES);
    }
    *map = (mimir_ring_map) {.guard = -1};
}

int mimir_ring_map_fd(mimir_ring_map *map, int region_fd, int hints_fd) {
    *map = (mimir_ring_map) {.guard = -1};
    int error = map_region(map, region_fd);
    if (error == 0 && hints_fd >= 0) {
        error = map_hints(map, hints_fd);
    }
    if (error == 0) {
        map->guard = guard(map);
        error = map->guard < 0 ? map->guard : 0;
    }
    if (error != 0) {
        drop_maps(map);
    }
    return error;
}

void mimir_ring_unmap(mimir_ring_map *map) {
    if (map->guard >= 0) {
        __atomic_store_n(&entries[map->guard].state, FREE, __ATOMIC_RELEASE);
    }
    drop_maps(map);
}
