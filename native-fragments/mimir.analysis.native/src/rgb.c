// SPDX-License-Identifier: Apache-2.0
/* Frames in colour, row by row: rgb.h says how. */
#include "rgb.h"

#include <stdlib.h>
#include <string.h>

typedef struct rgb_state {
    uint32_t code;
    uint32_t most_width;
    uint32_t most_height;
    bool wide;
    analysis_yuv *yuv;  /* for YUYV */
    uint8_t planes[];   /* of one row */
} rgb_state;

/* Colours of a mosaic and of YUYV come in pairs. */
static bool fits(uint32_t code, uint32_t width, uint32_t height) {
    switch (code) {
    case MIMIR_FORMAT_RGB24:
        return true;
    case MIMIR_FORMAT_YUYV:
        return width % 2 == 0;
    case MIMIR_FORMAT_BAYER_GRBG8:
        return width % 2 == 0 && height % 2 == 0;
    default:
        return false;
    }
}

static uint64_t rgb_tail_bytes(const mimir_ring_format *format, uint32_t result) {
    return result == 0 && analysis_frames(format) ? (uint64_t) analysis_stride(3 * format->width) * format->height : 0;
}

static void rgb_destroy(void *state) {
    rgb_state *s = state;
    if (s != NULL) {
        mimir_analysis_yuv_close(s->yuv);
        free(s);
    }
}

static int rgb_create(const mimir_ring_format *format, void **state) {
    if (!analysis_frames(format) || !fits(format->code, format->width, format->height)) {
        return -EINVAL;
    }
    rgb_state *s = malloc(sizeof *s + 3 * (size_t) format->width);
    if (s == NULL) {
        return -ENOMEM;
    }
    *s = (rgb_state) {.code = format->code, .most_width = format->width, .most_height = format->height,
        .wide = mimir_analysis_wide()};
    int fault = 0;
    if (format->code == MIMIR_FORMAT_YUYV) {
        s->yuv = mimir_analysis_yuv_open(format->width, format->colour, &fault);
    }
    if (fault != 0) {
        rgb_destroy(s);
        return fault;
    }
    *state = s;
    return 0;
}

static int find_plane(const rgb_state *s, const mimir_processor_call *call, analysis_plane *plane) {
    const int fault = mimir_analysis_plane(plane, call, s->code);
    return fault == 0 && (plane->width > s->most_width || plane->height > s->most_height
                          || !fits(s->code, plane->width, plane->height)) ? -EINVAL : fault;
}

static int rgb_due(const void *state, mimir_processor_call *call) {
    analysis_plane plane;
    const int fault = find_plane(state, call, &plane);
    if (fault != 0) {
        return fault;
    }
    call->results[0].tail_bytes = (uint64_t) analysis_stride(3 * plane.width) * plane.height;
    return 1;
}

static void convert(rgb_state *s, const analysis_plane *plane, uint32_t y, uint8_t *to) {
    const uint8_t *from = plane->at + y * plane->step;
    if (s->code == MIMIR_FORMAT_RGB24) {
        memcpy(to, from, 3 * (size_t) plane->width);
    } else if (s->code == MIMIR_FORMAT_YUYV) {
        mimir_analysis_yuv_row(s->yuv, from, to, plane->width);
    } else {
        const uint8_t *above = y > 0 ? from - plane->step : from + plane->step;
        const uint8_t *below = y + 1 < plane->height ? from + plane->step : from - plane->step;
        mimir_analysis_mosaic(above, from, below, to, plane->width, y % 2 != 0, s->planes, s->wide);
    }
}

static int rgb_process(void *state, mimir_processor_call *call) {
    rgb_state *s = state;
    analysis_plane plane;
    const int fault = find_plane(s, call, &plane);
    if (fault != 0) {
        return fault;
    }
    const uint32_t stride = analysis_stride(3 * plane.width);
    if (!analysis_wants(call, sizeof(mimir_rgb_v1) + (uint64_t) stride * plane.height)) {
        return 0;
    }
    mimir_rgb_v1 *rgb = call->results[0].at;
    rgb->width = (int32_t) plane.width;
    rgb->height = (int32_t) plane.height;
    rgb->stride_bytes = (int32_t) stride;
    uint8_t *to = (uint8_t *) (rgb + 1);
    for (uint32_t y = 0; y < plane.height; y++, to += stride) {
        convert(s, &plane, y, to);
        memset(to + 3 * (size_t) plane.width, 0, stride - 3 * (size_t) plane.width);
    }
    return 0;
}

/* It has no parameters. */
const mimir_processor mimir_analysis_rgb = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "rgb", rgb_tail_bytes,
    rgb_create, NULL, rgb_due, rgb_process, rgb_destroy};
