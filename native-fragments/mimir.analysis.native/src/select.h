// SPDX-License-Identifier: Apache-2.0
/*
 * The best points of a picture that keep their distance. The picture is cut into cells half as wide as the distance;
 * each keeps its best point, and the best of these are taken as long as none was taken nearby. So time and memory are
 * bounded by the number of cells, whatever the picture shows.
 */
#ifndef MIMIR_ANALYSIS_SELECT_H
#define MIMIR_ANALYSIS_SELECT_H

#include "kernel.h"

typedef struct analysis_point {
    float x;
    float y;
    float score; /* 0: none */
    bool taken;
} analysis_point;

typedef struct analysis_selection {
    uint32_t distance;   /* px */
    uint32_t cell;       /* px */
    uint32_t columns;
    uint32_t rows;
    uint32_t most;       /* px, of the longer side */
    uint32_t *cell_of;   /* number of the cell, in its row or column, of a pixel */
    analysis_point *cells;
    uint32_t *heap;      /* cells with a point, the best first */
    uint32_t filled;
    float best;          /* score so far */
} analysis_selection;

/* Memory for pictures of at most this size. 0 or -ENOMEM. */
int mimir_selection_make(analysis_selection *s, uint32_t width, uint32_t height);

void mimir_selection_free(analysis_selection *s);

/* How far apart points must be, px: 8 to 256. 0 or -ERANGE. */
int mimir_selection_distance(analysis_selection *s, double distance);

/* Forgets all points; a new picture begins. */
void mimir_selection_begin(analysis_selection *s, uint32_t width, uint32_t height);

/* Offers a point inside the picture; score above 0. Points may come in any order. */
void mimir_selection_offer(analysis_selection *s, float x, float y, float score);

/* Writes the best, at least `quality` times as good as the very best; equal ones in order of rows. */
void mimir_selection_take(analysis_selection *s, float quality, mimir_corners_v1 *corners);

#endif
