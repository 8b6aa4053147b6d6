// SPDX-License-Identifier: Apache-2.0
/* One device through its scripted life. The test plays the worker, so that seconds take no time. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../ring/test/test.h"
#include "device.h"
#include "rig.h"

#define START_NS  (100 * SEC)
#define ORIGIN_NS (START_NS + 2 * MS) /* the device gives itself a lead */

static rig_device rig;
static sim_device device;
static mimir_ring_lease lease;
static mimir_sim_controls controls;

static void begin_in(const mimir_sim_config *c, uint32_t slots) {
    rig = (rig_device) {.config = *c, .region = test_region_make(slots, 64 * 48 * 2)};
    rig.truth = calloc(1, sizeof *rig.truth);
    ASSERT(rig.truth != NULL);
    ASSERT_EQ(0, mimir_ring_reader_attach(&rig.reader, rig.region.header, rig.region.bytes, rig.region.hints,
            MIMIR_EVERY,
                                          MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL));
    controls = (mimir_sim_controls) {0};
    ASSERT_EQ(0, mimir_sim_device_make(&device, c, rig.region.header, rig.region.bytes, rig.region.hints, rig.truth,
                                       &controls));
    mimir_sim_device_start(&device, START_NS);
}

static void begin(const mimir_sim_config *c) {
    begin_in(c, 1024);
}

static void run_until(int64_t since_origin_ns) {
    while (device.due_ns < ORIGIN_NS + since_origin_ns) {
        mimir_sim_device_step(&device, device.due_ns);
    }
}

/* The next item, whole, verified, and told of in the truth. */
static void take(uint32_t epoch, uint64_t sequence) {
    ASSERT_EQ(1, mimir_ring_next(&rig.reader, &lease));
    ASSERT_EQ(sequence, lease.descriptor.sequence);
    ASSERT_EQ(epoch, lease.descriptor.epoch);
    ASSERT_EQ(1, mimir_ring_verify(&lease));
    ASSERT(rig_check(&rig, &lease, NULL) >= 0);
    ASSERT(rig_true_ns(&rig, epoch, sequence) != INT64_MIN);
    ASSERT(lease.descriptor.host_time_ns >= rig_true_ns(&rig, epoch, sequence));
    ASSERT(mimir_ring_release(&rig.reader, &lease));
}

static void take_run(uint32_t epoch, uint64_t from, uint64_t to) {
    for (uint64_t sequence = from; sequence < to; sequence++) {
        take(epoch, sequence);
        ASSERT_STILL_GOOD();
    }
}

static void end(uint32_t reason, uint64_t dropped) {
    ASSERT_EQ(0, mimir_ring_next(&rig.reader, &lease));
    ASSERT_EQ(dropped, rig.region.header->drops[reason]);
    ASSERT_EQ(dropped, rig.truth->dropped);
    ASSERT_EQ(rig.region.header->head, rig.truth->published);
    ASSERT_EQ(rig.truth->produced, rig.truth->published + rig.truth->dropped);
    ASSERT_EQ(0, rig.region.header->payload_copied);
    mimir_sim_device_free(&device);
    rig_free(&rig);
}

static mimir_sim_config with(mimir_sim_config c, uint64_t what, int64_t at_ns, int64_t value_ns) {
    c.moments[c.moment_count++] = (mimir_sim_moment) {.what = what, .at_ns = at_ns, .value_ns = value_ns};
    return c;
}

static void should_run_without_faults(void) {
    const mimir_sim_config c = rig_camera(100);
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 1);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY | MIMIR_FLAG_CRC, lease.descriptor.flags);
    ASSERT_EQ(ORIGIN_NS, rig_true_ns(&rig, 1, 0));
    ASSERT_EQ(ORIGIN_NS + 5 * MS, lease.descriptor.host_time_ns);
    take_run(1, 1, 100);
    ASSERT_EQ(MIMIR_FLAG_CRC, lease.descriptor.flags);
    end(MIMIR_DROP_MISSING, 0);
}

