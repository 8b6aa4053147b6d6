// SPDX-License-Identifier: Apache-2.0
/* Whatever stands in a region, nothing outside it is touched: bad headers are refused, bad items end the reading. */
#include "region.h"
#include "test.h"

static test_region t;
static mimir_ring_writer w;
static mimir_ring_reader r;
static mimir_ring_lease lease;

static int attach_reader(void) {
    return mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                    MIMIR_WAIT_DOORBELL);
}

typedef struct bad_field {
    const char *name;
    size_t offset;
    size_t bytes;
    uint64_t value;
    int error;
} bad_field;

#define BAD(field, value) {#field " = " #value, offsetof(mimir_ring_header, field), \
                           sizeof(((mimir_ring_header *) 0)->field), value, -EINVAL}

static const bad_field BAD_FIELDS[] = {
    BAD(magic, 0),
    BAD(magic, MIMIR_RING_MAGIC + 1),
    {"abi_major = 0", offsetof(mimir_ring_header, abi_major), 2, 0, -EPROTO},
    {"abi_major = 2", offsetof(mimir_ring_header, abi_major), 2, 2, -EPROTO},
    BAD(header_bytes, 0),
    BAD(header_bytes, 8192),
    BAD(region_bytes, 0),
    BAD(region_bytes, 4095),
    BAD(region_bytes, 4096),
    BAD(region_bytes, UINT64_MAX),
    BAD(region_bytes, UINT64_C(1) << 40),
    BAD(region_id, 0),
    BAD(state, 0),
    BAD(slot_count, 0),
    BAD(slot_count, 1),
    BAD(slot_count, 3),
    BAD(slot_count, 24),
    BAD(slot_count, UINT32_C(1) << 21),
    BAD(slot_count, UINT32_C(1) << 31),
    BAD(slot_count, UINT32_MAX),
    BAD(slot_bytes, 0),
    BAD(slot_bytes, 64),
    BAD(slot_bytes, 129),
    BAD(slot_bytes, 160),
    BAD(slot_bytes, 4160),
    BAD(slot_bytes, UINT32_MAX),
    BAD(slots_offset, 0),
    BAD(slots_offset, 4032),
    BAD(slots_offset, 4608 + 8),
    BAD(slots_offset, UINT64_MAX - 63),
    BAD(slots_offset, UINT64_MAX - 4095),
    BAD(slots_offset, UINT64_C(1) << 63),
    BAD(payload_offset, 0),
    BAD(payload_offset, 4096),
    BAD(payload_offset, 4096 + 512 + 64),
    BAD(payload_offset, UINT64_MAX - 63),
    BAD(payload_offset, UINT64_C(1) << 63),
    BAD(payload_stride, 1),
    BAD(payload_stride, 96),
    BAD(payload_stride, 192),
    BAD(payload_stride, UINT64_MAX),
    BAD(payload_stride, UINT64_C(1) << 60),
    BAD(format_offset, 64),
    BAD(format_offset, 4096 + 64),
    BAD(format_offset, UINT32_MAX - 63),
    BAD(format_capacity, 3),
    BAD(format_capacity, UINT32_MAX),
    BAD(format_bytes, 0),
    BAD(format_bytes, 128),
    BAD(format_bytes, 320),
    BAD(format_bytes, UINT32_MAX),
};

static void refuse_bad_headers(void) {
    t = test_region_make(16, 128);
    for (size_t i = 0; i < sizeof BAD_FIELDS / sizeof BAD_FIELDS[0]; i++) {
        const bad_field *bad = &BAD_FIELDS[i];
        uint8_t *place = (uint8_t *) t.header + bad->offset;
        uint64_t kept = 0;
        memcpy(&kept, place, bad->bytes);
        memcpy(place, &bad->value, bad->bytes);
        const int to_reader = attach_reader();
        const int to_writer = mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints);
        if (to_reader != bad->error || to_writer != bad->error) {
            printf("# %s\n", bad->name);
        }
        ASSERT_EQ(bad->error, to_reader);
        ASSERT_EQ(bad->error, to_writer);
        memcpy(place, &kept, bad->bytes);
        ASSERT_EQ(0, attach_reader());
    }
    test_region_free(&t);
}

