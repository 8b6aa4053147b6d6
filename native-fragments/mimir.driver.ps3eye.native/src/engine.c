// SPDX-License-Identifier: Apache-2.0
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRAIN_NS INT64_C(5000000000) /* what a camera that is already away gets for its transfers */

/* ---- opening and closing ---- */

static int fail_open(mimir_ps3eye *e, int error) {
    if (e->context != NULL) {
        e->usb.exit(e->context);
    }
    if (e->usb.library != NULL) {
        mimir_eye_os_unload(e->usb.library);
    }
    free(e);
    return error;
}

static int begin_usb(mimir_ps3eye *e, char *text, uint64_t text_bytes) {
    const int begun = e->usb.init(&e->context);
    if (begun != 0) {
        e->context = NULL;
        const bool none = begun == USB_ERROR_OTHER || begun == USB_ERROR_NOT_FOUND;
        snprintf(text, text_bytes, none
                 ? "this system shows no USB (libusb error %d): give it /dev/bus/usb, a container too"
                 : "libusb could not begin (error %d): look whether this user may use USB at all", begun);
        return none ? -ENODEV : -EIO;
    }
    const usb_version *v = e->usb.get_version();
    e->status->libusb = (uint64_t) v->major << 24 | (uint64_t) v->minor << 16 | v->micro;
    e->status->hotplug = e->usb.has_capability(USB_HAS_HOTPLUG) != 0
        && e->usb.hotplug_register_callback(e->context, USB_ARRIVED | USB_LEFT, 0, MIMIR_PS3EYE_ID >> 16,
                                            MIMIR_PS3EYE_ID & 0xFFFF, USB_MATCH_ANY, mimir_eye_plugged, e,
                                            &e->hotplug) == 0;
    return 0;
}

int mimir_ps3eye_open(mimir_ps3eye **engine, const char *thread_prefix, mimir_ps3eye_status *status,
                      const char *libusb, char *text, uint64_t text_bytes) {
    if (engine == NULL || thread_prefix == NULL || strlen(thread_prefix) > 11 || status == NULL || text == NULL
            || text_bytes == 0 || (uintptr_t) status % 8 != 0) {
        return -EINVAL;
    }
    text[0] = 0;
    mimir_ps3eye *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return -ENOMEM;
    }
    e->status = status;
    snprintf(e->name, sizeof e->name, "%s-usb", thread_prefix);
    int error = mimir_eye_usb_load(&e->usb, libusb, text, text_bytes);
    error = error != 0 ? error : begin_usb(e, text, text_bytes);
    if (error != 0) {
        return fail_open(e, error);
    }
    error = mimir_eye_employ(e);
    if (error == -ETIMEDOUT) { /* it may still begin: nothing of it is freed */
        snprintf(text, text_bytes, "the thread that is to serve USB did not begin: this machine is too busy");
        return error;
    }
    if (error != 0) {
        snprintf(text, text_bytes, "the system gives no thread for USB: too many run here");
        return fail_open(e, error);
    }
    e->status->plug_tid = e->status->hotplug != 0 ? (uint64_t) mimir_eye_os_thread_called("libusb_event") : 0;
    *engine = e;
    return 0;
}

int mimir_ps3eye_close(mimir_ps3eye *e) {
    if (e->has_thread) {
        return -EBUSY;
    }
    if (e->status->hotplug != 0) {
        e->usb.hotplug_deregister_callback(e->context, e->hotplug);
    }
    e->usb.exit(e->context);
    mimir_eye_os_unload(e->usb.library);
    free(e);
    return 0;
}

uint64_t mimir_ps3eye_wait(mimir_ps3eye *e, uint64_t seen, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    uint64_t changes = __atomic_load_n(&e->status->changes, __ATOMIC_ACQUIRE);
    while (changes == seen) {
        const int64_t left_ns = until_ns - mimir_clock_ns();
        if (left_ns <= 0) {
            break;
        }
        mimir_eye_os_rest((const uint32_t *) &e->status->changes, (uint32_t) seen, left_ns);
        changes = __atomic_load_n(&e->status->changes, __ATOMIC_ACQUIRE);
    }
    return changes;
}

