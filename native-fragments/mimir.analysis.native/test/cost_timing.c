// SPDX-License-Identifier: Apache-2.0
/*
 * What each stage costs for an item: frames of 640 x 480 YUYV that move, and blocks of 64 frames of eight channels. The
 * chain on six cameras at 60 fps must leave most of two processors free. Processor time, so that neighbours count
 * little.
 */
#include <math.h>
#include <time.h>

#include "../../ring/test/test.h"
#include "lab.h"

#define WIDTH  640u
#define HEIGHT 480u
#define FRAMES 100
#define BLOCKS 30000
#define STAGES 4
#define MOST_CHAIN_US 20000 /* on a machine that does much else; 5000 would be too much on a quiet one */
#define MOST_BLOCK_US 50
#define MOST_COLOUR_US 10000

static const char *const names[STAGES] = {"grey", "motion", "corners", "flow"};
static uint8_t frames[2][WIDTH * HEIGHT * 2];

static int64_t spent_so_far_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static double waves(double x, double y, double by) {
    const double u = x - by * 1.5;
    return 128 + 40 * sin(u / 9 + sin(y / 17)) * cos(y / 7) + 40 * cos(u / 23 - y / 11) * sin(y / 13 + u / 31);
}

static void paint(void) {
    for (int n = 0; n < 2; n++) {
        for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) {
            frames[n][2 * i] = (uint8_t) waves(i % WIDTH, (double) (i / WIDTH), n);
            frames[n][2 * i + 1] = 128;
        }
    }
}

static void chain(int64_t spent_ns[STAGES]) {
    static const uint64_t bytes[STAGES] = {sizeof(mimir_grey_v1), sizeof(mimir_motion_v1), sizeof(mimir_corners_v1),
        sizeof(mimir_flow_v1)};
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_YUYV, WIDTH, HEIGHT);
    lab labs[STAGES];
    for (int i = 0; i < STAGES; i++) {
        labs[i] = lab_open(names[i], &format, bytes[i]);
    }
    for (uint64_t n = 0; n < FRAMES + 10; n++) {
        const void *results[STAGES];
        for (int i = 0; i < STAGES; i++) {
            lab_item(&labs[i], n, WIDTH, HEIGHT);
            labs[i].call.payload = (mimir_processor_input) {frames[n % 2], sizeof frames[0]};
            lab_need(&labs[i], 0, results[0], i == 0 ? 0 : lab_grey_bytes(results[0]));
            lab_need(&labs[i], 1, i == 3 ? results[2] : NULL, sizeof(mimir_corners_v1));
            const int64_t begun_ns = spent_so_far_ns();
            results[i] = lab_run(&labs[i]);
            spent_ns[i] += n < 10 ? 0 : spent_so_far_ns() - begun_ns;
        }
    }
    for (int i = 0; i < STAGES; i++) {
        lab_close(&labs[i]);
    }
}

static void should_run_the_chain_in_time(void) {
    paint();
    for (int narrow = 0; narrow < 2; narrow++) {
        int64_t spent_ns[STAGES] = {0};
        double all_us = 0;
        mimir_analysis_narrow = narrow;
        chain(spent_ns);
        for (int i = 0; i < STAGES; i++) {
            const double us = (double) spent_ns[i] * 1e-3 / FRAMES;
            printf("# figure: %s%s: %.1f us a frame\n", names[i], narrow ? " (no AVX2)" : "", us);
            all_us += us;
        }
        ASSERT(all_us < MOST_CHAIN_US);
    }
    mimir_analysis_narrow = false;
}

/* Colour of a mosaic and, where libyuv is, of YUYV. */
static void should_colour_in_time(void) {
    static const uint32_t codes[] = {MIMIR_FORMAT_BAYER_GRBG8, MIMIR_FORMAT_BAYER_GRBG8, MIMIR_FORMAT_YUYV};
    for (int i = 0; i < 3; i++) {
        const mimir_ring_format format = lab_frames(codes[i], WIDTH, HEIGHT);
        void *state;
        mimir_analysis_narrow = i == 1;
        if (mimir_processor_find("rgb")->create(&format, &state) != 0) {
            printf("# no libyuv here\n");
            continue;
        }
        mimir_processor_find("rgb")->destroy(state);
        lab l = lab_open("rgb", &format, sizeof(mimir_rgb_v1));
        l.call.payload = (mimir_processor_input) {frames[0], format.payload_bytes};
        int64_t begun_ns = 0;
        for (uint64_t n = 0; n < FRAMES + 10; n++) {
            begun_ns = n == 10 ? spent_so_far_ns() : begun_ns;
            lab_item(&l, n, WIDTH, HEIGHT);
            lab_run(&l);
        }
        const double us = (double) (spent_so_far_ns() - begun_ns) * 1e-3 / FRAMES;
        printf("# figure: rgb of %s: %.1f us a frame\n", i == 0 ? "Bayer" : i == 1 ? "Bayer (no AVX2)" : "YUYV", us);
        lab_close(&l);
        ASSERT(us < MOST_COLOUR_US);
    }
    mimir_analysis_narrow = false;
}

static void hear(const char *name, uint64_t bytes) {
    static float block[8 * 64];
    const mimir_ring_format format = lab_blocks(8, 64, 192000);
    lab l = lab_open(name, &format, bytes);
    for (int i = 0; i < 8 * 64; i++) {
        block[i] = (float) sin(i);
    }
    l.call.payload = (mimir_processor_input) {block, sizeof block};
    const int64_t begun_ns = spent_so_far_ns();
    for (uint64_t n = 0; n < BLOCKS; n++) {
        lab_item(&l, n, 8, 64);
        lab_run(&l);
    }
    const double us = (double) (spent_so_far_ns() - begun_ns) * 1e-3 / BLOCKS;
    printf("# figure: %s: %.2f us a block\n", name, us);
    lab_close(&l);
    ASSERT(us < MOST_BLOCK_US);
}

static void should_hear_in_time(void) {
    hear("level", sizeof(mimir_level_v1));
    hear("spectrum", sizeof(mimir_spectrum_v1));
}

int main(void) {
    RUN("should run the chain in time", should_run_the_chain_in_time);
    RUN("should colour in time", should_colour_in_time);
    RUN("should hear in time", should_hear_in_time);
    FINISH();
}
