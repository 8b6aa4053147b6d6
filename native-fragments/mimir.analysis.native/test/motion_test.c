// SPDX-License-Identifier: Apache-2.0
/* A square that moves on a still ground. */
#include <math.h>

#include "../../ring/test/test.h"
#include "lab.h"

#define WIDTH  640u
#define HEIGHT 480u
#define SIDE   40

/* A bright square whose left upper corner moves along (100 + by, 300 + by / 2), on a chequered ground. */
static double square(double x, double y, double by) {
    const double left = 100 + by;
    const double upper = 300 + by / 2;
    const bool inside = x >= left && x < left + SIDE && y >= upper && y < upper + SIDE;
    return inside ? 200 : 40 + ((int) x / 8 + (int) y / 8) % 2;
}

static lab opened(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_GREY8, WIDTH, HEIGHT);
    return lab_open("motion", &format, sizeof(mimir_motion_v1));
}

/* The strips that the square leaves and enters lie symmetrically about the middle of its two places. */
static void should_find_where_a_square_moves(void) {
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        lab l = opened();
        for (uint64_t n = 0; n < 10; n++) {
            const double by = 8.0 * (double) n;
            mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, square, by);
            const mimir_motion_v1 *motion = lab_see(&l, 7 + n, grey, NULL);
            free(grey);
            ASSERT((motion == NULL) == (n == 0));
            if (motion != NULL) {
                ASSERT(fabs(motion->centroid_x - (100 + by - 4 + (SIDE - 1) / 2.0)) < 0.1);
                ASSERT(fabs(motion->centroid_y - (300 + by / 2 - 2 + (SIDE - 1) / 2.0)) < 0.1);
                ASSERT_EQ(2 * (SIDE * SIDE - (SIDE - 8) * (SIDE - 4)), motion->changed_pixels);
                ASSERT(fabs(motion->changed_share * WIDTH * HEIGHT - motion->changed_pixels) < 0.1);
                ASSERT_EQ(1, motion->frames_apart);
            }
        }
        lab_close(&l);
    }
}

static double even(double x, double y, double by) {
    return 100 + by + 0 * x * y;
}

static void should_measure_how_much_changed(void) {
    lab l = opened();
    static const double levels[] = {0, 0, 15, 31, 155, 0};
    static const double differences[] = {0, 0, 15, 16, 124, 155};
    for (int n = 0; n < 6; n++) {
        mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, even, levels[n]);
        const mimir_motion_v1 *motion = lab_see(&l, (uint64_t) n, grey, NULL);
        free(grey);
        if (n > 0) {
            ASSERT(fabs(motion->mean_difference - differences[n]) < 1e-6);
            ASSERT(motion->changed_share == (differences[n] >= 16 ? 1 : 0));
            ASSERT(isnan(motion->centroid_x) == (differences[n] < 16));
        }
    }
    lab_close(&l);
}

static void should_take_a_threshold(void) {
    lab l = opened();
    ASSERT_EQ(0, l.processor->set(l.state, "threshold", 5));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "threshold", 0));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "threshold", NAN));
    ASSERT_EQ(-ENOENT, l.processor->set(l.state, "thresh", 5));
    mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, even, 0);
    mimir_grey_v1 *brighter = lab_grey(WIDTH, HEIGHT, even, 5);
    ASSERT(lab_see(&l, 1, grey, NULL) == NULL);
    const mimir_motion_v1 *motion = lab_see(&l, 2, brighter, NULL);
    ASSERT_EQ(WIDTH * HEIGHT, motion->changed_pixels);
    ASSERT(fabs(motion->centroid_x - (WIDTH - 1) / 2.0) < 1e-3);
    ASSERT(fabs(motion->centroid_y - (HEIGHT - 1) / 2.0) < 1e-3);
    free(grey);
    free(brighter);
    lab_close(&l);
}

static void should_compare_only_what_can_be_compared(void) {
    lab l = opened();
    mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, even, 0);
    mimir_grey_v1 *small = lab_grey(64, 48, even, 0);
    ASSERT(lab_see(&l, 4, grey, NULL) == NULL);
    const mimir_motion_v1 *motion = lab_see(&l, 7, grey, NULL);
    ASSERT_EQ(3, motion->frames_apart);
    ASSERT(lab_see(&l, 7, grey, NULL) == NULL);
    l.call.forget = 1;
    ASSERT(lab_see(&l, 8, grey, NULL) == NULL);
    ASSERT(lab_see(&l, 9, small, NULL) == NULL);
    ASSERT(lab_see(&l, 10, small, NULL) != NULL);
    l.call.item.epoch = 2;
    ASSERT(lab_see(&l, 11, small, NULL) == NULL);
    free(grey);
    free(small);
    lab_close(&l);
}

int main(void) {
    RUN("should find where a square moves", should_find_where_a_square_moves);
    RUN("should measure how much changed", should_measure_how_much_changed);
    RUN("should take a threshold", should_take_a_threshold);
    RUN("should compare only what can be compared", should_compare_only_what_can_be_compared);
    FINISH();
}
