// SPDX-License-Identifier: Apache-2.0
/*
 * libFuzzer's target: a reader of bytes that mean harm. The region lies in memory that ends where it ends, so that the
 * address sanitizer sees one byte too many; everything that a lease promises is used and checked.
 *
 * An input is a shape (see shape_of) and then commands, a byte each with what they need behind it; with shape RAW, the
 * bytes of a region and no commands.
 */
#include <stdlib.h>

#include "internal.h"

#define RAW        0xFF
#define MOST_STEPS 64

enum command { PATCH_HEADER, PATCH_SLOT, PATCH_FORMAT, PATCH_HINTS, WRITE, READ, FORMAT, WAIT, ATTACH, ROOM, COMMANDS };

typedef struct input {
    const uint8_t *at;
    size_t left;
} input;

typedef struct stage {
    mimir_ring_header *header;
    mimir_ring_hints *hints;
    uint64_t bytes;
    mimir_ring_writer writer;
    mimir_ring_reader reader;
    bool attached;
} stage;

static volatile uint32_t sum; /* or nobody would need what was read */

static void insist(bool holds) {
    if (!holds) {
        abort();
    }
}

static uint64_t take(input *in, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes && in->left > 0; i++, in->at++, in->left--) {
        value |= (uint64_t) *in->at << 8 * i;
    }
    return value;
}

static void make_memory(stage *s, uint64_t bytes) {
    s->bytes = bytes;
    s->header = aligned_alloc(64, bytes);
    s->hints = aligned_alloc(64, MIMIR_RING_HINTS_BYTES);
    insist(s->header != NULL && s->hints != NULL);
    memset(s->header, 0, bytes);
    memset(s->hints, 0, sizeof *s->hints);
}

/* A sound region, with the few shapes that matter: strides above the least, no payload at all, two slots. */
static void make_region(stage *s, uint8_t shape) {
    const uint32_t slots = UINT32_C(2) << (shape & 3);
    const uint32_t slot_bytes = (shape & 4) != 0 ? 192 : 128;
    const uint32_t format_bytes = (shape & 8) != 0 ? 320 : 256;
    const uint64_t stride = (shape & 16) != 0 ? 0 : 64;
    const uint64_t slots_offset = MIMIR_RING_HEADER_BYTES + 2 * format_bytes;
    make_memory(s, slots_offset + slots * (slot_bytes + stride));
    mimir_ring_header *h = s->header;
    h->magic = MIMIR_RING_MAGIC;
    h->abi_major = MIMIR_RING_ABI_MAJOR;
    h->header_bytes = MIMIR_RING_HEADER_BYTES;
    h->region_bytes = s->bytes;
    h->region_id = 0xA11CE;
    h->item_kind = (shape & 32) != 0 ? MIMIR_ITEM_EVENT : MIMIR_ITEM_FRAME;
    h->slot_count = slots;
    h->slot_bytes = slot_bytes;
    h->slots_offset = slots_offset;
    h->payload_offset = slots_offset + slots * slot_bytes;
    h->payload_stride = stride;
    h->format_offset = MIMIR_RING_HEADER_BYTES;
    h->format_capacity = 2;
    h->format_bytes = format_bytes;
    h->state = MIMIR_RING_LIVE;
    h->format_count = 1;
    ((mimir_ring_format *) (h + 1))->format_id = 1;
    s->hints->magic = MIMIR_RING_HINTS_MAGIC;
    s->hints->region_id = h->region_id;
}

static void use(stage *s, const mimir_ring_lease *lease) {
    const uint8_t *payload = lease->payload;
    const uint8_t *base = (const uint8_t *) s->header;
    const uint64_t length = payload != NULL ? lease->descriptor.payload_bytes : 0;
    const bool here = payload == (const uint8_t *) lease->descriptor.handle && length <= MIMIR_RING_INLINE_BYTES;
    insist(payload == NULL || here ||
           (payload >= base && length <= s->bytes && payload + length <= base + s->bytes));
    for (uint64_t i = 0; i < length; i++) {
        sum += payload[i];
    }
    sum += (uint32_t) mimir_ring_verify(lease);
}

/* Where the reader stands, a lap before and beyond the head; nothing of its account may change. */
static void peek_items(stage *s) {
    mimir_ring_lease lease;
    uint64_t oldest;
    uint64_t end;
    const mimir_ring_reader before = s->reader;
    mimir_ring_range(&s->reader, &oldest, &end);
    const uint64_t positions[] = {before.position, before.position - before.mask - 1, oldest, end - 1, end};
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        const int n = mimir_ring_peek(&s->reader, positions[i], &lease);
        insist(n == 1 || n == 0 || n == -EIO);
        if (n == 1) {
            use(s, &lease);
            sum += mimir_ring_intact(&s->reader, &lease);
        }
    }
    insist(memcmp(&before, &s->reader, sizeof before) == 0);
}

