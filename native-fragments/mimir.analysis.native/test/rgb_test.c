// SPDX-License-Identifier: Apache-2.0
/*
 * Colour, against definitions that know nothing of how it is computed: of a mosaic the rounded mean of all samples of a
 * colour in 3 x 3 pixels, to the last bit; of YCbCr the matrices of the standards in double precision.
 */
#include <math.h>

#include "../../ring/test/test.h"
#include "rgb.h"
#include "lab.h"

#define MOST_WIDTH  80
#define MOST_HEIGHT 10
#define OFF_LEVELS  2.5  /* libyuv's factors have six bits */
#define OFF_709     14.5 /* and that of blue ends at 2, where BT.709 has 2.11 */

static uint8_t payload[MOST_WIDTH * MOST_HEIGHT * 3];

static void fill(uint64_t seed) {
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t) lab_random(&seed);
    }
}

/* 0 red, 1 green, 2 blue: which of them a pixel of GRBG has. */
static int colour_at(int x, int y) {
    return (x + y) % 2 == 0 ? 1 : y % 2 == 0 ? 0 : 2;
}

static int mirrored(int at, int count) {
    return at < 0 ? -at : at >= count ? 2 * count - 2 - at : at;
}

static int mean(int width, int height, int x, int y, int colour) {
    int sum = 0;
    int n = 0;
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            const int column = mirrored(x + dx, width);
            const int line = mirrored(y + dy, height);
            const bool own = colour_at(x, y) == colour;
            if (colour_at(column, line) == colour && (!own || (dx == 0 && dy == 0))) {
                sum += payload[line * width + column];
                n++;
            }
        }
    }
    return (2 * sum + n) / (2 * n);
}

static lab look(const mimir_ring_format *format) {
    lab l = lab_open("rgb", format, sizeof(mimir_rgb_v1));
    lab_item(&l, 1, format->width, format->height);
    l.call.payload = (mimir_processor_input) {payload, format->payload_bytes};
    return l;
}

static void check_mosaic(uint32_t width, uint32_t height) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_BAYER_GRBG8, width, height);
    lab l = look(&format);
    const mimir_rgb_v1 *rgb = lab_run(&l);
    const uint32_t stride = (3 * width + 15) / 16 * 16;
    ASSERT_EQ(width, rgb->width);
    ASSERT_EQ(height, rgb->height);
    ASSERT_EQ(stride, rgb->stride_bytes);
    ASSERT_EQ((uint64_t) stride * height, l.processor->tail_bytes(&format, 0));
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *line = (const uint8_t *) (rgb + 1) + y * stride;
        for (uint32_t i = 0; i < stride; i++) {
            ASSERT_EQ(i < 3 * width ? mean((int) width, (int) height, (int) i / 3, (int) y, (int) i % 3) : 0, line[i]);
        }
    }
    lab_close(&l);
}

static void should_fill_in_the_colours_of_a_mosaic(void) {
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        for (uint32_t width = 2; width <= MOST_WIDTH; width += 2) {
            fill(width);
            check_mosaic(width, 2 + width % MOST_HEIGHT / 2 * 2);
            ASSERT_STILL_GOOD();
        }
    }
    mimir_analysis_narrow = false;
}

/* Red to the right, green downwards, blue to the left: even slopes are exact away from the edges. */
static void should_be_exact_on_slopes(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_BAYER_GRBG8, MOST_WIDTH, MOST_HEIGHT);
    for (int y = 0; y < MOST_HEIGHT; y++) {
        for (int x = 0; x < MOST_WIDTH; x++) {
            const int colours[] = {2 * x, 20 * y, 250 - 3 * x};
            payload[y * MOST_WIDTH + x] = (uint8_t) colours[colour_at(x, y)];
        }
    }
    lab l = look(&format);
    const mimir_rgb_v1 *rgb = lab_run(&l);
    for (int y = 1; y < MOST_HEIGHT - 1; y++) {
        for (int x = 1; x < MOST_WIDTH - 1; x++) {
            const uint8_t *p = (const uint8_t *) (rgb + 1) + y * rgb->stride_bytes + 3 * x;
            ASSERT_EQ(2 * x, p[0]);
            ASSERT_EQ(20 * y, p[1]);
            ASSERT_EQ(250 - 3 * x, p[2]);
        }
    }
    lab_close(&l);
}

static void should_take_colours_as_they_came(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_RGB24, 5, 3);
    fill(9);
    lab l = look(&format);
    const mimir_rgb_v1 *rgb = lab_run(&l);
    for (uint32_t i = 0; i < 48; i++) {
        ASSERT_EQ(i % 16 < 15 ? payload[i / 16 * 15 + i % 16] : 0, ((const uint8_t *) (rgb + 1))[i]);
    }
    lab_close(&l);
}

/* ---- YCbCr ---- */

static bool has_libyuv(void) {
    int fault;
    analysis_yuv *yuv = mimir_analysis_yuv_open(16, 1, &fault);
    mimir_analysis_yuv_close(yuv);
    return yuv != NULL;
}

