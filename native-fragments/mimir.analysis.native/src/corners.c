// SPDX-License-Identifier: Apache-2.0
/*
 * Points that can be found again: maxima of the smaller eigenvalue of the structure tensor (Shi and Tomasi, "Good
 * features to track", 1994). A picture is gone through row by row; a few rows of sums are all that is kept.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "select.h"

#define RADIUS 2u  /* of the sums */
#define TAPS   5u  /* weights 1 2 3 2 1: a plain sum is level around a corner, this one has a top there */
#define EDGE   4u  /* pixels on every side where nothing is found: gradient, sums and neighbours need them */
#define SCALE  (1.0f / (4 * 81)) /* gradients are taken double */

typedef struct corners_state {
    uint32_t most_width;
    uint32_t most_height;
    bool wide;
    float least;         /* score, levels2/px2 */
    float quality;       /* share of the best score */
    int32_t *products;   /* of one row: gx gx, gy gy, gx gy */
    int32_t *sums;       /* of these along the row; TAPS rows */
    float *scores;       /* of three rows */
    uint8_t *tops;       /* of one row: 1 where its score is a maximum */
    analysis_selection selection;
} corners_state;

static void corners_destroy(void *state) {
    corners_state *s = state;
    if (s != NULL) {
        free(s->products);
        free(s->sums);
        free(s->scores);
        free(s->tops);
        mimir_selection_free(&s->selection);
        free(s);
    }
}

static int corners_create(const mimir_ring_format *format, void **state) {
    if (!analysis_frames(format)) {
        return -EINVAL;
    }
    corners_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_width = format->width;
    s->most_height = format->height;
    s->wide = mimir_analysis_wide();
    s->least = 2;
    s->quality = 0.01f;
    s->products = calloc((size_t) format->width * 3, sizeof *s->products);
    s->sums = calloc((size_t) format->width * 3 * TAPS, sizeof *s->sums);
    s->scores = calloc((size_t) format->width * 3, sizeof *s->scores);
    s->tops = calloc((size_t) format->width + sizeof(uint64_t), 1);
    const int fault = mimir_selection_make(&s->selection, format->width, format->height);
    if (s->products == NULL || s->sums == NULL || s->scores == NULL || s->tops == NULL
            || fault != 0) {
        corners_destroy(s);
        return -ENOMEM;
    }
    *state = s;
    return 0;
}

static int corners_set(void *state, const char *parameter, double value) {
    corners_state *s = state;
    if (strcmp(parameter, "least") == 0) {
        s->least = (float) value;
        return value >= 0 && value <= 65025 ? 0 : -ERANGE;
    }
    if (strcmp(parameter, "quality") == 0) {
        s->quality = (float) value;
        return value >= 0 && value <= 1 ? 0 : -ERANGE;
    }
    if (strcmp(parameter, "distance") == 0) {
        return mimir_selection_distance(&s->selection, value);
    }
    return -ENOENT;
}

MIMIR_KERNEL void multiply(const uint8_t *restrict above, const uint8_t *restrict row, const uint8_t *restrict below,
                           int32_t *restrict xx, int32_t *restrict yy, int32_t *restrict xy, uint32_t width) {
    const size_t end = width - 1;
    for (size_t x = 1; x < end; x++) {
        const int16_t gx = (int16_t) (row[x + 1] - row[x - 1]);
        const int16_t gy = (int16_t) (below[x] - above[x]);
        xx[x] = gx * gx;
        yy[x] = gy * gy;
        xy[x] = gx * gy;
    }
}

MIMIR_KERNEL void along(const int32_t *restrict from, int32_t *restrict to, uint32_t width) {
    const size_t end = width - (EDGE - 1);
    for (size_t x = EDGE - 1; x < end; x++) {
        to[x] = from[x - 2] + from[x + 2] + 2 * (from[x - 1] + from[x + 1]) + 3 * from[x];
    }
}

MIMIR_KERNEL float down(const int32_t *a, const int32_t *b, const int32_t *c, const int32_t *d, const int32_t *e,
                        size_t x) {
    return (float) (a[x] + e[x] + 2 * (b[x] + d[x]) + 3 * c[x]) * SCALE;
}

/* Scores of a row from the sums of five, each of which holds three runs `run` apart. */
MIMIR_KERNEL void score(const int32_t *restrict a, const int32_t *restrict b, const int32_t *restrict c,
                        const int32_t *restrict d, const int32_t *restrict e, float *restrict to, size_t run,
                        uint32_t width) {
    const size_t end = width - (EDGE - 1);
    for (size_t x = EDGE - 1; x < end; x++) {
        const float xx = down(a, b, c, d, e, x);
        const float yy = down(a, b, c, d, e, x + run);
        const float xy = down(a, b, c, d, e, x + 2 * run);
        const float half = 0.5f * (xx - yy);
        to[x] = 0.5f * (xx + yy) - sqrtf(half * half + xy * xy);
    }
}

static int32_t *sums_of(const corners_state *s, uint32_t y) {
    return s->sums + (size_t) (y % TAPS) * s->most_width * 3;
}

