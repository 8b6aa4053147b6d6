// SPDX-License-Identifier: Apache-2.0
/* Descriptors, formats and results of others that say anything at all, over memory that ends exactly where it says. */
#include "../../ring/test/test.h"
#include "lab.h"

#define ROUNDS 4000

static uint64_t seed = 11;

/* Mostly what is right, sometimes something near it, sometimes anything. */
static uint32_t odd(uint32_t right) {
    switch (lab_random(&seed) % 8) {
    case 0:
        return lab_random(&seed);
    case 1:
        return right + lab_random(&seed) % 5 - 2;
    case 2:
        return lab_random(&seed) % (right + 1);
    default:
        return right;
    }
}

static void *some(uint64_t bytes) {
    uint8_t *memory = malloc(bytes == 0 ? 1 : bytes);
    for (uint64_t i = 0; i < bytes; i++) {
        memory[i] = (uint8_t) lab_random(&seed);
    }
    return memory;
}

static mimir_grey_v1 *odd_grey(uint64_t *bytes) {
    *bytes = odd(sizeof(mimir_grey_v1) + 48 * 32) % 4096;
    void *grey = some(*bytes);
    const mimir_grey_v1 fields = {.width = (int32_t) odd(40), .height = (int32_t) odd(32),
        .stride_bytes = (int32_t) odd(48)};
    memcpy(grey, &fields, *bytes < sizeof fields ? *bytes : sizeof fields);
    return grey;
}

static void *odd_corners(uint64_t *bytes) {
    *bytes = odd(sizeof(mimir_corners_v1)) % 4096;
    void *corners = some(*bytes);
    const int32_t count = (int32_t) odd(20);
    memcpy(corners, &count, *bytes < sizeof count ? *bytes : sizeof count);
    return corners;
}

static int tries(const char *name, const mimir_ring_format *format, uint64_t result_bytes) {
    lab l = lab_open(name, format, result_bytes);
    int done = 0;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t grey_bytes;
        uint64_t corner_bytes;
        mimir_grey_v1 *grey = odd_grey(&grey_bytes);
        void *corners = odd_corners(&corner_bytes);
        const uint64_t bytes = odd((uint32_t) format->payload_bytes) % 65536;
        void *payload = some(bytes);
        lab_item(&l, odd((uint32_t) i), odd(format->width), odd(format->height));
        l.call.item.device_time = (int64_t) ((uint64_t) odd(7) << 32);
        l.call.format.stride_bytes[0] = odd(format->stride_bytes[0]);
        l.call.format.plane_offset[0] = odd(0);
        l.call.payload = (mimir_processor_input) {payload, bytes};
        lab_need(&l, 0, grey, grey_bytes);
        lab_need(&l, 1, corners, corner_bytes);
        l.call.missed = odd(0);
        done += lab_try(&l) == 0;
        free(payload);
        free(corners);
        free(grey);
    }
    lab_close(&l);
    return done;
}

static void should_stay_inside_what_it_is_given(void) {
    const mimir_ring_format frames = lab_frames(MIMIR_FORMAT_YUYV, 40, 32);
    const mimir_ring_format mosaic = lab_frames(MIMIR_FORMAT_BAYER_GRBG8, 40, 32);
    const mimir_ring_format colours = lab_frames(MIMIR_FORMAT_RGB24, 40, 32);
    const mimir_ring_format blocks = lab_blocks(8, 64, 192000);
    ASSERT(tries("grey", &frames, sizeof(mimir_grey_v1)) > ROUNDS / 10);
    ASSERT(tries("grey", &mosaic, sizeof(mimir_grey_v1)) > ROUNDS / 10);
    ASSERT(tries("grey", &colours, sizeof(mimir_grey_v1)) > ROUNDS / 10);
    ASSERT(tries("rgb", &mosaic, sizeof(mimir_rgb_v1)) > ROUNDS / 10);
    ASSERT(tries("rgb", &colours, sizeof(mimir_rgb_v1)) > ROUNDS / 10);
    ASSERT(tries("motion", &frames, sizeof(mimir_motion_v1)) > ROUNDS / 10);
    ASSERT(tries("corners", &frames, sizeof(mimir_corners_v1)) > ROUNDS / 10);
    ASSERT(tries("flow", &frames, sizeof(mimir_flow_v1)) > ROUNDS / 10);
    ASSERT(tries("level", &blocks, sizeof(mimir_level_v1)) > ROUNDS / 10);
    ASSERT(tries("spectrum", &blocks, sizeof(mimir_spectrum_v1)) > ROUNDS / 10);
}

static void should_refuse_what_is_not_there(void) {
    static const char *const names[] = {"grey", "motion", "corners", "flow", "level", "spectrum"};
    for (int i = 0; i < 6; i++) {
        const mimir_ring_format format = i < 4 ? lab_frames(MIMIR_FORMAT_YUYV, 40, 32) : lab_blocks(8, 64, 48000);
        lab l = lab_open(names[i], &format, sizeof(mimir_flow_v1));
        lab_item(&l, 1, format.width, format.height);
        ASSERT_EQ(-EINVAL, lab_try(&l));
        ASSERT_EQ(-EINVAL, l.processor->process(l.state, &l.call));
        lab_close(&l);
        l.processor->destroy(NULL);
    }
}

int main(void) {
    RUN("should stay inside what it is given", should_stay_inside_what_it_is_given);
    RUN("should refuse what is not there", should_refuse_what_is_not_there);
    FINISH();
}
