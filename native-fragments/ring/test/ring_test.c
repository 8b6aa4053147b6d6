// SPDX-License-Identifier: Apache-2.0
/* Writer and reader in one thread: what is written is what is read, and every loss is counted. */
#include "region.h"
#include "test.h"

static test_region t;
static mimir_ring_writer w;
static mimir_ring_reader r;
static mimir_ring_lease lease;

static void attach(uint32_t slots, uint64_t stride, enum mimir_ring_profile profile) {
    t = test_region_make(slots, stride);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, profile, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
}

static void write_items(uint64_t first, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        test_write(&w, first + i, w.payload_stride);
    }
}

/* Reads all there is; every item must be whole, sequences must rise. Returns the last sequence. */
static uint64_t drain(void) {
    uint64_t last = 0;
    while (mimir_ring_next(&r, &lease) == 1) {
        case_failed |= lease.payload != NULL && !test_is_intact(&lease);
        case_failed |= last != 0 && lease.descriptor.sequence <= last;
        last = lease.descriptor.sequence;
        case_failed |= !mimir_ring_release(&r, &lease);
    }
    case_failed |= !test_is_conserved(&r);
    return last;
}

static void read_what_was_written(void) {
    attach(8, 128, MIMIR_EVERY);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    write_items(100, 3);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(100, lease.descriptor.sequence);
    ASSERT_EQ(7, lease.descriptor.source_id);
    ASSERT_EQ(1, lease.descriptor.epoch);
    ASSERT_EQ(MIMIR_PAYLOAD_MEMORY, lease.descriptor.payload_kind);
    ASSERT((const uint8_t *) lease.payload == (const uint8_t *) t.header + t.header->payload_offset);
    ASSERT(test_is_intact(&lease));
    ASSERT(mimir_ring_release(&r, &lease));
    ASSERT_EQ(102, drain());
    ASSERT_EQ(3, r.delivered);
    ASSERT_EQ(3 * 128, t.header->payload_written);
    ASSERT_EQ(102 * 1000, t.header->last_commit_ns);
    ASSERT_EQ(0, t.header->doorbell);
    test_region_free(&t);
}

static void go_round(void) {
    attach(4, 64, MIMIR_EVERY);
    for (uint64_t i = 1; i <= 1000; i++) {
        write_items(i, 1);
        ASSERT_EQ(i, drain());
    }
    ASSERT_EQ(1000, r.delivered);
    ASSERT_EQ(0, r.overtaken);
    test_region_free(&t);
}

static void overtake_every(void) {
    attach(16, 64, MIMIR_EVERY);
    write_items(1, 100);
    ASSERT_EQ(100, drain());
    ASSERT_EQ(12, r.delivered); /* three quarters of 16 */
    ASSERT_EQ(88, r.overtaken);
    test_region_free(&t);
}

static void read_full_ring(void) {
    attach(16, 64, MIMIR_EVERY);
    write_items(1, 16);
    ASSERT_EQ(16, drain());
    ASSERT_EQ(16, r.delivered);
    test_region_free(&t);
}

static void overtake_by_claim(void) {
    mimir_ring_descriptor *d;
    attach(16, 64, MIMIR_EVERY);
    write_items(1, 16);
    mimir_ring_claim(&w, &d);
    ASSERT_EQ(16, drain());
    ASSERT_EQ(12, r.delivered);
    ASSERT_EQ(4, r.overtaken);
    test_region_free(&t);
}

static void skip_to_latest(void) {
    attach(16, 64, MIMIR_LATEST);
    write_items(1, 10);
    ASSERT_EQ(10, drain());
    write_items(11, 100);
    ASSERT_EQ(110, drain());
    ASSERT_EQ(2, r.delivered);
    ASSERT_EQ(108, r.skipped);
    ASSERT_EQ(0, r.overtaken);
    test_region_free(&t);
}

static void tear_lease(void) {
    attach(4, 64, MIMIR_EVERY);
    write_items(1, 2);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    write_items(3, 3);
    ASSERT_EQ(1, r.delivered);
    ASSERT(!mimir_ring_release(&r, &lease));
    ASSERT_EQ(0, r.delivered);
    ASSERT_EQ(1, r.torn);
    ASSERT_EQ(1, r.overtaken);
    ASSERT(test_is_conserved(&r));
    ASSERT_EQ(5, drain());
    test_region_free(&t);
}

