// SPDX-License-Identifier: Apache-2.0
#include "track.h"

#include <math.h>
#include <stdlib.h>

#define SIDE   16          /* of the window, even: it reaches 7.5 px to each side */
#define REACH  7.5f
#define FRAMED (SIDE + 2)  /* with the neighbours that gradients need */
#define UNITS  16          /* pixels are interpolated in sixteenths of a level */
#define TURNS  12
#define NEAR   0.02        /* a step as short ends the search, px */
#define FLAT   0.5         /* less structure, levels2/px2, leads nowhere */
#define UNLIKE (10 * UNITS) /* mean difference of the windows when found */

/* A window of the picture before: its pixels and twice their gradients, in units. */
typedef struct window {
    int16_t pixels[SIDE][SIDE];
    int16_t gx[SIDE][SIDE];
    int16_t gy[SIDE][SIDE];
    double xx;  /* sums of products of gradients */
    double yy;
    double xy;
} window;

/* Interpolation between four pixels, 1/16384 each. */
typedef struct weights {
    int32_t w[4];
} weights;

/* First pixel of a window whose first sample lies at (x, y), and the weights there. */
static const uint8_t *locate(const analysis_level *l, float x, float y, weights *weights) {
    const float left = floorf(x);
    const float upper = floorf(y);
    const int32_t a = (int32_t) lrintf((x - left) * 128);
    const int32_t b = (int32_t) lrintf((y - upper) * 128);
    weights->w[0] = (128 - a) * (128 - b);
    weights->w[1] = a * (128 - b);
    weights->w[2] = (128 - a) * b;
    weights->w[3] = a * b;
    return l->pixels + (ptrdiff_t) upper * (ptrdiff_t) l->stride + (ptrdiff_t) left;
}

MIMIR_KERNEL int16_t between(const uint8_t *row, const uint8_t *below, const int32_t *w) {
    return (int16_t) ((row[0] * w[0] + row[1] * w[1] + below[0] * w[2] + below[1] * w[3] + 512) >> 10);
}

MIMIR_KERNEL void take(const analysis_level *l, analysis_place at, window *to) {
    int16_t framed[FRAMED][FRAMED];
    weights weights;
    const uint8_t *row = locate(l, at.x - REACH - 1, at.y - REACH - 1, &weights);
    for (int y = 0; y < FRAMED; y++, row += l->stride) {
        for (int x = 0; x < FRAMED; x++) {
            framed[y][x] = between(row + x, row + l->stride + x, weights.w);
        }
    }
    int64_t xx = 0;
    int64_t yy = 0;
    int64_t xy = 0;
    for (int y = 0; y < SIDE; y++) {
        int32_t row_xx = 0;
        int32_t row_yy = 0;
        int32_t row_xy = 0;
        for (int x = 0; x < SIDE; x++) {
            const int16_t gx = (int16_t) (framed[y + 1][x + 2] - framed[y + 1][x]);
            const int16_t gy = (int16_t) (framed[y + 2][x + 1] - framed[y][x + 1]);
            to->pixels[y][x] = framed[y + 1][x + 1];
            to->gx[y][x] = gx;
            to->gy[y][x] = gy;
            row_xx += gx * gx;
            row_yy += gy * gy;
            row_xy += gx * gy;
        }
        xx += row_xx;
        yy += row_yy;
        xy += row_xy;
    }
    to->xx = (double) xx;
    to->yy = (double) yy;
    to->xy = (double) xy;
}

typedef struct mismatch {
    double x;  /* sums of difference times gradient */
    double y;
    int32_t size;
} mismatch;

MIMIR_KERNEL mismatch compare(const analysis_level *l, analysis_place at, const window *w) {
    weights weights;
    const uint8_t *row = locate(l, at.x - REACH, at.y - REACH, &weights);
    int64_t by_x = 0;
    int64_t by_y = 0;
    int32_t size = 0;
    for (int y = 0; y < SIDE; y++, row += l->stride) {
        int32_t row_x = 0;
        int32_t row_y = 0;
        for (int x = 0; x < SIDE; x++) {
            const int16_t apart = (int16_t) (w->pixels[y][x] - between(row + x, row + l->stride + x, weights.w));
            row_x += apart * w->gx[y][x];
            row_y += apart * w->gy[y][x];
            size += apart < 0 ? -apart : apart;
        }
        by_x += row_x;
        by_y += row_y;
    }
    return (mismatch) {(double) by_x, (double) by_y, size};
}

static void take_narrow(const analysis_level *l, analysis_place at, window *to) { take(l, at, to); }

static MIMIR_AVX2 void take_wide(const analysis_level *l, analysis_place at, window *to) { take(l, at, to); }

static mismatch compare_narrow(const analysis_level *l, analysis_place at, const window *w) {
    return compare(l, at, w);
}

static MIMIR_AVX2 mismatch compare_wide(const analysis_level *l, analysis_place at, const window *w) {
    return compare(l, at, w);
}

static bool is_inside(const analysis_level *l, analysis_place at) {
    return at.x >= 0 && at.y >= 0 && at.x <= (float) (l->width - 1) && at.y <= (float) (l->height - 1);
}

/* Smaller eigenvalue of the window's structure, levels2/px2. */
static double structure(const window *w) {
    const double half = 0.5 * (w->xx - w->yy);
    const double least = 0.5 * (w->xx + w->yy) - sqrt(half * half + w->xy * w->xy);
    return least / ((double) SIDE * SIDE * 4 * UNITS * UNITS);
}

/* Improves `to` on one level. False when there is nothing to hold on to or the point leaves the picture. */
static bool refine(const analysis_level *before, const analysis_level *now, analysis_place from, analysis_place *to,
                   bool wide, int32_t *size) {
    window w;
    if (!is_inside(before, from) || !is_inside(now, *to)) {
        return false;
    }
    if (wide) {
        take_wide(before, from, &w);
    } else {
        take_narrow(before, from, &w);
    }
    if (structure(&w) < FLAT) {
        return false;
    }
    const double determinant = w.xx * w.yy - w.xy * w.xy;
    for (int turn = 0; turn < TURNS; turn++) {
        const mismatch m = wide ? compare_wide(now, *to, &w) : compare_narrow(now, *to, &w);
        const double dx = 2 * (w.yy * m.x - w.xy * m.y) / determinant;
        const double dy = 2 * (w.xx * m.y - w.xy * m.x) / determinant;
        to->x += (float) dx;
        to->y += (float) dy;
        *size = m.size;
        if (!is_inside(now, *to)) {
            return false;
        }
        if (dx * dx + dy * dy < NEAR * NEAR) {
            break;
        }
    }
    return true;
}

bool mimir_track(const analysis_pyramid *before, const analysis_pyramid *now, analysis_place from, analysis_place *to,
                 bool wide) {
    int32_t size = 0;
    bool found = false;
    analysis_place guess = from;
    for (uint32_t i = ANALYSIS_LEVELS; i-- > 0;) {
        const float part = 1.0f / (float) (1u << i);
        const analysis_place start = {from.x * part, from.y * part};
        analysis_place end = {guess.x * part, guess.y * part};
        found = refine(&before->level[i], &now->level[i], start, &end, wide, &size);
        if (found) {
            guess = (analysis_place) {end.x / part, end.y / part};
        }
    }
    *to = guess;
    return found && size < UNLIKE * SIDE * SIDE;
}
