// SPDX-License-Identifier: Apache-2.0
/*
 * Scores of a strip of a picture, row by row: the smaller eigenvalue of the structure tensor (Shi and Tomasi, "Good
 * features to track", 1994), and its maxima. A strip is so narrow that all that is needed of the rows before stays in
 * the first-level cache; a picture is looked at as a row of strips.
 *
 * The tensor is the mean of [gx gx, gx gy; gx gy, gy gy] over 5 x 5 pixels, weighted 1 2 3 2 1 both ways (a plain mean
 * is level around a corner, this one has a top there); g is half the difference of the neighbours on both sides,
 * levels/px. With the means S of gx gx + gy gy, D of gx gx - gy gy and E of gx gy the score is
 * (S - sqrt(D D + 4 E E)) / 2, levels2/px2. The weights are those of a plain sum of three taken twice, which is how
 * they are made. Gradients are taken double and sums are not divided, so that all are whole numbers below 2^24: floats
 * hold them exactly, in whatever order they are added, and only the root rounds.
 */
#ifndef MIMIR_ANALYSIS_STRIP_H
#define MIMIR_ANALYSIS_STRIP_H

#include "kernel.h"

#define STRIP_COLUMNS 112u /* with gradients: six strips are a picture of 640, twelve one of 1280 */
#define STRIP_EDGE    3u   /* of these on each side have no maxima: sums and neighbours need them */
#define STRIP_STEP    (STRIP_COLUMNS - 2 * STRIP_EDGE)
#define STRIP_REACH   2u   /* of a sum to each side */
#define STRIP_LAG     3u   /* rows that must be taken in after one before its maxima are known */
#define STRIP_FIRST   4u   /* pixels on every side of a picture where nothing is found */
#define STRIP_ROW     (STRIP_COLUMNS + 16u) /* floats from row to row; lines are then no part of 4 KiB apart */

typedef struct strip_line {
    float product[3][STRIP_ROW]; /* gx gx + gy gy, gx gx - gy gy and gx gy of one row */
    float three[3][STRIP_ROW];   /* the same, summed over this row and the two above it */
} strip_line;

typedef struct strip_sums {
    float of[3][STRIP_ROW];
} strip_sums;

typedef struct analysis_strip {
    uint32_t x;                /* first column with gradients, from 1 */
    uint32_t begun;            /* first row taken in */
    uint32_t columns;          /* of pixels that there are, with one more on each side */
    float pixels[3][STRIP_ROW]; /* of three rows, from column x - 1 */
    strip_line line[3];
    strip_sums down;           /* five rows, weighted */
    strip_sums across;         /* three columns of these */
    float score[3][STRIP_ROW]; /* times 648, of three rows */
    bool any[3];               /* one of these is as good as was asked for */
    uint8_t tops[STRIP_COLUMNS]; /* 1 where a maximum is; the edge is always 0 */
} analysis_strip;

/*
 * True when no pixel of the rows `from` to `to` - 1 of the strip has a score of `least`; false says nothing. The strip
 * must lie in the picture, with a pixel more on each side, and at most 64 rows are asked for.
 */
bool mimir_strip_is_bare(const analysis_picture *p, uint32_t x, uint32_t from, uint32_t to, float least, bool wide);

/* Begins the strip whose first gradients are in column `x`, from 1: row `y` is to be taken in first, from 1. */
void mimir_strip_begin(analysis_strip *s, const analysis_picture *p, uint32_t x, uint32_t y);

/*
 * Takes in row `y`, which follows the one before it and is not the last of the picture. True when row y - STRIP_LAG may
 * have maxima with a score of at least `least`; `tops` then has them, of several equal neighbours the first. The
 * columns behind the right end of the picture say nothing.
 */
bool mimir_strip_take(analysis_strip *s, const analysis_picture *p, uint32_t y, float least, bool wide);

/* Place, between pixels, and score of the maximum at tops[i], in the row that was found last. */
void mimir_strip_top(const analysis_strip *s, uint32_t i, uint32_t y, float *x_px, float *y_px, float *score);

#endif
