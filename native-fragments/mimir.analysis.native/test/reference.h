// SPDX-License-Identifier: Apache-2.0
/*
 * Corners by the book, in double precision and without any thought for time: the tensor of each pixel from its 25
 * neighbours, its smaller eigenvalue, maxima of 3 x 3, the best of each cell, the best of these that keep their
 * distance. It can be given a fault, which shows whether a comparison with it sees anything.
 */
#ifndef MIMIR_ANALYSIS_TEST_REFERENCE_H
#define MIMIR_ANALYSIS_TEST_REFERENCE_H

#include "lab.h"

typedef enum reference_fault {
    REFERENCE_SOUND,
    REFERENCE_LEVEL_WEIGHTS,  /* the sum is not weighted */
    REFERENCE_NO_CROSS_TERM,  /* gx gy is taken for 0 */
    REFERENCE_ONE_SIDED,      /* gradients are differences of neighbours, so half a pixel off */
    REFERENCE_NO_DIAGONALS,   /* maxima are compared with four neighbours */
    REFERENCE_NO_CELLS,       /* cells are single pixels, and distance is half of what it should be */
    REFERENCE_A_HOLE,         /* nothing is found in sixteen columns, as if a strip ended early */
    REFERENCE_FAULTS
} reference_fault;

/* Corners of a picture with parameters as they are by default. */
void reference_corners(const mimir_grey_v1 *grey, reference_fault fault, mimir_corners_v1 *corners);

/* Points of `a` that `b` has within `px` pixels and with a score that differs by less than `share` of it. */
int reference_alike(const mimir_corners_v1 *a, const mimir_corners_v1 *b, double px, double share);

#endif
