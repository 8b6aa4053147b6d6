// SPDX-License-Identifier: Apache-2.0
/*
 * Writer and reader of a Mimir ring in C11. No function allocates, locks or logs; none but mimir_ring_wait,
 * mimir_ring_room, the map functions and mimir_clock_id makes a system call, but for one futex wake in a commit while
 * somebody sleeps. The structs are the caller's memory; their members are private, but a reader's counters may be read
 * by the thread that owns it.
 *
 * Threads: a writer belongs to one thread at a time (hand it over with a release/acquire pair of your own), a reader
 * likewise; any number of readers may run beside one writer. Errors are negative errno values; success is 0 or
 * positive.
 *
 * Writing:                                          Reading:
 *   mimir_ring_descriptor *d;                         mimir_ring_lease lease;
 *   void *payload = mimir_ring_claim(w, &d);          int n = mimir_ring_next(r, &lease);   1: an item, 0: none yet
 *   ... fill *payload and the fields of *d ...        ... read lease.descriptor and lease.payload ...
 *   mimir_ring_commit(w, 0); or mimir_ring_abort      if (!mimir_ring_release(r, &lease)) discard what was computed
 *
 * A reader's account is exact whenever it holds no lease:
 *   head - first == delivered + overtaken + skipped + (head - position)
 * and a release that says false moves one item from delivered to overtaken.
 */
#ifndef MIMIR_RING_H
#define MIMIR_RING_H

#include <errno.h>
#include <stdbool.h>

#include "mimir_ring_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ESTALE
#define ESTALE 116 /* Windows has none; this is Linux's */
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
    uint64_t shown;         /* items that head shows; those up to position are staged */
    uint64_t staged_bytes;
    uint64_t staged_copied;
    int64_t staged_ns;
    uint64_t limit;         /* claims below it take nothing from a LOSSLESS reader */
    uint64_t waited_for;    /* position, plus one, for which the next numbers hold */
    int64_t held_since_ns[MIMIR_RING_SEATS]; /* by each LOSSLESS reader */
} mimir_ring_writer;

/*
 * Binds a writer to a mapped region whose header is complete. `region`: start of the mapping, 64-byte aligned; `bytes`:
 * its length; `hints`: the hints page, or NULL for a ring that nobody sleeps on (its contents are not checked: readers
 * write there, and none of them may keep the writer out). Continues at header.head. Does not change the region.
 * Any thread; does not block. Neither mapping is owned: both must outlive the writer.
 * Returns 0, or -EINVAL (not a region, or one whose sizes contradict each other), -EPROTO (another ABI major).
 */
MIMIR_RING_API int mimir_ring_writer_attach(mimir_ring_writer *w, void *region, uint64_t bytes, void *hints);

/*
 * Takes the next slot, overtaking the oldest item in it. `*d` receives the descriptor: generation, epoch, source id,
 * payload kind and handle are set, the rest is zero; the caller sets sequence, host_time_ns, device time, format_id,
 * width, height, payload_bytes, crc32c and flags. Returns the payload of the slot (payload_stride bytes), NULL in a
 * ring without payload slab. Realtime safe. A claim that was neither committed nor aborted is returned again as it is.
 */
MIMIR_RING_API void *mimir_ring_claim(mimir_ring_writer *w, mimir_ring_descriptor **d);

/*
 * Takes the next slot for an item whose payload stands in its descriptor: returns MIMIR_RING_INLINE_BYTES bytes there,
 * all zero. For events: one slot of 128 bytes each, and no payload slab is touched. Otherwise as mimir_ring_claim.
 */
MIMIR_RING_API void *mimir_ring_claim_inline(mimir_ring_writer *w, mimir_ring_descriptor **d);

/*
 * Publishes the claimed slot: GAP_BEFORE and gap_items are added when losses came before, DISCONTINUITY to the first
 * item of an epoch. Wakes sleepers with one call when there are any. Realtime safe otherwise. `copied_bytes`: how many
 * of the payload bytes reached the slot by a copy from a buffer that the device had written (0 when device or
 * generator wrote straight into the slot); counted in header.payload_copied. An item whose payload_bytes exceed the
 * slot is not published but counted as MIMIR_DROP_REFUSED. Nothing happens without a claim.
 */
MIMIR_RING_API void mimir_ring_commit(mimir_ring_writer *w, uint64_t copied_bytes);

/*
 * A batch: completes the claimed slot without showing it. Any number of claims and stages, then one mimir_ring_publish,
 * which shows them all with one change of head and one wake-up at most; a commit does both. Half a ring is shown by
 * itself. What was never published is not there for readers. Realtime safe but for that wake-up.
 */
MIMIR_RING_API void mimir_ring_stage(mimir_ring_writer *w, uint64_t copied_bytes);
MIMIR_RING_API void mimir_ring_publish(mimir_ring_writer *w);

