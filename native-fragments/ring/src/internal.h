// SPDX-License-Identifier: Apache-2.0
/* What the files of this library share among themselves; no user of the library includes it. */
#ifndef MIMIR_RING_INTERNAL_H
#define MIMIR_RING_INTERNAL_H

#include <string.h>

#include "mimir_ring.h"

/*
 * How the bytes of a slot are touched that a reader may be copying at the same time: plainly, under fences. The thread
 * sanitizer knows no fences and calls that a race. Its build, and no other, moves these bytes by relaxed 8-byte atomics
 * instead; what it then still reports is an edge of publication that is missing.
 */
#if defined(__SANITIZE_THREAD__)
#define MIMIR_PUT(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)

static inline void mimir_copy_words(void *to, const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes / 8; i++) {
        const uint64_t word = __atomic_load_n((const uint64_t *) from + i, __ATOMIC_RELAXED);
        __atomic_store_n((uint64_t *) to + i, word, __ATOMIC_RELAXED);
    }
}

static inline void mimir_clear_words(void *to, size_t bytes) {
    for (size_t i = 0; i < bytes / 8; i++) {
        __atomic_store_n((uint64_t *) to + i, 0, __ATOMIC_RELAXED);
    }
}

/* Orders stores before loads by an exchange of a word that no other thread sees: no edge for the sanitizer. */
static inline void mimir_order(int order) {
    uint32_t own = 0;
    if (order == __ATOMIC_SEQ_CST) {
        __atomic_exchange_n(&own, 1, __ATOMIC_SEQ_CST);
    }
}
#define __atomic_thread_fence(order) mimir_order(order)
#else
#define MIMIR_PUT(place, value) ((place) = (value))

static inline void mimir_copy_words(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }

static inline void mimir_clear_words(void *to, size_t bytes) { memset(to, 0, bytes); }
#endif

/* How long a sleeper trusts its mark: a hostile reader may clear it, a truncated file never rings. */
#define MIMIR_WAIT_SLICE_NS   INT64_C(250000000)
#define MIMIR_POLL_NS         INT64_C(50000)

/* Where nobody can be woken: polls become rarer the longer nothing comes, up to this. */
#define MIMIR_RARE_POLL_NS    INT64_C(1000000)

/* Can a sleeper in another process be woken here? */
#if defined(_WIN32)
#define MIMIR_HAS_BELL false
#else
#define MIMIR_HAS_BELL true
#endif

/*
 * The constant part of a header after it was checked: a private copy, because the region may change under its reader.
 */
typedef struct mimir_ring_geometry {
    uint64_t region_id;
    uint64_t slot_count;
    uint64_t slot_bytes;
    uint64_t slots_offset;
    uint64_t payload_offset;
    uint64_t payload_stride;
    uint64_t format_offset;
    uint64_t format_bytes;
    uint32_t format_capacity;
    uint32_t item_kind;
} mimir_ring_geometry;

/* Copies the header's constants once, checks the copy. Returns 0, -EINVAL, -EPROTO; `g` is valid only after 0. */
int mimir_ring_check(const void *region, uint64_t bytes, mimir_ring_geometry *g);

static inline uint64_t mimir_writing(uint64_t position) { return 2 * position + 1; }

static inline uint64_t mimir_committed(uint64_t position) { return 2 * position + 2; }

/*
 * Gives the reader a seat among the LOSSLESS ones, at its position or, with `from_now`, at the head. Returns 0, -EBUSY.
 */
int mimir_seat_take(mimir_ring_reader *r, bool from_now);

/* Tells the writer how far the reader is; learns that the seat was taken away. */
void mimir_seat_tell(mimir_ring_reader *r);

static inline void mimir_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* mimir_ring_wait with a slice of the caller's choice. */
int mimir_ring_wait_sliced(mimir_ring_reader *r, int64_t timeout_ns, int64_t slice_ns);

/* The way without special instructions, for the test that compares both. `state` is the inverted CRC. */
uint32_t mimir_crc32c_table(uint32_t state, const uint8_t *data, uint64_t bytes);

/* ---- one of each per system, in src/linux and src/windows ---- */

/* Sleeps while *word is `seen`, for `ns` at most. Returns 0 for whatever reason it woke, -EINTR on a signal. */
int mimir_doorbell_sleep(const uint32_t *word, uint32_t seen, int64_t ns);

/* Wakes all who sleep on the word. Returns how many calls into the system that took: 0 where sleepers only poll. */
uint32_t mimir_doorbell_wake(const uint32_t *word);

/* This process, and whether another one is known to be gone. */
uint32_t mimir_process_id(void);
bool mimir_process_gone(uint32_t id);

/* Gives the processor to whoever else can run. */
void mimir_yield(void);

/* Gives the processor away for about `ns`. Returns 0, -EINTR. */
int mimir_nap(int64_t ns);

#endif
