// SPDX-License-Identifier: Apache-2.0
/* The whole driver through the system's libusb, against twins: opening, pictures, controls, faults, hot plugging. */
#include "../../ring/test/test.h"
#include "rig.h"

#define SLOTS 64
#define GREY  MIMIR_FORMAT_BAYER_GRBG8
#define GOAL_NS (200 * MS)

static char text[256];

/* How often something is done that is to hold often: `few` in the build, `many` in the long form. */
static int times(int few, int many) {
    return getenv("MIMIR_TEST_SECONDS") != NULL ? many : few;
}

static void open_engine(void) {
    ASSERT_EQ(0, rig_open(NULL, text, sizeof text));
    ASSERT_EQ(1, rig_status.hotplug);
    ASSERT(rig_status.tid != 0);
    ASSERT(rig_status.plug_tid != 0);
    rig_hurry();
}

/* A camera that streams. */
static void begin(rig_camera *c, uint32_t bus, uint64_t mode, uint32_t format) {
    rig_add(c, bus, mode, format, SLOTS);
    ASSERT(c->handle > 0);
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c->handle, SEC));
}

static void should_say_what_is_missing(void) {
    ASSERT_EQ(-ENOENT, rig_open("/nowhere/libusb.so", text, sizeof text));
    ASSERT(strstr(text, "/nowhere/libusb.so") != NULL);
    ASSERT_EQ(-ELIBACC, rig_open("libm.so.6", text, sizeof text));
    ASSERT(strstr(text, "libm.so.6 lacks libusb_init") != NULL);
    ASSERT_EQ(-EINVAL, rig_open(NULL, NULL, 0));
    open_engine();
    ASSERT_STILL_GOOD();
    static rig_camera c;
    mimir_twin_refuse(EACCES);
    rig_add(&c, 1, rig_mode(640, 60), GREY, SLOTS);
    mimir_twin_refuse(0);
    ASSERT_EQ(-EACCES, c.handle);
    c.config.ports = 2;
    ASSERT_EQ(-ENODEV, mimir_ps3eye_add(rig_engine, &c.config, c.region.header, c.region.bytes, c.region.hints,
                                        &c.counts));
    c.config.ports = 0; /* the root hub is no camera */
    ASSERT_EQ(-ENODEV, mimir_ps3eye_add(rig_engine, &c.config, c.region.header, c.region.bytes, c.region.hints,
                                        &c.counts));
    c.config.ports = 1;
    c.config.mode = rig_mode(320, 290);
    ASSERT_EQ(-ENOTSUP, mimir_ps3eye_add(rig_engine, &c.config, c.region.header, c.region.bytes, c.region.hints,
                                         &c.counts));
    c.config.mode = 99;
    ASSERT_EQ(-EINVAL, mimir_ps3eye_add(rig_engine, &c.config, c.region.header, c.region.bytes, c.region.hints,
                                        &c.counts));
    ASSERT_EQ(-EINVAL, mimir_ps3eye_start(rig_engine, 1, SEC));
    rig_free(&c);
    ASSERT_EQ(0, rig_close());
}

/* The next writes in the log of the twin, from *at on. */
static void expect_log(int twin, uint64_t *at, uint8_t chip, const char *writes) {
    model_write wanted[128];
    model_write found[128];
    const uint32_t n = model_parse(writes, chip, wanted, 128);
    ASSERT_EQ(n, mimir_twin_log(twin, *at, found, n));
    for (uint32_t i = 0; i < n; i++) {
        ASSERT_EQ(wanted[i].chip, found[i].chip);
        ASSERT_EQ(wanted[i].number, found[i].number);
        ASSERT_EQ(wanted[i].value, found[i].value);
    }
    *at += n;
}