static void refuse_bad_mappings(void) {
    t = test_region_make(16, 128);
    void *odd = (uint8_t *) t.header + 8;
    ASSERT_EQ(-EINVAL, mimir_ring_reader_attach(&r, NULL, t.bytes, NULL, MIMIR_EVERY, MIMIR_START_NOW,
                                                MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(-EINVAL, mimir_ring_reader_attach(&r, odd, t.bytes - 8, NULL, MIMIR_EVERY, MIMIR_START_NOW,
                                                MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(-EINVAL, mimir_ring_reader_attach(&r, t.header, 4095, NULL, MIMIR_EVERY, MIMIR_START_NOW,
                                                MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(-EINVAL, mimir_ring_reader_attach(&r, t.header, t.bytes - 1, NULL, MIMIR_EVERY, MIMIR_START_NOW,
                                                MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(-EINVAL, mimir_ring_writer_attach(&w, t.header, t.bytes - 1, NULL));
    test_region_free(&t);
}

static void refuse_foreign_hints(void) {
    t = test_region_make(16, 128);
    t.hints->region_id++;
    ASSERT_EQ(-EINVAL, attach_reader());
    t.hints->region_id--;
    t.hints->magic = 0;
    ASSERT_EQ(-EINVAL, attach_reader());
    /* Readers write that page: what they do to it must not keep a writer out. */
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    test_region_free(&t);
}

static void accept_newer_minor(void) {
    t = test_region_make(16, 128);
    t.header->abi_minor = 9;
    ASSERT_EQ(0, attach_reader());
    ASSERT(strcmp("1.0", mimir_ring_version()) == 0);
    test_region_free(&t);
}

/* Writes an item, lets `spoil` change its committed descriptor, and expects -EIO, again and again, without a count. */
static void expect_unsound(void (*spoil)(mimir_ring_descriptor *)) {
    t = test_region_make(16, 128);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, attach_reader());
    test_write(&w, 1, 128);
    spoil((mimir_ring_descriptor *) ((uint8_t *) t.header + t.header->slots_offset));
    ASSERT_EQ(-EIO, mimir_ring_next(&r, &lease));
    ASSERT_EQ(-EIO, mimir_ring_next(&r, &lease));
    ASSERT_EQ(0, r.delivered + r.overtaken + r.skipped);
    test_region_free(&t);
}

static void set_long_payload(mimir_ring_descriptor *d) { d->payload_bytes = 129; }

static void set_huge_payload(mimir_ring_descriptor *d) { d->payload_bytes = UINT64_MAX; }

static void point_before_slab(mimir_ring_descriptor *d) { d->handle[0] -= 64; }

static void point_behind_slab(mimir_ring_descriptor *d) { d->handle[0] += 16 * 128; }

static void point_to_neighbour(mimir_ring_descriptor *d) { d->handle[0] += 128; }

static void point_far_away(mimir_ring_descriptor *d) { d->handle[0] = UINT64_MAX - 63; }

static void point_askew(mimir_ring_descriptor *d) { d->handle[0] += 1; }

static void point_elsewhere(mimir_ring_descriptor *d) { d->handle[1] += 1; }

static void set_long_inline(mimir_ring_descriptor *d) {
    d->payload_kind = MIMIR_PAYLOAD_INLINE;
    d->payload_bytes = MIMIR_RING_INLINE_BYTES + 1;
}

static void forget_commit(mimir_ring_descriptor *d) { d->generation = 0; }

static void reopen_claim(mimir_ring_descriptor *d) { d->generation = 1; }

static void change_region(mimir_ring_descriptor *d) {
    (void) d;
    t.header->region_id++;
}

static void turn_head_back(mimir_ring_descriptor *d) {
    (void) d;
    t.header->head = UINT64_MAX;
}

static void stop_at_unsound_items(void) {
    void (*const ways[])(mimir_ring_descriptor *) = {
        set_long_payload, set_huge_payload, point_before_slab, point_behind_slab, point_to_neighbour,
        point_far_away, point_askew, point_elsewhere, set_long_inline, forget_commit, reopen_claim, change_region,
        turn_head_back,
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        expect_unsound(ways[i]);
        if (case_failed) {
            printf("# way %zu\n", i);
            return;
        }
    }
}

static void survive_leaping_head(void) {
    t = test_region_make(16, 128);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, attach_reader());
    test_write(&w, 1, 128);
    t.header->head = UINT64_C(1) << 60;
    ASSERT_EQ(1, mimir_ring_next(&r, &lease)); /* position 0 is still whole */
    ASSERT(mimir_ring_release(&r, &lease));
    ASSERT_EQ(-EIO, mimir_ring_next(&r, &lease));
    ASSERT(test_is_conserved(&r));
    test_region_free(&t);
}

static void fall_behind_by_generation_alone(void) {
    t = test_region_make(16, 128);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, attach_reader());
    test_write(&w, 1, 128);
    test_write(&w, 2, 128);
    ((mimir_ring_descriptor *) ((uint8_t *) t.header + t.header->slots_offset))->generation = UINT64_MAX;
    ASSERT_EQ(1, mimir_ring_next(&r, &lease)); /* the spoilt one counts as overtaken, reading goes forward */
    ASSERT_EQ(2, lease.descriptor.sequence);
    ASSERT_EQ(1, r.overtaken);
    ASSERT(test_is_conserved(&r));
    test_region_free(&t);
}

int main(void) {
    RUN("should refuse every kind of bad header", refuse_bad_headers);
    RUN("should refuse mappings that are too short or not aligned", refuse_bad_mappings);
    RUN("should refuse hints of another region to a reader, never to a writer", refuse_foreign_hints);
    RUN("should accept a newer minor version", accept_newer_minor);
    RUN("should stop at unsound items and count nothing", stop_at_unsound_items);
    RUN("should survive a head that leaps", survive_leaping_head);
    RUN("should move forward past a slot from the future", fall_behind_by_generation_alone);
    FINISH();
}
