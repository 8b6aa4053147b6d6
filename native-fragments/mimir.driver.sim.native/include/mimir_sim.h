// SPDX-License-Identifier: Apache-2.0
/*
 * Simulated cameras and audio interfaces: C threads that write frames and blocks straight into Mimir rings, with the
 * timing, the faults and the truth that a configuration asks for (docs/scenario.md says what its members mean to
 * people).
 *
 * Threads: control functions are called by one thread at a time; the caller sees to that. They may block, allocate and
 * take the time-outs that they are given. Each engine has at most two workers of its own: one for all cameras, one
 * for all audio devices, however many there are. A worker, once running, makes no system call but to sleep and to
 * wake readers.
 * Ownership: whatever the caller passes (regions, hints, truth, controls, status) stays its own and must stay mapped
 * until mimir_sim_remove or mimir_sim_stop said 0; after -ETIMEDOUT it must stay mapped for ever.
 * Errors: 0 or a handle is success, negative errno values are not. All times in ns; "canonical" is mimir_clock_ns().
 */
#ifndef MIMIR_SIM_H
#define MIMIR_SIM_H

#include "mimir_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && !defined(_WIN32)
#define MIMIR_SIM_API __attribute__((visibility("default")))
#else
#define MIMIR_SIM_API
#endif

#define MIMIR_SIM_MOST_DEVICES  32u
#define MIMIR_SIM_MOST_SCRIPTED 16u
#define MIMIR_SIM_MOST_MISSING  64u
#define MIMIR_SIM_TRUTH_EPOCHS  256u
#define MIMIR_SIM_TRUTH_ITEMS   65536u

enum mimir_sim_family { MIMIR_SIM_CAMERA = 0, MIMIR_SIM_AUDIO = 1, MIMIR_SIM_FAMILIES = 2 };

/* What happens at a moment; `at_ns` counts from the start of the device, in canonical time. */
enum mimir_sim_happening {
    MIMIR_SIM_STALL_LOST = 1, /* items that would arrive within `value_ns` are lost (STALLED) */
    MIMIR_SIM_STALL_LATE = 2, /* they arrive all at once when it is over */
    MIMIR_SIM_STEP = 3,       /* the device clock jumps by `value_ns` */
    MIMIR_SIM_UNPLUG = 4      /* items taken within `value_ns` are lost (UNPLUGGED); then an epoch begins, sequence 0 */
};

typedef struct mimir_sim_moment {
    uint64_t what;     /* enum mimir_sim_happening */
    int64_t  at_ns;
    int64_t  value_ns;
} mimir_sim_moment;

/* A device. Every member has eight bytes, so that the Java twin is a plain list of names. */
typedef struct mimir_sim_config {
    uint64_t struct_bytes;     /* sizeof this */
    uint64_t family;           /* enum mimir_sim_family */
    uint64_t format_code;      /* enum mimir_format_code: GREY8, YUYV, YUV444P, NV12, BAYER_GRBG8, F32_PLANAR */
    uint64_t format_id;        /* goes into every descriptor */
    uint64_t width;            /* pixels, at least 64; audio: channels */
    uint64_t height;           /* pixels; audio: sample frames in a block */
    uint64_t rate_num;         /* frames (audio: sample frames) per second by the device's own clock, a fraction */
    uint64_t rate_den;
    uint64_t device_tick_hz;   /* of a camera's clock; 0: it tells no time. Audio counts its samples */
    uint64_t seed;             /* same seed, same faults, same jitter */
    int64_t  phase_ns;         /* first item this long after the start */
    double   drift_ppm;        /* how much too slow the device clock runs: its periods are longer by this */
    double   wander_ppm;       /* amplitude of a sinusoidal deviation on top */
    double   wander_period_ns;
    int64_t  delay_ns;         /* from the end of an item to its arrival, at least */
    double   jitter_median_ns; /* log-normal part of the delay; 0: none */
    double   jitter_sigma;
    double   tail_probability; /* of a further, exponential delay */
    double   tail_mean_ns;
    int64_t  batch_ns;         /* arrivals wait for the next multiple of this since the start; 0: none */
    double   missing_probability;
    int64_t  events_period_ns; /* flash or click at each multiple of this in canonical time; 0: none */
    uint64_t hang_on_stop;     /* 1: the worker ignores remove and stop, for tests of what is done then */
    uint64_t missing_count;
    uint64_t moment_count;
    uint64_t missing[MIMIR_SIM_MOST_MISSING]; /* running numbers (the first item is 0) that the device skips */
    mimir_sim_moment moments[MIMIR_SIM_MOST_SCRIPTED];
} mimir_sim_config;

