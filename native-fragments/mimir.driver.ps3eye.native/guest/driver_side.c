// SPDX-License-Identifier: Apache-2.0
/* Mimir's driver on the model, through this machine's libusb and its usbfs. */
#include <sys/syscall.h>
#include <unistd.h>

#include "../../ring/test/region.h"
#include "../../ring/test/test.h"
#include "trace.h"
#include "usbip.h"
#include "video.h"

#define IDENTITY 42u
#define SEC      INT64_C(1000000000)
#define LONG_NS  (30 * SEC)
#define PROBE_NS (60 * SEC)
#define SLOTS    64u
#define MODULE   "gspca_ov534"

static mimir_ps3eye_status status;
static mimir_ps3eye *engine;
static mimir_ps3eye_device place;

static struct {
    test_region region;
    mimir_ring_reader reader;
    mimir_ps3eye_counts counts;
    int handle;
} rig;

static void await_kernel(void) {
    const int64_t until_ns = mimir_clock_ns() + PROBE_NS;
    while (!video_is_there()) {
        ASSERT(mimir_clock_ns() < until_ns);
        usleep(10000);
    }
}

/* The controller says at once that something was plugged in; the bus looks at it in its own time. */
static void await_camera(void) {
    const int64_t until_ns = mimir_clock_ns() + PROBE_NS;
    while (place.id != MIMIR_PS3EYE_ID) {
        mimir_ps3eye_device devices[16];
        char text[256] = "";
        ASSERT(mimir_clock_ns() < until_ns);
        ASSERT_EQ(0, mimir_ps3eye_open(&engine, "guest", &status, NULL, text, sizeof text));
        const int n = mimir_ps3eye_list(engine, devices, 16);
        for (int i = 0; i < n && i < 16; i++) {
            place = devices[i].id == MIMIR_PS3EYE_ID ? devices[i] : place;
        }
        if (place.id != MIMIR_PS3EYE_ID) { /* libusb hears of arrivals from udev, and there is none here */
            ASSERT_EQ(0, mimir_ps3eye_stop(engine, LONG_NS));
            ASSERT_EQ(0, mimir_ps3eye_close(engine));
            memset(&status, 0, sizeof status);
            usleep(50000);
        }
    }
}

/* Once for all cases. */
static void plug_in(void) {
    if (place.id != 0) {
        return;
    }
    ASSERT_EQ(0, usbip_plug(IDENTITY));
    if (access("/sys/module/" MODULE, F_OK) == 0) {
        await_kernel();
        ASSERT_STILL_GOOD();
    }
    await_camera();
    ASSERT_STILL_GOOD();
    ASSERT_EQ(3, place.speed);
    ASSERT_EQ(0, place.access);
}

static uint64_t number_of(const trace_mode *mode) {
    mimir_ps3eye_mode m;
    uint64_t i = 0;
    while (mimir_ps3eye_mode_at(i, &m) == 0 && (m.width != mode->width || m.rate_hz != mode->rate_hz)) {
        i++;
    }
    return i;
}

static void add(uint64_t mode, uint32_t format, uint64_t bytes) {
    plug_in();
    ASSERT_STILL_GOOD();
    memset(&rig, 0, sizeof rig);
    rig.region = test_region_make(SLOTS, bytes);
    ASSERT_EQ(0, mimir_ring_reader_attach(&rig.reader, rig.region.header, rig.region.bytes, rig.region.hints,
                                          MIMIR_EVERY, MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL));
    const mimir_ps3eye_config config = {.struct_bytes = sizeof config, .bus = place.bus, .ports = place.ports,
        .mode = mode, .format_code = format, .format_id = 1};
    rig.handle = mimir_ps3eye_add(engine, &config, rig.region.header, rig.region.bytes, rig.region.hints, &rig.counts);
    ASSERT(rig.handle > 0);
    ASSERT_EQ(0x7721, rig.counts.sensor);
}

static void take_away(void) {
    ASSERT_EQ(0, mimir_ps3eye_remove(engine, rig.handle, LONG_NS));
    ASSERT_EQ(0, rig.counts.in_flight);
    test_region_free(&rig.region);
}

/* As on the kernel's side: bit by bit, in order, nothing passed over but what the model skipped. */
static void look_at(const trace_mode *mode) {
    int64_t until_ns = mimir_clock_ns() + trace_patience_ms() * (SEC / 1000);
    uint64_t last = 0;
    uint64_t holes = 0;
    for (int i = 0; i < mode->frames;) {
        mimir_ring_lease lease;
        uint64_t number;
        if (mimir_ring_next(&rig.reader, &lease) != 1) {
            ASSERT(mimir_clock_ns() < until_ns);
            mimir_ring_wait(&rig.reader, SEC / 10);
            continue;
        }
        const bool right = model_check(lease.payload, lease.descriptor.payload_bytes, IDENTITY, &number);
        ASSERT_EQ(mode->bytes, lease.descriptor.payload_bytes);
        ASSERT(mimir_ring_release(&rig.reader, &lease) && right);
        ASSERT(i == 0 || number > last);
        holes += i == 0 ? 0 : number - last - 1;
        last = number;
        until_ns = mimir_clock_ns() + trace_patience_ms() * (SEC / 1000);
        i++;
    }
    const mimir_ps3eye_counts *c = &rig.counts;
    ASSERT_EQ(0, c->short_frames + c->oversize_frames + c->damaged_frames + c->torn_frames + c->transfer_errors);
    ASSERT_EQ(0, rig.reader.overtaken);
    trace_judge(mode, holes);
}

