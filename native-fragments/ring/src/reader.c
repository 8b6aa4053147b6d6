// SPDX-License-Identifier: Apache-2.0
/*
 * A reader: believes nothing that it has not checked at this very use, and counts everything that it does not deliver.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

enum taken { TAKEN, LAPPED, UNSOUND };

static const mimir_ring_descriptor *slot_of(const mimir_ring_reader *r, uint64_t position) {
    return (const mimir_ring_descriptor *) (r->slots + (position & r->mask) * r->slot_bytes);
}

static uint64_t head_of(const mimir_ring_reader *r) {
    return __atomic_load_n(&r->header->head, __ATOMIC_ACQUIRE);
}

static bool is_sound(const mimir_ring_reader *r) {
    return __atomic_load_n(&r->header->region_id, __ATOMIC_RELAXED) == r->region_id;
}

static bool still_holds(const mimir_ring_reader *r, uint64_t position) {
    /*
     * Every load of the item before the load of its generation; pairs with the writer's fence after the odd
     * generation.
     */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&slot_of(r, position)->generation, __ATOMIC_RELAXED) == mimir_committed(position);
}

/* The oldest item that is whole: the slot of `head - slot_count` may be claimed already. */
static uint64_t oldest(const mimir_ring_reader *r, uint64_t head) {
    if (head <= r->mask) {
        return 0;
    }
    const uint64_t position = head - r->mask - 1;
    return still_holds(r, position) ? position : position + 1;
}

static bool is_hints_page_of(const mimir_ring_hints *page, uint64_t region_id) {
    return (uintptr_t) page % 64 == 0 && page->magic == MIMIR_RING_HINTS_MAGIC && page->region_id == region_id;
}

int mimir_ring_reader_attach(mimir_ring_reader *r, const void *region, uint64_t bytes, void *hints,
                             enum mimir_ring_profile profile, enum mimir_ring_start start,
                             enum mimir_ring_waiting waiting) {
    mimir_ring_geometry g;
    const int error = mimir_ring_check(region, bytes, &g);
    if (error != 0) {
        return error;
    }
    if (hints != NULL && !is_hints_page_of(hints, g.region_id)) {
        return -EINVAL;
    }
    if (profile == MIMIR_LOSSLESS && (hints == NULL || g.item_kind != MIMIR_ITEM_EVENT)) {
        return -ENOTSUP;
    }
    const uint8_t *base = region;
    *r = (mimir_ring_reader) {
        .header = region,
        .hints = hints,
        .slots = base + g.slots_offset,
        .payload = g.payload_stride != 0 ? base + g.payload_offset : NULL,
        .mask = g.slot_count - 1,
        .slot_bytes = g.slot_bytes,
        .payload_stride = g.payload_stride,
        .region_id = g.region_id,
        .formats = g.format_capacity != 0 ? base + g.format_offset : NULL,
        .format_bytes = g.format_bytes,
        .format_capacity = g.format_capacity,
        .profile = profile,
        .waiting = waiting,
    };
    const uint64_t head = head_of(r);
    r->first = r->position = start == MIMIR_START_NOW ? head : oldest(r, head);
    return profile == MIMIR_LOSSLESS ? mimir_seat_take(r, start == MIMIR_START_NOW) : 0;
}

/*
 * Finds the payload of a copied descriptor; false when its handle names any place but the slot's own: another one
 * could be outside the slab, and its being overtaken would not show in this slot's generation.
 */
static bool find_payload(const mimir_ring_reader *r, mimir_ring_lease *lease) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    lease->payload = NULL;
    if (d->payload_kind == MIMIR_PAYLOAD_INLINE) {
        lease->payload = d->handle; /* of the copy */
        return d->payload_bytes <= MIMIR_RING_INLINE_BYTES;
    }
    if (d->payload_kind != MIMIR_PAYLOAD_MEMORY) {
        return true;
    }
    if (r->payload == NULL || d->handle[1] != r->region_id || d->payload_bytes > r->payload_stride) {
        return false;
    }
    const uint8_t *own = r->payload + (lease->position & r->mask) * r->payload_stride;
    if (d->handle[0] != (uint64_t) (own - (const uint8_t *) r->header)) {
        return false;
    }
    lease->payload = own;
    return true;
}

/* Copies the item at `position`; LAPPED when the writer has taken its slot before or during the copy. */
static enum taken take(const mimir_ring_reader *r, uint64_t position, mimir_ring_lease *lease) {
    const mimir_ring_descriptor *slot = slot_of(r, position);
    /* Acquire: pairs with the commit's release, so that the item's bytes are there. */
    const uint64_t generation = __atomic_load_n(&slot->generation, __ATOMIC_ACQUIRE);
    if (generation < mimir_committed(position)) {
        return UNSOUND; /* head says committed, the slot says never: pages went missing or were overwritten */
    }
    if (generation != mimir_committed(position)) {
        return LAPPED;
    }
    mimir_copy_words(&lease->descriptor, slot, sizeof lease->descriptor);
    if (!still_holds(r, position)) {
        return LAPPED;
    }
    lease->position = position;
    return find_payload(r, lease) ? TAKEN : UNSOUND;
}