static void should_write_the_registers_in_their_order(void) {
    static rig_camera c;
    uint64_t at = 0;
    open_engine();
    ASSERT_STILL_GOOD();
    begin(&c, 1, rig_mode(640, 60), MIMIR_FORMAT_YUYV);
    ASSERT_STILL_GOOD();
    expect_log(c.twin, &at, 0, "E7:3A E0:08");
    expect_log(c.twin, &at, 1, "12:80");
    expect_log(c.twin, &at, 0, MODEL_BRIDGE_OPENING);
    expect_log(c.twin, &at, 0, "21:F0 23:80");
    expect_log(c.twin, &at, 1, MODEL_SENSOR_OPENING);
    expect_log(c.twin, &at, 0, "E0:09 21:F0 23:00 21:70");
    expect_log(c.twin, &at, 0, MODEL_BRIDGE_STARTING[0][0]);
    expect_log(c.twin, &at, 1, MODEL_SENSOR_STARTING[0][0]);
    expect_log(c.twin, &at, 1, "11:01 0D:C1");
    expect_log(c.twin, &at, 0, "E5:04");
    expect_log(c.twin, &at, 1, "AB:00 A9:80 AA:00 A7:40 A8:40 13:FF 64:FF 13:FF 63:EA 13:FF 00:34 08:00 10:F0 9B:00 "
               "9C:20 91:00 8E:00 0C:40 0C:C0 2B:00");
    expect_log(c.twin, &at, 0, "21:F0 23:80 E0:00");
    ASSERT_EQ(0x7721, c.counts.sensor);
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

static void should_deliver_every_size_and_format(void) {
    static const struct {
        uint64_t width;
        uint64_t rate;
        uint32_t format;
    } cases[] = {{640, 40, GREY}, {640, 30, MIMIR_FORMAT_YUYV}, {320, 187, GREY}, {320, 100, MIMIR_FORMAT_YUYV}};
    static rig_camera cameras[4];
    open_engine();
    ASSERT_STILL_GOOD();
    for (int i = 0; i < 4; i++) {
        begin(&cameras[i], (uint32_t) i + 1, rig_mode(cases[i].width, cases[i].rate), cases[i].format);
        ASSERT_STILL_GOOD();
    }
    for (int i = 0; i < 4; i++) {
        mimir_twin_counts twin;
        ASSERT(rig_expect(&cameras[i], 12, 5 * SEC) >= 12);
        ASSERT_EQ(0, mimir_twin_counts_of(cameras[i].twin, &twin));
        ASSERT_EQ(0, twin.defects);
        ASSERT_EQ(cameras[i].mode.rate_mhz, twin.rate_mhz);
        ASSERT_EQ(0, rig_lost(&cameras[i]));
    }
    ASSERT_EQ(0, rig_close());
    for (int i = 0; i < 4; i++) {
        rig_free(&cameras[i]);
    }
}

static void should_bring_controls_into_the_camera(void) {
    static const mimir_ps3eye_setting batch[] = {{MIMIR_PS3EYE_AEC, 0}, {MIMIR_PS3EYE_EXPOSURE, 201},
        {MIMIR_PS3EYE_AGC, 0}, {MIMIR_PS3EYE_GAIN, 37}, {MIMIR_PS3EYE_CONTRAST, 77}, {MIMIR_PS3EYE_FLIP_V, 1},
        {MIMIR_PS3EYE_MAINS, 1}, {MIMIR_PS3EYE_LED, 0}};
    static const mimir_ps3eye_setting wrong[] = {{MIMIR_PS3EYE_CONTRAST, 1}, {MIMIR_PS3EYE_GAIN, 64}};
    static const uint32_t registers[][2] = {{0x08, 1}, {0x10, 0x92}, {0x00, 0x75}, {0x13, 0xFA}, {0x64, 0xFC},
        {0x9C, 77}, {0x0C, 0x40}, {0x2B, 0x9E}};
    static rig_camera c;
    open_engine();
    ASSERT_STILL_GOOD();
    begin(&c, 2, rig_mode(320, 60), GREY);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, mimir_ps3eye_set(rig_engine, c.handle, batch, sizeof batch / sizeof batch[0]));
    ASSERT_EQ(-EINVAL, mimir_ps3eye_set(rig_engine, c.handle, wrong, 2));
    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        ASSERT_EQ(registers[i][1], mimir_twin_register(c.twin, 1, registers[i][0]));
        ASSERT_EQ(registers[i][1], mimir_ps3eye_register(rig_engine, c.handle, MIMIR_PS3EYE_SENSOR, registers[i][0]));
    }
    for (size_t i = 0; i < sizeof batch / sizeof batch[0]; i++) {
        int64_t value = -1;
        ASSERT_EQ(0, mimir_ps3eye_get(rig_engine, c.handle, batch[i].control, &value));
        ASSERT_EQ(batch[i].value, value);
    }
    ASSERT_EQ(0, mimir_ps3eye_poke(rig_engine, c.handle, MIMIR_PS3EYE_SENSOR, 0x9C, 33));
    ASSERT_EQ(33, mimir_twin_register(c.twin, 1, 0x9C));
    ASSERT_EQ(33, mimir_ps3eye_register(rig_engine, c.handle, MIMIR_PS3EYE_SENSOR, 0x9C));
    ASSERT_EQ(-EINVAL, mimir_ps3eye_poke(rig_engine, c.handle, MIMIR_PS3EYE_SENSOR, 0x100, 0));
    ASSERT_EQ(-EINVAL, mimir_ps3eye_poke(rig_engine, c.handle, MIMIR_PS3EYE_SENSOR, 0x9C, 0x100));
    ASSERT(rig_expect(&c, 5, 5 * SEC) >= 5);
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

