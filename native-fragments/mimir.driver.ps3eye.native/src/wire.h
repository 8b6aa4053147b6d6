// SPDX-License-Identifier: Apache-2.0
/*
 * Registers of one camera over its control endpoint. Called by control threads; the worker only delivers the answer:
 * nobody but the worker ever handles events of libusb, so completions of frames run nowhere else.
 */
#ifndef MIMIR_PS3EYE_WIRE_H
#define MIMIR_PS3EYE_WIRE_H

#include <stdbool.h>

#include "tables.h"
#include "usb.h"

typedef struct eye_wire {
    const usb_api *usb;
    usb_transfer *transfer;
    uint8_t packet[16]; /* setup, then the byte */
    uint32_t done;      /* set by the worker, release, as its last word */
    bool lost;          /* an answer never came: transfer and packet belong to libusb for ever */
} eye_wire;

/* 0 or -ENOMEM. */
int mimir_eye_wire_open(eye_wire *w, const usb_api *usb, usb_handle *handle);
void mimir_eye_wire_close(eye_wire *w);

/* Read: the value, 0..255; write: 0. Or -ENODEV, -EIO, -ETIMEDOUT. */
int mimir_eye_read(eye_wire *w, enum mimir_ps3eye_chip chip, uint8_t number);
int mimir_eye_write(eye_wire *w, enum mimir_ps3eye_chip chip, uint8_t number, uint8_t value);

/* Reset, identity, tables; `sensor` receives the identity. */
int mimir_eye_set_up(eye_wire *w, uint64_t *sensor);

/* Tables of a size and format, then the rate and the hue. */
int mimir_eye_choose(eye_wire *w, const mimir_ps3eye_mode *mode, bool bayer);

int mimir_eye_led(eye_wire *w, bool on);
int mimir_eye_stream(eye_wire *w, bool on);

/*
 * Several controls but for LED, which has its own: each register is written once, in the order in which they want it;
 * of one control the last value holds.
 */
int mimir_eye_controls_write(eye_wire *w, const mimir_ps3eye_setting *settings, uint64_t count);

/* A control: LED means the light as it is now. */
int mimir_eye_control_write(eye_wire *w, uint64_t control, int64_t value);
int mimir_eye_control_read(eye_wire *w, uint64_t control, int64_t *value);

#endif
