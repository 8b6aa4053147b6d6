// SPDX-License-Identifier: Apache-2.0
/*
 * Colour for who asks for it: rows of red, green and blue, a byte each, from a mosaic and from YCbCr.
 *
 * Mosaic (Bayer, GRBG: rows G R G R and B G B G in turns). Bilinear interpolation, the base line of the literature
 * (Malvar, He, Cutler, "High-quality linear interpolation for demosaicing of Bayer-patterned color images", ICASSP
 * 2004, section 2): a pixel keeps the colour that it has; each of the two others is the mean of its nearest samples,
 * which are two or four among the eight neighbours, rounded half up. Beyond the edge the mirror image goes on (column
 * -1 is column 1, column W is column W - 2), which keeps the pattern. It is exact on even slopes, blurs edges by a
 * pixel and leaves coloured fringes along them; what it costs is in test/cost_timing.c.
 *
 * YCbCr (YUYV). By libyuv, which is loaded at run time when a state for such frames is made: 4:2:2, a pair of pixels
 * has one colour, with the matrix and range that the format tells (none told: BT.601 limited). Its factors have six
 * bits and end at 2: a level or two off what the standards say, up to 14 in the blue of BT.709.
 */
#ifndef MIMIR_ANALYSIS_RGB_H
#define MIMIR_ANALYSIS_RGB_H

#include "kernel.h"

/*
 * One row of a mosaic of an even number of pixels, at least 2, to 3 x `width` bytes. `at` is the row, `above` and
 * `below` its neighbours or their mirror images; `blue`: it holds B and G. `planes`: 3 x `width` bytes of scratch.
 * Any thread; no allocation.
 */
void mimir_analysis_mosaic(const uint8_t *above, const uint8_t *at, const uint8_t *below, uint8_t *to, uint32_t width,
                           bool blue, uint8_t *planes, bool wide);

/* libyuv, and what it needs for a row. */
typedef struct analysis_yuv analysis_yuv;

/* Tests only: the library's name in place of the system's; NULL: the system's. */
extern const char *mimir_analysis_libyuv;

/* Control. `colour` as in the format. NULL: -ENOENT (libyuv is not here, or lacks a function) or -ENOMEM in `fault`. */
analysis_yuv *mimir_analysis_yuv_open(uint32_t most_width, uint32_t colour, int *fault);

/* Control. NULL is allowed. */
void mimir_analysis_yuv_close(analysis_yuv *yuv);

/* One row of YUYV of an even number of pixels to 3 x `width` bytes. One thread a time; no allocation. */
void mimir_analysis_yuv_row(analysis_yuv *yuv, const uint8_t *from, uint8_t *to, uint32_t width);

/* Control. A shared library by its name, NULL when it is not here; what it exports, NULL; its end. */
void *mimir_analysis_load(const char *name);
void *mimir_analysis_symbol(void *library, const char *name);
void mimir_analysis_unload(void *library);

#endif
