// SPDX-License-Identifier: Apache-2.0
#include "engine.h"

#define LOOK_NS    INT64_C(200000)      /* how often control looks for its answer */
#define BEGIN_NS   INT64_C(5000000000)

/* ---- worker ---- */

static void forget(mimir_ps3eye *e, const eye_camera *c) {
    for (uint32_t i = 0; i < e->known_count; i++) {
        if (e->known[i] == c) {
            e->known[i] = e->known[--e->known_count];
            return;
        }
    }
}

static bool any_hangs(const mimir_ps3eye *e) {
    for (uint32_t i = 0; i < e->known_count; i++) {
        if (e->known[i]->config.hang_on_stop != 0) {
            return true;
        }
    }
    return false;
}

/* True when it is done; a camera is forgotten once its last transfer came back, which takes a few rounds. */
static bool carry_out(mimir_ps3eye *e, enum eye_order order, eye_camera *c) {
    switch (order) {
    case EYE_WATCH:
        e->known[e->known_count++] = c;
        return true;
    case EYE_START:
        e->outcome = mimir_eye_camera_stream(c, mimir_clock_ns());
        return true;
    default:
        if (any_hangs(e)) {
            e->deaf = true;
            return false;
        }
        if (!mimir_eye_camera_drain(c)) {
            return false;
        }
        mimir_eye_frames_tear(&c->frames, MIMIR_DROP_ABORTED);
        forget(e, c);
        return true;
    }
}

static void obey(mimir_ps3eye *e) {
    const enum eye_order order = __atomic_load_n(&e->order, __ATOMIC_ACQUIRE);
    if (order == EYE_NONE || e->deaf) {
        return;
    }
    e->outcome = 0;
    if (carry_out(e, order, e->subject)) {
        __atomic_store_n(&e->order, EYE_NONE, __ATOMIC_RELEASE);
    }
}

/* Cameras that halted: their transfers are fetched back here, since a completion must not wait for others. */
static void clean_up(mimir_ps3eye *e) {
    for (uint32_t i = 0; i < e->known_count; i++) {
        eye_camera *c = e->known[i];
        if (c->draining && !c->cancelled) {
            mimir_eye_camera_drain(c);
        }
        if (c->away_ns != 0) {
            mimir_eye_camera_miss(c, mimir_clock_ns());
        }
    }
}

static void work(void *argument) {
    mimir_ps3eye *e = argument;
    __atomic_store_n(&e->status->tid, mimir_eye_os_enter(e->name), __ATOMIC_RELEASE);
    while (__atomic_load_n(&e->stopping, __ATOMIC_ACQUIRE) == 0 || any_hangs(e)) {
        e->usb.handle_events_completed(e->context, NULL);
        clean_up(e);
        obey(e);
    }
    __atomic_store_n(&e->status->tid, 0, __ATOMIC_RELEASE);
    mimir_eye_tell(e->status);
    __atomic_store_n(&e->done, 1, __ATOMIC_RELEASE);
}

int mimir_eye_plugged(usb_context *context, usb_device *device, int event, void *user_data) {
    mimir_ps3eye *e = user_data;
    const int64_t now_ns = mimir_clock_ns();
    (void) context;
    for (uint32_t i = 0; event == USB_LEFT && i < e->known_count; i++) {
        if (e->known[i]->device == device) {
            mimir_eye_camera_leave(e->known[i], now_ns);
        }
    }
    if (e->written - __atomic_load_n(&e->read, __ATOMIC_ACQUIRE) == MIMIR_PS3EYE_MOST_EVENTS) {
        __atomic_store_n(&e->status->lost_events, e->status->lost_events + 1, __ATOMIC_RELAXED);
    } else {
        e->events[e->written % MIMIR_PS3EYE_MOST_EVENTS] = (mimir_ps3eye_event) {
            .what = event == USB_LEFT ? MIMIR_PS3EYE_LEFT : MIMIR_PS3EYE_ARRIVED, .host_time_ns = now_ns,
            .bus = e->usb.get_bus_number(device), .ports = mimir_eye_ports(&e->usb, device),
            .address = e->usb.get_device_address(device)};
        __atomic_store_n(&e->written, e->written + 1, __ATOMIC_RELEASE);
    }
    mimir_eye_tell(e->status);
    return 0;
}

/* ---- control ---- */

static bool comes_true(const uint32_t *word, uint32_t wanted, int64_t until_ns) {
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != wanted) {
        if (mimir_clock_ns() >= until_ns) {
            return false;
        }
        mimir_eye_os_sleep(LOOK_NS);
    }
    return true;
}

int mimir_eye_ask(mimir_ps3eye *e, enum eye_order order, eye_camera *c, int64_t timeout_ns) {
    if (e->lost) {
        return -ETIMEDOUT;
    }
    e->subject = c;
    __atomic_store_n(&e->order, order, __ATOMIC_RELEASE);
    e->usb.interrupt_event_handler(e->context);
    e->lost = !comes_true(&e->order, EYE_NONE, mimir_clock_ns() + timeout_ns);
    return e->lost ? -ETIMEDOUT : e->outcome;
}

int mimir_eye_employ(mimir_ps3eye *e) {
    e->thread.body = work;
    e->thread.argument = e;
    const int error = mimir_eye_os_start(&e->thread);
    if (error != 0) {
        return error;
    }
    e->has_thread = true;
    const int64_t until_ns = mimir_clock_ns() + BEGIN_NS;
    while (__atomic_load_n(&e->status->tid, __ATOMIC_ACQUIRE) == 0) {
        if (mimir_clock_ns() >= until_ns) {
            return -ETIMEDOUT;
        }
        mimir_eye_os_sleep(LOOK_NS);
    }
    return 0;
}

int mimir_eye_dismiss(mimir_ps3eye *e, int64_t timeout_ns) {
    if (!e->has_thread) {
        return 0;
    }
    __atomic_store_n(&e->stopping, 1, __ATOMIC_RELEASE);
    e->usb.interrupt_event_handler(e->context);
    if (!comes_true(&e->done, 1, mimir_clock_ns() + timeout_ns)) {
        return -ETIMEDOUT;
    }
    mimir_eye_os_join(&e->thread);
    e->has_thread = false;
    return 0;
}
