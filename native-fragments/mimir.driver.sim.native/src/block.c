// SPDX-License-Identifier: Apache-2.0
/* The audio half of content.h. */
#include <errno.h>
#include <limits.h>

#include "content.h"

#define SAW_MASK 0xFFFFFu
#define SAW_STEP 2403u /* odd: all 2^20 values come; about 440 Hz at 192 kHz */

static uint32_t saw_phase(uint32_t source_id, uint32_t channel) {
    return source_id * 40503u + channel * 9973u;
}

/* Odd for every channel; harmonics of the first. */
static uint32_t saw_step(uint32_t channel) {
    return SAW_STEP * (2 * channel + 1);
}

static float saw(uint32_t turned) {
    return (float) ((int32_t) (turned & SAW_MASK) - 0x80000) * 0x1p-21f;
}

uint32_t mimir_sim_block_fill(float *payload, uint32_t channels, uint32_t frames, uint32_t source_id,
                              uint64_t first_sample, int32_t click, float level) {
    for (uint32_t channel = 0; channel < channels; channel++) {
        float *run = payload + (uint64_t) channel * frames;
        const uint32_t step = saw_step(channel);
        uint32_t turned = saw_phase(source_id, channel) + (uint32_t) first_sample * step;
        for (uint32_t i = 0; i < frames; i++, turned += step) {
            run[i] = saw(turned) * level;
        }
        if (click >= 0 && click < (int64_t) frames) {
            run[click] = level;
        }
        if (click >= -1 && click + 1 < (int64_t) frames) {
            run[click + 1] = -level;
        }
    }
    return mimir_crc32c(0, payload, (uint64_t) channels * frames * sizeof *payload);
}

/* Where the click of a run begins, by its own samples. */
static int32_t find_click(const float *run, uint32_t frames) {
    if (run[0] == -1.0f) {
        return -1;
    }
    for (uint32_t i = 0; i < frames; i++) {
        if (run[i] == 1.0f) {
            return (int32_t) i;
        }
    }
    return INT32_MIN;
}

static bool run_is(const float *run, uint32_t frames, uint32_t turned, uint32_t step, int32_t click) {
    for (uint32_t i = 0; i < frames; i++, turned += step) {
        const int64_t since = click == INT32_MIN ? -1 : (int64_t) i - click;
        const float expected = since == 0 ? 1.0f : since == 1 ? -1.0f : saw(turned);
        if (run[i] != expected) {
            return false;
        }
    }
    return true;
}

int mimir_sim_check_audio(const void *payload, uint64_t stride_bytes, uint32_t channels, uint32_t frames,
                          uint32_t source_id, uint64_t first_sample, int32_t *click) {
    const uint8_t *base = payload;
    if (channels == 0 || frames == 0 || stride_bytes < (uint64_t) frames * sizeof(float)) {
        return -EINVAL;
    }
    const int32_t found = find_click((const float *) base, frames);
    if (click != NULL) {
        *click = found;
    }
    for (uint32_t channel = 0; channel < channels; channel++) {
        const uint32_t step = saw_step(channel);
        const uint32_t turned = saw_phase(source_id, channel) + (uint32_t) first_sample * step;
        if (!run_is((const float *) (base + channel * stride_bytes), frames, turned, step, found)) {
            return -EBADMSG;
        }
    }
    return found == INT32_MIN ? 0 : 1;
}
