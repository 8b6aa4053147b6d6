// SPDX-License-Identifier: Apache-2.0
/* The one writer of a region: claim, fill, commit or abort. */
#include <errno.h>
#include <string.h>

#include "internal.h"

static mimir_ring_descriptor *slot_of(const mimir_ring_writer *w, uint64_t position) {
    return (mimir_ring_descriptor *) (w->slots + (position & w->mask) * w->slot_bytes);
}

/* Only the writer changes these words: a load and a store do, where several writers would need a locked addition. */
static void add(uint64_t *counter, uint64_t amount) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + amount, __ATOMIC_RELAXED);
}

/*
 * Tells sleepers that head, state or epoch changed. The mark is cleared BEFORE the doorbell changes: a reader that
 * marks itself in between, and loses its mark here, has read the old doorbell, so the system refuses to let it sleep.
 * In the other order it could sleep on the new value, without a mark, and miss every later item.
 */
static void ring_doorbell(mimir_ring_writer *w) {
    mimir_ring_header *h = w->header;
    if (w->hints == NULL || __atomic_load_n(&w->hints->may_sleep, __ATOMIC_RELAXED) == 0) {
        return; /* nobody here has ever slept: see announced in wait.c */
    }
    /*
     * Store of head before load of waiters, here; the reader stores waiters before it loads head: one of us must see
     * the other.
     */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    const bool sleepers = __atomic_load_n(&w->hints->waiters, __ATOMIC_RELAXED) != 0;
    if (sleepers) {
        __atomic_exchange_n(&w->hints->waiters, 0, __ATOMIC_SEQ_CST);
        /* Release: who sees the new bell sees the cleared mark, too. An addition: the platform rings it as well. */
        __atomic_fetch_add(&h->doorbell, 1, __ATOMIC_RELEASE);
        add(&h->woken, mimir_doorbell_wake(&h->doorbell));
    }
}

/* Whoever raised the epoch, before this writer came or through it: the first item of an epoch says so. */
static uint32_t first_flags(const mimir_ring_writer *w) {
    const uint32_t epoch = __atomic_load_n(&w->header->epoch, __ATOMIC_ACQUIRE);
    const bool goes_on = w->position != 0 && slot_of(w, w->position - 1)->epoch == epoch;
    return goes_on ? 0 : MIMIR_FLAG_DISCONTINUITY;
}

int mimir_ring_writer_attach(mimir_ring_writer *w, void *region, uint64_t bytes, void *hints) {
    mimir_ring_geometry g;
    const int error = mimir_ring_check(region, bytes, &g);
    if (error != 0) {
        return error;
    }
    if ((uintptr_t) hints % 64 != 0) {
        return -EINVAL;
    }
    uint8_t *base = region;
    *w = (mimir_ring_writer) {
        .header = region,
        .hints = hints,
        .slots = base + g.slots_offset,
        .payload = g.payload_stride != 0 ? base + g.payload_offset : NULL,
        .mask = g.slot_count - 1,
        .slot_bytes = g.slot_bytes,
        .payload_stride = g.payload_stride,
    };
    w->position = w->shown = __atomic_load_n(&w->header->head, __ATOMIC_ACQUIRE);
    w->next_flags = first_flags(w);
    return 0;
}

void *mimir_ring_claim(mimir_ring_writer *w, mimir_ring_descriptor **d) {
    mimir_ring_descriptor *slot = slot_of(w, w->position);
    const uint64_t offset = (w->position & w->mask) * w->payload_stride;
    uint8_t *payload = w->payload != NULL ? w->payload + offset : NULL;
    *d = slot;
    if (w->claimed) {
        return payload;
    }
    __atomic_store_n(&slot->generation, mimir_writing(w->position), __ATOMIC_RELAXED);
    /*
     * No store of the new item may be seen before the odd generation: a reader of the old item would take it for its
     * own.
     */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    mimir_clear_words(&slot->sequence, sizeof *slot - offsetof(mimir_ring_descriptor, sequence));
    MIMIR_PUT(slot->epoch, __atomic_load_n(&w->header->epoch, __ATOMIC_RELAXED));
    MIMIR_PUT(slot->source_id, w->header->source_id);
    if (payload != NULL) {
        MIMIR_PUT(slot->payload_kind, MIMIR_PAYLOAD_MEMORY);
        MIMIR_PUT(slot->handle[0], (uint64_t) (payload - (uint8_t *) w->header));
        MIMIR_PUT(slot->handle[1], w->header->region_id);
    }
    w->claimed = true;
    return payload;
}

