// SPDX-License-Identifier: Apache-2.0
/*
 * Writer and reader of a Mimir ring in C11. No function allocates, locks or logs; none but mimir_ring_wait and the map functions
 * makes a system call, but for one futex wake in a commit while somebody sleeps. The structs are the caller's memory: their
 * members are private.
 *
 * Threads: a writer belongs to one thread at a time (hand it over with a release/acquire pair of your own), a reader likewise; any
 * number of readers may run beside one writer. Errors are negative errno values; success is 0 or a positive count.
 *
 * Writing:                                          Reading:
 *   mimir_ring_descriptor *d;                         mimir_ring_lease lease;
 *   void *payload = mimir_ring_claim(w, &d);          int n = mimir_ring_next(r, &lease);   (1 item, 0 none yet, -EPIPE ended)
 *   ... fill *payload and the fields of *d ...        ... read lease.descriptor and lease.payload ...
 *   mimir_ring_commit(w);   or mimir_ring_abort       if (!mimir_ring_release(r, &lease)) discard what was computed
 */
#ifndef MIMIR_RING_H
#define MIMIR_RING_H

#include <stdbool.h>

#include "mimir_ring_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(MIMIR_RING_SHARED) && defined(__GNUC__)
#define MIMIR_RING_API __attribute__((visibility("default")))
#else
#define MIMIR_RING_API
#endif

/* ---- writer ---- */

typedef struct mimir_ring_writer {
    mimir_ring_header *header;
    mimir_ring_hints *hints;
    uint8_t *slots;
    uint8_t *payload;
    uint64_t mask;
    uint64_t slot_bytes;
    uint64_t payload_stride;
    uint64_t position;      /* of the slot to be claimed next */
    uint64_t next_gap;      /* items lost since the last commit */
    uint32_t next_flags;    /* flags that the next commit adds */
    bool claimed;
} mimir_ring_writer;

/*
 * Binds a writer to a mapped region whose header is complete. `region`: start of the mapping, 64-byte aligned; `bytes`: its length;
 * `hints`: the hints page, or NULL for a ring that nobody sleeps on. Continues at header.head. Does not change the region.
 * Any thread; does not block. Neither mapping is owned: both must outlive the writer.
 * Returns 0, or -EINVAL (not a region, or one whose sizes contradict each other), -EPROTO (another ABI major).
 */
MIMIR_RING_API int mimir_ring_writer_attach(mimir_ring_writer *w, void *region, uint64_t bytes, void *hints);

/*
 * Takes the next slot, overtaking the oldest item in it. `*d` receives the descriptor: position-bound fields (generation, epoch,
 * source id, payload kind and handle, width and height zeroed) are set, the caller sets sequence, host_time_ns, device time,
 * format_id, width, height, payload_bytes, crc32c and flags. Returns the payload of the slot (payload_stride bytes).
 * Realtime safe. A claim that was neither committed nor aborted is simply returned again.
 */
MIMIR_RING_API void *mimir_ring_claim(mimir_ring_writer *w, mimir_ring_descriptor **d);

/*
 * Publishes the claimed slot: GAP_BEFORE/gap_items and DISCONTINUITY are added when losses or an epoch came before. Wakes sleepers with one
 * call when there are any. Realtime safe otherwise. `copied_bytes`: how many of the payload bytes reached the slot by a copy from a
 * buffer that the device had written (0 when device or generator wrote straight into the slot); counted in header.payload_copied.
 */
MIMIR_RING_API void mimir_ring_commit(mimir_ring_writer *w, uint64_t copied_bytes);

/* Gives the claimed slot up; the item is counted as lost for `reason` (enum mimir_drop_reason). Realtime safe. */
MIMIR_RING_API void mimir_ring_abort(mimir_ring_writer *w, uint32_t reason);

/* Counts `items` that the source lost for `reason` without a claim; the next commit carries GAP_BEFORE. Realtime safe. */
MIMIR_RING_API void mimir_ring_drop(mimir_ring_writer *w, uint32_t reason, uint64_t items);

/* Opens the next epoch (unplug, rate change, reset); the next commit carries DISCONTINUITY. Returns the new epoch. Realtime safe. */
MIMIR_RING_API uint32_t mimir_ring_epoch(mimir_ring_writer *w);

/* Marks the ring ended and wakes every sleeper. The writer must not be used afterwards. */
MIMIR_RING_API void mimir_ring_end(mimir_ring_writer *w);

/* ---- reader ---- */

enum mimir_ring_profile { MIMIR_LATEST = 0, MIMIR_EVERY = 1 };
enum mimir_ring_start { MIMIR_START_OLDEST = 0, MIMIR_START_NOW = 1 };

