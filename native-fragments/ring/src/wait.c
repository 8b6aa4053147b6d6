// SPDX-License-Identifier: Apache-2.0
/* Waiting of a reader: look, look a little longer, then by its way; at the doorbell: mark, look again, sleep. */
#include <errno.h>

#include "internal.h"

#define SPINS 32
#define FIRST_SLEEPS_NS 1000000

static bool has_news(const mimir_ring_reader *r) {
    const mimir_ring_header *h = r->header;
    return __atomic_load_n(&h->head, __ATOMIC_ACQUIRE) != r->position ||
           __atomic_load_n(&h->state, __ATOMIC_ACQUIRE) != MIMIR_RING_LIVE ||
           __atomic_load_n(&h->region_id, __ATOMIC_RELAXED) != r->region_id;
}

/* An item often comes while the last one is still warm; a microsecond of looking costs less than falling asleep. */
static bool spin(const mimir_ring_reader *r) {
    for (int i = 0; i < SPINS; i++) {
        if (has_news(r)) {
            return true;
        }
        mimir_pause();
    }
    return false;
}

/*
 * Tells the writer that readers of this region sleep: as long as none does, it pays no fence for them. The item that it
 * publishes at this very moment may miss the word, and its head come out a moment later; no later item can. So for a
 * millisecond no sleep is longer than that.
 */
static int64_t announced(mimir_ring_reader *r, int64_t ns) {
    const int64_t now = mimir_clock_ns();
    if (__atomic_load_n(&r->hints->may_sleep, __ATOMIC_RELAXED) == 0 || r->announced_ns == 0) {
        __atomic_store_n(&r->hints->may_sleep, 1, __ATOMIC_SEQ_CST);
        r->announced_ns = now;
    }
    return now - r->announced_ns > FIRST_SLEEPS_NS || ns < FIRST_SLEEPS_NS ? ns : FIRST_SLEEPS_NS;
}

static int sleep_marked(mimir_ring_reader *r, int64_t longest_ns) {
    const int64_t ns = announced(r, longest_ns);
    /* Acquire, and before the mark: see ring_doorbell in writer.c. */
    const uint32_t seen = __atomic_load_n(&r->header->doorbell, __ATOMIC_ACQUIRE);
    __atomic_store_n(&r->hints->waiters, 1, __ATOMIC_SEQ_CST);
    /* Mark before the look; the writer's fence stands between its head and its look at the mark. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return has_news(r) ? 0 : mimir_doorbell_sleep(&r->header->doorbell, seen, ns);
}

static int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

/* Polls for want of a bell, late by a sixty-fourth of the time waited so far: cheap at any length. */
static int64_t rare_ns(int64_t waited_ns) {
    const int64_t ns = waited_ns / 64;
    return ns < MIMIR_POLL_NS ? MIMIR_POLL_NS : lesser(ns, MIMIR_RARE_POLL_NS);
}

/* One rest between two looks at the clock, `left_ns` at most. Returns 0 or -EINTR. */
static int rest(mimir_ring_reader *r, int64_t waited_ns, int64_t left_ns, int64_t slice_ns) {
    switch (r->waiting) {
        case MIMIR_WAIT_SPIN: spin(r); return 0;
        case MIMIR_WAIT_YIELD: mimir_yield(); return 0;
        case MIMIR_WAIT_PARK: return mimir_nap(lesser(left_ns, MIMIR_POLL_NS));
        default: break;
    }
    if (MIMIR_HAS_BELL && r->hints != NULL) {
        return sleep_marked(r, lesser(left_ns, slice_ns));
    }
    return mimir_nap(lesser(left_ns, rare_ns(waited_ns)));
}

int mimir_ring_wait_sliced(mimir_ring_reader *r, int64_t timeout_ns, int64_t slice_ns) {
    if (spin(r)) {
        return 1;
    }
    const int64_t begin = mimir_clock_ns();
    for (;;) {
        const int64_t waited = mimir_clock_ns() - begin;
        const int64_t left = timeout_ns < 0 ? INT64_MAX : timeout_ns - waited;
        if (left <= 0) {
            return has_news(r);
        }
        const int error = rest(r, waited, left, slice_ns);
        if (has_news(r)) {
            return 1;
        }
        if (error != 0) {
            return error;
        }
    }
}

int mimir_ring_wait(mimir_ring_reader *r, int64_t timeout_ns) {
    return mimir_ring_wait_sliced(r, timeout_ns, MIMIR_WAIT_SLICE_NS);
}