static void read_item(stage *s) {
    mimir_ring_lease lease;
    mimir_ring_reader *r = &s->reader;
    const uint64_t at = r->position;
    const int n = mimir_ring_next(r, &lease);
    insist(n == 1 || n == 0 || n == -EPIPE || n == -ESTALE || n == -EIO);
    insist((int64_t) (r->position - at) >= 0);
    peek_items(s);
    if (n == 1) {
        use(s, &lease);
        mimir_ring_release(r, &lease);
    }
    insist(r->position - r->first == r->delivered + r->overtaken + r->skipped);
}

static void find_format(stage *s, uint32_t id) {
    mimir_ring_format format;
    const int n = mimir_ring_find_format(&s->reader, id, &format);
    insist(n == 0 || n == -ENOENT || n == -EIO);
    insist(n != 0 || format.format_id == id);
}

static void attach(stage *s, uint8_t how) {
    const enum mimir_ring_profile profile = (enum mimir_ring_profile) ((how & 3) % 3);
    const enum mimir_ring_start start = (how & 4) != 0 ? MIMIR_START_NOW : MIMIR_START_OLDEST;
    const enum mimir_ring_waiting waiting = (enum mimir_ring_waiting) (how >> 4 & 3);
    void *hints = (how & 8) != 0 ? NULL : s->hints;
    if (s->attached) {
        mimir_ring_reader_detach(&s->reader);
    }
    const int error = mimir_ring_reader_attach(&s->reader, s->header, s->bytes, hints, profile, start,
                                               waiting);
    insist(error == 0 || error == -EINVAL || error == -EPROTO || error == -ENOTSUP || error == -EBUSY);
    s->attached = error == 0;
}

static void write_item(stage *s, uint8_t value) {
    mimir_ring_descriptor *d;
    const bool here = (value & 0x80) != 0;
    uint8_t *payload = here ? mimir_ring_claim_inline(&s->writer, &d) : mimir_ring_claim(&s->writer, &d);
    d->format_id = 1;
    if (payload != NULL) {
        d->payload_bytes = value % (here ? MIMIR_RING_INLINE_BYTES + 1 : 65);
        memset(payload, value, d->payload_bytes);
    }
    d->crc32c = mimir_crc32c(0, payload, d->payload_bytes);
    d->flags = MIMIR_FLAG_CRC;
    mimir_ring_commit(&s->writer, 0);
}

/* Puts bytes of the input somewhere into a part of the memory. */
static void patch(input *in, void *part, uint64_t bytes) {
    const uint64_t offset = take(in, 2) % bytes;
    const size_t width = (size_t) 1 << (take(in, 1) & 3);
    const uint64_t value = take(in, width);
    memcpy((uint8_t *) part + offset, &value, width < bytes - offset ? width : bytes - offset);
}

static void step(stage *s, input *in, const mimir_ring_header *plan) {
    uint8_t *base = (uint8_t *) s->header;
    const uint8_t command = (uint8_t) take(in, 1) % COMMANDS;
    const uint8_t argument = command >= WRITE ? (uint8_t) take(in, command == FORMAT ? 4 : 1) : 0;
    switch (command) {
    case PATCH_HEADER: patch(in, base, 512); break;
    case PATCH_SLOT: patch(in, base + plan->slots_offset, plan->slot_count * plan->slot_bytes); break;
    case PATCH_FORMAT: patch(in, base + plan->format_offset, plan->format_capacity * plan->format_bytes); break;
    case PATCH_HINTS: patch(in, s->hints, MIMIR_RING_HINTS_BYTES); break;
    case WRITE: write_item(s, argument); break;
    case ATTACH: attach(s, argument); break;
    case ROOM: sum += mimir_ring_room(&s->writer, 0); break;
    default: break;
    }
    if (s->attached && command == READ) {
        read_item(s);
    } else if (s->attached && command == FORMAT) {
        find_format(s, argument);
    } else if (s->attached && command == WAIT) {
        insist(mimir_ring_wait(&s->reader, 0) >= 0);
    }
}

static void play_commands(stage *s, input *in, uint8_t shape) {
    make_region(s, shape);
    const mimir_ring_header plan = *s->header;
    insist(mimir_ring_writer_attach(&s->writer, s->header, s->bytes, s->hints) == 0);
    attach(s, 1);
    insist(s->attached);
    for (int i = 0; i < MOST_STEPS && in->left > 0; i++) {
        step(s, in, &plan);
    }
}

static void read_raw(stage *s, input *in) {
    make_memory(s, (in->left + 63) / 64 * 64);
    memcpy(s->header, in->at, in->left);
    attach(s, 9);
    for (int i = 0; i < MOST_STEPS && s->attached; i++) {
        read_item(s);
        find_format(s, (uint32_t) i);
        insist(mimir_ring_wait(&s->reader, 0) >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stage s = {.attached = false};
    input in = {data, size};
    const uint8_t shape = (uint8_t) take(&in, 1);
    if (shape != RAW) {
        play_commands(&s, &in, shape);
    } else if (in.left >= 64) {
        read_raw(&s, &in);
    }
    free(s.header);
    free(s.hints);
    return 0;
}
