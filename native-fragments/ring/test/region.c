// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include "region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *make_memory(const char *name, uint64_t bytes, int *fd) {
    *fd = memfd_create(name, MFD_CLOEXEC);
    void *memory = MAP_FAILED;
    if (*fd >= 0 && ftruncate(*fd, (off_t) bytes) == 0) {
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    }
    if (memory == MAP_FAILED) {
        perror("no memory for a test region");
        exit(1);
    }
    return memory;
}

static void fill_header(mimir_ring_header *h, uint32_t slots, uint64_t stride, uint32_t slot_bytes) {
    h->magic = MIMIR_RING_MAGIC;
    h->abi_major = MIMIR_RING_ABI_MAJOR;
    h->abi_minor = MIMIR_RING_ABI_MINOR;
    h->header_bytes = MIMIR_RING_HEADER_BYTES;
    h->region_id = UINT64_C(0xA11CE);
    h->host_clock_id = mimir_clock_id();
    h->source_id = 7;
    h->item_kind = MIMIR_ITEM_FRAME;
    h->slot_count = slots;
    h->slot_bytes = slot_bytes;
    h->format_offset = MIMIR_RING_HEADER_BYTES;
    h->format_capacity = 2;
    h->format_bytes = MIMIR_RING_FORMAT_BYTES;
    h->slots_offset = h->format_offset + h->format_capacity * h->format_bytes;
    h->payload_offset = h->slots_offset + (uint64_t) slots * slot_bytes;
    h->payload_stride = stride;
    h->region_bytes = h->payload_offset + slots * stride;
    h->backing = MIMIR_BACKING_MEMFD;
    h->created_ns = mimir_clock_ns();
    strcpy(h->name, "test");
    h->epoch = 1;
    h->state = MIMIR_RING_LIVE;
}

test_region test_region_make_wide(uint32_t slots, uint64_t stride, uint32_t slot_bytes) {
    test_region t;
    mimir_ring_header *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        exit(1);
    }
    fill_header(plan, slots, stride, slot_bytes);
    t.bytes = plan->region_bytes;
    t.header = make_memory("region", t.bytes, &t.fd);
    memcpy(t.header, plan, sizeof *plan);
    free(plan);
    mimir_ring_format *format = (mimir_ring_format *) ((uint8_t *) t.header + t.header->format_offset);
    *format = (mimir_ring_format) {.format_id = 1, .code = MIMIR_FORMAT_GREY8, .planes = 1, .payload_bytes = stride};
    t.header->format_count = 1;
    t.hints = make_memory("hints", MIMIR_RING_HINTS_BYTES, &t.hints_fd);
    t.hints->magic = MIMIR_RING_HINTS_MAGIC;
    t.hints->region_id = t.header->region_id;
    return t;
}

test_region test_region_make(uint32_t slots, uint64_t stride) {
    return test_region_make_wide(slots, stride, MIMIR_RING_SLOT_BYTES);
}

void test_region_free(test_region *t) {
    munmap(t->header, t->bytes);
    munmap(t->hints, MIMIR_RING_HINTS_BYTES);
    close(t->fd);
    close(t->hints_fd);
}

/* By words under the thread sanitizer, see MIMIR_PUT; the last bytes of an odd length then stay as they are. */
static void fill(uint8_t *payload, uint64_t sequence, uint64_t bytes) {
#if defined(__SANITIZE_THREAD__)
    for (uint64_t i = 0; i < bytes / 8; i++) {
        MIMIR_PUT(((uint64_t *) payload)[i], (sequence & 0xFF) * UINT64_C(0x0101010101010101));
    }
#else
    memset(payload, (int) (sequence & 0xFF), bytes);
#endif
}

static bool is_filled(const uint8_t *payload, uint64_t sequence, uint64_t bytes) {
#if defined(__SANITIZE_THREAD__)
    const uint64_t word = (sequence & 0xFF) * UINT64_C(0x0101010101010101);
    for (uint64_t i = 0; i < bytes / 8; i++) {
        if (__atomic_load_n((const uint64_t *) payload + i, __ATOMIC_RELAXED) != word) {
            return false;
        }
    }
#else
    for (uint64_t i = 0; i < bytes; i++) {
        if (payload[i] != (sequence & 0xFF)) {
            return false;
        }
    }
#endif
    return true;
}

void test_write(mimir_ring_writer *w, uint64_t sequence, uint64_t payload_bytes) {
    mimir_ring_descriptor *d;
    void *payload = mimir_ring_claim(w, &d);
    if (payload != NULL) {
        fill(payload, sequence, payload_bytes);
    }
    MIMIR_PUT(d->sequence, sequence);
    MIMIR_PUT(d->host_time_ns, (int64_t) sequence * 1000);
    MIMIR_PUT(d->format_id, 1);
    MIMIR_PUT(d->payload_bytes, payload_bytes);
    mimir_ring_commit(w, 0);
}

bool test_is_intact(const mimir_ring_lease *lease) {
    const uint64_t sequence = lease->descriptor.sequence;
    return lease->descriptor.host_time_ns == (int64_t) sequence * 1000 &&
           is_filled(lease->payload, sequence, lease->descriptor.payload_bytes);
}

bool test_is_conserved(const mimir_ring_reader *r) {
    const uint64_t head = __atomic_load_n(&r->header->head, __ATOMIC_ACQUIRE);
    return head - r->first == r->delivered + r->overtaken + r->skipped + (head - r->position);
}
