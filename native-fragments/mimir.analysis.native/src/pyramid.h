// SPDX-License-Identifier: Apache-2.0
/*
 * A picture at full, half and quarter size, each with a margin that repeats its edge, so that no window around a point
 * of the picture leaves its memory.
 */
#ifndef MIMIR_ANALYSIS_PYRAMID_H
#define MIMIR_ANALYSIS_PYRAMID_H

#include "kernel.h"

#define ANALYSIS_LEVELS 3u
#define ANALYSIS_MARGIN 16u

typedef struct analysis_level {
    uint8_t *pixels;  /* of the first row and column; the margin lies before */
    uint32_t width;
    uint32_t height;
    uint32_t stride;
} analysis_level;

typedef struct analysis_pyramid {
    analysis_level level[ANALYSIS_LEVELS];
    uint8_t *memory[ANALYSIS_LEVELS];
} analysis_pyramid;

/* Memory for pictures of at most this size. 0 or -ENOMEM; free it in either case. */
int mimir_pyramid_make(analysis_pyramid *p, uint32_t width, uint32_t height);

void mimir_pyramid_free(analysis_pyramid *p);

/* Copies a picture in and makes the smaller ones: each pixel the mean of 3 x 3, weighted 1 2 1. Realtime safe. */
void mimir_pyramid_fill(analysis_pyramid *p, const analysis_picture *picture, bool wide);

#endif