static void peek_anywhere(void) {
    mimir_ring_descriptor *d;
    uint64_t oldest;
    uint64_t end;
    attach(16, 64, MIMIR_EVERY);
    write_items(1, 100);
    mimir_ring_range(&r, &oldest, &end);
    ASSERT_EQ(84, oldest);
    ASSERT_EQ(100, end);
    for (uint64_t p = oldest; p < end; p++) {
        ASSERT_EQ(1, mimir_ring_peek(&r, p, &lease));
        ASSERT_EQ(p + 1, lease.descriptor.sequence);
        ASSERT(test_is_intact(&lease) && mimir_ring_intact(&r, &lease));
    }
    ASSERT_EQ(0, mimir_ring_peek(&r, 83, &lease));
    ASSERT_EQ(0, mimir_ring_peek(&r, 100, &lease));
    ASSERT_EQ(0, mimir_ring_peek(&r, UINT64_MAX, &lease));
    ASSERT_EQ(1, mimir_ring_peek(&r, oldest, &lease));
    mimir_ring_claim(&w, &d);
    ASSERT(!mimir_ring_intact(&r, &lease));
    ASSERT_EQ(0, mimir_ring_peek(&r, oldest, &lease));
    ASSERT_EQ(0, r.position + r.delivered + r.overtaken + r.torn);
    t.header->region_id++;
    ASSERT_EQ(-EIO, mimir_ring_peek(&r, 99, &lease));
    test_region_free(&t);
}

static void begin_where_asked(void) {
    mimir_ring_descriptor *d;
    attach(8, 64, MIMIR_EVERY);
    write_items(1, 20);
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, NULL, MIMIR_EVERY, MIMIR_START_NOW,
                                          MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(20, r.first);
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, NULL, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(12, r.first);
    ASSERT_EQ(20, drain());
    ASSERT_EQ(8, r.delivered);
    mimir_ring_claim(&w, &d);
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, NULL, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(13, r.first);
    ASSERT_EQ(20, drain());
    ASSERT_EQ(7, r.delivered);
    test_region_free(&t);
}

static void honour_slot_bytes(void) {
    t = test_region_make_wide(8, 64, 192);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
    write_items(1, 8);
    ASSERT_EQ(8, drain());
    ASSERT_EQ(8, r.delivered);
    test_region_free(&t);
}

static void carry_no_payload(void) {
    attach(8, 0, MIMIR_EVERY);
    ASSERT_STILL_GOOD();
    write_items(1, 2);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT(lease.payload == NULL);
    ASSERT_EQ(MIMIR_PAYLOAD_NONE, lease.descriptor.payload_kind);
    ASSERT(mimir_ring_release(&r, &lease));
    ASSERT_EQ(2, drain());
    test_region_free(&t);
}

static void find_formats(void) {
    mimir_ring_format format;
    attach(8, 64, MIMIR_EVERY);
    ASSERT_EQ(0, mimir_ring_find_format(&r, 1, &format));
    ASSERT_EQ(MIMIR_FORMAT_GREY8, format.code);
    ASSERT_EQ(-ENOENT, mimir_ring_find_format(&r, 0, &format));
    ASSERT_EQ(-ENOENT, mimir_ring_find_format(&r, 2, &format));
    t.header->format_count = UINT32_MAX;
    ASSERT_EQ(-EIO, mimir_ring_find_format(&r, 2, &format));
    ASSERT_EQ(-ENOENT, mimir_ring_find_format(&r, 3, &format));
    ASSERT_EQ(-ENOENT, mimir_ring_find_format(&r, UINT32_MAX, &format));
    test_region_free(&t);
}

int main(void) {
    RUN("should read what was written", read_what_was_written);
    RUN("should go round the ring a thousand items long", go_round);
    RUN("should read a ring that is exactly full", read_full_ring);
    RUN("should resume three quarters behind the head when EVERY was overtaken", overtake_every);
    RUN("should count an item overtaken by a claim alone", overtake_by_claim);
    RUN("should count what LATEST passes over as skipped", skip_to_latest);
    RUN("should say that a lease was torn and move its item to overtaken", tear_lease);
    RUN("should peek at any item that is there and change nothing", peek_anywhere);
    RUN("should begin with the oldest whole item or with the next", begin_where_asked);
    RUN("should honour the slot size that it finds", honour_slot_bytes);
    RUN("should carry items without payload", carry_no_payload);
    RUN("should find formats and no entry beyond the table", find_formats);
    FINISH();
}