int mimir_ps3eye_events(mimir_ps3eye *e, mimir_ps3eye_event *events, uint64_t most) {
    const uint64_t written = __atomic_load_n(&e->written, __ATOMIC_ACQUIRE);
    uint64_t n = 0;
    for (; n < most && e->read + n < written; n++) {
        events[n] = e->events[(e->read + n) % MIMIR_PS3EYE_MOST_EVENTS];
    }
    __atomic_store_n(&e->read, e->read + n, __ATOMIC_RELEASE);
    return (int) n;
}

/* ---- what is plugged in ---- */

uint64_t mimir_eye_ports(const usb_api *usb, usb_device *device) {
    uint8_t numbers[8];
    uint64_t ports = 0;
    const int n = usb->get_port_numbers(device, numbers, sizeof numbers);
    for (int i = 0; i < n; i++) {
        ports |= (uint64_t) numbers[i] << (8 * i);
    }
    return ports;
}

static uint64_t camera_at(const mimir_ps3eye *e, const usb_device *device) {
    for (unsigned i = 0; i < MIMIR_PS3EYE_MOST_CAMERAS; i++) {
        if (e->cameras[i] != NULL && e->cameras[i]->device == device) {
            return i + 1;
        }
    }
    return 0;
}

/* After each change of a camera's device, for the lists of other threads. */
static void show_held(mimir_ps3eye *e) {
    for (unsigned i = 0; i < MIMIR_PS3EYE_MOST_CAMERAS; i++) {
        __atomic_store_n(&e->held[i], e->cameras[i] != NULL ? e->cameras[i]->device : NULL, __ATOMIC_RELEASE);
    }
}

static uint64_t holder_of(const mimir_ps3eye *e, const usb_device *device) {
    for (unsigned i = 0; i < MIMIR_PS3EYE_MOST_CAMERAS; i++) {
        if (__atomic_load_n(&e->held[i], __ATOMIC_ACQUIRE) == device) {
            return i + 1;
        }
    }
    return 0;
}

static void describe(const mimir_ps3eye *e, usb_device *device, mimir_ps3eye_device *to) {
    usb_device_descriptor d = {0};
    e->usb.get_device_descriptor(device, &d);
    const int speed = e->usb.get_device_speed(device);
    *to = (mimir_ps3eye_device) {.bus = e->usb.get_bus_number(device), .ports = mimir_eye_ports(&e->usb, device),
        .address = e->usb.get_device_address(device), .id = (uint64_t) d.vendor << 16 | d.product,
        .device_class = d.device_class, .speed = speed > 0 ? (uint64_t) speed : 0, .camera = holder_of(e, device)};
    to->access = mimir_eye_os_access(to->bus, to->address);
    mimir_eye_os_tell(to->bus, to->ports, "controller", to->controller, sizeof to->controller);
    mimir_eye_os_tell(to->bus, to->ports, "serial", to->serial, sizeof to->serial);
    mimir_eye_os_tell(to->bus, to->ports, "product", to->product, sizeof to->product);
}

int mimir_ps3eye_list(mimir_ps3eye *e, mimir_ps3eye_device *devices, uint64_t most) {
    usb_device **list;
    const ptrdiff_t n = e->usb.get_device_list(e->context, &list);
    if (n < 0) {
        return -EIO;
    }
    for (ptrdiff_t i = 0; i < n && (uint64_t) i < most; i++) {
        describe(e, list[i], &devices[i]);
    }
    e->usb.free_device_list(list, 1);
    e->usb.interrupt_event_handler(e->context); /* whoever looks has the losses of cameras that are away, too */
    return (int) n;
}

/* ---- cameras ---- */

