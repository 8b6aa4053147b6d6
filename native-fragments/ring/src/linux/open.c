// SPDX-License-Identifier: Apache-2.0
/* A ring of another process by its name: map, watch the writer, follow successors. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"
#include "manifest.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define SLICE_NS INT64_C(25000000) /* death is to be told within 100 ms, by readers that are kept waiting too */
#define LOOK_NS  INT64_C(10000000)
#define LOOKS_PER_MANIFEST 20 /* a source that came to life again may have another writer */
#define BETWEEN_LIVES_NS INT64_C(2000000)

enum { NO_HANDLE = -1, NEVER_THERE = -2 };

/* ---- the writer ---- */

static void drop_watch(mimir_ring_source *s) {
    if (s->writer >= 0) {
        close(s->writer);
    }
    s->writer = NO_HANDLE;
}

static void watch_writer(mimir_ring_source *s) {
    const mimir_ring_manifest *m = &s->manifest;
    s->writer = (int) syscall(SYS_pidfd_open, (pid_t) m->writer_pid, 0);
    /* The handle first: whom it holds cannot change while the start time is compared. */
    s->writer_gone = mimir_process_start(m->writer_pid) != m->writer_start;
    if (s->writer_gone) {
        drop_watch(s);
        s->writer = NEVER_THERE;
    }
    s->looked_ns = mimir_clock_ns();
}

static bool is_writer_gone(const mimir_ring_source *s) {
    struct pollfd handle = {.fd = s->writer, .events = POLLIN};
    if (s->writer == NEVER_THERE) {
        return true;
    }
    if (s->writer >= 0) {
        return poll(&handle, 1, 0) > 0;
    }
    /* A kernel before 5.3. */
    return mimir_process_start(s->manifest.writer_pid) != s->manifest.writer_start;
}

/* A host process that died may have been replaced: the platform then says so in the manifest. */
static void look_for_another_writer(mimir_ring_source *s) {
    mimir_ring_manifest now;
    if (mimir_manifest_read(&now, s->manifest.path) == 0 && now.region_id == s->manifest.region_id &&
        (now.writer_pid != s->manifest.writer_pid || now.writer_start != s->manifest.writer_start)) {
        drop_watch(s);
        s->manifest = now;
        watch_writer(s);
    }
}

/* True when the writer is dead; asks the system only where the last answer is older than 10 ms. */
static bool look(mimir_ring_source *s) {
    const int64_t now = mimir_clock_ns();
    if (now - s->looked_ns >= LOOK_NS) {
        s->looked_ns = now;
        if (s->writer_gone || ++s->looks % LOOKS_PER_MANIFEST == 0) {
            look_for_another_writer(s);
        }
        s->writer_gone = is_writer_gone(s);
    }
    return s->writer_gone;
}

/* ---- the mapping ---- */

static int open_regular(const char *path, int flags) {
    struct stat file;
    const int fd = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return -errno;
    }
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
        close(fd); /* a number that means something else by now */
        return -ENOENT;
    }
    return fd;
}

static int open_descriptor(int64_t pid, int number, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%lld/fd/%d", (long long) pid, number);
    return open_regular(path, flags);
}

static int map_manifest(mimir_ring_map *map, const mimir_ring_manifest *m) {
    const int region = m->file[0] != 0 ? open_regular(m->file, O_RDONLY)
                                       : open_descriptor(m->holder_pid, m->region_fd, O_RDONLY);
    if (region < 0) {
        return mimir_process_start(m->holder_pid) == m->holder_start ? region : -ESRCH;
    }
    /* Without hints, as after the writer's death, the reader polls. */
    int hints = open_descriptor(m->holder_pid, m->hints_fd, O_RDWR);
    int error = mimir_ring_map_fd(map, region, hints);
    if (error == -EINVAL && hints >= 0) {
        close(hints);
        hints = -1;
        error = mimir_ring_map_fd(map, region, hints);
    }
    close(region);
    if (hints >= 0) {
        close(hints);
    }
    return error;
}

/* `abi` receives what the ring was written with when that is refused. */
static int attach(mimir_ring_reader *reader, mimir_ring_map *map, const mimir_ring_manifest *m,
                  enum mimir_ring_profile profile, enum mimir_ring_start start, enum mimir_ring_waiting waiting,
                  uint16_t abi[2]) {
    int error = map_manifest(map, m);
    if (error != 0) {
        return error;
    }
    error = mimir_ring_reader_attach(reader, map->region, map->region_bytes, map->hints, profile, start, waiting);
    if (error == -EINVAL && map->hints != NULL) { /* not this region's hints */
        error = mimir_ring_reader_attach(reader, map->region, map->region_bytes, NULL, profile, start, waiting);
    }
    if (error == -EPROTO) {
        const mimir_ring_header *h = map->region;
        abi[0] = h->abi_major;
        abi[1] = h->abi_minor;
    }
    if (error == 0 && reader->region_id != m->region_id) {
        mimir_ring_reader_detach(reader);
        error = -ENOENT; /* the number means another ring by now */
    }
    if (error != 0) {
        mimir_ring_unmap(map);
    }
    return error;
}

