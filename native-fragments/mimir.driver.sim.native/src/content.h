// SPDX-License-Identifier: Apache-2.0
/*
 * What simulated frames and blocks show: pure functions of source, sequence and position, so that anybody can check
 * them.
 *
 * Frames: a diagonal gradient, 256 pixels long, that moves by two pixels a frame; each source has a chroma of its
 * own. Row y of frame n is a stretch of one prepared row, so filling is copying from the first-level cache. The first
 * 64 bytes are a mimir_sim_mark. Brighter or darker pictures have each luma's distance from black (16) scaled, up to
 * 235 at most.
 * Blocks: a 20-bit sawtooth at a quarter of full scale, another pitch for each channel; exact in 32-bit floats. A
 * click is one sample of 1.0 and one of -1.0, in all channels. A level scales all of it.
 */
#ifndef MIMIR_SIM_CONTENT_H
#define MIMIR_SIM_CONTENT_H

#include "mimir_sim.h"

#define SIM_LIGHT_AS_IS 1000u

typedef struct sim_plane {
    uint64_t row_bytes;
    uint64_t rows;
    uint32_t shift_bytes; /* from a row's start in the template to the next row's; 0: all rows are alike */
    uint8_t *pattern;     /* one row and 127 shifts more */
    uint8_t *bright;      /* one row of a flash */
} sim_plane;

typedef struct sim_picture {
    uint32_t planes;
    uint32_t source_id;
    uint32_t light_permille;
    uint32_t format_code;
    uint64_t bytes;
    sim_plane plane[3];
    uint8_t *memory;
} sim_picture;

/* Prepares the rows of a source. 0, -EINVAL (a format without pixels, a size that it does not have), -ENOMEM. */
int mimir_sim_picture_make(sim_picture *p, uint32_t format_code, uint32_t width, uint32_t height, uint32_t source_id);

/*
 * Prepares the rows again for another brightness, at most 65535 permille; does nothing when it is the same. Realtime
 * safe: some ten microseconds for rows of 640 pixels.
 */
void mimir_sim_picture_light(sim_picture *p, uint32_t light_permille);

void mimir_sim_picture_free(sim_picture *p);

/* Writes a frame and returns its CRC32C, taken piece by piece while the pieces are in the cache. Realtime safe. */
uint32_t mimir_sim_picture_fill(const sim_picture *p, uint8_t *payload, uint32_t epoch, uint64_t sequence,
                                uint32_t mark_flags);

/* Writes a block, each sample times `level`, and returns its CRC32C. `click` as mimir_sim_click. Realtime safe. */
uint32_t mimir_sim_block_fill(float *payload, uint32_t channels, uint32_t frames, uint32_t source_id,
                              uint64_t first_sample, int32_t click, float level);

#endif
