// SPDX-License-Identifier: Apache-2.0
/* A camera with its twin, its ring and its reader, for tests. */
#ifndef MIMIR_PS3EYE_TEST_RIG_H
#define MIMIR_PS3EYE_TEST_RIG_H

#include <pthread.h>

#include "../../ring/test/region.h"
#include "mimir_ps3eye.h"
#include "twin.h"

#define MS  INT64_C(1000000)
#define SEC INT64_C(1000000000)

typedef struct rig_camera {
    test_region region;
    mimir_ring_reader reader;
    mimir_ps3eye_counts counts;
    mimir_ps3eye_config config;
    mimir_ps3eye_mode mode;
    uint32_t identity;
    int twin;
    int handle;
    uint64_t frame_bytes;
    bool any;              /* a frame was read */
    uint32_t epoch;
    uint64_t frame;        /* number that stood in the newest picture */
    uint64_t holes;        /* numbers that were passed over */
} rig_camera;

extern mimir_ps3eye_status rig_status;
extern mimir_ps3eye *rig_engine;

/* The number of a mode. */
uint64_t rig_mode(uint64_t width, uint64_t rate_hz);

/* The engine opened; how it ended is told. */
int rig_open(const char *libusb, char *text, uint64_t text_bytes);

/* Stops and closes it. 0 when both did. */
int rig_close(void);

/* Plugs a twin in and adds it; `handle` says how that ended. `slots`: of its ring, touched beforehand. */
void rig_add(rig_camera *c, uint32_t bus, uint64_t mode, uint32_t format, uint32_t slots);

/* Gives the ring back and unplugs the twin; the camera is removed. */
void rig_free(rig_camera *c);

/*
 * Reads what is there and checks it bit by bit. Returns how many frames, or -EBADMSG for one that is not what its
 * camera sent, has another size or checksum, or runs backwards.
 */
int rig_read(rig_camera *c);

/* Reads until `frames` came, `timeout_ns` at most. Returns how many, or -EBADMSG. */
int rig_expect(rig_camera *c, int frames, int64_t timeout_ns);

/* Waits until the camera is in `state`. */
bool rig_await(const rig_camera *c, uint64_t state, int64_t timeout_ns);

/* Frames that the driver counted as lost while it streamed. */
uint64_t rig_lost(const rig_camera *c);

/* For a thread beside the control thread: lists what is plugged in until *over, a uint32_t, is set. NULL: it could. */
void *rig_look_on(void *over);

void rig_pass(int64_t ns);

/*
 * Real-time priority for the capture thread, as the engine of the platform gives it, and a lower one for who reads.
 * Whether it was granted.
 */
bool rig_hurry(void);

/* CPU seconds of the capture thread so far. */
double rig_cpu_s(void);

#endif
