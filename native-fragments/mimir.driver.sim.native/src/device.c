// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define START_LEAD_NS INT64_C(2000000)   /* the first item still lies ahead when the worker takes the device */
#define LEAST_LATE_NS INT64_C(500000000) /* no ring is meant to hold less */
#define HOUR_NS       INT64_C(3600000000000)

static bool within(double value, double least, double most) {
    return value >= least && value <= most; /* false for a NaN */
}

static bool is_sound(const mimir_sim_config *c) {
    bool sound = c->struct_bytes == sizeof *c && c->family < MIMIR_SIM_FAMILIES && c->rate_num != 0 && c->rate_den != 0
        && c->missing_count <= MIMIR_SIM_MOST_MISSING && c->moment_count <= MIMIR_SIM_MOST_SCRIPTED
        && c->width >= 1 && c->height >= 1 && c->width <= 16384 && c->height <= 16384;
    sound = sound && within((double) c->phase_ns, 0, (double) HOUR_NS) && within(c->drift_ppm, -1e5, 1e5)
        && within(c->wander_ppm, 0, 1e4) && (c->wander_ppm == 0 || within(c->wander_period_ns, 1e6, 1e15))
        && within((double) c->delay_ns, 0, 1e10) && within(c->jitter_median_ns, 0, 1e10)
        && within(c->jitter_sigma, 0, 10) && within(c->tail_probability, 0, 1) && within(c->tail_mean_ns, 0, 1e10)
        && within((double) c->batch_ns, 0, 1e10) && within(c->missing_probability, 0, 1)
        && within((double) c->events_period_ns, 0, (double) HOUR_NS);
    for (uint64_t i = 0; sound && i < c->moment_count; i++) {
        const mimir_sim_moment *m = &c->moments[i];
        sound = m->what >= MIMIR_SIM_STALL_LOST && m->what <= MIMIR_SIM_UNPLUG && m->at_ns >= 0
            && m->at_ns <= 1000 * HOUR_NS && within((double) m->value_ns, (double) -HOUR_NS, (double) HOUR_NS);
    }
    return sound;
}

static uint64_t item_bytes(const sim_device *d) {
    return d->config.family == MIMIR_SIM_AUDIO ? d->config.width * d->config.height * sizeof(float) : d->picture.bytes;
}

/*
 * A worker that comes back late publishes all that became due meanwhile at once. Such a burst must never be longer than
 * what readers have room for: half of the ring, as the other half may be full of what they have not read yet.
 */
static int64_t too_late_ns(const sim_device *d) {
    const double period_ns = (double) mimir_sim_units(&d->config) * 1e9 * (double) d->config.rate_den
        / (double) d->config.rate_num;
    const double half_ns = period_ns * d->writer.header->slot_count / 2;
    return half_ns < LEAST_LATE_NS ? LEAST_LATE_NS : half_ns > HOUR_NS ? HOUR_NS : (int64_t) half_ns;
}

int mimir_sim_device_make(sim_device *d, const mimir_sim_config *config, void *region, uint64_t bytes, void *hints,
                          mimir_sim_truth *truth, const mimir_sim_controls *controls) {
    if (!is_sound(config) || truth == NULL || (uintptr_t) truth % 8 != 0 || (uintptr_t) controls % 8 != 0) {
        return -EINVAL;
    }
    memset(d, 0, sizeof *d);
    d->config = *config;
    d->truth = truth;
    d->controls = controls;
    d->level = 1;
    int error = mimir_ring_writer_attach(&d->writer, region, bytes, hints);
    if (error == 0 && config->family == MIMIR_SIM_CAMERA) {
        error = mimir_sim_picture_make(&d->picture, (uint32_t) config->format_code, (uint32_t) config->width,
                                       (uint32_t) config->height, d->writer.header->source_id);
    } else if (error == 0 && config->format_code != MIMIR_FORMAT_F32_PLANAR) {
        error = -EINVAL;
    }
    if (error == 0 && item_bytes(d) > d->writer.payload_stride) {
        mimir_sim_device_free(d);
        error = -EINVAL;
    }
    d->too_late_ns = error == 0 ? too_late_ns(d) : 0;
    return error;
}

