// SPDX-License-Identifier: Apache-2.0
/* A device with its ring and its truth, for tests. */
#ifndef MIMIR_SIM_TEST_RIG_H
#define MIMIR_SIM_TEST_RIG_H

#include "../../ring/test/region.h"
#include "mimir_sim.h"

#define MS  INT64_C(1000000)
#define SEC INT64_C(1000000000)

typedef struct rig_device {
    test_region region;
    mimir_ring_reader reader;
    mimir_sim_truth *truth;
    mimir_sim_config config;
    int handle;
} rig_device;

/* A camera of 64 x 48 YUYV, and an interface of two channels and 64-frame blocks at 48 kHz; no faults. */
mimir_sim_config rig_camera(uint64_t rate_hz);
mimir_sim_config rig_audio(void);

/* Adds it to the engine with a ring of `slots`, and starts it. Exits when that fails. */
rig_device rig_run(mimir_sim *engine, const mimir_sim_config *config, uint32_t slots);

/* Gives ring and truth back; the device is removed or its engine stopped. */
void rig_free(rig_device *device);

/* The next item, at most `timeout_ns` from now. */
bool rig_next(rig_device *device, mimir_ring_lease *lease, int64_t timeout_ns);

/* What mimir_sim_check_* says of an item. */
int rig_check(const rig_device *device, const mimir_ring_lease *lease, int32_t *click);

/* True time of an item that was read, or INT64_MIN. */
int64_t rig_true_ns(const rig_device *device, uint64_t epoch, uint64_t sequence);

#endif
