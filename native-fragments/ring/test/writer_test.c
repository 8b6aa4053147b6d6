// SPDX-License-Identifier: Apache-2.0
/* What a writer says beside its items: losses, epochs, ends. */
#include "region.h"
#include "test.h"

static test_region t;
static mimir_ring_writer w;
static mimir_ring_reader r;
static mimir_ring_lease lease;

static void attach(void) {
    t = test_region_make(8, 64);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
}

/* Writes one item, reads it and leaves its descriptor in `lease`. */
static void pass_one(uint64_t sequence) {
    test_write(&w, sequence, 64);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(sequence, lease.descriptor.sequence);
    ASSERT(mimir_ring_release(&r, &lease));
}

static void abort_claims(void) {
    mimir_ring_descriptor *d;
    attach();
    mimir_ring_claim(&w, &d);
    mimir_ring_abort(&w, MIMIR_DROP_CORRUPT);
    mimir_ring_abort(&w, MIMIR_DROP_CORRUPT); /* nothing is claimed any more */
    ASSERT_EQ(1, t.header->drops[MIMIR_DROP_CORRUPT]);
    ASSERT_EQ(0, t.header->head);
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    pass_one(2);
    ASSERT_EQ(MIMIR_FLAG_GAP_BEFORE | MIMIR_FLAG_DISCONTINUITY, lease.descriptor.flags);
    ASSERT_EQ(1, lease.descriptor.gap_items);
    pass_one(3);
    ASSERT_EQ(0, lease.descriptor.flags);
    ASSERT_EQ(0, lease.descriptor.gap_items);
    test_region_free(&t);
}

static void count_drops(void) {
    attach();
    pass_one(1);
    mimir_ring_drop(&w, MIMIR_DROP_MISSING, 3);
    mimir_ring_drop(&w, MIMIR_DROP_STALLED, 4);
    mimir_ring_drop(&w, 99, 1); /* no such reason */
    pass_one(10);
    ASSERT_EQ(MIMIR_FLAG_GAP_BEFORE, lease.descriptor.flags);
    ASSERT_EQ(8, lease.descriptor.gap_items);
    ASSERT_EQ(3, t.header->drops[MIMIR_DROP_MISSING]);
    ASSERT_EQ(4, t.header->drops[MIMIR_DROP_STALLED]);
    ASSERT_EQ(1, t.header->drops[MIMIR_DROP_ABORTED]);
    mimir_ring_drop(&w, MIMIR_DROP_UNPLUGGED, UINT64_C(1) << 40);
    pass_one(11);
    ASSERT_EQ(UINT32_MAX, lease.descriptor.gap_items);
    test_region_free(&t);
}

static void mark_epochs(void) {
    attach();
    pass_one(1);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY, lease.descriptor.flags);
    pass_one(2);
    ASSERT_EQ(0, lease.descriptor.flags);
    ASSERT_EQ(2, mimir_ring_epoch(&w));
    pass_one(3);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY, lease.descriptor.flags);
    ASSERT_EQ(2, lease.descriptor.epoch);
    t.header->epoch = 3; /* as the platform does for the next incarnation */
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    pass_one(1);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY, lease.descriptor.flags);
    ASSERT_EQ(3, lease.descriptor.epoch);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints)); /* a hand-over inside an epoch */
    pass_one(2);
    ASSERT_EQ(0, lease.descriptor.flags);
    test_region_free(&t);
}

static void carry_claim_into_epoch(void) {
    mimir_ring_descriptor *d;
    attach();
    mimir_ring_claim(&w, &d);
    mimir_ring_epoch(&w);
    mimir_ring_commit(&w, 0);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(2, lease.descriptor.epoch);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY, lease.descriptor.flags);
    test_region_free(&t);
}

