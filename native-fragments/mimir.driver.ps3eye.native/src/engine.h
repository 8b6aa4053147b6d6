// SPDX-License-Identifier: Apache-2.0
/*
 * The engine: libusb's one context, the worker that handles its events, and the one word through which control threads
 * give the worker orders.
 */
#ifndef MIMIR_PS3EYE_ENGINE_H
#define MIMIR_PS3EYE_ENGINE_H

#include "camera.h"
#include "os.h"

enum eye_order { EYE_NONE, EYE_WATCH, EYE_START, EYE_FORGET };

struct mimir_ps3eye {
    usb_api usb;
    usb_context *context;
    mimir_ps3eye_status *status;
    eye_camera *cameras[MIMIR_PS3EYE_MOST_CAMERAS]; /* by handle - 1; control threads' own */
    usb_device *held[MIMIR_PS3EYE_MOST_CAMERAS];    /* theirs, for whoever lists: compared only; release */
    eye_thread thread;
    char name[16];
    bool has_thread;
    bool lost;               /* the worker did not answer once: it is never waited for again */
    int hotplug;             /* handle of the callback */
    uint32_t stopping;       /* set by control, release; seen by the worker, acquire */
    uint32_t done;           /* set by the worker, release, as its last word */
    uint32_t order;          /* enum eye_order: set by control, release; back to NONE by the worker, release */
    eye_camera *subject;     /* of the order */
    int outcome;             /* of the order */
    uint32_t known_count;    /* from here on the worker's own */
    bool deaf;
    eye_camera *known[MIMIR_PS3EYE_MOST_CAMERAS];
    uint64_t written;        /* events so far; release */
    uint64_t read;           /* by control, release */
    mimir_ps3eye_event events[MIMIR_PS3EYE_MOST_EVENTS];
};

/* Begins and ends the worker. 0, -EAGAIN, -ETIMEDOUT. */
int mimir_eye_employ(mimir_ps3eye *engine);
int mimir_eye_dismiss(mimir_ps3eye *engine, int64_t timeout_ns);

/* Has the worker do it. Its outcome, or -ETIMEDOUT. */
int mimir_eye_ask(mimir_ps3eye *engine, enum eye_order order, eye_camera *camera, int64_t timeout_ns);

/* Where a device is: its ports as in mimir_ps3eye_device. */
uint64_t mimir_eye_ports(const usb_api *usb, usb_device *device);

/* libusb's callback for cameras that come and go; user_data is the engine. On the worker. */
int mimir_eye_plugged(usb_context *context, usb_device *device, int event, void *user_data);

#endif