/* Four requests for a register, six more to read what of it stays, four for the light; none is written twice. */
static void should_write_a_batch_with_the_fewest_requests(void) {
    static rig_camera c;
    mimir_ps3eye_setting batch[64];
    model_write log[32];
    mimir_twin_counts before;
    mimir_twin_counts after;
    for (uint64_t i = 0; i < 64; i++) {
        batch[i] = (mimir_ps3eye_setting) {i % MIMIR_PS3EYE_CONTROLS + 1, 1};
    }
    open_engine();
    ASSERT_STILL_GOOD();
    begin(&c, 2, rig_mode(320, 60), GREY);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, mimir_twin_counts_of(c.twin, &before));
    ASSERT_EQ(0, mimir_ps3eye_set(rig_engine, c.handle, batch, 64));
    ASSERT_EQ(0, mimir_twin_counts_of(c.twin, &after));
    const int writes = mimir_twin_log(c.twin, before.writes, log, 32);
    for (int i = 0; i < writes; i++) {
        for (int k = 0; k < i; k++) {
            ASSERT(log[i].chip != log[k].chip || log[i].number != log[k].number);
        }
    }
    ASSERT_EQ(14 + 2, writes);
    ASSERT_EQ(10 * 4 + 4 * 10 + 4, after.requests - before.requests);
    for (uint64_t control = 1; control <= MIMIR_PS3EYE_CONTROLS; control++) {
        int64_t value = -1;
        ASSERT_EQ(0, mimir_ps3eye_get(rig_engine, c.handle, control, &value));
        ASSERT_EQ(1, value);
    }
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

