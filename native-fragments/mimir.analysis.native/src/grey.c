// SPDX-License-Identifier: Apache-2.0
/* Brightness of a frame, row by row, from whatever layout it came in. */
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

/* One row: `below` is the row that follows, which only mosaics look at. */
typedef void (*row_kernel)(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width);

typedef struct grey_state {
    row_kernel row;
    uint32_t code;
    uint32_t most_width;
    uint32_t most_height;
} grey_state;

static void plain(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    (void) below;
    memcpy(to, from, width);
}

MIMIR_KERNEL void every_other(const uint8_t *restrict from, uint8_t *restrict to, uint32_t width) {
    for (size_t x = 0; x < width; x++) {
        to[x] = from[2 * x];
    }
}

static void yuyv(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    (void) below;
    every_other(from, to, width);
}

static MIMIR_AVX2 void yuyv_wide(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    (void) below;
    every_other(from, to, width);
}

MIMIR_KERNEL void weighted(const uint8_t *restrict from, uint8_t *restrict to, uint32_t width) {
    for (size_t x = 0; x < width; x++) {
        to[x] = (uint8_t) ((77u * from[3 * x] + 150u * from[3 * x + 1] + 29u * from[3 * x + 2] + 128u) >> 8);
    }
}

static void rgb(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    (void) below;
    weighted(from, to, width);
}

static MIMIR_AVX2 void rgb_wide(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    (void) below;
    weighted(from, to, width);
}

/* Any 2 x 2 pixels of a mosaic hold one red, two green and one blue; past the edge its mirror image goes on. */
MIMIR_KERNEL void squares(const uint8_t *restrict from, const uint8_t *restrict below, uint8_t *restrict to,
                          uint32_t width) {
    const size_t last = width - 1;
    for (size_t x = 0; x < last; x++) {
        to[x] = (uint8_t) ((from[x] + from[x + 1] + below[x] + below[x + 1] + 2u) >> 2);
    }
    to[last] = (uint8_t) ((from[last] + from[last - 1] + below[last] + below[last - 1] + 2u) >> 2);
}

static void bayer(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    squares(from, below, to, width);
}

static MIMIR_AVX2 void bayer_wide(const uint8_t *from, const uint8_t *below, uint8_t *to, uint32_t width) {
    squares(from, below, to, width);
}

static row_kernel kernel_for(uint32_t code, bool wide) {
    switch (code) {
    case MIMIR_FORMAT_GREY8:
    case MIMIR_FORMAT_NV12:
    case MIMIR_FORMAT_YUV444P:
        return plain;
    case MIMIR_FORMAT_YUYV:
        return wide ? yuyv_wide : yuyv;
    case MIMIR_FORMAT_RGB24:
        return wide ? rgb_wide : rgb;
    case MIMIR_FORMAT_BAYER_GRBG8:
        return wide ? bayer_wide : bayer;
    default:
        return NULL;
    }
}

static uint64_t grey_tail_bytes(const mimir_ring_format *format, uint32_t result) {
    return result == 0 && analysis_frames(format) ? (uint64_t) analysis_stride(format->width) * format->height : 0;
}

static int grey_create(const mimir_ring_format *format, void **state) {
    const row_kernel row = analysis_frames(format) ? kernel_for(format->code, mimir_analysis_wide()) : NULL;
    const bool mosaic = format->code == MIMIR_FORMAT_BAYER_GRBG8;
    if (row == NULL || (mosaic && (format->width < 2 || format->height < 2))) {
        return -EINVAL;
    }
    grey_state *s = malloc(sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    *s = (grey_state) {row, format->code, format->width, format->height};
    *state = s;
    return 0;
}

static int grey_set(void *state, const char *parameter, double value) {
    (void) state;
    (void) parameter;
    (void) value;
    return -ENOENT;
}

/* Where brightness lies in the payload. */
static int find_plane(const grey_state *s, const mimir_processor_call *call, analysis_plane *plane) {
    const uint32_t least = s->code == MIMIR_FORMAT_BAYER_GRBG8 ? 2 : 1;
    const int fault = mimir_analysis_plane(plane, call, s->code);
    return fault == 0 && (plane->width < least || plane->height < least || plane->width > s->most_width
                          || plane->height > s->most_height) ? -EINVAL : fault;
}

static int grey_due(const void *state, mimir_processor_call *call) {
    analysis_plane plane;
    const int fault = find_plane(state, call, &plane);
    if (fault != 0) {
        return fault;
    }
    call->results[0].tail_bytes = (uint64_t) analysis_stride(call->item.width) * call->item.height;
    return 1;
}

static int grey_process(void *state, mimir_processor_call *call) {
    const grey_state *s = state;
    analysis_plane plane;
    const int fault = find_plane(s, call, &plane);
    const uint32_t width = call->item.width;
    const uint32_t height = call->item.height;
    const uint32_t stride = analysis_stride(width);
    if (fault != 0 || !analysis_wants(call, sizeof(mimir_grey_v1) + (uint64_t) stride * height)) {
        return fault;
    }
    mimir_grey_v1 *grey = call->results[0].at;
    grey->width = (int32_t) width;
    grey->height = (int32_t) height;
    grey->stride_bytes = (int32_t) stride;
    uint8_t *to = (uint8_t *) (grey + 1);
    const uint64_t step = plane.step;
    for (uint32_t y = 0; y < height; y++, to += stride) {
        const uint8_t *from = plane.at + y * step;
        const uint8_t *below = y + 1 < height ? from + step : y > 0 ? from - step : from;
        s->row(from, below, to, width);
        memset(to + width, 0, stride - width);
    }
    return 0;
}

const mimir_processor mimir_analysis_grey = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "grey", grey_tail_bytes,
    grey_create, grey_set, grey_due, grey_process, free};