static eye_camera *camera_of(const mimir_ps3eye *e, int camera) {
    return camera >= 1 && camera <= (int) MIMIR_PS3EYE_MOST_CAMERAS ? e->cameras[camera - 1] : NULL;
}

static uint64_t state_of(const eye_camera *c) {
    return __atomic_load_n(&c->counts->state, __ATOMIC_ACQUIRE);
}

/* Opens the camera at a place and shows it to the worker. */
static int open_at(mimir_ps3eye *e, eye_camera *c, uint64_t bus, uint64_t ports) {
    usb_device **list;
    int error = -ENODEV;
    const ptrdiff_t n = e->usb.get_device_list(e->context, &list);
    for (ptrdiff_t i = 0; i < n; i++) {
        usb_device_descriptor d = {0};
        if (e->usb.get_bus_number(list[i]) != bus || mimir_eye_ports(&e->usb, list[i]) != ports) {
            continue;
        }
        e->usb.get_device_descriptor(list[i], &d);
        if (((uint32_t) d.vendor << 16 | d.product) == MIMIR_PS3EYE_ID) {
            error = camera_at(e, list[i]) != 0 ? -EBUSY : mimir_eye_camera_open(c, list[i]);
        }
        break;
    }
    if (n >= 0) {
        e->usb.free_device_list(list, 1);
    }
    if (error == 0) {
        c->config.bus = bus;
        c->config.ports = ports;
        error = mimir_eye_ask(e, EYE_WATCH, c, DRAIN_NS);
        c->known = true;
    }
    return error;
}

int mimir_ps3eye_add(mimir_ps3eye *e, const mimir_ps3eye_config *config, void *region, uint64_t bytes, void *hints,
                     mimir_ps3eye_counts *counts) {
    unsigned place = 0;
    while (place < MIMIR_PS3EYE_MOST_CAMERAS && e->cameras[place] != NULL) {
        place++;
    }
    if (place == MIMIR_PS3EYE_MOST_CAMERAS) {
        return -ENOSPC;
    }
    eye_camera *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return -ENOMEM;
    }
    c->usb = &e->usb;
    c->status = e->status;
    int error = mimir_eye_camera_make(c, config, region, bytes, hints, counts);
    error = error != 0 ? error : open_at(e, c, config->bus, config->ports);
    if (error != 0 && !c->known && !c->wire.lost) {
        free(c);
    }
    if (error != 0) {
        return error;
    }
    e->cameras[place] = c;
    show_held(e);
    return (int) place + 1;
}

/* Takes the camera from the worker and gives its device back. */
static int let_go(mimir_ps3eye *e, eye_camera *c, int64_t timeout_ns) {
    if (c->known) {
        const int error = mimir_eye_ask(e, EYE_FORGET, c, timeout_ns);
        if (error != 0) {
            return error;
        }
        c->known = false;
    }
    return mimir_eye_camera_close(c);
}

int mimir_ps3eye_attach(mimir_ps3eye *e, int camera, uint64_t bus, uint64_t ports) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL) {
        return -EINVAL;
    }
    if (state_of(c) == MIMIR_PS3EYE_STREAMING) {
        return -EBUSY;
    }
    int error = let_go(e, c, DRAIN_NS);
    error = error != 0 ? error : open_at(e, c, bus, ports);
    show_held(e);
    if (error != 0) {
        __atomic_store_n(&c->counts->state, MIMIR_PS3EYE_GONE, __ATOMIC_RELEASE);
    }
    if (error != 0 && !c->known) { /* what it would have sent goes on being lost */
        c->known = mimir_eye_ask(e, EYE_WATCH, c, DRAIN_NS) == 0;
    }
    return error;
}

int mimir_ps3eye_start(mimir_ps3eye *e, int camera, int64_t timeout_ns) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL) {
        return -EINVAL;
    }
    if (state_of(c) != MIMIR_PS3EYE_READY) {
        return state_of(c) == MIMIR_PS3EYE_STREAMING ? -EALREADY : -ENODEV;
    }
    const int error = mimir_eye_camera_prepare(c);
    return error != 0 ? error : mimir_eye_ask(e, EYE_START, c, timeout_ns);
}