void *mimir_ring_claim_inline(mimir_ring_writer *w, mimir_ring_descriptor **d) {
    mimir_ring_claim(w, d);
    MIMIR_PUT((*d)->payload_kind, MIMIR_PAYLOAD_INLINE);
    mimir_clear_words((*d)->handle, MIMIR_RING_INLINE_BYTES);
    return (*d)->handle;
}

/* A reader would call the whole region unsound for one item that says otherwise. */
static bool fits(const mimir_ring_writer *w, const mimir_ring_descriptor *d) {
    switch (d->payload_kind) {
        case MIMIR_PAYLOAD_MEMORY: return d->payload_bytes <= w->payload_stride;
        case MIMIR_PAYLOAD_INLINE: return d->payload_bytes <= MIMIR_RING_INLINE_BYTES;
        default: return true;
    }
}

static void add_losses(mimir_ring_writer *w, mimir_ring_descriptor *slot) {
    MIMIR_PUT(slot->flags, slot->flags | w->next_flags);
    if (w->next_gap != 0) {
        MIMIR_PUT(slot->flags, slot->flags | MIMIR_FLAG_GAP_BEFORE);
        MIMIR_PUT(slot->gap_items, w->next_gap < UINT32_MAX ? (uint32_t) w->next_gap : UINT32_MAX);
    }
    w->next_gap = 0;
    w->next_flags = 0;
}

void mimir_ring_stage(mimir_ring_writer *w, uint64_t copied_bytes) {
    mimir_ring_descriptor *slot = slot_of(w, w->position);
    if (!w->claimed) {
        return;
    }
    if (!fits(w, slot)) {
        mimir_ring_abort(w, MIMIR_DROP_REFUSED);
        return;
    }
    add_losses(w, slot);
    w->staged_bytes += slot->payload_bytes;
    w->staged_copied += copied_bytes;
    w->staged_ns = slot->host_time_ns;
    __atomic_store_n(&slot->generation, mimir_committed(w->position), __ATOMIC_RELEASE);
    w->position++;
    w->claimed = false;
    if (w->position - w->shown > w->mask / 2) {
        mimir_ring_publish(w);
    }
}

void mimir_ring_publish(mimir_ring_writer *w) {
    mimir_ring_header *h = w->header;
    if (w->position == w->shown) {
        return;
    }
    add(&h->payload_written, w->staged_bytes);
    add(&h->payload_copied, w->staged_copied);
    __atomic_store_n(&h->last_commit_ns, w->staged_ns, __ATOMIC_RELAXED);
    w->staged_bytes = w->staged_copied = 0;
    w->shown = w->position;
    __atomic_store_n(&h->head, w->position, __ATOMIC_RELEASE);
    ring_doorbell(w);
}

void mimir_ring_commit(mimir_ring_writer *w, uint64_t copied_bytes) {
    mimir_ring_stage(w, copied_bytes);
    mimir_ring_publish(w);
}

void mimir_ring_drop(mimir_ring_writer *w, uint32_t reason, uint64_t items) {
    add(&w->header->drops[reason < MIMIR_RING_DROP_REASONS ? reason : MIMIR_DROP_ABORTED], items);
    w->next_gap += items;
}

void mimir_ring_abort(mimir_ring_writer *w, uint32_t reason) {
    if (w->claimed) {
        /* The generation stays odd: what the slot held is gone, and the next claim takes the same slot. */
        w->claimed = false;
        mimir_ring_drop(w, reason, 1);
    }
}

uint32_t mimir_ring_epoch(mimir_ring_writer *w) {
    const uint32_t epoch = __atomic_load_n(&w->header->epoch, __ATOMIC_RELAXED) + 1;
    __atomic_store_n(&w->header->epoch, epoch, __ATOMIC_RELEASE);
    w->next_flags |= MIMIR_FLAG_DISCONTINUITY;
    if (w->claimed) {
        MIMIR_PUT(slot_of(w, w->position)->epoch, epoch);
    }
    ring_doorbell(w);
    return epoch;
}

void mimir_ring_end(mimir_ring_writer *w) {
    mimir_ring_abort(w, MIMIR_DROP_ABORTED);
    mimir_ring_publish(w);
    __atomic_store_n(&w->header->state, MIMIR_RING_ENDED, __ATOMIC_RELEASE);
    ring_doorbell(w);
}
