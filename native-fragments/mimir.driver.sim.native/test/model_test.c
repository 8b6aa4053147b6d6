// SPDX-License-Identifier: Apache-2.0
/* When items happen: pure functions, so nothing here takes time. */
#include <stdlib.h>

#include "../../ring/test/test.h"
#include "model.h"
#include "rig.h"

static const sim_stretch begun = {.origin_ns = 5 * SEC, .start_ns = 5 * SEC};

static mimir_sim_config shaky(uint64_t seed) {
    mimir_sim_config c = rig_camera(100);
    c.seed = seed;
    c.delay_ns = MS;
    c.jitter_median_ns = 50e3;
    c.jitter_sigma = 0.5;
    c.tail_probability = 0.02;
    c.tail_mean_ns = 3e6;
    c.missing_probability = 0.05;
    return c;
}

static void should_repeat_by_seed(void) {
    const mimir_sim_config one = shaky(1);
    const mimir_sim_config two = shaky(2);
    int different = 0;
    for (uint64_t n = 0; n < 1000; n++) {
        const sim_item a = mimir_sim_item(&one, &begun, n);
        const sim_item again = mimir_sim_item(&one, &begun, n);
        const sim_item other = mimir_sim_item(&two, &begun, n);
        ASSERT_EQ(a.true_ns, again.true_ns);
        ASSERT_EQ(a.arrival_ns, again.arrival_ns);
        ASSERT_EQ(a.fate, again.fate);
        different += a.arrival_ns != other.arrival_ns;
    }
    ASSERT(different > 990);
}

static void should_drift_by_parts_per_million(void) {
    mimir_sim_config c = rig_camera(60);
    c.drift_ppm = -40;
    const int64_t hour_ns = mimir_sim_true_ns(&c, &begun, 60 * 3600) - begun.start_ns;
    ASSERT_EQ(3600 * SEC - 144 * MS, hour_ns);
}

/* A rate that swings by 10 ppm in 60 s leaves at most 2 x 10 ppm x 60 s / 2 pi behind, and nothing after a period. */
static void should_wander_about_its_rate(void) {
    mimir_sim_config c = rig_camera(100);
    c.wander_ppm = 10;
    c.wander_period_ns = 60e9;
    int64_t most_ns = 0;
    for (uint64_t n = 0; n <= 6000; n++) {
        const int64_t off_ns = mimir_sim_true_ns(&c, &begun, (double) n) - begun.start_ns - (int64_t) n * 10 * MS;
        const int64_t next_ns = mimir_sim_true_ns(&c, &begun, (double) n + 1) - mimir_sim_true_ns(&c, &begun,
                (double) n);
        ASSERT(llabs(next_ns - 10 * MS) <= 101);
        most_ns = llabs(off_ns) > most_ns ? llabs(off_ns) : most_ns;
    }
    ASSERT(most_ns > 90000 && most_ns <= 190987);
    ASSERT_EQ(begun.start_ns + 60 * SEC, mimir_sim_true_ns(&c, &begun, 6000));
}

static int by_size(const void *a, const void *b) {
    const int64_t x = *(const int64_t *) a;
    const int64_t y = *(const int64_t *) b;
    return (x > y) - (x < y);
}

static void should_spread_delays_as_asked(void) {
    enum { ITEMS = 20001 };
    static int64_t delays[ITEMS];
    const mimir_sim_config c = shaky(7);
    int tails = 0;
    int missing = 0;
    for (uint64_t n = 0; n < ITEMS; n++) {
        const sim_item item = mimir_sim_item(&c, &begun, n);
        delays[n] = item.arrival_ns - item.true_ns - 5 * MS - MS;
        tails += delays[n] > 500000;
        missing += item.fate == MIMIR_DROP_MISSING;
    }
    qsort(delays, ITEMS, sizeof *delays, by_size);
    ASSERT(delays[0] > 0);
    ASSERT(llabs(delays[ITEMS / 2] - 50000) < 2500);
    ASSERT(llabs(delays[ITEMS * 841 / 1000] - 82436) < 8000);
    ASSERT(abs(tails - ITEMS * 17 / 1000) < 80);
    ASSERT(abs(missing - ITEMS / 20) < 120);
}

static mimir_sim_config wandering_audio(void) {
    mimir_sim_config c = rig_audio();
    c.drift_ppm = 83.7;
    c.wander_ppm = 20;
    c.wander_period_ns = 7e9;
    c.events_period_ns = 250 * MS;
    return c;
}

/* Every event once, in one block or as the tail of the one before, at the first sample that is not earlier. */
static void should_click_at_the_first_sample_after_an_event(void) {
    const mimir_sim_config c = wandering_audio();
    int64_t event_ns = begun.start_ns;
    for (uint64_t n = 0; n < 48000 * 20 / 64; n++) {
        const int32_t click = mimir_sim_click(&c, &begun, n);
        if (click == INT32_MIN || click == -1) {
            continue;
        }
        const double sample = (double) (n * 64) + click;
        ASSERT(click < 64);
        ASSERT(mimir_sim_true_ns(&c, &begun, sample) >= event_ns);
        ASSERT(mimir_sim_true_ns(&c, &begun, sample - 1) < event_ns);
        ASSERT_EQ(click == 63 ? -1 : INT32_MIN, mimir_sim_click(&c, &begun, n + 1));
        event_ns += c.events_period_ns;
    }
    /* The last sample lies 1.7 ms of drift after 20 s, so the event at 20 s was there, too. */
    ASSERT_EQ(begun.start_ns + 20 * SEC + c.events_period_ns, event_ns);
}

static void should_flash_in_one_frame_per_event(void) {
    mimir_sim_config c = rig_camera(60);
    sim_stretch s = begun;
    s.start_ns += 3 * MS;
    c.drift_ppm = -200;
    int flashes = 0;
    for (uint64_t n = 0; n < 60 * 30; n++) {
        if (mimir_sim_flashes(&c, &s, n)) {
            const int64_t true_ns = mimir_sim_true_ns(&c, &s, (double) n);
            const int64_t nearest_ns = (true_ns + SEC / 2) / SEC * SEC;
            ASSERT(llabs(true_ns - nearest_ns) <= 8334000);
            flashes++;
        }
    }
    ASSERT_EQ(30, flashes);
}

static void should_step_the_device_clock_once(void) {
    mimir_sim_config c = rig_camera(100);
    c.moment_count = 1;
    c.moments[0] = (mimir_sim_moment) {.what = MIMIR_SIM_STEP, .at_ns = 500 * MS, .value_ns = -20 * MS};
    const int64_t first = mimir_sim_device_time(&c, &begun, 0, begun.start_ns);
    for (uint64_t n = 1; n < 100; n++) {
        const int64_t ticks = mimir_sim_device_time(&c, &begun, n, mimir_sim_true_ns(&c, &begun, (double) n));
        ASSERT_EQ((int64_t) n * 10000 - (n >= 50 ? 20000 : 0), ticks - first);
    }
}

int main(void) {
    RUN("should repeat faults and jitter by seed", should_repeat_by_seed);
    RUN("should drift by parts per million", should_drift_by_parts_per_million);
    RUN("should wander about its rate", should_wander_about_its_rate);
    RUN("should spread delays as asked", should_spread_delays_as_asked);
    RUN("should click at the first sample after an event", should_click_at_the_first_sample_after_an_event);
    RUN("should flash in one frame per event", should_flash_in_one_frame_per_event);
    RUN("should step the device clock once", should_step_the_device_clock_once);
    FINISH();
}
