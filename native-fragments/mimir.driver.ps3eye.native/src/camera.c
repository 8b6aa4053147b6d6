// SPDX-License-Identifier: Apache-2.0
#include "camera.h"

#include <stdlib.h>
#include <string.h>

#include "os.h"

#define USUAL_TRANSFERS      8u
#define USUAL_TRANSFER_BYTES 65536u
#define MOST_TRANSFER_BYTES  (1u << 20)
#define MOST_ERRORS_IN_ROW   256u
#define FRAMES_PER_US        UINT64_C(1000000000) /* in thousandths of a frame in a second */

static uint64_t or_usual(uint64_t value, uint64_t usual) {
    return value != 0 ? value : usual;
}

static bool is_sound(const mimir_ps3eye_config *c) {
    const uint64_t transfers = or_usual(c->transfers, USUAL_TRANSFERS);
    const uint64_t bytes = or_usual(c->transfer_bytes, USUAL_TRANSFER_BYTES);
    return c->struct_bytes == sizeof *c && transfers >= 2 && transfers <= EYE_MOST_TRANSFERS
        && bytes <= MOST_TRANSFER_BYTES && bytes % MIMIR_PS3EYE_PAYLOAD == 0 && c->format_id <= UINT32_MAX
        && (c->format_code == MIMIR_FORMAT_BAYER_GRBG8 || c->format_code == MIMIR_FORMAT_YUYV);
}

int mimir_eye_camera_make(eye_camera *c, const mimir_ps3eye_config *config, void *region, uint64_t bytes, void *hints,
                          mimir_ps3eye_counts *counts) {
    if (!is_sound(config) || counts == NULL || (uintptr_t) counts % 8 != 0
            || mimir_ps3eye_mode_at(config->mode, &c->mode) != 0) {
        return -EINVAL;
    }
    if ((c->mode.flags & (MIMIR_PS3EYE_CORRUPT | MIMIR_PS3EYE_PARTLY_CORRUPT)) != 0 && config->force == 0) {
        return -ENOTSUP;
    }
    c->config = *config;
    c->config.transfers = or_usual(config->transfers, USUAL_TRANSFERS);
    c->config.transfer_bytes = or_usual(config->transfer_bytes, USUAL_TRANSFER_BYTES);
    c->counts = counts;
    c->frames.counts = counts;
    c->frames.width = (uint32_t) c->mode.width;
    c->frames.height = (uint32_t) c->mode.height;
    c->frames.bytes = c->mode.width * c->mode.height * (config->format_code == MIMIR_FORMAT_YUYV ? 2 : 1);
    c->frames.format_id = (uint32_t) config->format_id;
    c->frames.checksum = config->checksum != 0;
    for (uint64_t i = 0; i < MIMIR_PS3EYE_CONTROLS; i++) {
        mimir_ps3eye_range range;
        mimir_ps3eye_control_at(i, &range);
        c->settings[range.control - 1] = range.usual;
    }
    return mimir_eye_frames_make(&c->frames, region, bytes, hints);
}

/* ---- opening and closing ---- */

/* The bulk endpoint inwards of interface 0 as it comes up; 0 when it has none. */
static unsigned char find_endpoint(const usb_api *usb, usb_device *device) {
    usb_configuration *configuration;
    unsigned char found = 0;
    if (usb->get_active_config_descriptor(device, &configuration) != 0) {
        return 0;
    }
    if (configuration->interfaces > 0 && configuration->interface[0].count > 0) {
        const usb_setting *setting = &configuration->interface[0].settings[0];
        for (int i = 0; i < setting->endpoints && found == 0; i++) {
            const usb_endpoint *e = &setting->endpoint[i];
            const bool bulk_in = (e->attributes & 0x03) == USB_TYPE_BULK && (e->address & 0x80) != 0;
            found = bulk_in ? e->address : 0;
        }
    }
    usb->free_config_descriptor(configuration);
    return found;
}

static int occupy(eye_camera *c, usb_device *device) {
    c->endpoint = find_endpoint(c->usb, device);
    if (c->endpoint == 0) {
        return -ENODEV;
    }
    const int opened = mimir_eye_usb_error(c->usb->open(device, &c->handle));
    if (opened != 0) {
        c->handle = NULL;
        return opened;
    }
    c->device = c->usb->ref_device(device);
    c->usb->set_auto_detach_kernel_driver(c->handle, 1);
    const int claimed = mimir_eye_usb_error(c->usb->claim_interface(c->handle, 0));
    return claimed != 0 ? claimed : mimir_eye_wire_open(&c->wire, c->usb, c->handle);
}

