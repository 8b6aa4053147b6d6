// SPDX-License-Identifier: Apache-2.0
#include "content.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PHASES      128u
#define PIECE_BYTES 24576u /* three lanes of the checksum; fits the first-level cache */

/* How a byte of a prepared row comes about. */
typedef enum role { ROLE_LUMA, ROLE_YUYV, ROLE_CB, ROLE_CR, ROLE_CBCR } role;

static uint8_t luma(uint64_t x) {
    const uint32_t v = (uint32_t) (x & 255);
    return (uint8_t) (16 + (v < 128 ? v : 255 - v) * 219 / 127);
}

/* Apart by a step that is prime to 128, so that neighbours in number differ in colour. */
static uint8_t chroma(uint32_t source_id, uint32_t which) {
    return (uint8_t) (64 + (source_id * 37 + which * 53) % 128);
}

/* The distance from black, scaled. */
static uint8_t lit(uint8_t as_is, uint32_t light_permille) {
    const uint32_t value = 16 + (as_is - 16u) * light_permille / SIM_LIGHT_AS_IS;
    return value < 235 ? (uint8_t) value : 235;
}

static uint8_t pattern_byte(role r, uint64_t at, uint32_t source_id, uint32_t light_permille) {
    switch (r) {
    case ROLE_YUYV:
        return at % 2 == 0 ? lit(luma(at / 2), light_permille) : chroma(source_id, at / 2 % 2);
    case ROLE_CB:
        return chroma(source_id, 0);
    case ROLE_CR:
        return chroma(source_id, 1);
    case ROLE_CBCR:
        return chroma(source_id, at % 2);
    default:
        return lit(luma(at), light_permille);
    }
}

static uint8_t bright_byte(role r, uint64_t at, uint32_t light_permille) {
    const bool is_luma = r == ROLE_LUMA || (r == ROLE_YUYV && at % 2 == 0);
    return is_luma ? lit(235, light_permille) : 128;
}

typedef struct layout {
    uint32_t planes;
    struct {
        role role;
        uint64_t row_bytes;
        uint64_t rows;
    } plane[3];
} layout;

static int lay_out(layout *l, uint32_t code, uint64_t width, uint64_t height) {
    const bool even = width % 2 == 0 && height % 2 == 0;
    if (width < sizeof(mimir_sim_mark) || width > 16384 || height == 0 || height > 16384) {
        return -EINVAL;
    }
    switch (code) {
    case MIMIR_FORMAT_GREY8:
        *l = (layout) {1, {{ROLE_LUMA, width, height}}};
        return 0;
    case MIMIR_FORMAT_BAYER_GRBG8:
        *l = (layout) {1, {{ROLE_LUMA, width, height}}};
        return even ? 0 : -EINVAL;
    case MIMIR_FORMAT_YUYV:
        *l = (layout) {1, {{ROLE_YUYV, width * 2, height}}};
        return width % 2 == 0 ? 0 : -EINVAL;
    case MIMIR_FORMAT_YUV444P:
        *l = (layout) {3, {{ROLE_LUMA, width, height}, {ROLE_CB, width, height}, {ROLE_CR, width, height}}};
        return 0;
    case MIMIR_FORMAT_NV12:
        *l = (layout) {2, {{ROLE_LUMA, width, height}, {ROLE_CBCR, width, height / 2}}};
        return even ? 0 : -EINVAL;
    default:
        return -EINVAL;
    }
}

static uint32_t shift_of(role r) {
    return r == ROLE_YUYV ? 4 : r == ROLE_LUMA ? 2 : 0;
}

static uint64_t phase_of(uint64_t row, uint64_t sequence, uint32_t source_id) {
    return (row + sequence + 16 * (uint64_t) source_id) % PHASES;
}

static uint64_t pattern_bytes(const sim_plane *plane) {
    return plane->row_bytes + (uint64_t) plane->shift_bytes * (PHASES - 1);
}

static uint8_t *prepare(sim_plane *plane, uint8_t *at, role r, uint32_t source_id, uint32_t light_permille) {
    plane->pattern = at;
    plane->bright = at + pattern_bytes(plane);
    for (uint64_t i = 0; i < pattern_bytes(plane); i++) {
        plane->pattern[i] = pattern_byte(r, i, source_id, light_permille);
    }
    for (uint64_t i = 0; i < plane->row_bytes; i++) {
        plane->bright[i] = bright_byte(r, i, light_permille);
    }
    return plane->bright + plane->row_bytes;
}

static void prepare_all(sim_picture *p, const layout *l, uint32_t light_permille) {
    uint8_t *at = p->memory;
    p->light_permille = light_permille;
    for (uint32_t i = 0; i < l->planes; i++) {
        at = prepare(&p->plane[i], at, l->plane[i].role, p->source_id, light_permille);
    }
}

