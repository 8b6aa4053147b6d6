// SPDX-License-Identifier: Apache-2.0
/*
 * When things happen to a simulated device: pure functions of configuration, start and item number. No state, no
 * clock.
 */
#ifndef MIMIR_SIM_MODEL_H
#define MIMIR_SIM_MODEL_H

#include "mimir_sim.h"

#define SIM_PUBLISH UINT32_MAX /* fate of an item that no fault befalls; the others are enum mimir_drop_reason */

/* One stretch of items without a restart of the device. */
typedef struct sim_stretch {
    int64_t origin_ns;  /* start of the device: zero of the scripted moments and of the batch grid */
    int64_t start_ns;   /* canonical time of its unit 0 */
    double  nominal_ns; /* what the device clock had run since the origin, for the phase of the wander */
    uint64_t number;    /* running number of its item 0 */
    uint64_t restarts;
} sim_stretch;

/* Item `sequence` of a stretch. */
typedef struct sim_item {
    int64_t true_ns;
    int64_t arrival_ns;
    uint32_t fate;
} sim_item;

/* Evenly distributed bits: the same (seed, number, stream) gives the same bits, in any order of calls. */
uint64_t mimir_sim_random(uint64_t seed, uint64_t number, uint64_t stream);

/* Units (frames, samples) in an item. */
uint64_t mimir_sim_units(const mimir_sim_config *c);

/* True time of a unit, which may lie before the first or between two, in canonical ns. */
int64_t mimir_sim_true_ns(const mimir_sim_config *c, const sim_stretch *s, double unit);

/* Everything about an item that no other item decides. */
sim_item mimir_sim_item(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence);

/* What the device clock says at an item: samples or ticks. */
int64_t mimir_sim_device_time(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence, int64_t true_ns);

/* End of the unplugging that covers `true_ns`, or 0. */
int64_t mimir_sim_unplugged_until(const mimir_sim_config *c, const sim_stretch *s, int64_t true_ns);

/* True when a common event falls into the exposure of a frame: half a period to both sides of its true time. */
bool mimir_sim_flashes(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence);

/*
 * Where in a block a click begins: the first sample at or after a common event; -1 when that is the last sample
 * before the block, INT32_MIN when there is none.
 */
int32_t mimir_sim_click(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence);

#endif
