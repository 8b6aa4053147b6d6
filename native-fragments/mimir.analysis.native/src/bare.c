// SPDX-License-Identifier: Apache-2.0
/*
 * Whether a part of a strip can have corners at all, at a tenth of the price of looking for them. No window has more
 * structure than the plain sum of a region that holds it, times its greatest weight: for sums of g gT the smaller
 * eigenvalue of a part is at most that of the whole. The regions are 8 columns wide and overlap by 4, so that each
 * window of 5 lies in one of them.
 */
#include <math.h>

#include "strip.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define PAIRS   (STRIP_COLUMNS / 2)
#define REGIONS (STRIP_COLUMNS / 4 - 1)
#define WEIGHT  9.0f                /* of the middle of a window */
#define WHOLE   (2.0f * 4 * 81)     /* as in strip.c */
#define SLACK   0.9999f             /* for what floats round */

/* Sums of gx gx, gy gy and gx gy, gradients taken double, over two columns and all rows. */
typedef struct pair_sums {
    int32_t xx[PAIRS];
    int32_t yy[PAIRS];
    int32_t xy[PAIRS];
} pair_sums;

#if defined(__x86_64__)

static MIMIR_AVX2 void sum_wide(const uint8_t *row, size_t stride, uint32_t rows, pair_sums *to) {
    for (uint32_t x = 0; x < STRIP_COLUMNS; x += 16) {
        __m256i xx = _mm256_setzero_si256();
        __m256i yy = xx;
        __m256i xy = xx;
        const uint8_t *at = row + x;
        for (uint32_t y = 0; y < rows; y++, at += stride) {
            const __m256i right = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *) (at + 1)));
            const __m256i left = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *) (at - 1)));
            const __m256i below = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *) (at + stride)));
            const __m256i above = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *) (at - stride)));
            const __m256i gx = _mm256_sub_epi16(right, left);
            const __m256i gy = _mm256_sub_epi16(below, above);
            xx = _mm256_add_epi32(xx, _mm256_madd_epi16(gx, gx));
            yy = _mm256_add_epi32(yy, _mm256_madd_epi16(gy, gy));
            xy = _mm256_add_epi32(xy, _mm256_madd_epi16(gx, gy));
        }
        _mm256_storeu_si256((__m256i *) (to->xx + x / 2), xx);
        _mm256_storeu_si256((__m256i *) (to->yy + x / 2), yy);
        _mm256_storeu_si256((__m256i *) (to->xy + x / 2), xy);
    }
}

static __m128i eight(const uint8_t *at) {
    return _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *) at), _mm_setzero_si128());
}

static void sum_narrow(const uint8_t *row, size_t stride, uint32_t rows, pair_sums *to) {
    for (uint32_t x = 0; x < STRIP_COLUMNS; x += 8) {
        __m128i xx = _mm_setzero_si128();
        __m128i yy = xx;
        __m128i xy = xx;
        const uint8_t *at = row + x;
        for (uint32_t y = 0; y < rows; y++, at += stride) {
            const __m128i gx = _mm_sub_epi16(eight(at + 1), eight(at - 1));
            const __m128i gy = _mm_sub_epi16(eight(at + stride), eight(at - stride));
            xx = _mm_add_epi32(xx, _mm_madd_epi16(gx, gx));
            yy = _mm_add_epi32(yy, _mm_madd_epi16(gy, gy));
            xy = _mm_add_epi32(xy, _mm_madd_epi16(gx, gy));
        }
        _mm_storeu_si128((__m128i *) (to->xx + x / 2), xx);
        _mm_storeu_si128((__m128i *) (to->yy + x / 2), yy);
        _mm_storeu_si128((__m128i *) (to->xy + x / 2), xy);
    }
}

#else

static void sum_narrow(const uint8_t *row, size_t stride, uint32_t rows, pair_sums *to) {
    *to = (pair_sums) {{0}, {0}, {0}};
    for (uint32_t y = 0; y < rows; y++, row += stride) {
        for (size_t x = 0; x < STRIP_COLUMNS; x++) {
            const int32_t gx = row[x + 1] - row[(ptrdiff_t) x - 1];
            const int32_t gy = row[x + stride] - row[(ptrdiff_t) x - (ptrdiff_t) stride];
            to->xx[x / 2] += gx * gx;
            to->yy[x / 2] += gy * gy;
            to->xy[x / 2] += gx * gy;
        }
    }
}

#define sum_wide sum_narrow

#endif

static float four(const int32_t *sums, size_t region) {
    const int32_t *at = sums + 2 * region;
    return (float) (at[0] + at[1] + at[2] + at[3]);
}

bool mimir_strip_is_bare(const analysis_picture *p, uint32_t x, uint32_t from, uint32_t to, float least, bool wide) {
    pair_sums sums;
    const uint8_t *first = p->pixels + (size_t) (from - STRIP_REACH) * p->stride + x;
    (wide ? sum_wide : sum_narrow)(first, p->stride, to - from + 2 * STRIP_REACH, &sums);
    int32_t any = 0;
    for (size_t i = 0; i < REGIONS; i++) {
        const float xx = four(sums.xx, i);
        const float yy = four(sums.yy, i);
        const float xy = four(sums.xy, i);
        const float most = xx + yy - sqrtf((xx - yy) * (xx - yy) + 4 * (xy * xy));
        any |= most * WEIGHT >= least * WHOLE * SLACK;
    }
    return !any;
}
