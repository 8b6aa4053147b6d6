// SPDX-License-Identifier: Apache-2.0
/* A chessboard, whose corners everybody knows. */
#include <math.h>

#include "../../ring/test/test.h"
#include "lab.h"

#define WIDTH  640u
#define HEIGHT 480u
#define FIELD  64

/* Fields of 64 pixels; corners lie between pixels, at 63.5 + 64 n, moved by `by` to the right, softly where it is no
 * whole number. */
static double board(double x, double y, double by) {
    const double across = (x - by + 1) / FIELD;
    const double column = floor(across);
    const double edge = (across - column) * FIELD;
    const int dark = ((int) column + (int) y / FIELD) % 2 != 0;
    const double share = edge < 1 ? edge : 1;
    return dark ? 220 - 180 * share : 40 + 180 * share;
}

static double flat(double x, double y, double by) {
    return 90 + 0 * x * y * by;
}

static double edges(double x, double y, double by) {
    return ((int) x / FIELD % 2 == 0 ? 40 : 200) + 0 * y * by;
}

static lab opened(uint32_t width, uint32_t height) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_GREY8, width, height);
    return lab_open("corners", &format, sizeof(mimir_corners_v1));
}

static mimir_corners_v1 corners_of(lab_brightness brightness, double by) {
    lab l = opened(WIDTH, HEIGHT);
    mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, brightness, by);
    const mimir_corners_v1 corners = *(const mimir_corners_v1 *) lab_see(&l, 1, grey, NULL);
    free(grey);
    lab_close(&l);
    return corners;
}

static int near(const mimir_corners_v1 *corners, double x, double y, double least) {
    int found = 0;
    for (int i = 0; i < corners->count; i++) {
        found += hypot(corners->x[i] - x, corners->y[i] - y) < least;
    }
    return found;
}

static void should_find_the_corners_of_a_chessboard(void) {
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        const mimir_corners_v1 corners = corners_of(board, 0);
        ASSERT_EQ(9 * 7, corners.count);
        for (int column = 1; column < 10; column++) {
            for (int row = 1; row <= 7; row++) {
                ASSERT_EQ(1, near(&corners, FIELD * column - 0.5, FIELD * row - 0.5, 0.1));
            }
        }
    }
}

static void should_give_the_same_on_every_processor(void) {
    for (double by = 0; by < 1; by += 0.3) {
        mimir_analysis_narrow = false;
        const mimir_corners_v1 wide = corners_of(board, by);
        mimir_analysis_narrow = true;
        const mimir_corners_v1 narrow = corners_of(board, by);
        ASSERT_EQ(0, memcmp(&wide, &narrow, sizeof wide));
    }
    mimir_analysis_narrow = false;
}

static void should_find_nothing_where_nothing_is(void) {
    const mimir_corners_v1 none = corners_of(flat, 0);
    ASSERT_EQ(0, none.count);
    const mimir_corners_v1 lines = corners_of(edges, 0);
    ASSERT_EQ(0, lines.count);
}

static double noise(double x, double y, double by) {
    uint64_t seed = (uint64_t) (x * 7919 + y * 104729 + by);
    lab_random(&seed);
    return lab_random(&seed) % 256;
}

static void should_keep_the_best_and_their_distance(void) {
    const mimir_corners_v1 corners = corners_of(noise, 0);
    ASSERT_EQ(128, corners.count);
    for (int i = 0; i < corners.count; i++) {
        ASSERT(i == 0 || corners.score[i] <= corners.score[i - 1]);
        ASSERT(corners.x[i] > 3 && corners.x[i] < WIDTH - 4 && corners.y[i] > 3 && corners.y[i] < HEIGHT - 4);
        ASSERT_EQ(1, near(&corners, corners.x[i], corners.y[i], 10));
    }
}

static void should_look_at_pictures_of_any_size(void) {
    for (uint32_t width = 1; width < 24; width++) {
        for (uint32_t height = 1; height < 24; height++) {
            lab l = opened(width, height);
            mimir_grey_v1 *grey = lab_grey(width, height, noise, 0);
            ASSERT(lab_see(&l, 1, grey, NULL) != NULL);
            free(grey);
            lab_close(&l);
        }
    }
}

static void should_take_parameters(void) {
    lab l = opened(WIDTH, HEIGHT);
    ASSERT_EQ(0, l.processor->set(l.state, "distance", 100));
    ASSERT_EQ(0, l.processor->set(l.state, "quality", 0.5));
    ASSERT_EQ(0, l.processor->set(l.state, "least", 1));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "distance", 7));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "quality", -1));
    ASSERT_EQ(-ENOENT, l.processor->set(l.state, "quantity", 1));
    mimir_grey_v1 *grey = lab_grey(WIDTH, HEIGHT, board, 0);
    const mimir_corners_v1 *corners = lab_see(&l, 1, grey, NULL);
    ASSERT(corners->count >= 12 && corners->count < 40);
    free(grey);
    lab_close(&l);
}

int main(void) {
    RUN("should find the corners of a chessboard", should_find_the_corners_of_a_chessboard);
    RUN("should give the same on every processor", should_give_the_same_on_every_processor);
    RUN("should find nothing where nothing is", should_find_nothing_where_nothing_is);
    RUN("should keep the best and their distance", should_keep_the_best_and_their_distance);
    RUN("should look at pictures of any size", should_look_at_pictures_of_any_size);
    RUN("should take parameters", should_take_parameters);
    FINISH();
}