void mimir_sim_device_free(sim_device *d) {
    mimir_sim_picture_free(&d->picture);
}

static uint64_t number_of(const sim_device *d) {
    return d->stretch.number + d->sequence;
}

/* Where in the truth the items of this epoch stand. */
static void begin_truth(sim_device *d) {
    mimir_sim_truth_epoch *e = &d->truth->epochs[d->epoch % MIMIR_SIM_TRUTH_EPOCHS];
    __atomic_store_n(&e->epoch, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&e->first, d->stretch.number, __ATOMIC_RELAXED);
    __atomic_store_n(&e->epoch, d->epoch, __ATOMIC_RELEASE);
}

static void tell_truth(sim_device *d) {
    mimir_sim_truth_item *t = &d->truth->items[number_of(d) % MIMIR_SIM_TRUTH_ITEMS];
    const uint64_t version = __atomic_load_n(&t->version, __ATOMIC_RELAXED);
    __atomic_store_n(&t->version, version + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE); /* the odd version must be seen before any new word */
    __atomic_store_n(&t->epoch, d->epoch, __ATOMIC_RELAXED);
    __atomic_store_n(&t->sequence, d->sequence, __ATOMIC_RELAXED);
    __atomic_store_n(&t->true_ns, d->next.true_ns, __ATOMIC_RELAXED);
    __atomic_store_n(&t->version, version + 2, __ATOMIC_RELEASE);
}

static void count(uint64_t *counter) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}

static void plan(sim_device *d) {
    d->next = mimir_sim_item(&d->config, &d->stretch, d->sequence);
    if (d->next.arrival_ns > d->due_ns) {
        d->due_ns = d->next.arrival_ns;
    }
}

void mimir_sim_device_start(sim_device *d, int64_t now_ns) {
    d->stretch = (sim_stretch) {.origin_ns = now_ns + START_LEAD_NS};
    d->stretch.start_ns = d->stretch.origin_ns + d->config.phase_ns;
    d->epoch = __atomic_load_n(&d->writer.header->epoch, __ATOMIC_RELAXED);
    __atomic_store_n(&d->truth->start_ns, d->stretch.origin_ns, __ATOMIC_RELAXED);
    begin_truth(d);
    plan(d);
    d->running = true;
}

/* Plugged in again: the device counts from 0, its oscillator has gone on. */
static void replug(sim_device *d) {
    sim_stretch *s = &d->stretch;
    const double units = (double) d->sequence * (double) mimir_sim_units(&d->config);
    s->nominal_ns += units * 1e9 * (double) d->config.rate_den / (double) d->config.rate_num;
    s->start_ns = d->next.true_ns;
    s->number += d->sequence;
    s->restarts++;
    d->sequence = 0;
    d->unplugged_until_ns = 0;
    d->epoch = mimir_ring_epoch(&d->writer);
    begin_truth(d);
    plan(d);
}

static void advance(sim_device *d) {
    if (d->next.fate == MIMIR_DROP_UNPLUGGED) {
        d->unplugged_until_ns = mimir_sim_unplugged_until(&d->config, &d->stretch, d->next.true_ns);
    }
    d->sequence++;
    plan(d);
    if (d->unplugged_until_ns != 0 && d->next.true_ns >= d->unplugged_until_ns
            && d->next.fate != MIMIR_DROP_UNPLUGGED) {
        replug(d);
    }
}

#define MOST_LIGHT 60000u /* sixty times as bright: everything is white long before */

/* What exposure and gain make of the picture. */
static uint32_t light_permille(const sim_device *d) {
    const uint64_t full_us = UINT64_C(1000000) * d->config.rate_den / d->config.rate_num;
    const uint64_t gain = d->now.gain_permille != 0 ? d->now.gain_permille : SIM_LIGHT_AS_IS;
    const uint64_t exposure_us = d->now.exposure_us != 0 ? d->now.exposure_us : full_us;
    const uint64_t light = full_us == 0 ? gain : exposure_us * gain / full_us;
    return light < MOST_LIGHT ? (uint32_t) light : MOST_LIGHT;
}

