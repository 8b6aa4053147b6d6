// SPDX-License-Identifier: Apache-2.0
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

mimir_sim_config rig_camera(uint64_t rate_hz) {
    return (mimir_sim_config) {.struct_bytes = sizeof(mimir_sim_config), .family = MIMIR_SIM_CAMERA,
        .format_code = MIMIR_FORMAT_YUYV, .format_id = 1, .width = 64, .height = 48, .rate_num = rate_hz, .rate_den = 1,
        .device_tick_hz = 1000000, .seed = 1, .events_period_ns = SEC};
}

mimir_sim_config rig_audio(void) {
    return (mimir_sim_config) {.struct_bytes = sizeof(mimir_sim_config), .family = MIMIR_SIM_AUDIO,
        .format_code = MIMIR_FORMAT_F32_PLANAR, .format_id = 1, .width = 2, .height = 64, .rate_num = 48000,
        .rate_den = 1, .seed = 1, .events_period_ns = SEC};
}

static void must(bool good, const char *what) {
    if (!good) {
        printf("not ok - %s\n", what);
        exit(1);
    }
}

rig_device rig_run(mimir_sim *engine, const mimir_sim_config *config, uint32_t slots) {
    static uint32_t sources;
    rig_device d = {.config = *config};
    d.region = test_region_make(slots, (config->width * config->height * 4 + 63) / 64 * 64);
    d.region.header->source_id = ++sources;
    d.truth = calloc(1, sizeof *d.truth);
    must(d.truth != NULL, "memory for the truth");
    must(mimir_ring_reader_attach(&d.reader, d.region.header, d.region.bytes, d.region.hints, MIMIR_EVERY,
                                  MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL) == 0, "a reader");
    d.handle = mimir_sim_add(engine, config, d.region.header, d.region.bytes, d.region.hints, d.truth,
                             NULL);
    must(d.handle > 0, "a device");
    must(mimir_sim_start(engine, d.handle, SEC) == 0, "a start");
    return d;
}

void rig_free(rig_device *device) {
    test_region_free(&device->region);
    free(device->truth);
}

bool rig_next(rig_device *device, mimir_ring_lease *lease, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    while (mimir_ring_next(&device->reader, lease) != 1) {
        const int64_t left_ns = until_ns - mimir_clock_ns();
        if (left_ns <= 0) {
            return false;
        }
        mimir_ring_wait(&device->reader, left_ns);
    }
    return true;
}

int rig_check(const rig_device *device, const mimir_ring_lease *lease, int32_t *click) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    if (device->config.family == MIMIR_SIM_AUDIO) {
        return mimir_sim_check_audio(lease->payload, d->height * sizeof(float), d->width, d->height, d->source_id,
                                     d->sequence * d->height, click);
    }
    return mimir_sim_check_frame(lease->payload, d->payload_bytes, (uint32_t) device->config.format_code, d->width,
                                 d->height, d->source_id, d->epoch, d->sequence);
}

int64_t rig_true_ns(const rig_device *device, uint64_t epoch, uint64_t sequence) {
    const mimir_sim_truth_epoch *e = &device->truth->epochs[epoch % MIMIR_SIM_TRUTH_EPOCHS];
    const mimir_sim_truth_item *t = &device->truth->items[(e->first + sequence) % MIMIR_SIM_TRUTH_ITEMS];
    return e->epoch == epoch && t->epoch == epoch && t->sequence == sequence ? t->true_ns : INT64_MIN;
}
