// SPDX-License-Identifier: Apache-2.0
/* Payloads of the model straight into frames, without USB: each fault has its count and its reason, no more. */
#include "../../ring/test/region.h"
#include "../../ring/test/test.h"
#include "frames.h"
#include "model.h"

#define TRANSFER 65536
#define BYTES    (UINT64_C(320) * 240 * 2)

static test_region region;
static mimir_ps3eye_counts counts;
static eye_frames frames;
static model m;
static mimir_ring_reader reader;
static uint64_t number;    /* in the newest picture */
static int64_t now_ns;

static void begin(void) {
    counts = (mimir_ps3eye_counts) {0};
    frames = (eye_frames) {.counts = &counts, .width = 320, .height = 240, .bytes = BYTES, .format_id = 1,
        .checksum = true};
    region = test_region_make(128, BYTES);
    ASSERT_EQ(0, mimir_eye_frames_make(&frames, region.header, region.bytes, region.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&reader, region.header, region.bytes, region.hints, MIMIR_EVERY,
                                          MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL));
    model_init(&m, 3);
    model_apply(&m, MODEL_BRIDGE_OPENING, 0);
    model_apply(&m, MODEL_SENSOR_OPENING, 1);
    model_apply(&m, MODEL_BRIDGE_STARTING[1][0], 0);
    model_apply(&m, MODEL_SENSOR_STARTING[1][0], 1);
    model_apply(&m, "E5:02 E0:09", 0);
    model_apply(&m, "11:01 0D:81", 1);
    now_ns = 0;
    model_bridge_write(&m, 0xE0, 0x00, now_ns);
    mimir_eye_frames_begin(&frames, 0);
}

/* Until frame `end` of the stream was sent. */
static void stream_to(uint64_t end) {
    static uint8_t buffer[TRANSFER];
    while (m.frame < end) {
        now_ns = m.due_ns;
        model_tick(&m, now_ns);
        while (m.pending) {
            const int n = model_bulk(&m, buffer, TRANSFER);
            if (n >= 0) {
                mimir_eye_frames_take(&frames, buffer, (uint64_t) n, now_ns);
            } else {
                mimir_eye_frames_tear(&frames, MIMIR_DROP_STALLED);
                model_clear_halt(&m);
            }
        }
    }
}

/* All items are right, and what is missing between them was told. Returns how many, -1 when not so. */
static int read_all(void) {
    mimir_ring_lease lease;
    int n = 0;
    while (mimir_ring_next(&reader, &lease) == 1) {
        uint64_t this_one;
        const bool right = model_check(lease.payload, BYTES, 3, &this_one) && mimir_ring_verify(&lease) == 1;
        const uint64_t gap = (lease.descriptor.flags & MIMIR_FLAG_GAP_BEFORE) != 0 ? lease.descriptor.gap_items : 0;
        if (!right || !mimir_ring_release(&reader, &lease) || (n > 0 && this_one - number - 1 != gap)) {
            return -1;
        }
        number = this_one;
        n++;
    }
    return n;
}

static uint64_t drops(void) {
    uint64_t sum = 0;
    for (unsigned i = 0; i < MIMIR_RING_DROP_REASONS; i++) {
        sum += region.header->drops[i];
    }
    return sum;
}

static void finish(void) {
    test_region_free(&region);
}

/* 60 frames with one fault at number 30: `lost` frames of `reason`, in `counter`. */
static void expect(enum model_fault fault, uint32_t n, uint32_t reason, const uint64_t *counter, uint64_t lost) {
    begin();
    ASSERT_STILL_GOOD();
    model_fault(&m, fault, 30, n);
    stream_to(60);
    ASSERT_EQ(60 - lost, read_all());
    ASSERT_EQ(60 - lost, counts.frames);
    ASSERT_EQ(lost, drops());
    ASSERT_EQ(lost, region.header->drops[reason]);
    ASSERT_EQ(lost, counter != NULL ? *counter : 0);
    ASSERT_EQ(0, counts.warmup_frames);
    finish();
}