/* Takes the controls over when they were changed and are whole. */
static void take_controls(sim_device *d) {
    const mimir_sim_controls *c = d->controls;
    const uint64_t version = c != NULL ? __atomic_load_n(&c->version, __ATOMIC_ACQUIRE) : 0;
    if (version == d->now.version || version % 2 != 0) {
        return;
    }
    const mimir_sim_controls next = {.version = version,
        .exposure_us = __atomic_load_n(&c->exposure_us, __ATOMIC_RELAXED),
        .gain_permille = __atomic_load_n(&c->gain_permille, __ATOMIC_RELAXED),
        .level_cdb = __atomic_load_n(&c->level_cdb, __ATOMIC_RELAXED),
        .muted = __atomic_load_n(&c->muted, __ATOMIC_RELAXED),
        .led = __atomic_load_n(&c->led, __ATOMIC_RELAXED)};
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* the words must have been read before the version is looked at again */
    if (__atomic_load_n(&c->version, __ATOMIC_RELAXED) != version) {
        return;
    }
    d->now = next;
    if (d->config.family == MIMIR_SIM_CAMERA) {
        mimir_sim_picture_light(&d->picture, light_permille(d));
    } else {
        d->level = next.muted != 0 ? 0 : (float) pow(10, (double) next.level_cdb / 2000);
    }
}

static uint32_t fill_frame(sim_device *d, mimir_ring_descriptor *item, void *payload) {
    const mimir_sim_config *c = &d->config;
    item->device_clock = c->device_tick_hz != 0 ? MIMIR_DEVICE_CLOCK_TICKS : MIMIR_DEVICE_CLOCK_NONE;
    if (c->device_tick_hz != 0) {
        item->device_time = mimir_sim_device_time(c, &d->stretch, d->sequence, d->next.true_ns);
    } else {
        item->flags |= MIMIR_FLAG_NO_TIME_INFO;
    }
    const uint32_t flags = (mimir_sim_flashes(c, &d->stretch, d->sequence) ? MIMIR_SIM_MARK_FLASH : 0)
        | (d->now.led != 0 ? MIMIR_SIM_MARK_LED : 0);
    return mimir_sim_picture_fill(&d->picture, payload, item->epoch, d->sequence, flags);
}

static uint32_t fill_block(sim_device *d, mimir_ring_descriptor *item, void *payload) {
    const mimir_sim_config *c = &d->config;
    item->device_clock = MIMIR_DEVICE_CLOCK_COUNTER;
    item->device_time = mimir_sim_device_time(c, &d->stretch, d->sequence, d->next.true_ns);
    return mimir_sim_block_fill(payload, (uint32_t) c->width, (uint32_t) c->height, d->writer.header->source_id,
                                d->sequence * c->height, mimir_sim_click(c, &d->stretch, d->sequence), d->level);
}

static void publish(sim_device *d, int64_t now_ns) {
    take_controls(d);
    mimir_ring_descriptor *item;
    void *payload = mimir_ring_claim(&d->writer, &item);
    item->sequence = d->sequence;
    item->host_time_ns = now_ns;
    item->format_id = (uint32_t) d->config.format_id;
    item->width = (uint32_t) d->config.width;
    item->height = (uint32_t) d->config.height;
    item->payload_bytes = item_bytes(d);
    item->flags |= MIMIR_FLAG_CRC;
    item->crc32c = d->config.family == MIMIR_SIM_AUDIO ? fill_block(d, item, payload) : fill_frame(d, item, payload);
    mimir_ring_commit(&d->writer, 0);
}

void mimir_sim_device_step(sim_device *d, int64_t now_ns) {
    uint32_t fate = d->next.fate;
    if (fate == SIM_PUBLISH && now_ns - d->due_ns > d->too_late_ns) {
        fate = MIMIR_DROP_OVERRUN;
    }
    tell_truth(d);
    if (fate == SIM_PUBLISH) {
        publish(d, now_ns);
        count(&d->truth->published);
    } else {
        mimir_ring_drop(&d->writer, fate, 1);
        count(&d->truth->dropped);
    }
    count(&d->truth->produced);
    advance(d);
}
