// SPDX-License-Identifier: Apache-2.0
/* What changed since the frame before, which is kept: one pass reads both and replaces the old one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define ROWS_PER_BYTE 255u /* so many rows can be counted in a byte */

typedef struct motion_state {
    uint32_t most_width;
    uint32_t most_height;
    uint32_t threshold;
    bool wide;
    analysis_before before;
    uint8_t *pixels;     /* of the frame before, rows of most_width */
    uint8_t *few;        /* changed pixels in each column, of the last rows */
    uint32_t *columns;   /* the same of all rows before those */
} motion_state;

typedef struct motion_sums {
    uint64_t difference;
    uint64_t changed;
    uint64_t x;
    uint64_t y;
} motion_sums;

static void motion_destroy(void *state) {
    motion_state *s = state;
    if (s != NULL) {
        free(s->pixels);
        free(s->few);
        free(s->columns);
        free(s);
    }
}

static int motion_create(const mimir_ring_format *format, void **state) {
    if (!analysis_frames(format)) {
        return -EINVAL;
    }
    motion_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_width = format->width;
    s->most_height = format->height;
    s->threshold = 16;
    s->wide = mimir_analysis_wide();
    s->pixels = calloc(format->height, format->width);
    s->few = calloc(format->width, 1);
    s->columns = calloc(format->width, sizeof *s->columns);
    if (s->pixels == NULL || s->few == NULL || s->columns == NULL) {
        motion_destroy(s);
        return -ENOMEM;
    }
    *state = s;
    return 0;
}

static int motion_set(void *state, const char *parameter, double value) {
    if (strcmp(parameter, "threshold") != 0) {
        return -ENOENT;
    }
    if (!(value >= 1 && value <= 255)) {
        return -ERANGE;
    }
    ((motion_state *) state)->threshold = (uint32_t) value;
    return 0;
}

MIMIR_KERNEL uint32_t row_difference(const uint8_t *restrict now, const uint8_t *restrict before, uint32_t width) {
    uint32_t sum = 0;
    for (size_t x = 0; x < width; x++) {
        sum += (uint32_t) abs(now[x] - before[x]);
    }
    return sum;
}

MIMIR_KERNEL uint32_t row_changes(const uint8_t *restrict now, uint8_t *restrict before, uint8_t *restrict columns,
                                  uint32_t width, uint8_t threshold) {
    uint32_t changed = 0;
    for (size_t x = 0; x < width; x++) {
        const uint8_t a = now[x];
        const uint8_t b = before[x];
        const uint8_t apart = a > b ? (uint8_t) (a - b) : (uint8_t) (b - a);
        const uint8_t is = apart >= threshold;
        columns[x] = (uint8_t) (columns[x] + is);
        changed += is;
        before[x] = a;
    }
    return changed;
}

MIMIR_KERNEL void compare(motion_state *s, const analysis_picture *now, uint32_t from, uint32_t to, motion_sums *sums) {
    for (uint32_t y = from; y < to; y++) {
        const uint8_t *row = now->pixels + (size_t) y * now->stride;
        uint8_t *before = s->pixels + (size_t) y * s->most_width;
        sums->difference += row_difference(row, before, now->width);
        const uint32_t changed = row_changes(row, before, s->few, now->width, (uint8_t) s->threshold);
        sums->changed += changed;
        sums->y += (uint64_t) changed * y;
    }
    for (uint32_t x = 0; x < now->width; x++) {
        s->columns[x] += s->few[x];
        s->few[x] = 0;
    }
}

static void compare_narrow(motion_state *s, const analysis_picture *now, uint32_t from, uint32_t to,
                           motion_sums *sums) {
    compare(s, now, from, to, sums);
}

static MIMIR_AVX2 void compare_wide(motion_state *s, const analysis_picture *now, uint32_t from, uint32_t to,
                                    motion_sums *sums) {
    compare(s, now, from, to, sums);
}

static motion_sums compare_all(motion_state *s, const analysis_picture *now) {
    motion_sums sums = {0, 0, 0, 0};
    memset(s->columns, 0, now->width * sizeof *s->columns);
    for (uint32_t y = 0; y < now->height; y += ROWS_PER_BYTE) {
        const uint32_t to = now->height - y > ROWS_PER_BYTE ? y + ROWS_PER_BYTE : now->height;
        if (s->wide) {
            compare_wide(s, now, y, to, &sums);
        } else {
            compare_narrow(s, now, y, to, &sums);
        }
    }
    for (uint32_t x = 0; x < now->width; x++) {
        sums.x += (uint64_t) s->columns[x] * x;
    }
    return sums;
}

static int motion_due(const void *state, mimir_processor_call *call) {
    const motion_state *s = state;
    analysis_picture now;
    if (mimir_analysis_picture(&now, &call->needs[0]) != 0 || !analysis_fits(&now, s->most_width, s->most_height)) {
        return -EINVAL;
    }
    return analysis_apart(&s->before, call, &now) > 0;
}

static int motion_process(void *state, mimir_processor_call *call) {
    motion_state *s = state;
    analysis_picture now;
    if (mimir_analysis_picture(&now, &call->needs[0]) != 0 || !analysis_fits(&now, s->most_width, s->most_height)) {
        return -EINVAL;
    }
    const uint64_t apart = analysis_apart(&s->before, call, &now);
    const motion_sums sums = compare_all(s, &now);
    if (apart > 0 && analysis_wants(call, sizeof(mimir_motion_v1))) {
        mimir_motion_v1 *motion = call->results[0].at;
        const double pixels = (double) now.width * now.height;
        const double changed = (double) sums.changed;
        motion->mean_difference = (float) ((double) sums.difference / pixels);
        motion->changed_share = (float) (changed / pixels);
        motion->centroid_x = sums.changed == 0 ? NAN : (float) ((double) sums.x / changed);
        motion->centroid_y = sums.changed == 0 ? NAN : (float) ((double) sums.y / changed);
        motion->changed_pixels = (int32_t) sums.changed;
        motion->frames_apart = apart > INT32_MAX ? INT32_MAX : (int32_t) apart;
    }
    analysis_remember(&s->before, call, &now);
    return 0;
}

const mimir_processor mimir_analysis_motion = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "motion", NULL,
    motion_create, motion_set, motion_due, motion_process, motion_destroy};
