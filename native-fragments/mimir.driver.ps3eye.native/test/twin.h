// SPDX-License-Identifier: Apache-2.0
/*
 * PS3 Eyes that are not there, for the system's own libusb: umockdev shows them in sysfs and tells their comings and
 * goings, a shim of usbfs in this process (open, close, ioctl) carries their transfers, a thread for each sends what
 * its model says. The process must run under libumockdev-preload.so.0; a library with this in it is preloaded before
 * that.
 *
 * Threads: mimir_twin_open, _close, _plug and _unplug by one thread at a time; the rest by any. Cameras are handles
 * from 1 on. Errors are negative errno values.
 */
#ifndef MIMIR_PS3EYE_TEST_TWIN_H
#define MIMIR_PS3EYE_TEST_TWIN_H

#include <stdbool.h>

#include "model.h"

#define MIMIR_TWIN_API __attribute__((visibility("default")))
#define MIMIR_TWIN_BUSES 8u

/* Every member has eight bytes. */
typedef struct mimir_twin_counts {
    uint64_t frames_sent;      /* since it was plugged in */
    uint64_t frames_skipped;   /* since the one before had not been fetched */
    uint64_t frames_planned;   /* by MODEL_SKIP */
    uint64_t streaming;
    uint64_t defects;
    uint64_t rate_mhz;
    uint64_t writes;           /* of registers, sensor and bridge */
    uint64_t requests;         /* to endpoint 0 */
    uint64_t queued;           /* transfers that wait */
    uint64_t bytes;
    uint64_t granted;          /* 1: its thread has real-time priority */
    uint64_t frames_starved;   /* of frames_skipped: nothing had asked for them; for the others the twin was late */
} mimir_twin_counts;

/* Starts the program anew under umockdev when it does not run so yet. Returns false when umockdev is not here. */
bool twin_enter(char *const *arguments);

/* Shows eight empty buses with a controller each. 0, -ENOENT (no umockdev, or not preloaded). */
MIMIR_TWIN_API int mimir_twin_open(void);
MIMIR_TWIN_API void mimir_twin_close(void);

/*
 * Plugs a camera in: bus 1..8, port 1..8. `identity` goes into its pictures (model_check). Returns a handle, -EBUSY,
 * -ENOSPC, -ENOENT (no mimir_twin_open before).
 */
MIMIR_TWIN_API int mimir_twin_plug(uint32_t bus, uint32_t port, uint32_t identity);

/* The same; it tells this serial number, at most 32 bytes, which real ones do not. NULL: none. */
MIMIR_TWIN_API int mimir_twin_plug_as(uint32_t bus, uint32_t port, uint32_t identity, const char *serial);

/* Pulls it out: transfers end, whoever has it open is told, then the system. Its handle is gone. */
MIMIR_TWIN_API int mimir_twin_unplug(int camera);

/* Plans a fault (enum model_fault) for frame `frame` of its streams. Fault 0 forgets those that were planned. */
MIMIR_TWIN_API int mimir_twin_fault(int camera, uint32_t fault, uint64_t frame, uint32_t n);

MIMIR_TWIN_API int mimir_twin_counts_of(int camera, mimir_twin_counts *counts);

/* A register as the model has it: chip 0 bridge, 1 sensor. */
MIMIR_TWIN_API int mimir_twin_register(int camera, uint32_t chip, uint32_t number);

/* Copies the register writes from number `from` on, `most` at the most (at 3 bytes each). Returns how many. */
MIMIR_TWIN_API int mimir_twin_log(int camera, uint64_t from, model_write *writes, uint32_t most);

/*
 * When the last transfer of a frame was about to be done, and when a request to endpoint 0 came (the first is 1); by
 * mimir_clock_ns. Kept for the newest 1024 of each. -ENOENT: that one is not known.
 */
MIMIR_TWIN_API int64_t mimir_twin_ended(int camera, uint64_t frame);
MIMIR_TWIN_API int64_t mimir_twin_asked(int camera, uint64_t request);

/*
 * The truth of the stream that runs at a place: when its frame 0 was due (mimir_clock_ns), and the time from one to the
 * next; the device is never late. 0, or -ENODEV when none runs there.
 */
MIMIR_TWIN_API int mimir_twin_truth(uint64_t bus, uint64_t port, int64_t *first_ns, int64_t *period_ns);

/* model_check for other languages: the number of the frame, or -EBADMSG. */
MIMIR_TWIN_API int64_t mimir_twin_check(const uint8_t *bytes, uint64_t length, uint32_t identity);

/* Opening any of them is refused with this errno (EACCES) from now on; 0: no longer. */
MIMIR_TWIN_API void mimir_twin_refuse(int error);

/*
 * Plugs in what the kit file of the driver asks for (META-INF/mimir/tck.json), each on a bus of its own, and sees to it
 * from a thread that ends with the process: 1-1 works; 2-1, "twin.lossy", leaves out each twentieth frame; 3-1,
 * "twin.unplugged", is pulled out after 300 ms of each stream, for 200 ms; 4-1, "twin.hanging", works. None of them
 * leaves out a frame because this machine was late: what the kit finds missing is the driver's.
 * After mimir_twin_open; nobody else plugs then. 0, or an error.
 */
MIMIR_TWIN_API int mimir_twin_play_kit(void);

#endif
