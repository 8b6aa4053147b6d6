// SPDX-License-Identifier: Apache-2.0
/* Registers of the camera, and what is written to them when; the public header says where they come from. */
#ifndef MIMIR_PS3EYE_TABLES_H
#define MIMIR_PS3EYE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "mimir_ps3eye.h"

typedef struct eye_write {
    uint8_t number;
    uint8_t value;
} eye_write;

typedef struct eye_table {
    const eye_write *writes;
    uint32_t count;
} eye_table;

/* What is written when the camera is opened, and when it is started: VGA or QVGA, Bayer or YUYV. */
eye_table mimir_eye_opening(enum mimir_ps3eye_chip chip);
eye_table mimir_eye_starting(enum mimir_ps3eye_chip chip, bool small, bool bayer);

/* The sensor's hue: colours as they are. No control of ours, but what a sensor has after its reset is not known. */
eye_table mimir_eye_hue(void);

/* Control number `index` in the order in which a start writes them, which is the kernel's. */
uint64_t mimir_eye_control_in_order(uint64_t index);

/* How one part of a control stands in a register of the sensor: its bits, and what they are for a value. */
typedef struct eye_part {
    uint8_t number;
    uint8_t mask;
    uint8_t bits;
} eye_part;

#define EYE_MOST_PARTS 2
#define EYE_REGISTERS  14 /* of all controls together */

/* The registers of `control` (not LED) with `value`. Returns how many of `parts` were filled. */
int mimir_eye_parts(uint64_t control, int64_t value, eye_part parts[EYE_MOST_PARTS]);

/* The value of `control` when its registers, in the order of mimir_eye_parts, have `contents`. */
int64_t mimir_eye_value(uint64_t control, const uint8_t contents[EYE_MOST_PARTS]);

#endif
