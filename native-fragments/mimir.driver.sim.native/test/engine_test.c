// SPDX-License-Identifier: Apache-2.0
/* Real workers in real time: who runs, who stops, and what a hanging one leaves behind. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "../../ring/test/test.h"
#include "rig.h"

static mimir_sim_status status;
static mimir_sim *engine;

static int threads(void) {
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks != NULL && readdir(tasks) != NULL) {
        count++;
    }
    closedir(tasks);
    return count - 2;
}

static void open_engine(void) {
    status = (mimir_sim_status) {0};
    ASSERT_EQ(0, mimir_sim_open(&engine, "mimir-sim", &status));
}

static void close_engine(void) {
    ASSERT_EQ(0, mimir_sim_stop(engine, SEC));
    ASSERT_EQ(0, mimir_sim_close(engine));
}

/*
 * Reads `items` items, the first with sequence *next or later, and leaves in *next what follows. A gap is what the
 * device counts as overrun and nothing else: a machine that did not run the worker for half a second or more.
 */
static void expect(rig_device *d, uint64_t *next, uint64_t items) {
    mimir_ring_lease lease;
    for (uint64_t i = 0; i < items; i++) {
        ASSERT(rig_next(d, &lease, 10 * SEC));
        const uint64_t sequence = lease.descriptor.sequence;
        ASSERT(sequence - *next <= __atomic_load_n(&d->region.header->drops[MIMIR_DROP_OVERRUN], __ATOMIC_RELAXED));
        ASSERT_EQ(1, mimir_ring_verify(&lease));
        ASSERT(rig_check(d, &lease, NULL) >= 0);
        ASSERT(mimir_ring_release(&d->reader, &lease));
        const int64_t late_ns = lease.descriptor.host_time_ns - rig_true_ns(d, 1, sequence);
        ASSERT(late_ns >= 0 && late_ns < 10 * SEC);
        *next = sequence + 1;
    }
}

static void expect_first(rig_device *d, uint64_t items) {
    uint64_t next = 0;
    expect(d, &next, items);
}

/* Once no worker writes any more. */
static uint64_t overrun(const rig_device *d) {
    return d->region.header->drops[MIMIR_DROP_OVERRUN];
}

static void should_serve_a_family_with_one_thread(void) {
    const mimir_sim_config camera = rig_camera(50);
    const mimir_sim_config audio = rig_audio();
    const int before = threads();
    rig_device devices[8];
    open_engine();
    ASSERT_EQ(before, threads());
    for (int i = 0; i < 8; i++) {
        devices[i] = rig_run(engine, i < 6 ? &camera : &audio, 1024);
    }
    ASSERT_EQ(before + 2, threads());
    ASSERT(status.tid[0] != 0 && status.tid[1] != 0 && status.tid[0] != status.tid[1]);
    for (int i = 0; i < 8; i++) {
        expect_first(&devices[i], i < 6 ? 25 : 375);
        ASSERT_STILL_GOOD();
    }
    ASSERT(__atomic_load_n(&status.items[0], __ATOMIC_RELAXED) >= 6 * 25);
    close_engine();
    ASSERT_EQ(before, threads());
    ASSERT_EQ(0, status.tid[0]);
    for (int i = 0; i < 8; i++) {
        ASSERT_EQ(devices[i].truth->produced, devices[i].truth->published + devices[i].truth->dropped);
        ASSERT_EQ(devices[i].region.header->head, devices[i].truth->published);
        ASSERT_EQ(devices[i].truth->dropped, overrun(&devices[i]));
        rig_free(&devices[i]);
    }
}

static void should_take_devices_in_and_out_while_others_run(void) {
    const mimir_sim_config steady_config = rig_audio();
    open_engine();
    rig_device steady = rig_run(engine, &steady_config, 1024);
    uint64_t next = 0;
    for (int i = 0; i < 20; i++) {
        rig_device guest = rig_run(engine, &steady_config, 1024);
        expect_first(&guest, 10);
        expect(&steady, &next, 10);
        ASSERT_STILL_GOOD();
        ASSERT_EQ(0, mimir_sim_remove(engine, guest.handle, SEC));
        const uint64_t left = guest.region.header->head;
        rig_free(&guest); /* the sanitizer sees a worker that still touches it */
        ASSERT(left >= 10);
    }
    close_engine();
    ASSERT_EQ(steady.truth->dropped, overrun(&steady));
    rig_free(&steady);
}

static void should_go_on_after_all_devices_left(void) {
    const mimir_sim_config config = rig_camera(100);
    open_engine();
    for (int i = 0; i < 3; i++) {
        rig_device d = rig_run(engine, &config, 64);
        expect_first(&d, 3);
        ASSERT_EQ(0, mimir_sim_remove(engine, d.handle, SEC));
        ASSERT_EQ(-EINVAL, mimir_sim_remove(engine, d.handle, SEC));
        rig_free(&d);
    }
    close_engine();
}