static void should_count_each_fault_once(void) {
    static const struct {
        enum model_fault fault;
        uint32_t n;
        uint32_t reason;
        const uint64_t *counter;
        uint64_t lost;
        const uint64_t *payloads; /* bad ones of this kind: n */
    } cases[] = {
        {MODEL_ERR_PAYLOAD, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.error_payloads},
        {MODEL_HEADER_ONLY, 20, MIMIR_DROP_CORRUPT, NULL, 0, &counts.header_only},
        {MODEL_HEADER_PLAIN, 3, MIMIR_DROP_CORRUPT, NULL, 0, &counts.header_only},
        {MODEL_SHORT, 0, MIMIR_DROP_CORRUPT, &counts.short_frames, 1, &counts.bad_headers},
        {MODEL_NO_EOF, 0, MIMIR_DROP_CORRUPT, &counts.short_frames, 1, &counts.bad_headers},
        {MODEL_TORN, 0, MIMIR_DROP_CORRUPT, &counts.short_frames, 1, &counts.bad_headers},
        {MODEL_BAD_HEADER, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.bad_headers},
        {MODEL_PTS_JUMP, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.bad_headers},
        {MODEL_FID, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.bad_headers},
        {MODEL_NO_PTS, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.no_pts},
        {MODEL_TINY, 1, MIMIR_DROP_CORRUPT, &counts.damaged_frames, 1, &counts.bad_headers},
        {MODEL_OVERSIZE, 0, MIMIR_DROP_CORRUPT, &counts.oversize_frames, 1, &counts.bad_headers},
        {MODEL_SKIP, 3, MIMIR_DROP_MISSING, &counts.missing_frames, 3, NULL},
        {MODEL_TRANSFER, 1, MIMIR_DROP_STALLED, &counts.torn_frames, 1, NULL},
        {MODEL_STALL, 1, MIMIR_DROP_STALLED, &counts.torn_frames, 1, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect(cases[i].fault, cases[i].n, cases[i].reason, cases[i].counter, cases[i].lost);
        if (case_failed) {
            printf("# with fault %d\n", (int) cases[i].fault);
            return;
        }
        ASSERT_EQ(cases[i].payloads != NULL ? cases[i].n : 0, cases[i].payloads != NULL ? *cases[i].payloads : 0);
    }
}

static void should_deliver_all_of_a_good_stream(void) {
    begin();
    ASSERT_STILL_GOOD();
    stream_to(120); /* past the end of PTS */
    ASSERT_EQ(120, read_all());
    ASSERT_EQ(0, drops());
    ASSERT(counts.pts_step >= 5300 && counts.pts_step <= 5360);
    ASSERT_EQ(120 * BYTES, region.header->payload_copied);
    finish();
}

static void should_count_what_was_missing_before_it_knew_the_step(void) {
    begin();
    ASSERT_STILL_GOOD();
    model_fault(&m, MODEL_SKIP, 4, 2);
    stream_to(40);
    ASSERT_EQ(2, region.header->drops[MIMIR_DROP_MISSING]);
    ASSERT_EQ(38, counts.frames);
    finish();
}

static void should_not_count_what_came_before_the_first_whole_frame(void) {
    begin();
    ASSERT_STILL_GOOD();
    model_fault(&m, MODEL_SHORT, 0, 0);
    model_fault(&m, MODEL_BAD_HEADER, 1, 0);
    stream_to(20);
    ASSERT_EQ(18, read_all());
    ASSERT_EQ(0, drops());
    ASSERT_EQ(2, counts.warmup_frames);
    finish();
}

static void should_deliver_nothing_without_headers(void) {
    begin();
    ASSERT_STILL_GOOD();
    m.run_1d[1].count = 0;
    model_bridge_write(&m, 0xE0, 0x09, now_ns);
    model_bridge_write(&m, 0xE0, 0x00, now_ns);
    stream_to(10);
    ASSERT_EQ(0, counts.frames);
    ASSERT(counts.bad_headers > 100);
    finish();
}

int main(void) {
    RUN("should deliver all of a good stream", should_deliver_all_of_a_good_stream);
    RUN("should count each fault once", should_count_each_fault_once);
    RUN("should count what was missing before it knew the step", should_count_what_was_missing_before_it_knew_the_step);
    RUN("should not count what came before the first whole frame",
        should_not_count_what_came_before_the_first_whole_frame);
    RUN("should deliver nothing without headers", should_deliver_nothing_without_headers);
    FINISH();
}