/*
 * After the writer took the slot at `position` away: three quarters of the ring behind the head, one further at least.
 */
static void resume(mimir_ring_reader *r) {
    const uint64_t behind = (r->mask + 1) * 3 / 4;
    const uint64_t head = head_of(r);
    uint64_t target = head > behind ? head - behind : 0;
    if ((int64_t) (target - r->position) < 1) {
        target = r->position + 1;
    }
    r->overtaken += target - r->position;
    r->position = target;
}

/* What to say when everything up to `position` was read. Positive: look again. */
static int at_head(const mimir_ring_reader *r) {
    /* Acquire: the last commit came before the end, so a head loaded after this one is final. */
    const uint32_t state = __atomic_load_n(&r->header->state, __ATOMIC_ACQUIRE);
    if (!is_sound(r)) {
        return -EIO;
    }
    if (state == MIMIR_RING_LIVE) {
        return 0;
    }
    if (head_of(r) != r->position) {
        return 1;
    }
    return state == MIMIR_RING_SUCCEEDED ? -ESTALE : -EPIPE;
}

/* Moves a LATEST reader up to the newest item. */
static void skip_to_newest(mimir_ring_reader *r, uint64_t head) {
    r->skipped += head - 1 - r->position;
    r->position = head - 1;
}

int mimir_ring_next(mimir_ring_reader *r, mimir_ring_lease *lease) {
    /* Under a batch a quarter of the slots may be gone beyond where it resumes; more only where a head leaps. */
    for (uint64_t tries = 0; tries <= r->mask + 1; tries++) {
        const uint64_t head = head_of(r);
        if (r->seat != NULL && (head == r->position || r->position - r->told >= r->step)) {
            mimir_seat_tell(r); /* the lease of the item before is over */
        }
        if (head == r->position) {
            const int end = at_head(r);
            if (end <= 0) {
                return end;
            }
            continue;
        }
        if (!is_sound(r) || (int64_t) (head - r->position) < 0) {
            return -EIO; /* a head never runs backwards */
        }
        if (r->profile == MIMIR_LATEST) {
            skip_to_newest(r, head);
        }
        const enum taken taken = take(r, r->position, lease);
        if (taken == TAKEN) {
            r->position++;
            r->delivered++;
            return 1;
        }
        if (taken == UNSOUND) {
            return -EIO;
        }
        if (r->profile != MIMIR_LATEST) {
            resume(r);
        }
    }
    return 0;
}

bool mimir_ring_release(mimir_ring_reader *r, const mimir_ring_lease *lease) {
    /* In this order: a page that went missing while the payload was read makes the region unsound, not the slot. */
    if (mimir_ring_intact(r, lease)) {
        return true;
    }
    r->delivered--;
    r->overtaken++;
    r->torn++;
    return false;
}

void mimir_ring_range(const mimir_ring_reader *r, uint64_t *oldest, uint64_t *end) {
    *end = head_of(r);
    *oldest = *end > r->mask + 1 ? *end - r->mask - 1 : 0;
}

int mimir_ring_peek(const mimir_ring_reader *r, uint64_t position, mimir_ring_lease *lease) {
    const uint64_t head = head_of(r);
    if (!is_sound(r) || (int64_t) (head - r->position) < 0) {
        return -EIO;
    }
    if (position >= head || head - position > r->mask + 1) {
        return 0;
    }
    const enum taken taken = take(r, position, lease);
    return taken == UNSOUND ? -EIO : taken == TAKEN;
}

bool mimir_ring_intact(const mimir_ring_reader *r, const mimir_ring_lease *lease) {
    return still_holds(r, lease->position) && is_sound(r);
}

int mimir_ring_verify(const mimir_ring_lease *lease) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    if ((d->flags & MIMIR_FLAG_CRC) == 0 || (lease->payload == NULL && d->payload_bytes != 0)) {
        return -ENODATA;
    }
    return mimir_crc32c(0, lease->payload, d->payload_bytes) == d->crc32c;
}

int mimir_ring_find_format(const mimir_ring_reader *r, uint32_t format_id, mimir_ring_format *format) {
    /* Acquire: pairs with the release that counted the entry, after it was complete. */
    const uint32_t count = __atomic_load_n(&r->header->format_count, __ATOMIC_ACQUIRE);
    if (format_id == 0 || format_id > count || format_id > r->format_capacity) {
        return -ENOENT;
    }
    memcpy(format, r->formats + (format_id - 1) * r->format_bytes, sizeof *format);
    return format->format_id == format_id ? 0 : -EIO;
}
