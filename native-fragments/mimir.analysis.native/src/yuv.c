// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "rgb.h"

/* As libyuv declares them. What it calls ARGB lies in memory as B, G, R, A; RAW as R, G, B. */
typedef int (*split_function)(const uint8_t *yuyv, int yuyv_stride, uint8_t *y, int y_stride, uint8_t *u, int u_stride,
                              uint8_t *v, int v_stride, int width, int height);
typedef int (*colour_function)(const uint8_t *y, int y_stride, const uint8_t *u, int u_stride, const uint8_t *v,
                               int v_stride, uint8_t *argb, int argb_stride, int width, int height);
typedef int (*strip_function)(const uint8_t *argb, int argb_stride, uint8_t *raw, int raw_stride, int width,
                              int height);

struct analysis_yuv {
    void *library;
    split_function split;
    colour_function colour;
    strip_function strip;
    uint8_t *y;
    uint8_t *u;
    uint8_t *v;
    uint8_t *argb;
    uint8_t rows[];
};

const char *mimir_analysis_libyuv;

static const char *colour_name(uint32_t colour) {
    return colour == 2 ? "J422ToARGB" : colour == 3 ? "H422ToARGB" : "I422ToARGB";
}

static bool bind(void *library, const char *name, void *place) {
    void *const symbol = mimir_analysis_symbol(library, name);
    memcpy(place, &symbol, sizeof symbol);
    return symbol != NULL;
}

analysis_yuv *mimir_analysis_yuv_open(uint32_t most_width, uint32_t colour, int *fault) {
    const uint64_t row = (most_width + 63u) / 64 * 64;
    analysis_yuv *y = calloc(1, sizeof *y + row * 7);
    *fault = -ENOMEM;
    if (y == NULL) {
        return NULL;
    }
    y->y = y->rows;
    y->u = y->y + row;
    y->v = y->u + row;
    y->argb = y->v + row;
    y->library = mimir_analysis_load(mimir_analysis_libyuv);
    if (y->library == NULL || !bind(y->library, "YUY2ToI422", &y->split)
            || !bind(y->library, colour_name(colour), &y->colour) || !bind(y->library, "ARGBToRAW", &y->strip)) {
        *fault = -ENOENT;
        mimir_analysis_yuv_close(y);
        return NULL;
    }
    uint8_t none[6];
    mimir_analysis_yuv_row(y, (const uint8_t[4]) {0}, none, 2); /* at its first call it looks for what the CPU can do */
    *fault = 0;
    return y;
}

void mimir_analysis_yuv_close(analysis_yuv *yuv) {
    if (yuv != NULL && yuv->library != NULL) {
        mimir_analysis_unload(yuv->library);
    }
    free(yuv);
}

void mimir_analysis_yuv_row(analysis_yuv *yuv, const uint8_t *from, uint8_t *to, uint32_t width) {
    const int pixels = (int) width;
    yuv->split(from, 2 * pixels, yuv->y, pixels, yuv->u, pixels / 2, yuv->v, pixels / 2, pixels, 1);
    yuv->colour(yuv->y, pixels, yuv->u, pixels / 2, yuv->v, pixels / 2, yuv->argb, 4 * pixels, pixels, 1);
    yuv->strip(yuv->argb, 4 * pixels, to, 3 * pixels, pixels, 1);
}