static void should_obey_at_once_in_long_silence(void) {
    mimir_sim_config config = rig_camera(100);
    config.phase_ns = 60 * SEC;
    open_engine();
    rig_device silent = rig_run(engine, &config, 64);
    const int64_t begin_ns = mimir_clock_ns();
    for (int i = 0; i < 20; i++) { /* a command that lies until the worker looks by itself takes half a second */
        rig_device guest = rig_run(engine, &config, 64);
        ASSERT_EQ(0, mimir_sim_remove(engine, guest.handle, SEC));
        rig_free(&guest);
    }
    close_engine();
    ASSERT(mimir_clock_ns() - begin_ns < 4 * SEC);
    ASSERT_EQ(0, silent.truth->produced);
    rig_free(&silent);
}

static void should_wake_sleeping_readers_with_few_calls(void) {
    const mimir_sim_config config = rig_audio();
    open_engine();
    rig_device d = rig_run(engine, &config, 1024);
    expect_first(&d, 100);
    close_engine();
    /* One call an item at most; beginning and end ring as well, and may find the mark of somebody who is awake. */
    ASSERT(d.region.header->woken <= d.region.header->head + 2);
    rig_free(&d);
}

static int add(const mimir_sim_config *c, void *region, uint64_t bytes, mimir_sim_truth *truth) {
    return mimir_sim_add(engine, c, region, bytes, NULL, truth, NULL);
}

static void should_refuse_what_cannot_run(void) {
    test_region r = test_region_make(64, 64 * 48 * 2);
    mimir_sim_truth *truth = calloc(1, sizeof *truth);
    mimir_sim_config c = rig_camera(100);
    open_engine();
    ASSERT_EQ(-EINVAL, add(&c, r.header, 100, truth));
    ASSERT_EQ(-EINVAL, add(&c, r.header, r.bytes, NULL));
    c.height = 50;
    ASSERT_EQ(-EINVAL, add(&c, r.header, r.bytes, truth));
    c = rig_camera(100);
    c.struct_bytes--;
    ASSERT_EQ(-EINVAL, add(&c, r.header, r.bytes, truth));
    c = rig_camera(0);
    ASSERT_EQ(-EINVAL, add(&c, r.header, r.bytes, truth));
    c = rig_audio();
    c.format_code = MIMIR_FORMAT_YUYV;
    ASSERT_EQ(-EINVAL, add(&c, r.header, r.bytes, truth));
    c = rig_camera(100);
    for (int i = 1; i <= (int) MIMIR_SIM_MOST_DEVICES; i++) {
        ASSERT_EQ(i, add(&c, r.header, r.bytes, truth));
    }
    ASSERT_EQ(-ENOSPC, add(&c, r.header, r.bytes, truth));
    ASSERT_EQ(-EINVAL, mimir_sim_start(engine, 33, SEC));
    ASSERT_EQ(0, mimir_sim_start(engine, 1, SEC));
    ASSERT_EQ(-EALREADY, mimir_sim_start(engine, 1, SEC));
    ASSERT_EQ(-EBUSY, mimir_sim_close(engine));
    close_engine();
    free(truth);
    test_region_free(&r);
}

/* The last case: its worker never ends, so engine, ring and truth are left to it. */
static void should_say_so_when_a_worker_hangs(void) {
    static rig_device bad;
    static rig_device good;
    mimir_sim_config config = rig_audio();
    open_engine();
    good = rig_run(engine, &config, 1024);
    config.hang_on_stop = 1;
    bad = rig_run(engine, &config, 1024);
    uint64_t next = 0;
    expect(&bad, &next, 10);
    const int64_t asked_ns = mimir_clock_ns();
    ASSERT_EQ(-ETIMEDOUT, mimir_sim_remove(engine, bad.handle, 50 * MS));
    ASSERT_EQ(-ETIMEDOUT, mimir_sim_remove(engine, good.handle, 50 * MS));
    ASSERT_EQ(-ETIMEDOUT, mimir_sim_stop(engine, 50 * MS));
    ASSERT(mimir_clock_ns() - asked_ns < 10 * SEC);
    ASSERT_EQ(-EBUSY, mimir_sim_close(engine));
    expect(&bad, &next, 190);
}

int main(void) {
    RUN("should serve a family with one thread", should_serve_a_family_with_one_thread);
    RUN("should take devices in and out while others run", should_take_devices_in_and_out_while_others_run);
    RUN("should go on after all devices left", should_go_on_after_all_devices_left);
    RUN("should obey at once in long silence", should_obey_at_once_in_long_silence);
    RUN("should wake sleeping readers with few calls", should_wake_sleeping_readers_with_few_calls);
    RUN("should refuse what cannot run", should_refuse_what_cannot_run);
    RUN("should say so when a worker hangs", should_say_so_when_a_worker_hangs);
    FINISH();
}