typedef struct mimir_ring_reader {
    const mimir_ring_header *header;
    mimir_ring_hints *hints;
    const uint8_t *slots;
    const uint8_t *payload;
    uint64_t mask;
    uint64_t slot_bytes;
    uint64_t payload_stride;
    uint64_t region_id;
    uint64_t position;      /* next to be read */
    uint64_t first;         /* where it began */
    uint64_t delivered;     /* released intact, or not yet released */
    uint64_t overtaken;     /* lost because the reader was too slow, torn ones included */
    uint64_t skipped;       /* passed over by profile LATEST */
    uint64_t torn;          /* leases overtaken while they were read; part of overtaken */
    uint32_t profile;
} mimir_ring_reader;

typedef struct mimir_ring_lease {
    mimir_ring_descriptor descriptor; /* a copy, consistent */
    const void *payload;              /* in place; may be overtaken at any time until released */
    uint64_t position;
} mimir_ring_lease;

/*
 * Checks everything that is believed later (magic, ABI, sizes, overflow, alignment) and binds a reader. `hints` may be NULL: then
 * mimir_ring_wait polls. Any thread; does not block. Returns 0, -EINVAL, -EPROTO.
 */
MIMIR_RING_API int mimir_ring_reader_attach(mimir_ring_reader *r, const void *region, uint64_t bytes, void *hints,
                                            enum mimir_ring_profile profile, enum mimir_ring_start start);

/*
 * The next item by the reader's profile. EVERY: in order; after being overtaken it resumes three quarters of the ring behind the head
 * and counts what it lost. LATEST: the newest; counts what it passed over. Returns 1 and fills `lease`; 0 when there is nothing new;
 * -EPIPE when the ring ended and everything was read, -ESTALE when a successor region took over, -EIO when the region is no
 * longer sound (truncated, overwritten). Realtime safe. At most one lease per reader is open at a time.
 */
MIMIR_RING_API int mimir_ring_next(mimir_ring_reader *r, mimir_ring_lease *lease);

/* Ends a lease. True: nothing was overwritten while it was open. False: overtaken, discard; counted as torn and as overtaken. Realtime safe. */
MIMIR_RING_API bool mimir_ring_release(mimir_ring_reader *r, const mimir_ring_lease *lease);

/*
 * Sleeps until something is committed, the ring ends, or `timeout_ns` passed. Returns 1 when there is something to look at, 0 on
 * time-out, -EINTR on a signal. Blocks. Without hints it polls every 50 us.
 */
MIMIR_RING_API int mimir_ring_wait(mimir_ring_reader *r, int64_t timeout_ns);

/* Checks CRC32C of a leased payload. Returns 1 right, 0 wrong, -ENODATA when the source gave none. Realtime safe. */
MIMIR_RING_API int mimir_ring_verify(const mimir_ring_lease *lease);

/* ---- mapping, for readers in another process (control thread; blocks) ---- */

typedef struct mimir_ring_map {
    const void *region;
    uint64_t region_bytes;
    void *hints;
    int guard;             /* private */
} mimir_ring_map;

/*
 * Maps a region read-only and, when `hints_fd` >= 0, its hints page read-write. The descriptors stay the caller's. A region on a file
 * that is truncated later does not kill the process: on Linux the missing pages read as zero and the next mimir_ring_next says
 * -EIO. (This installs one SIGBUS handler per process, which hands every foreign fault on to the handler that was there before.)
 * Returns 0 or a negative errno.
 */
MIMIR_RING_API int mimir_ring_map_fd(mimir_ring_map *map, int region_fd, int hints_fd);

/* Unmaps. No reader of this map may be used afterwards. */
MIMIR_RING_API void mimir_ring_unmap(mimir_ring_map *map);

/* ---- small things that fragments share ---- */

/* CRC32C (Castagnoli) of `bytes` at `data`, continued from `crc` (0 to begin). Uses SSE4.2 when the processor has it. Realtime safe. */
MIMIR_RING_API uint32_t mimir_crc32c(uint32_t crc, const void *data, uint64_t bytes);

/* The host clock of this ABI now, in ns: CLOCK_MONOTONIC_RAW, on Windows QueryPerformanceCounter. Realtime safe. */
MIMIR_RING_API int64_t mimir_clock_ns(void);

/* header.host_clock_id for this host. May read a file: control threads only. */
MIMIR_RING_API uint64_t mimir_clock_id(void);

/* "1.0" and so on, for error messages. */
MIMIR_RING_API const char *mimir_ring_version(void);

#ifdef __cplusplus
}
#endif
#endif