static void should_count_samples_of_blocks(void) {
    const mimir_sim_config c = rig_audio();
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 750 - 1);
    ASSERT_EQ(MIMIR_DEVICE_CLOCK_COUNTER, lease.descriptor.device_clock);
    ASSERT_EQ(748 * 64, lease.descriptor.device_time);
    ASSERT_EQ(2, lease.descriptor.width);
    ASSERT_EQ(64, lease.descriptor.height);
    end(MIMIR_DROP_MISSING, 0);
}

static void should_skip_missing_items_and_say_so(void) {
    mimir_sim_config c = rig_camera(100);
    c.missing_count = 3;
    c.missing[0] = 3;
    c.missing[1] = 4;
    c.missing[2] = 50;
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 3);
    take(1, 5);
    ASSERT(lease.descriptor.flags & MIMIR_FLAG_GAP_BEFORE);
    ASSERT_EQ(2, lease.descriptor.gap_items);
    take_run(1, 6, 50);
    take(1, 51);
    ASSERT_EQ(1, lease.descriptor.gap_items);
    take_run(1, 52, 100);
    end(MIMIR_DROP_MISSING, 3);
}

static void should_lose_what_arrives_in_a_stall(void) {
    const mimir_sim_config c = with(rig_camera(100), MIMIR_SIM_STALL_LOST, 200 * MS, 100 * MS);
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 20);
    take(1, 30);
    ASSERT_EQ(10, lease.descriptor.gap_items);
    take_run(1, 31, 100);
    end(MIMIR_DROP_STALLED, 10);
}

static void should_deliver_late_what_a_stall_held_up(void) {
    const mimir_sim_config c = with(rig_camera(100), MIMIR_SIM_STALL_LATE, 200 * MS, 100 * MS);
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 20);
    for (uint64_t sequence = 20; sequence < 30; sequence++) {
        take(1, sequence);
        ASSERT_EQ(ORIGIN_NS + 300 * MS, lease.descriptor.host_time_ns);
    }
    take_run(1, 30, 100);
    ASSERT_EQ(ORIGIN_NS + 995 * MS, lease.descriptor.host_time_ns);
    end(MIMIR_DROP_STALLED, 0);
}

static void should_begin_an_epoch_when_plugged_in_again(void) {
    const mimir_sim_config c = with(rig_camera(100), MIMIR_SIM_UNPLUG, 200 * MS, 300 * MS);
    begin(&c);
    run_until(SEC);
    take_run(1, 0, 20);
    const int64_t ticks = lease.descriptor.device_time;
    take(2, 0);
    ASSERT_EQ(MIMIR_FLAG_DISCONTINUITY | MIMIR_FLAG_GAP_BEFORE | MIMIR_FLAG_CRC, lease.descriptor.flags);
    ASSERT_EQ(30, lease.descriptor.gap_items);
    ASSERT(lease.descriptor.device_time != ticks + 310000);
    ASSERT_EQ(ORIGIN_NS + 500 * MS, rig_true_ns(&rig, 2, 0));
    ASSERT_EQ(ORIGIN_NS + 190 * MS, rig_true_ns(&rig, 1, 19));
    ASSERT_EQ(ORIGIN_NS + 200 * MS, rig_true_ns(&rig, 1, 20));
    take_run(2, 1, 50);
    end(MIMIR_DROP_UNPLUGGED, 30);
}

static void should_survive_two_unpluggings(void) {
    const mimir_sim_config once = with(rig_audio(), MIMIR_SIM_UNPLUG, 100 * MS, 50 * MS);
    const mimir_sim_config c = with(once, MIMIR_SIM_UNPLUG, 300 * MS, 50 * MS);
    begin(&c);
    run_until(500 * MS);
    uint64_t before = 0;
    uint32_t epoch = 1;
    while (mimir_ring_next(&rig.reader, &lease) == 1) {
        const mimir_ring_descriptor *d = &lease.descriptor;
        before += d->gap_items;
        ASSERT_EQ(d->epoch != epoch ? 1 : 0, d->gap_items != 0);
        ASSERT_EQ((int64_t) d->sequence * 64, d->device_time);
        ASSERT_EQ(0, rig_check(&rig, &lease, NULL));
        epoch = d->epoch;
        ASSERT(mimir_ring_release(&rig.reader, &lease));
    }
    ASSERT_EQ(3, epoch);
    end(MIMIR_DROP_UNPLUGGED, before);
}

