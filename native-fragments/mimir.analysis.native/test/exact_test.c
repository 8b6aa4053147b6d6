// SPDX-License-Identifier: Apache-2.0
/*
 * The corners that are found fast are those of the reference, within a thousandth of a pixel and 1/10,000 of the score.
 * One in fifty may differ: a place that rounds to the other side of a cell's edge competes with other points. Every
 * fault that can be planted in the reference is seen by the same comparison, in one scene at least.
 */
#include <math.h>

#include "../../ring/test/test.h"
#include "reference.h"

#define NEAR_PX 1e-3
#define NEAR_SCORE 1e-4
#define SCENES 5

typedef struct size { uint32_t width; uint32_t height; } size;

static double waves(double x, double y, double by) {
    const double u = x - 1.7 * by;
    return 128 + 40 * sin(u / 9 + sin(y / 17)) * cos(y / 7) + 40 * cos(u / 23 - y / 11) * sin(y / 13 + u / 31);
}

static double noise(double x, double y, double by) {
    uint64_t seed = (uint64_t) (x * 7919 + y * 104729 + by);
    lab_random(&seed);
    return lab_random(&seed) % 256;
}

static double grain(double x, double y, double by) {
    return 40 + noise(x, y, by) / 10;
}

/* Discs of all sizes on a slope, seen by a camera with noise: corners, edges and level ground. */
static double discs(double x, double y, double by) {
    double level = 60 + 0.1 * x + 0.05 * y;
    for (int i = 0; i < 12; i++) {
        const double across = hypot(x - 53.3 * (i % 4 + 0.3 * i + by), y - 71.7 * (i / 4) - 11 * i);
        level = across < 6 + 3 * i ? 230 - 12 * i : level;
    }
    return level + grain(x, y, by) / 24;
}

/* A chessboard that is turned and uneven, seen by a camera with noise. */
static double board(double x, double y, double by) {
    const double u = (0.97 * x + 0.24 * y + by) / 31.7;
    const double v = (-0.22 * x + 0.98 * y) / 29.3 + 20;
    const double edge = 0.5 + 0.5 * tanh(8 * sin(PI * u) * sin(PI * v));
    return 30 + 170 * edge + 0.03 * x + grain(x, y, by) / 24;
}

static const lab_brightness scenes[SCENES] = {waves, noise, grain, discs, board};

static mimir_corners_v1 fast(const mimir_grey_v1 *grey, bool narrow) {
    mimir_analysis_narrow = narrow;
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_GREY8, (uint32_t) grey->width, (uint32_t) grey->height);
    lab l = lab_open("corners", &format, sizeof(mimir_corners_v1));
    const mimir_corners_v1 corners = *(const mimir_corners_v1 *) lab_see(&l, 1, grey, NULL);
    lab_close(&l);
    mimir_analysis_narrow = false;
    return corners;
}

/* Points that only one of the two has. */
static int apart(const mimir_corners_v1 *a, const mimir_corners_v1 *b) {
    return a->count + b->count - reference_alike(a, b, NEAR_PX, NEAR_SCORE)
        - reference_alike(b, a, NEAR_PX, NEAR_SCORE);
}

static bool is_alike(const mimir_corners_v1 *a, const mimir_corners_v1 *b) {
    const int most = (a->count + b->count + 49) / 50;
    const int are = apart(a, b);
    return are <= most;
}

static void should_find_what_the_reference_finds(void) {
    static const size sizes[] = {{640, 480}, {321, 107}, {112, 60}, {119, 33}, {110, 40}, {13, 90}, {9, 9}};
    for (int scene = 0; scene < SCENES; scene++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            mimir_grey_v1 *grey = lab_grey(sizes[i].width, sizes[i].height, scenes[scene], 0.3 * scene);
            mimir_corners_v1 exact;
            reference_corners(grey, REFERENCE_SOUND, &exact);
            const mimir_corners_v1 wide = fast(grey, false);
            const mimir_corners_v1 narrow = fast(grey, true);
            free(grey);
            ASSERT(is_alike(&wide, &exact));
            ASSERT_EQ(0, memcmp(&wide, &narrow, sizeof wide));
            ASSERT(i > 0 || wide.count > 20);
        }
    }
}

static void should_see_every_planted_fault(void) {
    for (int fault = REFERENCE_SOUND + 1; fault < REFERENCE_FAULTS; fault++) {
        int seen = 0;
        for (int scene = 0; scene < SCENES; scene++) {
            mimir_grey_v1 *grey = lab_grey(320, 240, scenes[scene], 0.3 * scene);
            mimir_corners_v1 faulty;
            reference_corners(grey, (reference_fault) fault, &faulty);
            const mimir_corners_v1 corners = fast(grey, false);
            free(grey);
            seen += !is_alike(&corners, &faulty);
        }
        ASSERT(seen >= 1);
    }
}

int main(void) {
    RUN("should find what the reference finds", should_find_what_the_reference_finds);
    RUN("should see every planted fault", should_see_every_planted_fault);
    FINISH();
}
