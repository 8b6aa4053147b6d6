// SPDX-License-Identifier: Apache-2.0
#include "strip.h"

#include <math.h>
#include <string.h>

#define WHOLE (2.0f * 4 * 81) /* a score's share in the sums: of two eigenvalues, of double gradients, of weights */

/* The rows that a loop writes are none of those it reads. */
#define APART _Pragma("GCC ivdep")

MIMIR_KERNEL void widen(const uint8_t *restrict from, float *restrict to, uint32_t count) {
    for (size_t i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

void mimir_strip_begin(analysis_strip *s, const analysis_picture *p, uint32_t x, uint32_t y) {
    const uint32_t left = p->width - (x - 1);
    const uint8_t *above = p->pixels + (size_t) (y - 1) * p->stride + x - 1;
    s->x = x;
    s->begun = y;
    s->columns = left < STRIP_COLUMNS + 2 ? left : STRIP_COLUMNS + 2;
    memset(s->any, 0, sizeof s->any);
    widen(above, s->pixels[(y - 1) % 3], s->columns);
    widen(above + p->stride, s->pixels[y % 3], s->columns);
}

/* Takes in one product at one place: `one` and `two` are the lines of the rows above. */
MIMIR_KERNEL void add(float product, strip_line *restrict now, const strip_line *restrict one,
                      const strip_line *restrict two, strip_sums *restrict down, int k, size_t i) {
    const float three = product + one->product[k][i] + two->product[k][i];
    down->of[k][i] = three + one->three[k][i] + two->three[k][i];
    now->product[k][i] = product;
    now->three[k][i] = three;
}

MIMIR_KERNEL void gradients(const float *restrict above, const float *restrict row, const float *restrict below,
                            strip_line *restrict now, const strip_line *restrict one,
                            const strip_line *restrict two, strip_sums *restrict down) {
    APART
    for (size_t i = 0; i < STRIP_COLUMNS; i++) {
        const float gx = row[i + 2] - row[i];
        const float gy = below[i + 1] - above[i + 1];
        const float xx = gx * gx;
        const float yy = gy * gy;
        add(xx + yy, now, one, two, down, 0, i);
        add(xx - yy, now, one, two, down, 1, i);
        add(gx * gy, now, one, two, down, 2, i);
    }
}

MIMIR_KERNEL float three(const strip_sums *s, int k, size_t i) {
    return s->of[k][i - 1] + s->of[k][i] + s->of[k][i + 1];
}

/* Scores of the row in the middle of the five; whether one of them is `least`. */
MIMIR_KERNEL bool score(const strip_sums *restrict down, strip_sums *restrict across, float *restrict to,
                        float least) {
    APART
    for (size_t i = 1; i < STRIP_COLUMNS - 1; i++) {
        across->of[0][i] = three(down, 0, i);
        across->of[1][i] = three(down, 1, i);
        across->of[2][i] = three(down, 2, i);
    }
    int32_t any = 0;
    APART
    for (size_t i = 2; i < STRIP_COLUMNS - 2; i++) {
        const float d = three(across, 1, i);
        const float e = three(across, 2, i);
        to[i] = three(across, 0, i) - sqrtf(d * d + 4 * (e * e));
        any |= to[i] >= least;
    }
    return any;
}

MIMIR_KERNEL void mark(const float *restrict above, const float *restrict row, const float *restrict below,
                       uint8_t *restrict tops, float least) {
    APART
    for (size_t i = STRIP_EDGE; i < STRIP_COLUMNS - STRIP_EDGE; i++) {
        const float v = row[i];
        const int32_t sides = (v >= least) & (v > row[i - 1]) & (v >= row[i + 1]) & (v > above[i]) & (v >= below[i]);
        const int32_t diagonals = (v > above[i - 1]) & (v > above[i + 1]) & (v >= below[i - 1]) & (v >= below[i + 1]);
        tops[i] = (uint8_t) (sides & diagonals);
    }
}

/* Of the three rows that are kept, row y - 3 stands where row y will: at `now`. */
MIMIR_KERNEL bool take_at(analysis_strip *s, const analysis_picture *p, uint32_t y, float least, uint32_t now) {
    const uint32_t next = (now + 1) % 3;
    const uint32_t last = (now + 2) % 3;
    widen(p->pixels + (size_t) (y + 1) * p->stride + s->x - 1, s->pixels[next], s->columns);
    gradients(s->pixels[last], s->pixels[now], s->pixels[next], &s->line[now], &s->line[next], &s->line[last],
              &s->down);
    if (y >= s->begun + 2 * STRIP_REACH) {
        s->any[next] = score(&s->down, &s->across, s->score[next], least);
    }
    const bool found = y >= s->begun + 2 * STRIP_LAG && s->any[now];
    if (found) {
        mark(s->score[last], s->score[now], s->score[next], s->tops, least);
    }
    return found;
}

/* One copy for each turn of the three rows: all addresses are then known but for the strip's, and fit in registers. */
MIMIR_KERNEL bool take(analysis_strip *s, const analysis_picture *p, uint32_t y, float least) {
    switch (y % 3) {
    case 0:
        return take_at(s, p, y, least, 0);
    case 1:
        return take_at(s, p, y, least, 1);
    default:
        return take_at(s, p, y, least, 2);
    }
}

static bool take_narrow(analysis_strip *s, const analysis_picture *p, uint32_t y, float least) {
    return take(s, p, y, least);
}

static MIMIR_AVX2 bool take_wide(analysis_strip *s, const analysis_picture *p, uint32_t y, float least) {
    return take(s, p, y, least);
}

bool mimir_strip_take(analysis_strip *s, const analysis_picture *p, uint32_t y, float least, bool wide) {
    return wide ? take_wide(s, p, y, least * WHOLE) : take_narrow(s, p, y, least * WHOLE);
}

/* Where the parabola through three scores has its top, from the middle one: -0.5 to 0.5. */
static float top(float before, float here, float after) {
    const float bend = before - 2 * here + after;
    return bend < 0 ? 0.5f * (before - after) / bend : 0;
}

void mimir_strip_top(const analysis_strip *s, uint32_t i, uint32_t y, float *x_px, float *y_px, float *score) {
    const float *row = s->score[y % 3];
    const float here = row[i];
    *x_px = (float) (s->x + i) + top(row[i - 1], here, row[i + 1]);
    *y_px = (float) y + top(s->score[(y + 2) % 3][i], here, s->score[(y + 1) % 3][i]);
    *score = here / WHOLE;
}
