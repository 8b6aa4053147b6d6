// SPDX-License-Identifier: Apache-2.0
/* Blocks of planar sound, and whether one follows another without a hole. */
#ifndef MIMIR_ANALYSIS_AUDIO_H
#define MIMIR_ANALYSIS_AUDIO_H

#include "kernel.h"

/* Samples of a block, checked. */
typedef struct analysis_block {
    const float *samples;
    uint64_t stride;    /* samples from one channel to the next */
    uint32_t channels;
    uint32_t frames;
} analysis_block;

static inline int mimir_analysis_block(analysis_block *block, const mimir_processor_call *call, uint32_t most_channels,
                                       uint32_t most_frames) {
    const uint64_t stride = call->format.stride_bytes[0];
    const uint64_t offset = call->format.plane_offset[0];
    const uint64_t channels = call->item.width;
    const uint64_t frames = call->item.height;
    if (call->payload.at == NULL || call->format.code != MIMIR_FORMAT_F32_PLANAR || channels == 0 || frames == 0
            || channels > most_channels || frames > most_frames || offset > call->payload.bytes) {
        return -EINVAL;
    }
    const uint64_t bytes = call->payload.bytes - offset;
    const char *at = (const char *) call->payload.at + offset;
    if (stride < frames * sizeof(float) || stride * (channels - 1) + frames * sizeof(float) > bytes
            || stride % sizeof(float) != 0 || (uintptr_t) at % sizeof(float) != 0) {
        return -EINVAL;
    }
    *block = (analysis_block) {(const float *) (const void *) at, stride / sizeof(float), (uint32_t) channels,
        (uint32_t) frames};
    return 0;
}

/* True when blocks of this format can be worked on. */
static inline bool analysis_sound(const mimir_ring_format *format) {
    return format->code == MIMIR_FORMAT_F32_PLANAR && format->width > 0 && format->width <= 4096 && format->height > 0
        && format->height <= 1u << 20 && format->rate_num > 0 && format->rate_den > 0;
}

/* The block that a state looked at last. */
typedef struct analysis_stretch {
    bool there;
    uint32_t epoch;
    uint64_t sequence;
} analysis_stretch;

static inline bool analysis_continues(const analysis_stretch *s, const mimir_processor_call *call) {
    return s->there && call->forget == 0 && call->missed == 0 && s->epoch == call->item.epoch
        && s->sequence + 1 == call->item.sequence;
}

static inline void analysis_follow(analysis_stretch *s, const mimir_processor_call *call) {
    *s = (analysis_stretch) {true, call->item.epoch, call->item.sequence};
}

#endif
