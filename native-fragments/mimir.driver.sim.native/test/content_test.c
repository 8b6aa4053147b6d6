// SPDX-License-Identifier: Apache-2.0
/* Frames and blocks verify themselves, and nothing else passes for them. */
#include <errno.h>
#include <stdlib.h>

#include "../../ring/test/test.h"
#include "content.h"

#define WIDTH  66u
#define HEIGHT 34u

static uint8_t frame[WIDTH * HEIGHT * 3];

static int check(uint32_t code, uint64_t bytes, uint64_t sequence) {
    return mimir_sim_check_frame(frame, bytes, code, WIDTH, HEIGHT, 3, 2, sequence);
}

static void verify_format(uint32_t code, uint64_t bytes) {
    sim_picture p;
    ASSERT_EQ(0, mimir_sim_picture_make(&p, code, WIDTH, HEIGHT, 3));
    ASSERT_EQ(bytes, p.bytes);
    const uint32_t crc = mimir_sim_picture_fill(&p, frame, 2, 77, 0);
    ASSERT_EQ(mimir_crc32c(0, frame, bytes), crc);
    ASSERT_EQ(0, check(code, bytes, 77));
    ASSERT_EQ(-EBADMSG, check(code, bytes, 78));
    ASSERT_EQ(-EINVAL, check(code, bytes - 1, 77));
    for (uint64_t at = 0; at < bytes; at += 41) {
        frame[at] ^= 1;
        ASSERT_EQ(-EBADMSG, check(code, bytes, 77));
        frame[at] ^= 1;
    }
    mimir_sim_picture_fill(&p, frame, 2, 78, MIMIR_SIM_MARK_FLASH);
    ASSERT_EQ(1, check(code, bytes, 78));
    ASSERT_EQ(235, frame[sizeof(mimir_sim_mark)]);
    mimir_sim_picture_light(&p, 500);
    const uint32_t dim = mimir_sim_picture_fill(&p, frame, 2, 79, MIMIR_SIM_MARK_LED);
    ASSERT_EQ(mimir_crc32c(0, frame, bytes), dim);
    ASSERT_EQ(0, check(code, bytes, 79));
    mimir_sim_picture_fill(&p, frame, 2, 79, MIMIR_SIM_MARK_FLASH);
    ASSERT_EQ(16 + 219 / 2, frame[sizeof(mimir_sim_mark)]);
    ASSERT_EQ(1, check(code, bytes, 79));
    frame[sizeof(mimir_sim_mark)]++;
    ASSERT_EQ(-EBADMSG, check(code, bytes, 79));
    mimir_sim_picture_free(&p);
}

static void should_verify_every_pixel_format(void) {
    const uint64_t pixels = WIDTH * HEIGHT;
    verify_format(MIMIR_FORMAT_GREY8, pixels);
    verify_format(MIMIR_FORMAT_YUYV, pixels * 2);
    verify_format(MIMIR_FORMAT_YUV444P, pixels * 3);
    verify_format(MIMIR_FORMAT_NV12, pixels * 3 / 2);
    verify_format(MIMIR_FORMAT_BAYER_GRBG8, pixels);
}

static void should_refuse_impossible_pictures(void) {
    sim_picture p;
    ASSERT_EQ(-EINVAL, mimir_sim_picture_make(&p, MIMIR_FORMAT_YUYV, 65, 32, 1));
    ASSERT_EQ(-EINVAL, mimir_sim_picture_make(&p, MIMIR_FORMAT_NV12, 64, 33, 1));
    ASSERT_EQ(-EINVAL, mimir_sim_picture_make(&p, MIMIR_FORMAT_GREY8, 32, 32, 1));
    ASSERT_EQ(-EINVAL, mimir_sim_picture_make(&p, MIMIR_FORMAT_RGB24, 64, 32, 1));
    ASSERT_EQ(-EINVAL, mimir_sim_picture_make(&p, MIMIR_FORMAT_F32_PLANAR, 64, 32, 1));
}

#define CHANNELS 3u
#define FRAMES   16u

static float block[CHANNELS * FRAMES];

static int check_block(uint64_t first, int32_t *click) {
    return mimir_sim_check_audio(block, FRAMES * sizeof(float), CHANNELS, FRAMES, 5, first, click);
}

static void should_verify_every_sample(void) {
    int32_t click;
    for (uint64_t first = 0; first < UINT64_C(1) << 34; first += UINT64_C(123456789)) {
        const uint32_t crc = mimir_sim_block_fill(block, CHANNELS, FRAMES, 5, first, INT32_MIN, 1);
        ASSERT_EQ(mimir_crc32c(0, block, sizeof block), crc);
        ASSERT_EQ(0, check_block(first, &click));
        ASSERT_EQ(INT32_MIN, click);
        ASSERT_EQ(-EBADMSG, check_block(first + FRAMES, NULL));
        for (uint32_t i = 0; i < CHANNELS * FRAMES; i++) {
            ASSERT(block[i] >= -0.25f && block[i] < 0.25f);
            const float right = block[i];
            block[i] += 0x1p-21f;
            ASSERT_EQ(-EBADMSG, check_block(first, NULL));
            block[i] = right;
        }
    }
}

static void should_find_a_click_wherever_it_is(void) {
    for (int32_t at = -1; at < (int32_t) FRAMES; at++) {
        int32_t click;
        mimir_sim_block_fill(block, CHANNELS, FRAMES, 5, 4096, at, 1);
        ASSERT_EQ(1, check_block(4096, &click));
        ASSERT_EQ(at, click);
        block[2 * FRAMES + (at < 0 ? 0 : at)] = 0;
        ASSERT_EQ(-EBADMSG, check_block(4096, NULL));
    }
}

int main(void) {
    RUN("should verify every pixel format", should_verify_every_pixel_format);
    RUN("should refuse impossible pictures", should_refuse_impossible_pictures);
    RUN("should verify every sample", should_verify_every_sample);
    RUN("should find a click wherever it is", should_find_a_click_wherever_it_is);
    FINISH();
}