/* What the workers tell, one word per family; relaxed stores, read it any time. */
typedef struct mimir_sim_status {
    int64_t  tid[2];     /* thread id of the system, 0 while there is no worker */
    uint64_t items[2];   /* items handled, lost ones included */
    uint64_t reserved[4];
} mimir_sim_status;

typedef struct mimir_sim_truth_epoch {
    uint64_t epoch; /* 0: being written */
    uint64_t first; /* running number of its sequence 0 */
} mimir_sim_truth_epoch;

typedef struct mimir_sim_truth_item {
    uint64_t version;  /* odd while it is written */
    uint64_t epoch;
    uint64_t sequence;
    int64_t  true_ns;
} mimir_sim_truth_item;

/*
 * The true times of the last 65,536 items of a device and its account; written by the worker, read by any thread.
 * Epoch e stands in epochs[e % 256], the item with running number r in items[r % 65536]. Always
 * produced = published + dropped.
 */
typedef struct mimir_sim_truth {
    uint64_t produced;
    uint64_t published;
    uint64_t dropped;
    int64_t  start_ns;       /* canonical time of the start, 0 before it */
    uint64_t reserved[4];
    mimir_sim_truth_epoch epochs[MIMIR_SIM_TRUTH_EPOCHS];
    mimir_sim_truth_item items[MIMIR_SIM_TRUTH_ITEMS];
} mimir_sim_truth;

/*
 * What can be set while a device runs: one word each, 0 as it is without. Written by control threads, read by the
 * worker before each item, without a lock: `version` is odd while words are being written, and a worker that finds it
 * so, or changed meanwhile, keeps what it had until the next item.
 */
typedef struct mimir_sim_controls {
    uint64_t version;
    uint64_t exposure_us;   /* cameras: brightness goes with it; 0 and the whole period: the picture as it is */
    uint64_t gain_permille; /* cameras: contrast to black; 0 and 1000: the picture as it is */
    int64_t  level_cdb;     /* audio: every sample is this many hundredths of a decibel louder */
    uint64_t muted;         /* audio: 1: silence */
    uint64_t led;           /* 1: the light at the device is on; frames say so in their mark */
    uint64_t reserved[2];
} mimir_sim_controls;

/* The first 64 bytes of every frame. */
#define MIMIR_SIM_MARK_MAGIC UINT64_C(0x4B52414D4D4953AA)
#define MIMIR_SIM_MARK_FLASH 1u
#define MIMIR_SIM_MARK_LED   2u
typedef struct mimir_sim_mark {
    uint64_t magic;
    uint64_t sequence;
    uint32_t source_id;
    uint32_t epoch;
    uint32_t flags;          /* MIMIR_SIM_MARK_FLASH, MIMIR_SIM_MARK_LED */
    int32_t  light_permille; /* how much brighter than 1000 permille the picture is; 0: as it is */
    uint32_t reserved[8];
} mimir_sim_mark;

_Static_assert(sizeof(mimir_sim_moment) == 24, "moment");
_Static_assert(sizeof(mimir_sim_config) == 25 * 8 + 64 * 8 + 16 * 24, "config");
_Static_assert(offsetof(mimir_sim_config, missing) == 200, "config.missing");
_Static_assert(offsetof(mimir_sim_config, moments) == 712, "config.moments");
_Static_assert(sizeof(mimir_sim_status) == 64, "status");
_Static_assert(sizeof(mimir_sim_truth_epoch) == 16, "truth epoch");
_Static_assert(sizeof(mimir_sim_truth_item) == 32, "truth item");
_Static_assert(offsetof(mimir_sim_truth, epochs) == 64, "truth.epochs");
_Static_assert(offsetof(mimir_sim_truth, items) == 64 + 256 * 16, "truth.items");
_Static_assert(sizeof(mimir_sim_controls) == 64, "controls");
_Static_assert(sizeof(mimir_sim_mark) == 64, "mark");

