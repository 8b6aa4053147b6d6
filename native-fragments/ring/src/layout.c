// SPDX-License-Identifier: Apache-2.0
/* Decides whether the bytes of a mapping are a region that may be believed. */
#include <errno.h>
#include <string.h>

#include "internal.h"

#define LARGEST_SLOT_COUNT  (UINT32_C(1) << 20)
#define LARGEST_ENTRY_BYTES 4096u
#define MOST_FORMATS        4096u
#define CONSTANT_BYTES      offsetof(mimir_ring_header, head)

typedef struct range {
    uint64_t offset;
    uint64_t bytes;
} range;

/* By subtraction, so that no sum of untrusted numbers can wrap around. */
static bool is_inside(range part, uint64_t region_bytes) {
    return part.offset % 64 == 0 && part.offset >= MIMIR_RING_HEADER_BYTES && part.offset <= region_bytes &&
           part.bytes <= region_bytes - part.offset;
}

/* Both must be inside, so that the sums are sound. */
static bool overlap(range a, range b) {
    return a.bytes != 0 && b.bytes != 0 && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

static bool is_entry_size(uint32_t bytes, uint32_t least) {
    return bytes >= least && bytes <= LARGEST_ENTRY_BYTES && bytes % 64 == 0;
}

static bool sizes_agree(const mimir_ring_header *h) {
    const uint32_t slots = h->slot_count;
    if (slots < 2 || slots > LARGEST_SLOT_COUNT || (slots & (slots - 1)) != 0) {
        return false;
    }
    return is_entry_size(h->slot_bytes, MIMIR_RING_SLOT_BYTES) &&
           is_entry_size(h->format_bytes, MIMIR_RING_FORMAT_BYTES) && h->format_capacity <= MOST_FORMATS &&
           h->payload_stride % 64 == 0 && h->payload_stride <= h->region_bytes / slots;
}

/* Three parts inside the region, none on another; a part of no bytes may stand anywhere. */
static bool parts_agree(const mimir_ring_header *h) {
    const range slots = {h->slots_offset, (uint64_t) h->slot_count * h->slot_bytes};
    const range payload = {h->payload_offset, h->slot_count * h->payload_stride};
    const range formats = {h->format_offset, (uint64_t) h->format_capacity * h->format_bytes};
    if (!is_inside(slots, h->region_bytes) || (payload.bytes != 0 && !is_inside(payload, h->region_bytes)) ||
        (formats.bytes != 0 && !is_inside(formats, h->region_bytes))) {
        return false;
    }
    return !overlap(slots, payload) && !overlap(slots, formats) && !overlap(payload, formats);
}

static void take_geometry(const mimir_ring_header *h, mimir_ring_geometry *g) {
    g->region_id = h->region_id;
    g->slot_count = h->slot_count;
    g->slot_bytes = h->slot_bytes;
    g->slots_offset = h->slots_offset;
    g->payload_offset = h->payload_stride != 0 ? h->payload_offset : 0;
    g->payload_stride = h->payload_stride;
    g->format_offset = h->format_capacity != 0 ? h->format_offset : 0;
    g->format_bytes = h->format_bytes;
    g->format_capacity = h->format_capacity;
    g->item_kind = h->item_kind;
}

int mimir_ring_check(const void *region, uint64_t bytes, mimir_ring_geometry *g) {
    mimir_ring_header h;
    if (region == NULL || (uintptr_t) region % 64 != 0 || bytes < MIMIR_RING_HEADER_BYTES) {
        return -EINVAL;
    }
    const mimir_ring_header *shared = region;
    memcpy(&h, shared, CONSTANT_BYTES);
    /* Or the compiler might read a number again from the region, after the check of its first value. */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (h.magic != MIMIR_RING_MAGIC) {
        return -EINVAL;
    }
    if (h.abi_major != MIMIR_RING_ABI_MAJOR) {
        return -EPROTO;
    }
    if (h.header_bytes != MIMIR_RING_HEADER_BYTES || h.region_id == 0 || h.region_bytes > bytes ||
        h.region_bytes < MIMIR_RING_HEADER_BYTES || __atomic_load_n(&shared->state, __ATOMIC_ACQUIRE) == 0 ||
        !sizes_agree(&h) || !parts_agree(&h)) {
        return -EINVAL;
    }
    take_geometry(&h, g);
    return 0;
}

const char *mimir_ring_version(void) {
    _Static_assert(MIMIR_RING_ABI_MAJOR == 1 && MIMIR_RING_ABI_MINOR == 0, "the text below says 1.0");
    return "1.0";
}
