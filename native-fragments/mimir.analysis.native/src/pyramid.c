// SPDX-License-Identifier: Apache-2.0
#include "pyramid.h"

#include <stdlib.h>
#include <string.h>

static size_t stride_of(uint32_t width) {
    return ((size_t) width + 2 * ANALYSIS_MARGIN + 15) / 16 * 16;
}

int mimir_pyramid_make(analysis_pyramid *p, uint32_t width, uint32_t height) {
    for (uint32_t i = 0; i < ANALYSIS_LEVELS; i++) {
        p->memory[i] = calloc(height + 2 * ANALYSIS_MARGIN, stride_of(width));
        if (p->memory[i] == NULL) {
            return -ENOMEM;
        }
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return 0;
}

void mimir_pyramid_free(analysis_pyramid *p) {
    for (uint32_t i = 0; i < ANALYSIS_LEVELS; i++) {
        free(p->memory[i]);
    }
}

static void shape(analysis_pyramid *p, uint32_t width, uint32_t height) {
    for (uint32_t i = 0; i < ANALYSIS_LEVELS; i++) {
        const size_t stride = stride_of(width);
        p->level[i] = (analysis_level) {p->memory[i] + ANALYSIS_MARGIN * stride + ANALYSIS_MARGIN, width, height,
            (uint32_t) stride};
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
}

static void repeat_edges(const analysis_level *l) {
    for (uint32_t y = 0; y < l->height; y++) {
        uint8_t *row = l->pixels + (size_t) y * l->stride;
        memset(row - ANALYSIS_MARGIN, row[0], ANALYSIS_MARGIN);
        memset(row + l->width, row[l->width - 1], ANALYSIS_MARGIN);
    }
    const size_t bytes = (size_t) l->width + 2 * ANALYSIS_MARGIN;
    uint8_t *first = l->pixels - ANALYSIS_MARGIN;
    uint8_t *last = first + (size_t) (l->height - 1) * l->stride;
    for (size_t i = 1; i <= ANALYSIS_MARGIN; i++) {
        memcpy(first - i * l->stride, first, bytes);
        memcpy(last + i * l->stride, last, bytes);
    }
}

MIMIR_KERNEL void halve(const analysis_level *from, const analysis_level *to) {
    const uint32_t width = to->width;
    for (uint32_t y = 0; y < to->height; y++) {
        const uint8_t *restrict row = from->pixels + (size_t) 2 * y * from->stride;
        const uint8_t *restrict above = row - from->stride;
        const uint8_t *restrict below = row + from->stride;
        uint8_t *restrict half = to->pixels + (size_t) y * to->stride;
        for (size_t x = 0; x < width; x++) {
            const size_t i = 2 * x;
            const uint16_t left = (uint16_t) (above[i - 1] + 2 * row[i - 1] + below[i - 1]);
            const uint16_t middle = (uint16_t) (above[i] + 2 * row[i] + below[i]);
            const uint16_t right = (uint16_t) (above[i + 1] + 2 * row[i + 1] + below[i + 1]);
            half[x] = (uint8_t) ((uint16_t) (left + 2 * middle + right + 8) >> 4);
        }
    }
}

static void halve_narrow(const analysis_level *from, const analysis_level *to) { halve(from, to); }

static MIMIR_AVX2 void halve_wide(const analysis_level *from, const analysis_level *to) { halve(from, to); }

void mimir_pyramid_fill(analysis_pyramid *p, const analysis_picture *picture, bool wide) {
    shape(p, picture->width, picture->height);
    for (uint32_t y = 0; y < picture->height; y++) {
        memcpy(p->level[0].pixels + (size_t) y * p->level[0].stride, picture->pixels + (size_t) y * picture->stride,
               picture->width);
    }
    repeat_edges(&p->level[0]);
    for (uint32_t i = 1; i < ANALYSIS_LEVELS; i++) {
        if (wide) {
            halve_wide(&p->level[i - 1], &p->level[i]);
        } else {
            halve_narrow(&p->level[i - 1], &p->level[i]);
        }
        repeat_edges(&p->level[i]);
    }
}