static bool is_settable(const mimir_ps3eye_setting *s) {
    mimir_ps3eye_range range;
    return s->control >= 1 && mimir_ps3eye_control_at(s->control - 1, &range) == 0 && s->value >= range.least
        && s->value <= range.most;
}

static bool is_away(const eye_camera *c) {
    return state_of(c) == MIMIR_PS3EYE_GONE || c->handle == NULL;
}

int mimir_ps3eye_set(mimir_ps3eye *e, int camera, const mimir_ps3eye_setting *settings, uint64_t count) {
    eye_camera *c = camera_of(e, camera);
    int error = c == NULL ? -EINVAL : 0;
    for (uint64_t i = 0; i < count && error == 0; i++) {
        error = is_settable(&settings[i]) ? 0 : -EINVAL;
    }
    if (error != 0) {
        return error;
    }
    bool led = false;
    for (uint64_t i = 0; i < count; i++) {
        c->settings[settings[i].control - 1] = settings[i].value;
        led |= settings[i].control == MIMIR_PS3EYE_LED;
    }
    error = is_away(c) ? -ENODEV : mimir_eye_controls_write(&c->wire, settings, count);
    if (error == 0 && led && state_of(c) == MIMIR_PS3EYE_STREAMING) {
        error = mimir_eye_led(&c->wire, c->settings[MIMIR_PS3EYE_LED - 1] != 0);
    }
    return error;
}

int mimir_ps3eye_get(mimir_ps3eye *e, int camera, uint64_t control, int64_t *value) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL || control < 1 || control > MIMIR_PS3EYE_CONTROLS) {
        return -EINVAL;
    }
    return is_away(c) ? -ENODEV : mimir_eye_control_read(&c->wire, control, value);
}

int mimir_ps3eye_register(mimir_ps3eye *e, int camera, uint64_t chip, uint64_t number) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL || chip > MIMIR_PS3EYE_SENSOR || number > 0xFF) {
        return -EINVAL;
    }
    return is_away(c) ? -ENODEV : mimir_eye_read(&c->wire, (enum mimir_ps3eye_chip) chip, (uint8_t) number);
}

int mimir_ps3eye_poke(mimir_ps3eye *e, int camera, uint64_t chip, uint64_t number, uint64_t value) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL || chip > MIMIR_PS3EYE_SENSOR || number > 0xFF || value > 0xFF) {
        return -EINVAL;
    }
    return is_away(c) ? -ENODEV
        : mimir_eye_write(&c->wire, (enum mimir_ps3eye_chip) chip, (uint8_t) number, (uint8_t) value);
}

int mimir_ps3eye_remove(mimir_ps3eye *e, int camera, int64_t timeout_ns) {
    eye_camera *c = camera_of(e, camera);
    if (c == NULL) {
        return -EINVAL;
    }
    if (state_of(c) == MIMIR_PS3EYE_STREAMING && !e->lost) {
        mimir_eye_camera_quieten(c);
    }
    const int error = let_go(e, c, timeout_ns);
    if (error != 0) {
        return error;
    }
    e->cameras[camera - 1] = NULL;
    show_held(e);
    free(c);
    return 0;
}

int mimir_ps3eye_stop(mimir_ps3eye *e, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    int result = 0;
    for (int i = 1; i <= (int) MIMIR_PS3EYE_MOST_CAMERAS; i++) {
        const int64_t left_ns = until_ns - mimir_clock_ns();
        if (e->cameras[i - 1] != NULL && mimir_ps3eye_remove(e, i, left_ns > 0 ? left_ns : 0) != 0) {
            result = -ETIMEDOUT;
        }
    }
    if (result != 0) {
        return result;
    }
    const int64_t left_ns = until_ns - mimir_clock_ns();
    return mimir_eye_dismiss(e, left_ns > 0 ? left_ns : 0);
}