/* ---- the source ---- */

typedef struct choice {
    const char *identity;
    mimir_ring_manifest best;
} choice;

/* Of several platforms with that source the youngest. */
static bool choose(const mimir_ring_manifest *m, void *context) {
    choice *c = context;
    if (strcmp(m->identity, c->identity) == 0 && m->writer_start >= c->best.writer_start) {
        c->best = *m;
    }
    return true;
}

int mimir_ring_open(mimir_ring_source *s, const char *folder, const char *identity, enum mimir_ring_profile profile,
                    enum mimir_ring_start start, enum mimir_ring_waiting waiting) {
    choice c = {.identity = identity};
    int error = mimir_manifest_each(folder, choose, &c);
    if (error != 0) {
        return error;
    }
    if (c.best.holder_pid == 0) {
        return -ENOENT;
    }
    *s = (mimir_ring_source) {.manifest = c.best, .writer = NO_HANDLE};
    error = attach(&s->reader, &s->map, &s->manifest, profile, start, waiting, s->abi);
    if (error == 0) {
        watch_writer(s);
    }
    return error;
}

static void carry(mimir_ring_source *s) {
    const mimir_ring_reader *r = &s->reader;
    s->carried[0] += r->position - r->first;
    s->carried[1] += r->delivered;
    s->carried[2] += r->overtaken;
    s->carried[3] += r->skipped;
}

/* Goes on in the region that took over; false as long as its manifest is not there. */
static bool follow(mimir_ring_source *s) {
    mimir_ring_manifest now;
    mimir_ring_reader reader;
    mimir_ring_map map;
    uint16_t abi[2];
    if (mimir_manifest_read(&now, s->manifest.path) != 0 || now.region_id == s->manifest.region_id ||
        attach(&reader, &map, &now, s->reader.profile, MIMIR_START_OLDEST, s->reader.waiting, abi) != 0) {
        return false;
    }
    reader.first = reader.position = 0; /* what it was too late for counts as overtaken */
    carry(s);
    mimir_ring_close(s);
    s->reader = reader;
    s->map = map;
    s->manifest = now;
    watch_writer(s);
    return true;
}

int mimir_ring_read(mimir_ring_source *s, mimir_ring_lease *lease) {
    int n = mimir_ring_next(&s->reader, lease);
    if (n == -ESTALE) {
        /* Between the two writes of the platform there is nothing to read yet, and nothing that ended. */
        n = follow(s) ? mimir_ring_next(&s->reader, lease) : 0;
    }
    if (n == 0 && look(s)) {
        n = mimir_ring_next(&s->reader, lease); /* the head is final now */
        return n == 0 || n == -ESTALE ? -EOWNERDEAD : n;
    }
    return n;
}

/* What to wait for in a region that was read to its end and is not LIVE: another life, or its successor's manifest. */
static bool is_over(const mimir_ring_source *s) {
    const mimir_ring_header *h = s->reader.header;
    return __atomic_load_n(&h->state, __ATOMIC_ACQUIRE) != MIMIR_RING_LIVE &&
           __atomic_load_n(&h->head, __ATOMIC_ACQUIRE) == s->reader.position &&
           __atomic_load_n(&h->region_id, __ATOMIC_RELAXED) == s->reader.region_id;
}

static int wait_for_another_life(const mimir_ring_source *s, int64_t ns) {
    const mimir_ring_header *h = s->reader.header;
    const int error = mimir_nap(ns < BETWEEN_LIVES_NS ? ns : BETWEEN_LIVES_NS);
    const uint32_t state = __atomic_load_n(&h->state, __ATOMIC_ACQUIRE);
    return error != 0 ? error : !is_over(s) || state == MIMIR_RING_SUCCEEDED;
}

int mimir_ring_await(mimir_ring_source *s, int64_t timeout_ns) {
    const int64_t begin = mimir_clock_ns();
    const bool gone = s->writer_gone;
    for (;;) {
        int64_t ns = SLICE_NS;
        if (timeout_ns >= 0) {
            const int64_t left = timeout_ns - (mimir_clock_ns() - begin);
            ns = left < ns ? left : ns;
        }
        if (ns <= 0) {
            return 0;
        }
        const int told = is_over(s) ? wait_for_another_life(s, ns) : mimir_ring_wait(&s->reader, ns);
        if (told != 0) {
            return told;
        }
        if (look(s) != gone) {
            return 1;
        }
    }
}

void mimir_ring_close(mimir_ring_source *s) {
    mimir_ring_reader_detach(&s->reader);
    mimir_ring_unmap(&s->map);
    drop_watch(s);
}