static void should_deliver_in_bursts_when_batched(void) {
    mimir_sim_config c = rig_audio();
    c.batch_ns = 5 * MS;
    begin(&c);
    run_until(SEC);
    int64_t burst_ns = 0;
    int bursts = 0;
    for (uint64_t sequence = 0; sequence < 740; sequence++) {
        take(1, sequence);
        ASSERT_STILL_GOOD();
        ASSERT_EQ(0, (lease.descriptor.host_time_ns - ORIGIN_NS) % (5 * MS));
        bursts += lease.descriptor.host_time_ns != burst_ns;
        burst_ns = lease.descriptor.host_time_ns;
    }
    ASSERT(bursts >= 196 && bursts <= 200);
    while (mimir_ring_next(&rig.reader, &lease) == 1) {
        ASSERT(mimir_ring_release(&rig.reader, &lease));
    }
    end(MIMIR_DROP_MISSING, 0);
}

static void should_keep_the_order_of_arrivals(void) {
    mimir_sim_config c = rig_audio();
    c.tail_probability = 0.2;
    c.tail_mean_ns = 10e6;
    begin(&c);
    int64_t last_ns = 0;
    for (int i = 0; i < 1000; i++) {
        ASSERT(device.due_ns >= last_ns && device.due_ns >= device.next.arrival_ns);
        last_ns = device.due_ns;
        mimir_sim_device_step(&device, device.due_ns);
    }
    take_run(1, 0, 1000);
    end(MIMIR_DROP_MISSING, 0);
}

static void resume_at(int64_t since_origin_ns) {
    while (device.due_ns <= ORIGIN_NS + since_origin_ns) {
        mimir_sim_device_step(&device, ORIGIN_NS + since_origin_ns);
    }
}

/* Slots for 0.64 s: half a second of it, and no more, is made up for. */
static void should_drop_what_the_worker_was_too_late_for(void) {
    const mimir_sim_config c = rig_camera(100);
    begin_in(&c, 64);
    run_until(100 * MS);
    take_run(1, 0, 10);
    resume_at(2 * SEC);
    ASSERT_EQ(1, mimir_ring_next(&rig.reader, &lease));
    ASSERT_EQ(140, lease.descriptor.gap_items);
    ASSERT_EQ(150, lease.descriptor.sequence);
    ASSERT(mimir_ring_release(&rig.reader, &lease));
    take_run(1, 151, 200);
    end(MIMIR_DROP_OVERRUN, 140);
}

/* 256 slots of 10 ms: half of them are 1.28 s. Item 10 is due at 105 ms. */
static void should_make_up_for_half_of_its_ring(void) {
    const mimir_sim_config c = rig_camera(100);
    begin_in(&c, 256);
    run_until(100 * MS);
    resume_at(1385 * MS);
    take_run(1, 0, 139);
    end(MIMIR_DROP_OVERRUN, 0);
}

static void should_give_up_what_is_later_than_half_of_its_ring(void) {
    const mimir_sim_config c = rig_camera(100);
    begin_in(&c, 256);
    run_until(100 * MS);
    resume_at(1386 * MS);
    take_run(1, 0, 10);
    take(1, 11);
    ASSERT_EQ(1, lease.descriptor.gap_items);
    take_run(1, 12, 139);
    end(MIMIR_DROP_OVERRUN, 1);
}

/* 1,024 blocks of 64 frames at 48 kHz: 1.365 s. */
static void should_count_blocks_of_its_ring(void) {
    const mimir_sim_config c = rig_audio();
    begin(&c);
    ASSERT_EQ(682666666, device.too_late_ns);
    end(MIMIR_DROP_OVERRUN, 0);
}

/* Longer than the table: what was overwritten is unknown, the last 65,536 are there, across epochs. */
static void should_know_the_last_items_only(void) {
    const mimir_sim_config c = with(rig_audio(), MIMIR_SIM_UNPLUG, 60 * SEC, SEC);
    begin(&c);
    run_until(90 * SEC);
    const uint64_t second = device.sequence - 1;
    const uint64_t first = rig.truth->epochs[2].first;
    ASSERT_EQ(2, device.epoch);
    ASSERT(rig_true_ns(&rig, 2, second) != INT64_MIN);
    const uint64_t oldest = first + second - 65535;
    ASSERT(rig_true_ns(&rig, 1, oldest) != INT64_MIN);
    ASSERT_EQ(INT64_MIN, rig_true_ns(&rig, 1, oldest - 1));
    while (mimir_ring_next(&rig.reader, &lease) == 1) {
        ASSERT(mimir_ring_release(&rig.reader, &lease));
    }
    end(MIMIR_DROP_UNPLUGGED, 750);
}

