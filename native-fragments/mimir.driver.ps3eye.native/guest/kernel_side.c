// SPDX-License-Identifier: Apache-2.0
/* The kernel's own driver for the camera, gspca_ov534, on the model: what it accepts, streams and writes. */
#include <unistd.h>

#include "../../ring/test/test.h"
#include "mimir_ring.h"
#include "trace.h"
#include "usbip.h"
#include "video.h"

#define IDENTITY   41u
#define PROBE_NS   (60 * INT64_C(1000000000)) /* the driver sleeps at each of 100 writes; emulated it takes longer */
#define MOST_RATES 32

static video eye;

/* Once for all cases. */
static void plug_in(void) {
    if (eye.fd > 0) {
        return;
    }
    ASSERT_EQ(0, usbip_plug(IDENTITY));
    const int64_t until_ns = mimir_clock_ns() + PROBE_NS;
    while (!video_is_there()) {
        ASSERT(mimir_clock_ns() < until_ns);
        usleep(10000);
    }
    trace_print("open", 0);
    ASSERT_EQ(0, video_open(&eye));
}

/* A frame is what its camera sent, bit by bit; none comes twice, none is passed over that the model did not skip. */
static void look_at(const trace_mode *mode) {
    uint64_t last = 0;
    uint64_t holes = 0;
    uint32_t sequence = 0;
    for (int i = 0; i < mode->frames; i++) {
        video_frame f;
        uint64_t number;
        ASSERT_EQ(0, video_take(&eye, &f, trace_patience_ms()));
        ASSERT_EQ(mode->bytes, f.length);
        ASSERT(model_check(f.bytes, f.length, IDENTITY, &number));
        ASSERT(i == 0 || (number > last && f.sequence > sequence && number - last >= f.sequence - sequence));
        holes += i == 0 ? 0 : number - last - (f.sequence - sequence);
        last = number;
        sequence = f.sequence;
        ASSERT_EQ(0, video_give(&eye, &f));
    }
    trace_judge(mode, holes);
}

static const trace_mode *chosen;

static void begin(const trace_mode *mode) {
    plug_in();
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, video_choose(&eye, mode->width, mode->height, mode->fourcc, mode->rate_hz));
    ASSERT_EQ(mode->bytes, eye.bytes);
}

static void stream(void) {
    begin(chosen);
    ASSERT_STILL_GOOD();
    uint64_t before = usbip_writes();
    ASSERT_EQ(0, video_start(&eye));
    trace_print(trace_name("start %s", chosen->name), before);
    look_at(chosen);
    before = usbip_writes();
    ASSERT_EQ(0, video_stop(&eye));
    trace_print(trace_name("stop %s", chosen->name), before);
}

/* Each rate that it offers, written while it streams. */
static void change_rates(void) {
    for (int size = 0; size < 2; size++) {
        const trace_mode *m = &TRACE_MODE[size];
        uint32_t rates[MOST_RATES];
        begin(m);
        ASSERT_STILL_GOOD();
        ASSERT_EQ(0, video_start(&eye));
        const int n = video_rates(&eye, m->width, m->height, m->fourcc, rates, MOST_RATES);
        ASSERT(n > 0);
        for (int i = 0; i < n; i++) {
            const uint64_t before = usbip_writes();
            ASSERT_EQ(rates[i], video_rate(&eye, rates[i]));
            trace_print_rate(m->width, rates[i], before);
        }
        ASSERT_EQ(0, video_stop(&eye));
    }
}

static void change_settings(void) {
    begin(&TRACE_MODE[0]);
    ASSERT_STILL_GOOD();
    ASSERT_EQ(0, video_start(&eye));
    for (int i = 0; i < TRACE_SETTINGS; i++) {
        const uint64_t before = usbip_writes();
        ASSERT_EQ(0, video_set(&eye, TRACE_SETTING[i].cid, TRACE_SETTING[i].cid_value));
        trace_print(TRACE_SETTING[i].name, before);
    }
    ASSERT_EQ(0, video_stop(&eye));
}

int main(void) {
    RUN("should be taken by the kernel's driver", plug_in);
    for (int i = 0; i < TRACE_MODES; i++) {
        char name[96];
        chosen = &TRACE_MODE[i];
        snprintf(name, sizeof name, "should stream %s through the kernel's driver", chosen->name);
        RUN(name, stream);
    }
    RUN("should take every rate of the kernel's driver", change_rates);
    RUN("should take every control of the kernel's driver", change_settings);
    video_close(&eye);
    usbip_unplug();
    FINISH();
}
