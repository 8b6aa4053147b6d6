// SPDX-License-Identifier: Apache-2.0
#include "rgb.h"

/*
 * Pixel x of a row between the columns `left` and `right`. Every other pixel of a row is green; the others have the
 * colour `own` of the row, and the rows above and below have `other`.
 */
MIMIR_KERNEL void pixel(const uint8_t *restrict above, const uint8_t *restrict at, const uint8_t *restrict below,
                        size_t left, size_t x, size_t right, bool green, uint8_t *restrict own,
                        uint8_t *restrict middle, uint8_t *restrict other) {
    const uint16_t beside = (uint16_t) (at[left] + at[right]);
    const uint16_t upright = (uint16_t) (above[x] + below[x]);
    const uint16_t corners = (uint16_t) (above[left] + above[right] + below[left] + below[right]);
    const uint8_t cross = (uint8_t) ((uint16_t) (beside + upright + 2) >> 2);
    own[x] = green ? (uint8_t) ((uint16_t) (beside + 1) >> 1) : at[x];
    middle[x] = green ? at[x] : cross;
    other[x] = green ? (uint8_t) ((uint16_t) (upright + 1) >> 1) : (uint8_t) ((uint16_t) (corners + 2) >> 2);
}

/* `first`: whether the pixels of even columns are green. */
MIMIR_KERNEL void row(const uint8_t *restrict above, const uint8_t *restrict at, const uint8_t *restrict below,
                      uint32_t width, bool first, uint8_t *restrict own, uint8_t *restrict middle,
                      uint8_t *restrict other) {
    const size_t last = width - 1;
    pixel(above, at, below, 1, 0, 1, first, own, middle, other);
#pragma GCC ivdep /* rows and planes are apart, which the compiler forgets when it puts this into its callers */
    for (size_t x = 1; x < last; x += 2) {
        pixel(above, at, below, x - 1, x, x + 1, !first, own, middle, other);
        pixel(above, at, below, x, x + 1, x + 2, first, own, middle, other);
    }
    pixel(above, at, below, last - 1, last, last - 1, !first, own, middle, other);
}

MIMIR_KERNEL void weave(const uint8_t *restrict red, const uint8_t *restrict green, const uint8_t *restrict blue,
                        uint8_t *restrict to, uint32_t width) {
    for (size_t x = 0; x < width; x++) {
        to[3 * x] = red[x];
        to[3 * x + 1] = green[x];
        to[3 * x + 2] = blue[x];
    }
}

MIMIR_KERNEL void mosaic(const uint8_t *above, const uint8_t *at, const uint8_t *below, uint8_t *to, uint32_t width,
                         bool blue, uint8_t *planes) {
    uint8_t *const green = planes + width;
    uint8_t *const third = green + width;
    if (blue) {
        row(above, at, below, width, false, third, green, planes);
    } else {
        row(above, at, below, width, true, planes, green, third);
    }
    weave(planes, green, third, to, width);
}

static void narrow_mosaic(const uint8_t *above, const uint8_t *at, const uint8_t *below, uint8_t *to, uint32_t width,
                          bool blue, uint8_t *planes) {
    mosaic(above, at, below, to, width, blue, planes);
}

static MIMIR_AVX2 void wide_mosaic(const uint8_t *above, const uint8_t *at, const uint8_t *below, uint8_t *to,
                                   uint32_t width, bool blue, uint8_t *planes) {
    mosaic(above, at, below, to, width, blue, planes);
}

void mimir_analysis_mosaic(const uint8_t *above, const uint8_t *at, const uint8_t *below, uint8_t *to, uint32_t width,
                           bool blue, uint8_t *planes, bool wide) {
    (wide ? wide_mosaic : narrow_mosaic)(above, at, below, to, width, blue, planes);
}