/* By the standards: Kr and Kb of the matrix, Y from 16 to 235 and Cb, Cr from 16 to 240, or all of 0 to 255. */
static void expected(uint32_t colour, const uint8_t *yuyv, uint32_t odd, double rgb[3]) {
    const double kr = colour == 3 ? 0.2126 : 0.299;
    const double kb = colour == 3 ? 0.0722 : 0.114;
    const bool full = colour == 2;
    const double y = full ? yuyv[2 * odd] : (yuyv[2 * odd] - 16) * 255.0 / 219;
    const double cb = (yuyv[1] - 128) * (full ? 1 : 255.0 / 224);
    const double cr = (yuyv[3] - 128) * (full ? 1 : 255.0 / 224);
    rgb[0] = y + 2 * (1 - kr) * cr;
    rgb[2] = y + 2 * (1 - kb) * cb;
    rgb[1] = (y - kr * rgb[0] - kb * rgb[2]) / (1 - kr - kb);
}

static void check_yuyv(uint32_t colour) {
    mimir_ring_format format = lab_frames(MIMIR_FORMAT_YUYV, 38, 6);
    format.colour = colour;
    lab l = look(&format);
    const mimir_rgb_v1 *rgb = lab_run(&l);
    double worst = 0;
    for (uint32_t i = 0; i < 38 * 6; i++) {
        double right[3];
        const uint8_t *p = (const uint8_t *) (rgb + 1) + i / 38 * (uint32_t) rgb->stride_bytes + i % 38 * 3;
        expected(colour, payload + i / 2 * 4, i % 2, right);
        for (int c = 0; c < 3; c++) {
            worst = fmax(worst, fabs(fmin(fmax(right[c], 0), 255) - p[c]));
        }
    }
    printf("# colour %u: at most %.2f levels off\n", colour, worst);
    ASSERT(worst < (colour == 3 ? OFF_709 : OFF_LEVELS));
    lab_close(&l);
}

static void should_convert_yuyv_as_its_format_says(void) {
    if (!has_libyuv()) {
        printf("# libyuv is not here\n");
        return;
    }
    fill(4);
    for (uint32_t colour = 0; colour <= 3; colour++) {
        check_yuyv(colour);
    }
}

static void should_say_that_libyuv_is_missing(void) {
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_YUYV, 38, 6);
    const mimir_ring_format mosaic = lab_frames(MIMIR_FORMAT_BAYER_GRBG8, 38, 6);
    const mimir_processor *rgb = mimir_processor_find("rgb");
    void *state;
    mimir_analysis_libyuv = "libnowhere-yuv.so.0";
    ASSERT_EQ(-ENOENT, rgb->create(&format, &state));
    mimir_analysis_libyuv = "libc.so.6";
    ASSERT_EQ(-ENOENT, rgb->create(&format, &state));
    ASSERT_EQ(0, rgb->create(&mosaic, &state));
    rgb->destroy(state);
    mimir_analysis_libyuv = NULL;
}

static int refusal(uint32_t code, uint32_t width, uint32_t height) {
    const mimir_ring_format format = lab_frames(code, width, height);
    void *state;
    const int said = mimir_processor_find("rgb")->create(&format, &state);
    if (said == 0) {
        mimir_processor_find("rgb")->destroy(state);
    }
    return said;
}

static void should_refuse_what_has_no_whole_pattern(void) {
    ASSERT_EQ(-EINVAL, refusal(MIMIR_FORMAT_BAYER_GRBG8, 39, 6));
    ASSERT_EQ(-EINVAL, refusal(MIMIR_FORMAT_BAYER_GRBG8, 38, 5));
    ASSERT_EQ(-EINVAL, refusal(MIMIR_FORMAT_YUYV, 39, 6));
    ASSERT_EQ(-EINVAL, refusal(MIMIR_FORMAT_GREY8, 38, 6));
    ASSERT_EQ(-EINVAL, refusal(MIMIR_FORMAT_NV12, 38, 6));
    ASSERT_EQ(0, refusal(MIMIR_FORMAT_RGB24, 39, 5));
    const mimir_ring_format format = lab_frames(MIMIR_FORMAT_BAYER_GRBG8, 38, 6);
    lab l = look(&format);
    ASSERT_EQ(0, lab_try(&l));
    lab_item(&l, 2, 37, 6);
    ASSERT_EQ(-EINVAL, lab_try(&l));
    lab_item(&l, 3, 38, 3);
    ASSERT_EQ(-EINVAL, lab_try(&l));
    lab_item(&l, 4, 20, 4);
    ASSERT_EQ(0, lab_try(&l));
    l.call.payload.bytes = 38 * 3;
    ASSERT_EQ(-EINVAL, lab_try(&l));
    lab_close(&l);
}

int main(void) {
    RUN("should fill in the colours of a mosaic", should_fill_in_the_colours_of_a_mosaic);
    RUN("should be exact on slopes", should_be_exact_on_slopes);
    RUN("should take colours as they came", should_take_colours_as_they_came);
    RUN("should convert YUYV as its format says", should_convert_yuyv_as_its_format_says);
    RUN("should say that libyuv is missing", should_say_that_libyuv_is_missing);
    RUN("should refuse what has no whole pattern", should_refuse_what_has_no_whole_pattern);
    FINISH();
}