int mimir_sim_picture_make(sim_picture *p, uint32_t format_code, uint32_t width, uint32_t height, uint32_t source_id) {
    layout l;
    const int error = lay_out(&l, format_code, width, height);
    if (error != 0) {
        return error;
    }
    *p = (sim_picture) {.planes = l.planes, .source_id = source_id, .format_code = format_code};
    uint64_t memory_bytes = 0;
    for (uint32_t i = 0; i < l.planes; i++) {
        sim_plane *plane = &p->plane[i];
        plane->row_bytes = l.plane[i].row_bytes;
        plane->rows = l.plane[i].rows;
        plane->shift_bytes = shift_of(l.plane[i].role);
        p->bytes += plane->row_bytes * plane->rows;
        memory_bytes += plane->row_bytes + pattern_bytes(plane);
    }
    p->memory = malloc(memory_bytes);
    if (p->memory == NULL) {
        return -ENOMEM;
    }
    prepare_all(p, &l, SIM_LIGHT_AS_IS);
    return 0;
}

void mimir_sim_picture_light(sim_picture *p, uint32_t light_permille) {
    layout l;
    const uint64_t width = p->plane[0].row_bytes / (p->format_code == MIMIR_FORMAT_YUYV ? 2 : 1);
    if (light_permille != p->light_permille && lay_out(&l, p->format_code, width, p->plane[0].rows) == 0) {
        prepare_all(p, &l, light_permille);
    }
}

void mimir_sim_picture_free(sim_picture *p) {
    free(p->memory);
    p->memory = NULL;
}

static mimir_sim_mark mark_of(uint32_t source_id, uint32_t epoch, uint64_t sequence, uint32_t flags, int32_t light) {
    return (mimir_sim_mark) {.magic = MIMIR_SIM_MARK_MAGIC, .sequence = sequence, .source_id = source_id,
                             .epoch = epoch, .flags = flags, .light_permille = light};
}

uint32_t mimir_sim_picture_fill(const sim_picture *p, uint8_t *payload, uint32_t epoch, uint64_t sequence,
                                uint32_t mark_flags) {
    const bool flash = (mark_flags & MIMIR_SIM_MARK_FLASH) != 0;
    const int32_t light = (int32_t) p->light_permille - (int32_t) SIM_LIGHT_AS_IS;
    const mimir_sim_mark mark = mark_of(p->source_id, epoch, sequence, mark_flags, light);
    uint32_t crc = 0;
    uint8_t *at = payload;
    uint8_t *unchecked = payload;
    for (uint32_t i = 0; i < p->planes; i++) {
        const sim_plane *plane = &p->plane[i];
        for (uint64_t row = 0; row < plane->rows; row++) {
            const uint64_t phase = phase_of(row, sequence, p->source_id);
            memcpy(at, flash ? plane->bright : plane->pattern + phase * plane->shift_bytes, plane->row_bytes);
            if (at == payload) {
                memcpy(payload, &mark, sizeof mark);
            }
            at += plane->row_bytes;
            if ((uint64_t) (at - unchecked) >= PIECE_BYTES) {
                crc = mimir_crc32c(crc, unchecked, (uint64_t) (at - unchecked));
                unchecked = at;
            }
        }
    }
    return mimir_crc32c(crc, unchecked, (uint64_t) (at - unchecked));
}

/* A row as it must be, byte by byte, by the same functions that prepared the rows of the device. */
static bool row_is(const uint8_t *row, uint64_t row_bytes, role r, uint64_t phase, const mimir_sim_mark *mark,
                   uint64_t from) {
    const uint64_t shift = phase * shift_of(r);
    const bool flash = (mark->flags & MIMIR_SIM_MARK_FLASH) != 0;
    const uint32_t light = SIM_LIGHT_AS_IS + (uint32_t) mark->light_permille;
    for (uint64_t i = from; i < row_bytes; i++) {
        if (row[i] != (flash ? bright_byte(r, i, light) : pattern_byte(r, i + shift, mark->source_id, light))) {
            return false;
        }
    }
    return true;
}

int mimir_sim_check_frame(const void *payload, uint64_t bytes, uint32_t format_code, uint32_t width, uint32_t height,
                          uint32_t source_id, uint32_t epoch, uint64_t sequence) {
    layout l;
    const uint8_t *at = payload;
    const uint8_t *const end = at + bytes;
    if (lay_out(&l, format_code, width, height) != 0) {
        return -EINVAL;
    }
    mimir_sim_mark mark;
    memcpy(&mark, payload, sizeof mark < bytes ? sizeof mark : bytes);
    const uint32_t flags = mark.flags & (MIMIR_SIM_MARK_FLASH | MIMIR_SIM_MARK_LED);
    const mimir_sim_mark expected = mark_of(source_id, epoch, sequence, flags, mark.light_permille);
    if (memcmp(&mark, &expected, sizeof mark) != 0) {
        return -EBADMSG;
    }
    for (uint32_t i = 0; i < l.planes; i++) {
        const uint64_t row_bytes = l.plane[i].row_bytes;
        for (uint64_t row = 0; row < l.plane[i].rows; row++, at += row_bytes) {
            const uint64_t from = at == payload ? sizeof mark : 0;
            if ((uint64_t) (end - at) < row_bytes) {
                return -EINVAL;
            }
            if (!row_is(at, row_bytes, l.plane[i].role, phase_of(row, sequence, source_id), &mark, from)) {
                return -EBADMSG;
            }
        }
    }
    return at != end ? -EINVAL : (flags & MIMIR_SIM_MARK_FLASH) != 0 ? 1 : 0;
}