static const trace_mode *chosen;

static void take(void) {
    plug_in();
    ASSERT_STILL_GOOD();
    ASSERT(video_is_there());
    add(number_of(chosen), chosen->format, chosen->bytes);
    ASSERT_STILL_GOOD();
    ASSERT(!video_is_there());
    ASSERT_EQ(0, mimir_ps3eye_start(engine, rig.handle, LONG_NS));
    look_at(chosen);
    ASSERT_STILL_GOOD();
    take_away();
}

static void stream_by_kernel(video *eye) {
    video_frame f;
    uint64_t number;
    ASSERT_EQ(0, video_choose(eye, 320, 240, V4L2_PIX_FMT_YUYV, 30));
    ASSERT_EQ(0, video_start(eye));
    ASSERT_EQ(0, video_take(eye, &f, trace_patience_ms()));
    ASSERT(model_check(f.bytes, f.length, IDENTITY, &number));
    ASSERT_EQ(0, video_stop(eye));
}

/* It can go on with a camera that Mimir has used. From then on nobody has it in between, which takes less time. */
static void give_back(void) {
    video eye;
    await_kernel();
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, video_open(&eye));
    stream_by_kernel(&eye);
    video_close(&eye);
    const int64_t until_ns = mimir_clock_ns() + LONG_NS;
    while (syscall(SYS_delete_module, MODULE, 0) != 0) {
        ASSERT(mimir_clock_ns() < until_ns);
        usleep(10000);
    }
}

static void stream(void) {
    const uint64_t first = usbip_writes();
    add(number_of(chosen), chosen->format, chosen->bytes);
    ASSERT_STILL_GOOD();
    if (chosen == TRACE_MODE) {
        trace_print("open", first);
    }
    uint64_t before = usbip_writes();
    ASSERT_EQ(0, mimir_ps3eye_start(engine, rig.handle, LONG_NS));
    trace_print(trace_name("start %s", chosen->name), before);
    look_at(chosen);
    before = usbip_writes();
    take_away();
    trace_print(trace_name("stop %s", chosen->name), before);
}

static void change_rates(void) {
    mimir_ps3eye_mode m;
    for (uint64_t i = 0; mimir_ps3eye_mode_at(i, &m) == 0; i++) {
        if ((m.flags & MIMIR_PS3EYE_USER_ONLY) != 0) {
            continue;
        }
        add(i, MIMIR_FORMAT_BAYER_GRBG8, m.width * m.height);
        ASSERT_STILL_GOOD();
        const uint64_t before = usbip_writes();
        ASSERT_EQ(0, mimir_ps3eye_start(engine, rig.handle, LONG_NS));
        trace_print_rate((uint32_t) m.width, (uint32_t) m.rate_hz, before);
        take_away();
        ASSERT_STILL_GOOD();
    }
}

static void change_settings(void) {
    add(number_of(&TRACE_MODE[0]), MIMIR_FORMAT_YUYV, TRACE_MODE[0].bytes);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, mimir_ps3eye_start(engine, rig.handle, LONG_NS));
    for (int i = 0; i < TRACE_SETTINGS; i++) {
        const mimir_ps3eye_setting s = {TRACE_SETTING[i].control, TRACE_SETTING[i].value};
        const uint64_t before = usbip_writes();
        ASSERT_EQ(0, mimir_ps3eye_set(engine, rig.handle, &s, 1));
        trace_print(TRACE_SETTING[i].name, before);
    }
    take_away();
}

int main(void) {
    RUN("should find the camera through libusb", plug_in);
    chosen = &TRACE_MODE[0];
    RUN("should take the camera from the kernel's driver", take);
    RUN("should give the camera back to the kernel's driver", give_back);
    for (int i = 0; i < TRACE_MODES; i++) {
        char name[96];
        chosen = &TRACE_MODE[i];
        snprintf(name, sizeof name, "should stream %s through usbfs", chosen->name);
        RUN(name, stream);
    }
    RUN("should start at every rate that the kernel's driver has", change_rates);
    RUN("should set every control", change_settings);
    if (place.id != 0 && mimir_ps3eye_stop(engine, LONG_NS) == 0) {
        mimir_ps3eye_close(engine);
    }
    usbip_unplug();
    fflush(stdout);
    _exit(any_failed ? 1 : 0);
}
