// SPDX-License-Identifier: Apache-2.0
/*
 * Payloads in, frames in a ring out: the rules of the public header, "Payloads" and "Losses". Knows nothing of USB. One
 * thread; realtime safe but for the wake-up of readers in a commit.
 */
#ifndef MIMIR_PS3EYE_FRAMES_H
#define MIMIR_PS3EYE_FRAMES_H

#include "mimir_ps3eye.h"

/* What is known about the step of PTS from frame to frame. */
typedef struct eye_steps {
    uint32_t step;      /* 0: not believed */
    uint32_t candidate;
    uint32_t agreed;
    uint32_t strange;   /* impossible values in a row */
    uint32_t base;      /* PTS of the first frame counted below */
    uint64_t counted;   /* frames that began since */
} eye_steps;

typedef struct eye_frames {
    mimir_ring_writer writer;
    mimir_ps3eye_counts *counts;
    mimir_ring_descriptor *item;
    uint8_t *slot;
    uint64_t bytes;     /* of a whole frame */
    uint64_t filled;
    uint64_t sequence;
    uint32_t width;
    uint32_t height;
    uint32_t format_id;
    uint32_t crc;
    uint32_t pts;
    uint32_t fid;
    bool checksum;
    bool seen;          /* pts and fid are of a frame that began */
    bool ended;         /* its EOF came */
    bool open;          /* it is being written to slot */
    bool whole;         /* a whole frame came since the start: losses count */
    eye_steps steps;
} eye_frames;

/*
 * Binds the ring; `f` is zeroed but for counts, width, height, format_id, bytes and checksum. 0 or as
 * mimir_ring_writer_attach; -EINVAL: a frame does not fit a slot.
 */
int mimir_eye_frames_make(eye_frames *f, void *region, uint64_t region_bytes, void *hints);

/* Counts frames as unplugged, once there was a start. */
void mimir_eye_frames_miss(eye_frames *f, uint64_t lost);

/* A start: sequence 0. After a first one, `lost` frames are counted as unplugged and the next epoch begins. */
void mimir_eye_frames_begin(eye_frames *f, uint64_t lost);

/* What one transfer brought. */
void mimir_eye_frames_take(eye_frames *f, const uint8_t *bytes, uint64_t length, int64_t now_ns);

/* Gives the frame in work up, if there is one. `reason`: enum mimir_drop_reason. Returns whether there was one. */
bool mimir_eye_frames_tear(eye_frames *f, uint32_t reason);

#endif