/*
 * Waits until the next claim takes nothing from a LOSSLESS reader, `timeout_ns` at most (0 only looks); publishes what
 * is staged if it has to wait. For writers of events, which may wait; never for a device: a claim without asking
 * overtakes such readers like all others. Spins, then sleeps. A reader that holds the writer up and is dead, or has not
 * moved for a second, loses its seat (header.evicted). Returns false when the time passed.
 */
MIMIR_RING_API bool mimir_ring_room(mimir_ring_writer *w, int64_t timeout_ns);

/*
 * Gives the claimed slot up; the item is counted as lost for `reason` (enum mimir_drop_reason; an unknown one counts as
 * ABORTED). What the slot held before is gone all the same. Nothing happens without a claim. Realtime safe.
 */
MIMIR_RING_API void mimir_ring_abort(mimir_ring_writer *w, uint32_t reason);

/* Counts `items` that the source lost without a claim; the next commit carries GAP_BEFORE. Realtime safe. */
MIMIR_RING_API void mimir_ring_drop(mimir_ring_writer *w, uint32_t reason, uint64_t items);

/*
 * Opens the next epoch (unplug, rate change, reset); the next commit carries DISCONTINUITY, and an open claim belongs
 * to the new epoch. Wakes sleepers like a commit. Returns the new epoch. Realtime safe.
 */
MIMIR_RING_API uint32_t mimir_ring_epoch(mimir_ring_writer *w);

/* Aborts an open claim, marks the ring ended and wakes every sleeper. The writer must not be used afterwards. */
MIMIR_RING_API void mimir_ring_end(mimir_ring_writer *w);

/* ---- reader ---- */

/* LOSSLESS, of event rings only: the writer waits for this reader as long as it moves on; see mimir_ring_room. */
enum mimir_ring_profile { MIMIR_LATEST = 0, MIMIR_EVERY = 1, MIMIR_LOSSLESS = 2 };
enum mimir_ring_start { MIMIR_START_OLDEST = 0, MIMIR_START_NOW = 1 };

/*
 * How mimir_ring_wait waits: what that costs the reader, and what it costs the writer.
 *
 *   DOORBELL  looks for a microsecond, then sleeps until the writer rings. Reader: nothing while idle. Writer: one load
 *             per commit while nobody sleeps, else one wake call for all sleepers. The default: take it unless you have
 *             measured something better.
 *   SPIN      looks without pause. Reader: a whole core, less than a microsecond late. Writer: nothing. Only with a
 *             core to spare, never on a thread of real-time priority.
 *   YIELD     looks, and gives the processor away in between. Reader: most of a core, and on a busy machine as late as
 *             the scheduler likes. Writer: nothing.
 *   PARK      looks every 50 us or a little more. Reader: a few percent of a core. Writer: nothing.
 *
 *   back end   DOORBELL                              YIELD            PARK
 *   Linux      futex on header.doorbell, shared      sched_yield      nanosleep
 *              between processes; read access to
 *              the region is enough
 *   Windows    polls: no such call crosses           SwitchToThread   waitable timer of high resolution (Windows 10
 *              processes                                              1803, before that Sleep(1))
 *
 * A reader without hints page cannot ask to be woken: DOORBELL then polls, on Linux too. It looks every 50 us at first
 * and more rarely the longer nothing comes, a sixty-fourth of the time that it has waited, 1 ms at most: under 1 % of a
 * core.
 */
enum mimir_ring_waiting { MIMIR_WAIT_DOORBELL = 0, MIMIR_WAIT_SPIN = 1, MIMIR_WAIT_YIELD = 2, MIMIR_WAIT_PARK = 3 };

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
    const uint8_t *formats;
    uint64_t format_bytes;
    uint32_t format_capacity;
    uint32_t profile;
    uint32_t waiting;
    mimir_ring_seat *seat;  /* of a LOSSLESS reader; NULL when it has none or lost it */
    uint64_t token;
    uint64_t told;          /* position that the writer knows */
    uint64_t step;
    int64_t announced_ns;   /* when it first said that it may sleep; 0 before */
    bool evicted;           /* a LOSSLESS reader held the writer up for a second; it reads on like EVERY */
} mimir_ring_reader;

typedef struct mimir_ring_lease {
    mimir_ring_descriptor descriptor; /* a copy, consistent */
    const void *payload;              /* in place; may be overtaken at any time until released */
    uint64_t position;
} mimir_ring_lease;

/*
 * Checks everything that is believed later (magic, ABI, sizes, overflow, alignment), keeps a private copy of it and
 * binds a reader. `hints`: this region's hints page, writable, or NULL: then mimir_ring_wait polls. Neither mapping is
 * owned. START_OLDEST begins with the oldest item that is still whole. `waiting` is for mimir_ring_wait alone. Any
 * thread; does not block. Returns 0, -EINVAL, -EPROTO; a LOSSLESS reader also -ENOTSUP (no ring of events, or no hints)
 * and -EBUSY (all seats taken), and it must be detached in the end.
 */
MIMIR_RING_API int mimir_ring_reader_attach(mimir_ring_reader *r, const void *region, uint64_t bytes, void *hints,
                                            enum mimir_ring_profile profile, enum mimir_ring_start start,
                                            enum mimir_ring_waiting waiting);