static void return_open_claim(void) {
    mimir_ring_descriptor *first;
    mimir_ring_descriptor *second;
    attach();
    void *payload = mimir_ring_claim(&w, &first);
    first->sequence = 5;
    ASSERT(mimir_ring_claim(&w, &second) == payload);
    ASSERT(second == first);
    ASSERT_EQ(5, second->sequence);
    mimir_ring_commit(&w, 0);
    mimir_ring_commit(&w, 0); /* nothing is claimed any more */
    ASSERT_EQ(1, t.header->head);
    test_region_free(&t);
}

static void refuse_large_payload(void) {
    mimir_ring_descriptor *d;
    attach();
    mimir_ring_claim(&w, &d);
    d->payload_bytes = 65;
    mimir_ring_commit(&w, 0);
    ASSERT_EQ(0, t.header->head);
    ASSERT_EQ(1, t.header->drops[MIMIR_DROP_REFUSED]);
    test_region_free(&t);
}

static void count_copies(void) {
    mimir_ring_descriptor *d;
    attach();
    for (uint64_t copied = 0; copied <= 64; copied += 32) {
        mimir_ring_claim(&w, &d);
        d->payload_bytes = 64;
        mimir_ring_commit(&w, copied);
    }
    ASSERT_EQ(3 * 64, t.header->payload_written);
    ASSERT_EQ(96, t.header->payload_copied);
    test_region_free(&t);
}

static void end_and_revive(void) {
    mimir_ring_descriptor *d;
    attach();
    test_write(&w, 1, 64);
    mimir_ring_claim(&w, &d);
    mimir_ring_end(&w);
    ASSERT_EQ(MIMIR_RING_ENDED, t.header->state);
    ASSERT_EQ(1, t.header->drops[MIMIR_DROP_ABORTED]);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease)); /* what was committed stays readable */
    ASSERT(mimir_ring_release(&r, &lease));
    ASSERT_EQ(-EPIPE, mimir_ring_next(&r, &lease));
    ASSERT_EQ(-EPIPE, mimir_ring_next(&r, &lease));
    t.header->state = MIMIR_RING_LIVE;
    t.header->epoch = 2;
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    pass_one(1);
    ASSERT_EQ(2, r.delivered);
    ASSERT(test_is_conserved(&r));
    test_region_free(&t);
}

static void say_why_it_ended(void) {
    attach();
    t.header->state = MIMIR_RING_SUCCEEDED;
    ASSERT_EQ(-ESTALE, mimir_ring_next(&r, &lease));
    t.header->state = MIMIR_RING_PARKED;
    ASSERT_EQ(-EPIPE, mimir_ring_next(&r, &lease));
    test_write(&w, 1, 64);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease)); /* drain first */
    test_region_free(&t);
}

static void go_on_after_crash(void) {
    mimir_ring_descriptor *d;
    attach();
    for (uint64_t i = 1; i <= 8; i++) {
        test_write(&w, i, 64);
    }
    mimir_ring_claim(&w, &d); /* and dies here */
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    test_write(&w, 9, 64);
    uint64_t last = 0;
    while (mimir_ring_next(&r, &lease) == 1) {
        ASSERT(test_is_intact(&lease));
        ASSERT(mimir_ring_release(&r, &lease));
        last = lease.descriptor.sequence;
    }
    ASSERT_EQ(9, last);
    ASSERT(test_is_conserved(&r));
    ASSERT_EQ(3, r.overtaken); /* items 1 to 3: six behind head 9 is 3 */
    test_region_free(&t);
}

int main(void) {
    RUN("should count an aborted claim and flag the gap", abort_claims);
    RUN("should count drops by reason and sum them in the gap", count_drops);
    RUN("should flag the first item of every epoch and no other", mark_epochs);
    RUN("should carry an open claim into the new epoch", carry_claim_into_epoch);
    RUN("should return an open claim as it is", return_open_claim);
    RUN("should refuse a payload larger than its slot", refuse_large_payload);
    RUN("should count written and copied bytes", count_copies);
    RUN("should end, stay readable and come to life again", end_and_revive);
    RUN("should say whether a ring was succeeded or parked", say_why_it_ended);
    RUN("should go on after a writer that died in a claim", go_on_after_crash);
    FINISH();
}