typedef struct mimir_sim mimir_sim;

/* Which build this is, `mimir_sim_build=NAME`: whoever maps the library can read what it was given. */
MIMIR_SIM_API extern const char mimir_sim_build[];

/*
 * Makes an engine without devices or threads. `thread_prefix`: its workers are called PREFIX-cam and PREFIX-aud (at
 * most 11 bytes). `status`: zeroed memory that outlives the engine. Returns 0, -ENOMEM, -EINVAL.
 */
MIMIR_SIM_API int mimir_sim_open(mimir_sim **engine, const char *thread_prefix, mimir_sim_status *status);

/*
 * Adds a device that does not run yet. `region`, `bytes`, `hints`: its ring, 64-byte aligned, owned by this device
 * alone; `truth`: zeroed memory, 8-byte aligned; `controls`: the same, or NULL for a device on which nothing can be
 * set. The configuration is copied. Returns a handle (1 or more), or -EINVAL (a value out of range, an item that does
 * not fit a slot, not a region), -EPROTO (a ring of another ABI), -ENOSPC (32 devices there are), -ENOMEM.
 */
MIMIR_SIM_API int mimir_sim_add(mimir_sim *engine, const mimir_sim_config *config, void *region, uint64_t bytes,
                                void *hints, mimir_sim_truth *truth, const mimir_sim_controls *controls);

/*
 * Starts a device: its family's worker is made if there is none yet (status.tid is set when this returns) and takes
 * the device over between two items. Returns 0, -EINVAL (no such handle), -EALREADY, -EAGAIN (no thread), -ETIMEDOUT
 * (the worker did not answer).
 */
MIMIR_SIM_API int mimir_sim_start(mimir_sim *engine, int device, int64_t timeout_ns);

/*
 * Takes a device away; what it published stays in its ring. After 0 nothing of the device is touched any more.
 * -ETIMEDOUT: its worker did not answer and may write on for ever. -EINVAL: no such handle.
 */
MIMIR_SIM_API int mimir_sim_remove(mimir_sim *engine, int device, int64_t timeout_ns);

/*
 * Ends and joins the workers. After 0 no thread is inside this library; the devices stay and may be removed.
 * -ETIMEDOUT: a worker did not end; engine and library must stay where they are for ever.
 */
MIMIR_SIM_API int mimir_sim_stop(mimir_sim *engine, int64_t timeout_ns);

/* Frees the engine and its devices. Returns 0, or -EBUSY while a worker runs. */
MIMIR_SIM_API int mimir_sim_close(mimir_sim *engine);

/*
 * Compares a frame with what the device of this source must have written: the mark, then the pattern. Any thread;
 * realtime safe. Returns 0 right, 1 right and flashing, -EBADMSG different, -EINVAL (bytes do not fit the format).
 */
MIMIR_SIM_API int mimir_sim_check_frame(const void *payload, uint64_t bytes, uint32_t format_code, uint32_t width,
                                        uint32_t height, uint32_t source_id, uint32_t epoch, uint64_t sequence);

/*
 * The same for a planar block: `channels` runs of `frames` samples, `stride_bytes` apart; `first_sample` counts from
 * the start of the epoch (sequence x frames in a block). `click`: receives the sample frame in the block where a
 * click begins (-1: it began with the last sample before the block), or INT32_MIN; may be NULL. Returns 0, 1 (right,
 * with a click), -EBADMSG.
 */
MIMIR_SIM_API int mimir_sim_check_audio(const void *payload, uint64_t stride_bytes, uint32_t channels, uint32_t frames,
                                        uint32_t source_id, uint64_t first_sample, int32_t *click);

#ifdef __cplusplus
}
#endif
#endif
