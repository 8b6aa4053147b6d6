// SPDX-License-Identifier: Apache-2.0
/* Grey pictures of every pixel format, against their definition. */
#include "../../ring/test/test.h"
#include "lab.h"

#define WIDTH  37u
#define HEIGHT 5u

static uint8_t payload[WIDTH * HEIGHT * 4];

static void fill(void) {
    uint64_t seed = 3;
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t) lab_random(&seed);
    }
}

static uint8_t square(uint32_t x, uint32_t y) {
    const uint32_t right = x + 1 < WIDTH ? x + 1 : x - 1;
    const uint32_t lower = y + 1 < HEIGHT ? y + 1 : y - 1;
    return (uint8_t) ((payload[y * WIDTH + x] + payload[y * WIDTH + right] + payload[lower * WIDTH + x]
                       + payload[lower * WIDTH + right] + 2) / 4);
}

static uint8_t expected(uint32_t code, uint32_t x, uint32_t y) {
    const uint8_t *rgb = payload + (y * WIDTH + x) * 3;
    switch (code) {
    case MIMIR_FORMAT_YUYV:
        return payload[(y * WIDTH + x) * 2];
    case MIMIR_FORMAT_RGB24:
        return (uint8_t) ((77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) / 256);
    case MIMIR_FORMAT_BAYER_GRBG8:
        return square(x, y);
    default:
        return payload[y * WIDTH + x];
    }
}

static void check(uint32_t code) {
    const mimir_ring_format format = lab_frames(code, WIDTH, HEIGHT);
    lab l = lab_open("grey", &format, sizeof(mimir_grey_v1));
    lab_item(&l, 1, WIDTH, HEIGHT);
    l.call.payload = (mimir_processor_input) {payload, format.payload_bytes};
    const mimir_grey_v1 *grey = lab_run(&l);
    const uint8_t *pixels = (const uint8_t *) (grey + 1);
    ASSERT_EQ(WIDTH, grey->width);
    ASSERT_EQ(HEIGHT, grey->height);
    ASSERT_EQ(48, grey->stride_bytes);
    ASSERT_EQ(48 * HEIGHT, l.processor->tail_bytes(&format, 0));
    for (uint32_t y = 0; y < HEIGHT; y++) {
        for (uint32_t x = 0; x < 48; x++) {
            ASSERT_EQ(x < WIDTH ? expected(code, x, y) : 0, pixels[y * 48 + x]);
        }
    }
    lab_close(&l);
}

static void should_make_every_format_grey(void) {
    static const uint32_t codes[] = {MIMIR_FORMAT_GREY8, MIMIR_FORMAT_YUYV, MIMIR_FORMAT_YUV444P, MIMIR_FORMAT_NV12,
        MIMIR_FORMAT_RGB24, MIMIR_FORMAT_BAYER_GRBG8};
    fill();
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        for (int narrow = 0; narrow < 2; narrow++) {
            mimir_analysis_narrow = narrow;
            check(codes[i]);
            ASSERT_STILL_GOOD();
        }
    }
}

static void should_take_smaller_frames_than_its_format_says(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_YUYV, WIDTH, HEIGHT);
    lab l = lab_open("grey", &format, sizeof(mimir_grey_v1));
    lab_item(&l, 1, 9, 2);
    l.call.payload = (mimir_processor_input) {payload, WIDTH * 2 + 18};
    const mimir_grey_v1 *grey = lab_run(&l);
    ASSERT_EQ(9, grey->width);
    ASSERT_EQ(payload[WIDTH * 2 + 16], ((const uint8_t *) (grey + 1))[16 + 8]);
    lab_close(&l);
}

static int refusal(uint32_t width, uint32_t height, uint32_t stride, uint64_t offset, uint64_t bytes) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_YUYV, WIDTH, HEIGHT);
    lab l = lab_open("grey", &format, sizeof(mimir_grey_v1));
    lab_item(&l, 1, width, height);
    l.call.format.stride_bytes[0] = stride;
    l.call.format.plane_offset[0] = offset;
    l.call.payload = (mimir_processor_input) {payload, bytes};
    const int said = lab_try(&l);
    lab_close(&l);
    return said;
}

static void should_refuse_sizes_that_do_not_fit(void) {
    ASSERT_EQ(0, refusal(WIDTH, HEIGHT, WIDTH * 2, 0, WIDTH * HEIGHT * 2));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT, WIDTH * 2, 0, WIDTH * HEIGHT * 2 - 1));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT, WIDTH * 2, 1, WIDTH * HEIGHT * 2));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT, WIDTH * 2, UINT64_MAX, WIDTH * HEIGHT * 2));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT, WIDTH * 2 - 1, 0, WIDTH * HEIGHT * 2));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT, UINT32_MAX, 0, WIDTH * HEIGHT * 2));
    ASSERT_EQ(-EINVAL, refusal(WIDTH + 1, HEIGHT, WIDTH * 4, 0, sizeof payload));
    ASSERT_EQ(-EINVAL, refusal(WIDTH, HEIGHT + 1, WIDTH * 2, 0, sizeof payload));
    ASSERT_EQ(-EINVAL, refusal(0, HEIGHT, WIDTH * 2, 0, sizeof payload));
}

static void should_refuse_what_has_no_brightness(void) {
    const mimir_processor *grey = mimir_processor_find("grey");
    mimir_ring_format format = lab_frames(99, WIDTH, HEIGHT);
    void *state;
    ASSERT_EQ(-EINVAL, grey->create(&format, &state));
    format = lab_blocks(2, 64, 48000);
    ASSERT_EQ(-EINVAL, grey->create(&format, &state));
    format = lab_frames(MIMIR_FORMAT_GREY8, MIMIR_MOST_PIXELS + 1, 2);
    ASSERT_EQ(-EINVAL, grey->create(&format, &state));
    ASSERT(mimir_processor_find("gray") == NULL);
}

int main(void) {
    RUN("should make every format grey", should_make_every_format_grey);
    RUN("should take smaller frames than its format says", should_take_smaller_frames_than_its_format_says);
    RUN("should refuse sizes that do not fit", should_refuse_sizes_that_do_not_fit);
    RUN("should refuse what has no brightness", should_refuse_what_has_no_brightness);
    FINISH();
}
