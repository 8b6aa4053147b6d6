// SPDX-License-Identifier: Apache-2.0
/*
 * One camera: its device, its transfers, its frames. Opened, set and freed by control threads; once the worker knows
 * it, transfers and frames are the worker's.
 */
#ifndef MIMIR_PS3EYE_CAMERA_H
#define MIMIR_PS3EYE_CAMERA_H

#include "frames.h"
#include "wire.h"

#define EYE_MOST_TRANSFERS 64u

typedef struct eye_camera {
    const usb_api *usb;
    mimir_ps3eye_status *status;
    mimir_ps3eye_config config;
    mimir_ps3eye_mode mode;
    mimir_ps3eye_counts *counts;
    usb_device *device;
    usb_handle *handle;
    eye_wire wire;
    int64_t settings[MIMIR_PS3EYE_CONTROLS]; /* by control - 1 */
    unsigned char endpoint;
    uint32_t *bell;          /* low half of status.changes, for who sleeps */
    bool known;              /* to the worker */
    uint8_t *buffers;
    usb_transfer *transfers[EYE_MOST_TRANSFERS];
    eye_frames frames;       /* from here on the worker's own, once it knows the camera */
    uint32_t in_flight;
    uint32_t errors_in_row;
    bool draining;           /* transfers are not handed back any more */
    bool cancelled;
    int64_t away_ns;         /* until when its absence has been counted, 0 while it is there */
} eye_camera;

/* Checks the configuration, binds the ring. `c` is zeroed but for usb and status. As mimir_ps3eye_add. */
int mimir_eye_camera_make(eye_camera *c, const mimir_ps3eye_config *config, void *region, uint64_t bytes, void *hints,
                          mimir_ps3eye_counts *counts);

/* Opens the device, which it takes a reference to, and sets the camera up. As mimir_ps3eye_add. */
int mimir_eye_camera_open(eye_camera *c, usb_device *device);

/* Gives the device back. No transfer may be in flight. -ETIMEDOUT: a register request is, and nothing was freed. */
int mimir_eye_camera_close(eye_camera *c);

/* Mode, rate and settings into the camera, memory for transfers, stream on. */
int mimir_eye_camera_prepare(eye_camera *c);

/* Stream and light off, as far as the camera still listens. */
void mimir_eye_camera_quieten(eye_camera *c);

/* ---- worker ---- */

/* Hands all transfers to libusb. 0 or an error; some may be in flight all the same. */
int mimir_eye_camera_stream(eye_camera *c, int64_t now_ns);

/* Asks for all transfers back, once. Returns whether none is in flight. */
bool mimir_eye_camera_drain(eye_camera *c);

/* The device left its bus. */
void mimir_eye_camera_leave(eye_camera *c, int64_t now_ns);

/* Counts what a camera that is away would have sent since it was counted last. */
void mimir_eye_camera_miss(eye_camera *c, int64_t now_ns);

/* Tells waiters that something changed. */
void mimir_eye_tell(mimir_ps3eye_status *status);

#endif
