// SPDX-License-Identifier: Apache-2.0
/* Follows one point from a picture to the next (Bouguet, "Pyramidal implementation of the Lucas Kanade feature
 * tracker", 2000). */
#ifndef MIMIR_ANALYSIS_TRACK_H
#define MIMIR_ANALYSIS_TRACK_H

#include "pyramid.h"

typedef struct analysis_place {
    float x;
    float y;
} analysis_place;

/* Where the point `from` of `before` lies in `now`. False when it was lost: out of the picture, flat, or not alike. */
bool mimir_track(const analysis_pyramid *before, const analysis_pyramid *now, analysis_place from, analysis_place *to,
                 bool wide);

#endif