/* Gives the seat of a LOSSLESS reader back: the writer waits for it no longer. Does nothing to others. */
MIMIR_RING_API void mimir_ring_reader_detach(mimir_ring_reader *r);

/*
 * The next item by the reader's profile. EVERY: in order; after being overtaken it resumes three quarters of the ring
 * behind the head and counts what it lost. LATEST: the newest; counts what it passed over. Returns 1 and fills
 * `lease`; 0 when there is nothing new; and when everything was read, -EPIPE if the ring ended (or was parked),
 * -ESTALE if region header.successor took over. An ended ring may come to life again: the same reader then goes on.
 * -EIO: the region is no longer sound (truncated, overwritten); nothing is counted. Realtime safe. At most one lease
 * per reader is open at a time. lease.payload is NULL unless the payload kind is MEMORY or INLINE (then it lies in
 * the lease); it and the descriptor's payload_bytes are checked to be within its own slot, everything else in the
 * descriptor is only data.
 */
MIMIR_RING_API int mimir_ring_next(mimir_ring_reader *r, mimir_ring_lease *lease);

/*
 * Ends a lease. True: nothing was overwritten while it was open. False: overtaken, or the region is gone: discard what
 * was computed; the item is counted as torn and as overtaken, no longer as delivered. Call it once. Realtime safe.
 */
MIMIR_RING_API bool mimir_ring_release(mimir_ring_reader *r, const mimir_ring_lease *lease);

/*
 * The item at any position of the region, wherever the reader stands: results are found by their key like this.
 * Returns 1 and fills `lease`, 0 when the item was overtaken or is not there yet, -EIO as mimir_ring_next. Counts
 * nothing, moves nothing, and no writer waits for it. Such a lease is not released but asked with mimir_ring_intact
 * after reading; any number may be open. Realtime safe.
 */
MIMIR_RING_API int mimir_ring_peek(const mimir_ring_reader *r, uint64_t position, mimir_ring_lease *lease);

/*
 * True as long as nothing of the item was overwritten since it was leased; counts nothing. Discard what was computed
 * when it is false. Realtime safe.
 */
MIMIR_RING_API bool mimir_ring_intact(const mimir_ring_reader *r, const mimir_ring_lease *lease);

/* Positions that mimir_ring_peek may find: from `*oldest` to `*end`, exclusive. Realtime safe. */
MIMIR_RING_API void mimir_ring_range(const mimir_ring_reader *r, uint64_t *oldest, uint64_t *end);

/*
 * Copies the entry `format_id` (a descriptor's) of the format table. An entry never changes once it is there: ask when
 * the id changes. What it says of planes and strides is only data: bound every access by the payload_bytes of the
 * lease. Realtime safe. Returns 0, -ENOENT (no such entry), -EIO (the table is not sound).
 */
MIMIR_RING_API int mimir_ring_find_format(const mimir_ring_reader *r, uint32_t format_id, mimir_ring_format *format);

/*
 * Returns when there is something to look at: an item, an end, an unsound region; waits for that in the way that the
 * reader was attached with (enum mimir_ring_waiting), `timeout_ns` at most (negative: without limit). Returns 1 when
 * there is something to look at, 0 on time-out, -EINTR on a signal that came while it slept: SPIN and YIELD do not
 * sleep and notice none. Blocks.
 */
MIMIR_RING_API int mimir_ring_wait(mimir_ring_reader *r, int64_t timeout_ns);

/* Checks CRC32C of a leased payload. Returns 1 right, 0 wrong, -ENODATA when there is none to check. Realtime safe. */
MIMIR_RING_API int mimir_ring_verify(const mimir_ring_lease *lease);

/* ---- mapping, for readers in another process (control thread; blocks) ---- */

typedef struct mimir_ring_map {
    const void *region;
    uint64_t region_bytes;
    void *hints;
    int guard;             /* private */
} mimir_ring_map;

/*
 * Maps a region read-only and, when `hints_fd` >= 0, its hints page read-write. The descriptors stay the caller's (on
 * Windows they are values of file HANDLEs). A file that is truncated later does not kill the process: on Linux, whoever
 * touches a missing page finds zeros in the whole map from then on, an open lease ends with false and mimir_ring_next
 * says -EIO. (This installs one SIGBUS handler per process, which hands every foreign fault on to the handler that was
 * there before; install handlers of your own first.) A system call that is given a pointer into a missing page fails
 * with EFAULT instead. At most 64 maps at once.
 * Returns 0, -EINVAL (shorter than a header or a hints page), -EMFILE (too many maps), or what the system said.
 */
MIMIR_RING_API int mimir_ring_map_fd(mimir_ring_map *map, int region_fd, int hints_fd);

/* Unmaps. No reader of this map may be used afterwards. */
MIMIR_RING_API void mimir_ring_unmap(mimir_ring_map *map);

/* ---- small things that fragments share ---- */

/* CRC32C of `bytes` at `data`, continued from `crc` (0 to begin). SSE4.2 if the processor has it. Realtime safe. */
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
