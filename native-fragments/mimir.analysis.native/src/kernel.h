// SPDX-License-Identifier: Apache-2.0
/*
 * What the processors share. A kernel is one inline body of plain C that is compiled twice, for every x86-64 and for
 * AVX2; which one runs is decided once per state. All sums are whole numbers or have a fixed order, and neither copy
 * may contract floating-point operations (-std=c11 sees to that), so both give the same bytes.
 */
#ifndef MIMIR_ANALYSIS_KERNEL_H
#define MIMIR_ANALYSIS_KERNEL_H

#include <errno.h>
#include <stdbool.h>

#include "mimir_analysis_types.h"
#include "mimir_processor.h"

#define MIMIR_KERNEL static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define MIMIR_AVX2 __attribute__((target("avx2")))
#else
#define MIMIR_AVX2
#endif

#define MIMIR_ROW_BYTES 16u /* rows of pictures in results begin at multiples of this */
#define MIMIR_MOST_PIXELS 16384u /* in a row or a column: products of sizes then fit into 32 bits */

/* Tests only: true keeps to what every x86-64 can do. */
extern bool mimir_analysis_narrow;

/* True when the copies for AVX2 may run. */
bool mimir_analysis_wide(void);

extern const mimir_processor mimir_analysis_grey;
extern const mimir_processor mimir_analysis_rgb;
extern const mimir_processor mimir_analysis_motion;
extern const mimir_processor mimir_analysis_corners;
extern const mimir_processor mimir_analysis_flow;
extern const mimir_processor mimir_analysis_level;
extern const mimir_processor mimir_analysis_spectrum;

/* The first plane of a frame, checked. */
typedef struct analysis_plane {
    const uint8_t *at;
    uint64_t step;   /* bytes from row to row */
    uint32_t width;
    uint32_t height;
} analysis_plane;

/* Bytes a pixel of the first plane of a format. */
static inline uint32_t analysis_pixel_bytes(uint32_t code) {
    return code == MIMIR_FORMAT_YUYV ? 2 : code == MIMIR_FORMAT_RGB24 ? 3 : 1;
}

/* Bytes from row to row in a result, for so many in a row. */
static inline uint32_t analysis_stride(uint32_t bytes) {
    return (bytes + MIMIR_ROW_BYTES - 1) / MIMIR_ROW_BYTES * MIMIR_ROW_BYTES;
}

/* Lays a plane over the payload of an item of format `code`, with every byte of it inside. 0 or -EINVAL. */
int mimir_analysis_plane(analysis_plane *plane, const mimir_processor_call *call, uint32_t code);

/* Pixels of a mimir_grey_v1, checked. */
typedef struct analysis_picture {
    const uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    uint32_t stride;
} analysis_picture;

/* Lays a picture over a result of the grey stage, whose fields are read once. 0 or -EINVAL. */
int mimir_analysis_picture(analysis_picture *picture, const mimir_processor_input *grey);

/* True when the sizes of a picture fit those that a state was made for. */
static inline bool analysis_fits(const analysis_picture *picture, uint32_t width, uint32_t height) {
    return picture->width <= width && picture->height <= height;
}

/* True when frames of this format can be pictures. */
static inline bool analysis_frames(const mimir_ring_format *format) {
    return format->code < MIMIR_FORMAT_F32_PLANAR && format->width > 0 && format->width <= MIMIR_MOST_PIXELS
        && format->height > 0 && format->height <= MIMIR_MOST_PIXELS;
}

/* True when the results that are wanted have room for `bytes` of fields. */
static inline bool analysis_wants(const mimir_processor_call *call, uint64_t bytes) {
    return call->results[0].at != NULL && call->results[0].bytes >= bytes;
}

/* The item that a state looked at last: what comes next is compared with it. */
typedef struct analysis_before {
    bool there;
    uint32_t epoch;
    uint64_t sequence;
    uint32_t width;
    uint32_t height;
} analysis_before;

/* How many frames lie between that item and this one, 1 for neighbours; 0 when the two cannot be compared. */
static inline uint64_t analysis_apart(const analysis_before *before, const mimir_processor_call *call,
                                      const analysis_picture *now) {
    const bool same = before->there && call->forget == 0 && before->epoch == call->item.epoch
        && before->width == now->width && before->height == now->height && before->sequence < call->item.sequence;
    return same ? call->item.sequence - before->sequence : 0;
}

static inline void analysis_remember(analysis_before *before, const mimir_processor_call *call,
                                     const analysis_picture *now) {
    *before = (analysis_before) {true, call->item.epoch, call->item.sequence, now->width, now->height};
}

#endif
