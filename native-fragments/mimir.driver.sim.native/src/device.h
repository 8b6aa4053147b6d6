// SPDX-License-Identifier: Apache-2.0
/*
 * One simulated device: what it does next, and doing it. Belongs to the control thread until it is started, then to
 * its worker.
 */
#ifndef MIMIR_SIM_DEVICE_H
#define MIMIR_SIM_DEVICE_H

#include "content.h"
#include "model.h"

typedef struct sim_device {
    mimir_sim_config config;
    mimir_ring_writer writer;
    sim_picture picture;       /* cameras */
    mimir_sim_truth *truth;
    const mimir_sim_controls *controls; /* NULL: nothing can be set */
    mimir_sim_controls now;             /* the last that was whole */
    float level;
    sim_stretch stretch;
    sim_item next;
    int64_t due_ns;            /* when `next` arrives; never before the one before it */
    uint64_t sequence;         /* of `next` */
    uint32_t epoch;
    int64_t unplugged_until_ns; /* 0: plugged in */
    int64_t too_late_ns;       /* what is due longer ago is given up */
    bool running;
} sim_device;

/* Checks and prepares. Errors as mimir_sim_add. Control thread; `d` need not be initialised. */
int mimir_sim_device_make(sim_device *d, const mimir_sim_config *config, void *region, uint64_t bytes, void *hints,
                          mimir_sim_truth *truth, const mimir_sim_controls *controls);

void mimir_sim_device_free(sim_device *d);

/* Switches the device on. Worker; realtime safe. */
void mimir_sim_device_start(sim_device *d, int64_t now_ns);

/* The item that is due meets its fate, and the next one is planned. Worker; realtime safe. */
void mimir_sim_device_step(sim_device *d, int64_t now_ns);

#endif
