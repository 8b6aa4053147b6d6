// SPDX-License-Identifier: Apache-2.0
/* A camera as the kernel shows it: V4L2 with mapped buffers. One thread. Errors are negative errno values. */
#ifndef MIMIR_PS3EYE_GUEST_VIDEO_H
#define MIMIR_PS3EYE_GUEST_VIDEO_H

#include <stdbool.h>
#include <stdint.h>

#define VIDEO_BUFFERS 8u

typedef struct video {
    int fd;
    uint32_t bytes;              /* of a frame, as the driver says */
    uint8_t *buffers[VIDEO_BUFFERS];
    uint64_t lengths[VIDEO_BUFFERS];
} video;

typedef struct video_frame {
    const uint8_t *bytes;
    uint32_t length;
    uint32_t sequence;
    uint32_t index;
} video_frame;

/* Whether the system has a node for a camera of its driver ov534. */
bool video_is_there(void);

/* Opens it. */
int video_open(video *v);
void video_close(video *v);

/* Chooses; -EINVAL when the driver makes something else of it. `fourcc` as V4L2 has it. */
int video_choose(video *v, uint32_t width, uint32_t height, uint32_t fourcc, uint32_t rate_hz);

/* The rate alone; may be called while it streams. Returns the one that the driver took. */
int video_rate(video *v, uint32_t rate_hz);

/* Rates that the driver offers for a size, in its order. Returns how many, at most `most`. */
int video_rates(video *v, uint32_t width, uint32_t height, uint32_t fourcc, uint32_t *rates, uint32_t most);

/* A control by its V4L2 number. */
int video_set(video *v, uint32_t control, int32_t value);

int video_start(video *v);
int video_stop(video *v);

/* The next frame, until video_give. -ETIMEDOUT. */
int video_take(video *v, video_frame *frame, int timeout_ms);
int video_give(video *v, const video_frame *frame);

#endif