static void should_live_with_faults(void) {
    static const uint32_t faults[][2] = {{MODEL_ERR_PAYLOAD, 1}, {MODEL_HEADER_ONLY, 20}, {MODEL_SHORT, 0},
        {MODEL_NO_EOF, 0}, {MODEL_TORN, 0}, {MODEL_BAD_HEADER, 1}, {MODEL_PTS_JUMP, 1}, {MODEL_NO_PTS, 1},
        {MODEL_OVERSIZE, 0}, {MODEL_TINY, 1}, {MODEL_FID, 1}};
    const int count = sizeof faults / sizeof faults[0];
    static rig_camera c;
    open_engine();
    ASSERT_STILL_GOOD();
    rig_add(&c, 3, rig_mode(320, 187), MIMIR_FORMAT_YUYV, SLOTS);
    ASSERT(c.handle > 0);
    for (int i = 0; i < count; i++) {
        ASSERT_EQ(0, mimir_twin_fault(c.twin, faults[i][0], 20 + 5 * (uint64_t) i, faults[i][1]));
    }
    ASSERT_EQ(0, mimir_twin_fault(c.twin, MODEL_SKIP, 80, 5));
    ASSERT_EQ(0, mimir_twin_fault(c.twin, MODEL_TRANSFER, 90, 1));
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    while (c.frame < 110) {
        ASSERT(rig_expect(&c, 1, 5 * SEC) >= 1);
    }
    ASSERT_EQ(6, c.counts.damaged_frames);
    ASSERT_EQ(3, c.counts.short_frames);
    ASSERT_EQ(1, c.counts.oversize_frames);
    ASSERT_EQ(1, c.counts.torn_frames);
    ASSERT_EQ(1, c.counts.transfer_errors);
    ASSERT_EQ(20, c.counts.header_only);
    ASSERT_EQ(21, c.counts.error_payloads);
    ASSERT_EQ(4, c.counts.bad_headers);
    ASSERT_EQ(1, c.counts.no_pts);
    ASSERT(c.counts.missing_frames >= 5);
    ASSERT_EQ(c.holes, rig_lost(&c) + c.counts.missing_frames);
    ASSERT_EQ(MIMIR_PS3EYE_STREAMING, c.counts.state);
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

static void should_come_back_from_a_halt(void) {
    static rig_camera c;
    open_engine();
    ASSERT_STILL_GOOD();
    rig_add(&c, 4, rig_mode(320, 100), MIMIR_FORMAT_YUYV, SLOTS);
    ASSERT(c.handle > 0);
    ASSERT_EQ(0, mimir_twin_fault(c.twin, MODEL_STALL, 10, 1));
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    ASSERT(rig_await(&c, MIMIR_PS3EYE_HALTED, 5 * SEC));
    ASSERT_EQ(-EPIPE, c.counts.error);
    ASSERT_EQ(1, c.counts.torn_frames);
    ASSERT_EQ(-ENODEV, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    ASSERT_EQ(0, mimir_ps3eye_attach(rig_engine, c.handle, 4, 1));
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    ASSERT_EQ(-EALREADY, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    ASSERT(rig_expect(&c, 20, 5 * SEC) >= 20);
    ASSERT_EQ(2, c.epoch);
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

/* While it is away the losses grow for whoever looks. */
static void expect_losses_to_grow(const rig_camera *c) {
    const uint64_t before = __atomic_load_n(&c->counts.unplugged_frames, __ATOMIC_RELAXED);
    const int64_t until_ns = mimir_clock_ns() + 5 * SEC;
    while (__atomic_load_n(&c->counts.unplugged_frames, __ATOMIC_RELAXED) < before + 3) {
        mimir_ps3eye_device device;
        ASSERT(mimir_ps3eye_list(rig_engine, &device, 1) > 0);
        ASSERT(mimir_clock_ns() < until_ns);
        rig_pass(5 * MS);
    }
}

/* Pulled out wherever it is in a frame; back at the other port or the same. */
static void replug(rig_camera *c, uint32_t port) {
    mimir_ps3eye_event events[8];
    const int64_t pulled_ns = mimir_clock_ns();
    ASSERT_EQ(0, mimir_twin_unplug(c->twin));
    ASSERT(rig_await(c, MIMIR_PS3EYE_GONE, SEC));
    ASSERT(c->counts.gone_ns - pulled_ns < 2 * GOAL_NS); /* a machine that is shared gets twice the goal */
    expect_losses_to_grow(c);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(-ENODEV, mimir_ps3eye_attach(rig_engine, c->handle, 5, port));
    expect_losses_to_grow(c);
    ASSERT_STILL_GOOD();
    const int64_t plugged_ns = mimir_clock_ns();
    c->twin = mimir_twin_plug(5, port, c->identity);
    ASSERT(c->twin > 0);
    mimir_ps3eye_event last = {0};
    while (last.what != MIMIR_PS3EYE_ARRIVED || last.ports != port) {
        const uint64_t seen = __atomic_load_n(&rig_status.changes, __ATOMIC_ACQUIRE);
        const int n = mimir_ps3eye_events(rig_engine, events, 8);
        last = n > 0 ? events[n - 1] : last;
        ASSERT(mimir_clock_ns() - plugged_ns < 10 * SEC);
        if (n == 0) {
            mimir_ps3eye_wait(rig_engine, seen, 50 * MS);
        }
    }
    ASSERT(last.host_time_ns - plugged_ns < 2 * GOAL_NS);
    ASSERT_EQ(0, mimir_ps3eye_attach(rig_engine, c->handle, 5, port));
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c->handle, SEC));
    ASSERT(rig_expect(c, 10, 5 * SEC) >= 10);
    ASSERT_EQ(77, mimir_twin_register(c->twin, 1, 0x9C));
}

static void should_survive_being_unplugged(void) {
    pthread_t looking;
    uint32_t over = 0;
    void *failed = NULL;
    const mimir_ps3eye_setting contrast = {MIMIR_PS3EYE_CONTRAST, 77};
    const int rounds = times(2, 100);
    static rig_camera c;
    open_engine();
    ASSERT_STILL_GOOD();
    begin(&c, 5, rig_mode(320, 187), GREY);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, mimir_ps3eye_set(rig_engine, c.handle, &contrast, 1));
    ASSERT(rig_expect(&c, 10, 5 * SEC) >= 10);
    ASSERT_EQ(0, pthread_create(&looking, NULL, rig_look_on, &over));
    for (int i = 0; i < rounds && !case_failed; i++) {
        replug(&c, (uint32_t) (i % 2) + 1);
    }
    __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
    pthread_join(looking, &failed);
    ASSERT(failed == NULL);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(1 + rounds, c.epoch);
    ASSERT(c.counts.unplugged_frames > 0);
    ASSERT_EQ(c.counts.unplugged_frames, c.region.header->drops[MIMIR_DROP_UNPLUGGED]);
    ASSERT_EQ(0, rig_lost(&c));
    ASSERT_EQ(0, rig_close());
    rig_free(&c);
}

static void should_stop_with_transfers_in_flight(void) {
    const int rounds = times(2, 100);
    for (int i = 0; i < rounds; i++) {
        static rig_camera a;
        static rig_camera b;
        open_engine();
        ASSERT_STILL_GOOD();
        begin(&a, 6, rig_mode(640, 75), MIMIR_FORMAT_YUYV);
        begin(&b, 7, rig_mode(320, 187), GREY);
        ASSERT_STILL_GOOD();
        ASSERT(rig_expect(&a, 3, 5 * SEC) >= 3);
        ASSERT_EQ(8, b.counts.in_flight);
        if (i % 2 == 0) {
            ASSERT_EQ(0, mimir_ps3eye_remove(rig_engine, a.handle, SEC));
            ASSERT_EQ(-EINVAL, mimir_ps3eye_remove(rig_engine, a.handle, SEC));
            ASSERT(rig_expect(&b, 3, 5 * SEC) >= 3);
        }
        ASSERT_EQ(0, rig_close());
        ASSERT_EQ(0, a.counts.in_flight);
        ASSERT_EQ(0, b.counts.in_flight);
        ASSERT_EQ(0, rig_status.tid);
        rig_free(&a); /* the sanitizer sees a transfer that still writes */
        rig_free(&b);
    }
}

/* The last case: its worker never ends, so all of it is left to it. */
static void should_say_so_when_the_worker_hangs(void) {
    static rig_camera c;
    open_engine();
    ASSERT_STILL_GOOD();
    rig_add(&c, 8, rig_mode(320, 60), GREY, SLOTS);
    ASSERT_EQ(0, mimir_ps3eye_remove(rig_engine, c.handle, SEC));
    c.config.hang_on_stop = 1;
    c.handle = mimir_ps3eye_add(rig_engine, &c.config, c.region.header, c.region.bytes, c.region.hints, &c.counts);
    ASSERT(c.handle > 0);
    ASSERT_EQ(0, mimir_ps3eye_start(rig_engine, c.handle, SEC));
    ASSERT(rig_expect(&c, 3, 5 * SEC) >= 3);
    ASSERT_EQ(-ETIMEDOUT, mimir_ps3eye_remove(rig_engine, c.handle, 50 * MS));
    ASSERT_EQ(-ETIMEDOUT, mimir_ps3eye_stop(rig_engine, 50 * MS));
    ASSERT_EQ(-EBUSY, mimir_ps3eye_close(rig_engine));
}

#define CASE(name, body)                                                                             \
    do {                                                                                             \
        if (here) {                                                                                  \
            RUN(name, body);                                                                         \
        } else {                                                                                     \
            printf("ok - " name " # SKIP umockdev or libusb is not installed\n");                    \
        }                                                                                            \
    } while (0)

int main(int count, char **arguments) {
    (void) count;
    const bool here = twin_enter(arguments) && mimir_twin_open() == 0;
#if defined(THREADS_ONLY)
    const bool all = getenv("MIMIR_TEST_SECONDS") != NULL;
#else
    const bool all = true;
#endif
    if (all) {
        CASE("should say what is missing", should_say_what_is_missing);
        CASE("should write the registers in their order", should_write_the_registers_in_their_order);
        CASE("should deliver every size and format", should_deliver_every_size_and_format);
        CASE("should write a batch with the fewest requests", should_write_a_batch_with_the_fewest_requests);
        CASE("should live with faults", should_live_with_faults);
        CASE("should come back from a halt", should_come_back_from_a_halt);
    }
    CASE("should bring controls into the camera", should_bring_controls_into_the_camera);
    CASE("should survive being unplugged", should_survive_being_unplugged);
    CASE("should stop with transfers in flight", should_stop_with_transfers_in_flight);
    CASE("should say so when the worker hangs", should_say_so_when_the_worker_hangs);
    mimir_twin_close();
    fflush(stdout);
    _Exit(any_failed ? 1 : 0);
}
