// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "kernel.h"

bool mimir_analysis_narrow;

bool mimir_analysis_wide(void) {
#if defined(__x86_64__)
    return !mimir_analysis_narrow && __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

const mimir_processor *mimir_processor_find(const char *name) {
    static const mimir_processor *const all[] = {&mimir_analysis_grey, &mimir_analysis_rgb, &mimir_analysis_motion,
        &mimir_analysis_corners, &mimir_analysis_flow, &mimir_analysis_level, &mimir_analysis_spectrum};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(name, all[i]->name) == 0) {
            return all[i];
        }
    }
    return NULL;
}

int mimir_analysis_plane(analysis_plane *plane, const mimir_processor_call *call, uint32_t code) {
    const uint64_t width = call->item.width;
    const uint64_t height = call->item.height;
    const uint64_t stride = call->format.stride_bytes[0];
    const uint64_t offset = call->format.plane_offset[0];
    if (call->payload.at == NULL || call->format.code != code || width == 0 || height == 0 || width > MIMIR_MOST_PIXELS
            || height > MIMIR_MOST_PIXELS || offset > call->payload.bytes) {
        return -EINVAL;
    }
    const uint64_t row_bytes = width * analysis_pixel_bytes(code);
    if (stride < row_bytes || stride * (height - 1) + row_bytes > call->payload.bytes - offset) {
        return -EINVAL;
    }
    *plane = (analysis_plane) {(const uint8_t *) call->payload.at + offset, stride, (uint32_t) width,
        (uint32_t) height};
    return 0;
}

int mimir_analysis_picture(analysis_picture *picture, const mimir_processor_input *grey) {
    if (grey->at == NULL || grey->bytes < sizeof(mimir_grey_v1)) {
        return -EINVAL;
    }
    mimir_grey_v1 fields;
    memcpy(&fields, grey->at, sizeof fields);
    const uint64_t width = (uint32_t) fields.width;
    const uint64_t height = (uint32_t) fields.height;
    const uint64_t stride = (uint32_t) fields.stride_bytes;
    const bool sound = width > 0 && width <= MIMIR_MOST_PIXELS && height > 0 && height <= MIMIR_MOST_PIXELS
        && stride >= width && stride <= 2 * MIMIR_MOST_PIXELS && stride * height <= grey->bytes - sizeof fields;
    *picture = (analysis_picture) {(const uint8_t *) grey->at + sizeof fields, (uint32_t) width, (uint32_t) height,
        (uint32_t) stride};
    return sound ? 0 : -EINVAL;
}