int mimir_eye_camera_open(eye_camera *c, usb_device *device) {
    uint64_t sensor = 0;
    int error = occupy(c, device);
    error = error != 0 ? error : mimir_eye_set_up(&c->wire, &sensor);
    if (error != 0) {
        const int closed = mimir_eye_camera_close(c);
        return closed != 0 ? closed : error;
    }
    __atomic_store_n(&c->counts->sensor, sensor, __ATOMIC_RELAXED);
    __atomic_store_n(&c->counts->address, c->usb->get_device_address(device), __ATOMIC_RELAXED);
    __atomic_store_n(&c->counts->error, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&c->counts->state, MIMIR_PS3EYE_READY, __ATOMIC_RELEASE);
    return 0;
}

static void free_transfers(eye_camera *c) {
    for (uint64_t i = 0; i < EYE_MOST_TRANSFERS; i++) {
        if (c->transfers[i] != NULL) {
            c->usb->free_transfer(c->transfers[i]);
            c->transfers[i] = NULL;
        }
    }
    free(c->buffers);
    c->buffers = NULL;
}

int mimir_eye_camera_close(eye_camera *c) {
    if (c->wire.lost) {
        return -ETIMEDOUT;
    }
    free_transfers(c);
    mimir_eye_wire_close(&c->wire);
    if (c->handle != NULL) {
        c->usb->release_interface(c->handle, 0);
        c->usb->close(c->handle);
        c->usb->unref_device(c->device);
        c->handle = NULL;
        c->device = NULL;
    }
    return 0;
}

static void came_back(usb_transfer *transfer);

static int make_transfers(eye_camera *c) {
    const uint64_t bytes = c->config.transfer_bytes;
    free_transfers(c);
    c->buffers = malloc(c->config.transfers * bytes);
    if (c->buffers == NULL) {
        return -ENOMEM;
    }
    memset(c->buffers, 0, c->config.transfers * bytes); /* the worker meets no page for the first time */
    for (uint64_t i = 0; i < c->config.transfers; i++) {
        usb_transfer *t = c->usb->alloc_transfer(0);
        if (t == NULL) {
            return -ENOMEM;
        }
        c->transfers[i] = t;
        t->handle = c->handle;
        t->type = USB_TYPE_BULK;
        t->endpoint = c->endpoint;
        t->buffer = c->buffers + i * bytes;
        t->length = (int) bytes;
        t->callback = came_back;
        t->user_data = c;
    }
    return 0;
}

int mimir_eye_camera_prepare(eye_camera *c) {
    int error = make_transfers(c);
    error = error != 0 ? error : mimir_eye_usb_error(c->usb->clear_halt(c->handle, c->endpoint));
    error = error != 0 ? error : mimir_eye_choose(&c->wire, &c->mode, c->config.format_code != MIMIR_FORMAT_YUYV);
    for (uint64_t i = 0; i < MIMIR_PS3EYE_CONTROLS && error == 0; i++) {
        const uint64_t control = mimir_eye_control_in_order(i);
        error = mimir_eye_control_write(&c->wire, control, c->settings[control - 1]);
    }
    return error != 0 ? error : mimir_eye_stream(&c->wire, true);
}

void mimir_eye_camera_quieten(eye_camera *c) {
    if (mimir_eye_stream(&c->wire, false) == 0) {
        mimir_eye_led(&c->wire, false);
    }
}

/* ---- worker ---- */

void mimir_eye_tell(mimir_ps3eye_status *status) {
    __atomic_store_n(&status->changes, __atomic_load_n(&status->changes, __ATOMIC_RELAXED) + 1, __ATOMIC_RELEASE);
    mimir_eye_os_wake((const uint32_t *) &status->changes);
}

static void add(uint64_t *counter, uint64_t by) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

static void fly(eye_camera *c, uint32_t in_flight) {
    c->in_flight = in_flight;
    __atomic_store_n(&c->counts->in_flight, in_flight, __ATOMIC_RELAXED);
}

static void end_stream(eye_camera *c, enum mimir_ps3eye_state state, int error) {
    c->draining = true;
    __atomic_store_n(&c->counts->error, error, __ATOMIC_RELAXED);
    __atomic_store_n(&c->counts->state, state, __ATOMIC_RELEASE);
    mimir_eye_tell(c->status);
}

static void go_away(eye_camera *c, int64_t now_ns) {
    c->away_ns = now_ns;
    __atomic_store_n(&c->counts->gone_ns, now_ns, __ATOMIC_RELAXED);
}

void mimir_eye_camera_leave(eye_camera *c, int64_t now_ns) {
    if (__atomic_load_n(&c->counts->state, __ATOMIC_RELAXED) == MIMIR_PS3EYE_GONE) {
        return;
    }
    if (mimir_eye_frames_tear(&c->frames, MIMIR_DROP_UNPLUGGED)) {
        add(&c->status->items, 1);
    }
    go_away(c, now_ns);
    end_stream(c, MIMIR_PS3EYE_GONE, -ENODEV);
}

