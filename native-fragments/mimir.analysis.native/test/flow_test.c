// SPDX-License-Identifier: Apache-2.0
/* Pictures that move by a known way. */
#include <math.h>

#include "../../ring/test/test.h"
#include "lab.h"

#define WIDTH  640u
#define HEIGHT 480u
#define SIDE   60

static double dx;
static double dy;

static double square(double x, double y, double by) {
    const double left = 200 + by * dx;
    const double upper = 150 + by * dy;
    return x >= left && x < left + SIDE && y >= upper && y < upper + SIDE ? 210 : 50;
}

/* Smooth, so that it can be moved by parts of a pixel. */
static double waves(double x, double y, double by) {
    const double u = x - by * dx;
    const double v = y - by * dy;
    return 128 + 40 * sin(u / 9 + sin(v / 17)) * cos(v / 7) + 40 * cos(u / 23 - v / 11) * sin(v / 13 + u / 31);
}

typedef struct chain {
    lab corners;
    lab flow;
} chain;

static chain opened(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_GREY8, WIDTH, HEIGHT);
    return (chain) {lab_open("corners", &format, sizeof(mimir_corners_v1)),
        lab_open("flow", &format, sizeof(mimir_flow_v1))};
}

static void closed(chain *c) {
    lab_close(&c->corners);
    lab_close(&c->flow);
}

static const mimir_flow_v1 *see(chain *c, uint64_t sequence, lab_brightness brightness, double by) {
    mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, brightness, by);
    const mimir_corners_v1 *corners = lab_see(&c->corners, sequence, grey, NULL);
    const mimir_flow_v1 *flow = lab_see(&c->flow, sequence, grey, corners);
    free(grey);
    return flow;
}

static void check(lab_brightness brightness, double by_x, double by_y, int least, double most_off) {
    chain c = opened();
    dx = by_x;
    dy = by_y;
    ASSERT(see(&c, 1, brightness, 0) == NULL);
    for (uint64_t n = 1; n < 4; n++) {
        const mimir_flow_v1 *flow = see(&c, n + 1, brightness, (double) n);
        ASSERT(flow != NULL);
        ASSERT_EQ(1, flow->frames_apart);
        int good = 0;
        for (int i = 0; i < flow->count; i++) {
            good += hypot(flow->dx[i] - dx, flow->dy[i] - dy) < most_off;
        }
        if (good < least || good < flow->count * 95 / 100) {
            printf("# %d of %d good\n", good, flow->count);
        }
        ASSERT(good >= least);
        ASSERT(good >= flow->count * 95 / 100);
    }
    closed(&c);
}

static void should_follow_a_square(void) {
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        check(square, 3, -2, 4, 0.1);
        check(square, 0, 0, 4, 0.01);
        check(square, -7, 5, 4, 0.1);
    }
}

static void should_follow_by_parts_of_a_pixel(void) {
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        check(waves, 0.4, -0.3, 60, 0.1);
        check(waves, 2.25, 1.75, 60, 0.1);
        check(waves, -9.5, 4.2, 60, 0.1);
    }
}

static void should_say_how_far_apart_frames_were(void) {
    chain c = opened();
    dx = 1.5;
    dy = 0.5;
    ASSERT(see(&c, 1, waves, 0) == NULL);
    const mimir_flow_v1 *flow = see(&c, 4, waves, 3);
    ASSERT_EQ(3, flow->frames_apart);
    ASSERT(flow->count > 50);
    ASSERT(fabs(flow->dx[0] - 1.5) < 0.1 && fabs(flow->dy[0] - 0.5) < 0.1);
    c.flow.call.forget = 1;
    ASSERT(see(&c, 5, waves, 4) == NULL);
    closed(&c);
}

static double flat(double x, double y, double by) {
    return 128 + 0 * x * y * by;
}

static void should_lose_what_is_gone(void) {
    chain c = opened();
    dx = 0;
    dy = 0;
    ASSERT(see(&c, 1, waves, 0) == NULL);
    const mimir_flow_v1 *flow = see(&c, 2, flat, 0);
    ASSERT(flow->count < 10);
    flow = see(&c, 3, waves, 0);
    ASSERT_EQ(0, flow->count);
    closed(&c);
}

static void should_give_the_same_on_every_processor(void) {
    static mimir_flow_v1 seen[2];
    dx = 1.3;
    dy = -0.7;
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        chain c = opened();
        ASSERT(see(&c, 1, waves, 0) == NULL);
        seen[narrow] = *see(&c, 2, waves, 1);
        closed(&c);
    }
    mimir_analysis_narrow = false;
    ASSERT(seen[0].count > 50);
    ASSERT_EQ(0, memcmp(&seen[0], &seen[1], sizeof seen[0]));
}

int main(void) {
    RUN("should follow a square", should_follow_a_square);
    RUN("should follow by parts of a pixel", should_follow_by_parts_of_a_pixel);
    RUN("should say how far apart frames were", should_say_how_far_apart_frames_were);
    RUN("should lose what is gone", should_lose_what_is_gone);
    RUN("should give the same on every processor", should_give_the_same_on_every_processor);
    FINISH();
}