static mimir_sim_mark mark(void) {
    mimir_sim_mark found;
    memcpy(&found, lease.payload, sizeof found);
    return found;
}

/* The camera takes a picture every 10 ms: 5 ms of exposure are half of the light. */
static void should_take_whole_batches_of_controls_only(void) {
    const mimir_sim_config c = with(rig_camera(100), MIMIR_SIM_UNPLUG, 400 * MS, 100 * MS);
    begin(&c);
    run_until(100 * MS);
    controls = (mimir_sim_controls) {.version = 1, .exposure_us = 5000};
    run_until(200 * MS);
    controls = (mimir_sim_controls) {.version = 2, .exposure_us = 5000, .gain_permille = 3000, .led = 1};
    run_until(SEC);
    take_run(1, 0, 20);
    ASSERT_EQ(0, mark().light_permille);
    take_run(1, 20, 40);
    ASSERT_EQ(500, mark().light_permille);
    ASSERT_EQ(MIMIR_SIM_MARK_LED, mark().flags);
    take_run(2, 0, 50);
    ASSERT_EQ(500, mark().light_permille);
    end(MIMIR_DROP_UNPLUGGED, 10);
}

static float loudest(void) {
    const float *sample = lease.payload;
    float most = 0;
    for (int i = 0; i < 128; i++) {
        most = fmaxf(most, fabsf(sample[i]));
    }
    return most;
}

static void should_play_louder_and_not_at_all(void) {
    const mimir_sim_config c = rig_audio();
    begin(&c);
    run_until(100 * MS);
    controls = (mimir_sim_controls) {.version = 2, .level_cdb = -2000};
    run_until(200 * MS);
    controls = (mimir_sim_controls) {.version = 4, .muted = 1};
    run_until(300 * MS);
    int dim = 0;
    int silent = 0;
    while (mimir_ring_next(&rig.reader, &lease) == 1) {
        ASSERT_EQ(1, mimir_ring_verify(&lease));
        dim += loudest() > 0 && loudest() < 0.0251f; /* a quarter of full scale, 20 dB down */
        silent += loudest() == 0;
        ASSERT(mimir_ring_release(&rig.reader, &lease));
    }
    ASSERT_EQ(75, dim);
    ASSERT_EQ(75, silent);
    end(MIMIR_DROP_MISSING, 0);
}

int main(void) {
    RUN("should take whole batches of controls only", should_take_whole_batches_of_controls_only);
    RUN("should play louder and not at all", should_play_louder_and_not_at_all);
    RUN("should run without faults", should_run_without_faults);
    RUN("should count samples of blocks", should_count_samples_of_blocks);
    RUN("should skip missing items and say so", should_skip_missing_items_and_say_so);
    RUN("should lose what arrives in a stall", should_lose_what_arrives_in_a_stall);
    RUN("should deliver late what a stall held up", should_deliver_late_what_a_stall_held_up);
    RUN("should begin an epoch when plugged in again", should_begin_an_epoch_when_plugged_in_again);
    RUN("should survive two unpluggings", should_survive_two_unpluggings);
    RUN("should deliver in bursts when batched", should_deliver_in_bursts_when_batched);
    RUN("should keep the order of arrivals", should_keep_the_order_of_arrivals);
    RUN("should drop what the worker was too late for", should_drop_what_the_worker_was_too_late_for);
    RUN("should make up for half of its ring", should_make_up_for_half_of_its_ring);
    RUN("should give up what is later than half of its ring", should_give_up_what_is_later_than_half_of_its_ring);
    RUN("should count blocks of its ring", should_count_blocks_of_its_ring);
    RUN("should know the last items only", should_know_the_last_items_only);
    FINISH();
}