static void halt(eye_camera *c, int error, int64_t now_ns) {
    if (__atomic_load_n(&c->counts->state, __ATOMIC_RELAXED) == MIMIR_PS3EYE_STREAMING) {
        mimir_eye_frames_tear(&c->frames, MIMIR_DROP_STALLED);
        go_away(c, now_ns);
        end_stream(c, MIMIR_PS3EYE_HALTED, error);
    }
}

static void fail(eye_camera *c, int error, int64_t now_ns) {
    if (error == -ENODEV) {
        mimir_eye_camera_leave(c, now_ns);
    } else {
        halt(c, error, now_ns);
    }
}

/* A transfer that failed: what it held of a frame is lost, and the stream goes on if it can. */
static void stumble(eye_camera *c, const usb_transfer *t, int64_t now_ns) {
    const int error = mimir_eye_usb_status(t->status);
    if (error == -ECANCELED) {
        return;
    }
    if (error != -ENODEV) {
        add(&c->counts->transfer_errors, 1);
        mimir_eye_frames_tear(&c->frames, MIMIR_DROP_STALLED);
    }
    if (error == -ENODEV || error == -EPIPE || ++c->errors_in_row > MOST_ERRORS_IN_ROW) {
        fail(c, error, now_ns);
    }
}

static uint64_t handled(const eye_camera *c) {
    const mimir_ps3eye_counts *n = c->counts;
    return n->frames + n->short_frames + n->oversize_frames + n->damaged_frames + n->torn_frames + n->missing_frames;
}

static void came_back(usb_transfer *t) {
    eye_camera *c = t->user_data;
    const int64_t now_ns = mimir_clock_ns();
    const uint64_t before = handled(c);
    add(&c->status->completions, 1);
    if (t->status == USB_TRANSFER_COMPLETED) {
        c->errors_in_row = 0;
    }
    if (!c->draining && t->status == USB_TRANSFER_COMPLETED) {
        mimir_eye_frames_take(&c->frames, t->buffer, (uint64_t) t->actual_length, now_ns);
    } else {
        stumble(c, t, now_ns);
    }
    add(&c->status->items, handled(c) - before);
    if (!c->draining) {
        const int error = mimir_eye_usb_error(c->usb->submit_transfer(t));
        if (error == 0) {
            return;
        }
        fail(c, error, now_ns);
    }
    fly(c, c->in_flight - 1);
}

/* What the camera would have sent since that was counted last; it is counted now. */
static uint64_t slept_through(eye_camera *c, int64_t now_ns) {
    const uint64_t us = c->away_ns != 0 && now_ns > c->away_ns ? (uint64_t) (now_ns - c->away_ns) / 1000 : 0;
    const uint64_t frames = us * c->mode.rate_mhz / FRAMES_PER_US;
    c->away_ns += (int64_t) (frames * FRAMES_PER_US / c->mode.rate_mhz * 1000); /* the rest of a frame stays */
    return frames;
}

void mimir_eye_camera_miss(eye_camera *c, int64_t now_ns) {
    const uint64_t state = __atomic_load_n(&c->counts->state, __ATOMIC_RELAXED);
    if (state == MIMIR_PS3EYE_GONE || state == MIMIR_PS3EYE_HALTED) {
        mimir_eye_frames_miss(&c->frames, slept_through(c, now_ns));
    }
}

int mimir_eye_camera_stream(eye_camera *c, int64_t now_ns) {
    mimir_eye_frames_begin(&c->frames, slept_through(c, now_ns));
    c->draining = c->cancelled = false;
    c->errors_in_row = 0;
    c->away_ns = 0;
    __atomic_store_n(&c->counts->gone_ns, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&c->counts->start_ns, now_ns, __ATOMIC_RELAXED);
    add(&c->counts->starts, 1);
    __atomic_store_n(&c->counts->state, MIMIR_PS3EYE_STREAMING, __ATOMIC_RELEASE);
    for (uint64_t i = 0; i < c->config.transfers; i++) {
        const int error = mimir_eye_usb_error(c->usb->submit_transfer(c->transfers[i]));
        if (error != 0) {
            fail(c, error, now_ns);
            return error;
        }
        fly(c, c->in_flight + 1);
    }
    return 0;
}

bool mimir_eye_camera_drain(eye_camera *c) {
    c->draining = true;
    for (uint64_t i = 0; i < c->config.transfers && !c->cancelled; i++) {
        if (c->transfers[i] != NULL) {
            c->usb->cancel_transfer(c->transfers[i]);
        }
    }
    c->cancelled = true;
    return c->in_flight == 0;
}