static float *scores_of(const corners_state *s, uint32_t y) {
    return s->scores + (size_t) (y % 3) * s->most_width;
}

/* Takes row `y` in, and scores the row two above it. */
MIMIR_KERNEL void row_body(const corners_state *s, const analysis_picture *p, uint32_t y) {
    const size_t run = s->most_width;
    const uint8_t *row = p->pixels + (size_t) y * p->stride;
    int32_t *xx = s->products;
    int32_t *sums = sums_of(s, y);
    multiply(row - p->stride, row, row + p->stride, xx, xx + run, xx + 2 * run, p->width);
    for (uint32_t i = 0; i < 3; i++) {
        along(xx + i * run, sums + i * run, p->width);
    }
    if (y >= TAPS) {
        score(sums_of(s, y - 4), sums_of(s, y - 3), sums_of(s, y - 2), sums_of(s, y - 1), sums,
              scores_of(s, y - RADIUS), run, p->width);
    }
}

/* Marks the maxima of a row; of several equal ones in a row or column the first. */
MIMIR_KERNEL void mark(const float *restrict above, const float *restrict row, const float *restrict below,
                       uint8_t *restrict tops, uint32_t width, float least) {
    const size_t end = width - EDGE;
    for (size_t x = EDGE; x < end; x++) {
        const float v = row[x];
        const int32_t sides = (v >= least) & (v > row[x - 1]) & (v >= row[x + 1]) & (v > above[x]) & (v >= below[x]);
        const int32_t diagonals = (v > above[x - 1]) & (v > above[x + 1]) & (v >= below[x - 1]) & (v >= below[x + 1]);
        tops[x] = (uint8_t) (sides & diagonals);
    }
}

static void row_narrow(const corners_state *s, const analysis_picture *p, uint32_t y) { row_body(s, p, y); }

static MIMIR_AVX2 void row_wide(const corners_state *s, const analysis_picture *p, uint32_t y) { row_body(s, p, y); }

static void mark_narrow(const corners_state *s, const analysis_picture *p, uint32_t y) {
    mark(scores_of(s, y - 1), scores_of(s, y), scores_of(s, y + 1), s->tops, p->width, s->least);
}

static MIMIR_AVX2 void mark_wide(const corners_state *s, const analysis_picture *p, uint32_t y) {
    mark(scores_of(s, y - 1), scores_of(s, y), scores_of(s, y + 1), s->tops, p->width, s->least);
}

/* Where the parabola through three scores has its top, from the middle one: -0.5 to 0.5. */
static float top(float before, float here, float after) {
    const float bend = before - 2 * here + after;
    return bend < 0 ? 0.5f * (before - after) / bend : 0;
}

static void offer(corners_state *s, uint32_t x, uint32_t y) {
    const float *above = scores_of(s, y - 1);
    const float *row = scores_of(s, y);
    const float *below = scores_of(s, y + 1);
    mimir_selection_offer(&s->selection, (float) x + top(row[x - 1], row[x], row[x + 1]),
                          (float) y + top(above[x], row[x], below[x]), row[x]);
}

/* Offers the maxima of row `y`; there are few, so eight places are passed over at a time. */
static void find(corners_state *s, const analysis_picture *p, uint32_t y) {
    if (s->wide) {
        mark_wide(s, p, y);
    } else {
        mark_narrow(s, p, y);
    }
    const uint32_t end = p->width - EDGE;
    for (uint32_t x = EDGE; x < end; x += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, s->tops + x, sizeof eight);
        for (uint32_t i = x; eight != 0 && i < x + sizeof eight && i < end; i++) {
            if (s->tops[i] != 0) {
                offer(s, i, y);
            }
        }
    }
}

static int corners_due(const void *state, mimir_processor_call *call) {
    const corners_state *s = state;
    analysis_picture now;
    const int fault = mimir_analysis_picture(&now, &call->needs[0]);
    return fault == 0 && analysis_fits(&now, s->most_width, s->most_height) ? 1 : -EINVAL;
}

static void scan(corners_state *s, const analysis_picture *p) {
    for (uint32_t y = 1; y + 1 < p->height; y++) {
        if (s->wide) {
            row_wide(s, p, y);
        } else {
            row_narrow(s, p, y);
        }
        if (y >= EDGE + RADIUS + 1) {
            find(s, p, y - RADIUS - 1);
        }
    }
}

static int corners_process(void *state, mimir_processor_call *call) {
    corners_state *s = state;
    analysis_picture now;
    if (mimir_analysis_picture(&now, &call->needs[0]) != 0 || !analysis_fits(&now, s->most_width, s->most_height)) {
        return -EINVAL;
    }
    if (!analysis_wants(call, sizeof(mimir_corners_v1))) {
        return 0;
    }
    mimir_selection_begin(&s->selection, now.width, now.height);
    if (now.width > 2 * EDGE && now.height > 2 * EDGE) {
        scan(s, &now);
    }
    mimir_selection_take(&s->selection, s->quality, call->results[0].at);
    return 0;
}

const mimir_processor mimir_analysis_corners = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "corners", NULL,
    corners_create, corners_set, corners_due, corners_process, corners_destroy};
