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
    static const mimir_processor *const all[] = {&mimir_analysis_grey, &mimir_analysis_motion, &mimir_analysis_corners,
        &mimir_analysis_flow, &mimir_analysis_level, &mimir_analysis_spectrum};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(name, all[i]->name) == 0) {
            return all[i];
        }
    }
    return NULL;
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
