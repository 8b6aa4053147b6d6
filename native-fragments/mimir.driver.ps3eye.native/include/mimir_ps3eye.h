// SPDX-License-Identifier: Apache-2.0
/*
 * PS3 Eye cameras (USB 1415:2000, bridge OV534, sensor OV772x) through libusb: one C thread for all of them takes the
 * payloads, puts frames together and writes them straight into Mimir rings.
 *
 * Threads: control functions are called by one thread at a time; the caller sees to that. They may block (a register is
 * one USB transfer, half a second at most when a device does not answer), allocate and take the time-outs that they are
 * given. mimir_ps3eye_list, _wait, _mode_at and _control_at may be called by any thread beside them, _events by one.
 * The engine has one thread of its own, PREFIX-usb, from open to stop; all completions run on it and on no other.
 * A completion makes no system call but to hand the transfer back and to wake readers; it takes no lock of ours,
 * allocates nothing, logs nothing. Its scheduling policy is the caller's business (status.tid),
 * and so is that of the thread by which libusb hears of plugs (status.plug_tid).
 * Ownership: whatever the caller passes (region, hints, status blocks) stays its own and must stay mapped until
 * mimir_ps3eye_remove or mimir_ps3eye_stop said 0; after -ETIMEDOUT it must stay mapped for ever, and so must this
 * library. Texts and tables are copied.
 * Errors: 0 or a handle is success, negative errno values are not. All times in ns of mimir_clock_ns().
 *
 * libusb is loaded when the engine is opened, from the system or from a path; nothing here is linked with it. Version
 * 1.0.21 or later.
 *
 * Where the facts come from. All of them were taken down from three places and from nothing else: [K] the behaviour of
 * Linux' gspca_ov534 (register traces and mode enumeration), [U] the published tables of the user-space drivers
 * PS3EYEDriver and ofxPS3EyeGrabber, and the threads about their faults, [D] derived from these tables here, and
 * marked so. None was measured on a camera by this project.
 *   - Control: vendor request 1, wIndex = register, one byte; 0x40 writes, 0xC0 reads; 500 ms.             [K][U]
 *   - Sensor behind bridge registers F1 (address 42), F2 (register), F3 (write), F4 (read), F5 (37 write; 33, F9 read),
 *     F6 (00 done, 03 busy, 04 failed).                                                                      [K][U]
 *   - Order at opening: reset, identity, bridge table, LED on, sensor table, stream off, LED off.             [K]
 *   - Order at starting: bridge table, sensor table, rate, hue (AB 00, A9 80, AA 00: none), settings, LED, stream on.
 *     The kernel's writes are recorded and compared with these (guest/run).                                   [K]
 *   - Stream: bulk IN of interface 0, payloads of 2048 bytes, each with a header of 12; see "Payloads".       [K][U]
 *   - Rates: sensor 11 and 0D, bridge E5. Where [K] and [U] differ, [K] is written.                           [K][U]
 *   - rate = 75 / (E5 + 1) x PLL / (reg11 + 1), 2.5 times that in QVGA; PLL 1, 4, 6, 8 by the top bits of 0D, and no
 *     more than 6.6 with E5 = 2: agrees with every rate of the tables but 290.                                [D]
 *   - Six cameras: 48 MB/s a bus at the most.                                                                 [U]
 *
 * Payloads. Byte 0 is 12; byte 1: bit 0 changes with each frame (FID), bit 1 ends a frame (EOF), bit 2 PTS is there,
 * bit 6 ERR; bytes 2..5 PTS, little endian. What a completion makes of them:
 *   - another length in byte 0, less than 12 bytes, no PTS, or ERR: the payload is counted, and the frame that it
 *     belongs to is not published;
 *   - another PTS or FID begins a frame; one that was open and had not ended is short, and is not published;
 *   - a frame is published at EOF if it has exactly width x height x bytes a pixel, and never else;
 *   - a payload without data changes nothing.
 * A frame is stamped with the host's time at the completion that brought its EOF. The unit of PTS is not documented: it
 * is no device time (device clock NONE). It stands raw in handle[2] of the descriptor, with FID as bit 32. When it has
 * advanced by the same step for eight frames it is believed as a counter: then a step twice, three times as long tells
 * of frames that the camera did not send (MISSING), and a PTS that is no multiple is a damaged payload.
 *
 * Losses, each counted once in the ring's header by reason and once here:
 *   CORRUPT    short, oversized or damaged frame          short_frames, oversize_frames, damaged_frames
 *   MISSING    step of PTS                                missing_frames
 *   STALLED    frame that a failed transfer tore          torn_frames
 *   UNPLUGGED  frame in work at the unplugging, and what the camera would have sent until it is started again; brought
 *              up to date whenever other cameras send and with each mimir_ps3eye_list
 *   ABORTED    frame in work when the camera was removed
 * What comes before the first whole frame after a start is counted as warm-up only: nobody knows where it began.
 */
#ifndef MIMIR_PS3EYE_H
#define MIMIR_PS3EYE_H

#include "mimir_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && !defined(_WIN32)
#define MIMIR_PS3EYE_API __attribute__((visibility("default")))
#else
#define MIMIR_PS3EYE_API
#endif

#ifndef ELIBACC
#define ELIBACC 79 /* Windows has none; this is Linux's */
#endif

#define MIMIR_PS3EYE_ID           0x14152000u
#define MIMIR_PS3EYE_MOST_CAMERAS 16u
#define MIMIR_PS3EYE_MOST_EVENTS  256u  /* arrivals and removals that wait to be fetched; older ones are lost first */
#define MIMIR_PS3EYE_TEXT_BYTES   64u
#define MIMIR_PS3EYE_PAYLOAD      2048u

/* ---- what there is to choose from ---- */

#define MIMIR_PS3EYE_PARTLY_CORRUPT 1u /* pictures have damaged parts: refused unless config.force  [K][U] */
#define MIMIR_PS3EYE_CORRUPT        2u /* pictures are useless: the same */
#define MIMIR_PS3EYE_USER_ONLY      4u /* the kernel's driver does not offer it */

/* A size and a rate; each exists as GRBG Bayer and as YUYV. Every member of every struct has eight bytes. */
typedef struct mimir_ps3eye_mode {
    uint64_t width;       /* pixels: 640 or 320 */
    uint64_t height;      /* 480 or 240 */
    uint64_t rate_hz;     /* as published, and what people ask for */
    uint64_t rate_mhz;    /* thousandths of a Hz that the registers give [D]: 187 is 187.5 */
    uint64_t flags;       /* MIMIR_PS3EYE_PARTLY_CORRUPT... */
    uint64_t sensor_11;
    uint64_t sensor_0d;
    uint64_t bridge_e5;
} mimir_ps3eye_mode;

enum mimir_ps3eye_control {
    MIMIR_PS3EYE_EXPOSURE = 1,   /* 0..255: sensor 08, 10. Without effect while AEC is on */
    MIMIR_PS3EYE_GAIN = 2,       /* 0..63: sensor 00. Without effect while AGC is on */
    MIMIR_PS3EYE_AGC = 3,        /* 0, 1: sensor 13 bit 2, 64 bits 1:0 */
    MIMIR_PS3EYE_AEC = 4,        /* 0, 1: sensor 13 bit 0 */
    MIMIR_PS3EYE_AWB = 5,        /* 0, 1: sensor 13 bit 1, 63 bits 7:6 */
    MIMIR_PS3EYE_BRIGHTNESS = 6, /* 0..255: sensor 9B */
    MIMIR_PS3EYE_CONTRAST = 7,   /* 0..255: sensor 9C */
    MIMIR_PS3EYE_SATURATION = 8, /* 0..255: sensor A7, A8 */
    MIMIR_PS3EYE_SHARPNESS = 9,  /* 0..63: sensor 91, 8E */
    MIMIR_PS3EYE_FLIP_H = 10,    /* 0, 1: sensor 0C bit 6, clear when flipped */
    MIMIR_PS3EYE_FLIP_V = 11,    /* 0, 1: sensor 0C bit 7, clear when flipped */
    MIMIR_PS3EYE_MAINS = 12,     /* 0, 1: sensor 2B, 9E with the filter */
    MIMIR_PS3EYE_LED = 13        /* 0, 1: bridge 21, 23; 1: it shines while the camera streams */
};
#define MIMIR_PS3EYE_CONTROLS 13u

typedef struct mimir_ps3eye_range {
    uint64_t control;     /* enum mimir_ps3eye_control */
    int64_t  least;
    int64_t  most;
    int64_t  usual;       /* value that a camera has after add */
} mimir_ps3eye_range;

typedef struct mimir_ps3eye_setting {
    uint64_t control;
    int64_t  value;
} mimir_ps3eye_setting;

/* ---- what is plugged in ---- */

/*
 * A device on a bus, cameras and all others (for who counts bandwidth). Its place is bus and ports: port numbers from
 * the root on, one byte each, the first in the lowest byte: 1-2.3 is bus 1, ports 0x0302. A root hub has ports 0.
 */
typedef struct mimir_ps3eye_device {
    uint64_t bus;
    uint64_t ports;
    uint64_t address;       /* on its bus; another one after each plugging */
    uint64_t id;            /* vendor << 16 | product; a camera is MIMIR_PS3EYE_ID */
    uint64_t device_class;  /* bDeviceClass: 9 is a hub */
    uint64_t speed;         /* 1 low, 2 full, 3 high, 4 super, 5 super plus; 0 unknown */
    int64_t  access;        /* 0: may be opened; -EACCES: no permission; -ENOENT: not known before it is tried */
    uint64_t camera;        /* handle of the camera that uses it, 0: none */
    char     controller[MIMIR_PS3EYE_TEXT_BYTES]; /* of its bus, as the system calls it (0000:00:14.0); may be empty */
    char     serial[MIMIR_PS3EYE_TEXT_BYTES];     /* as the device tells it; mostly empty */
    char     product[MIMIR_PS3EYE_TEXT_BYTES];
} mimir_ps3eye_device;

enum mimir_ps3eye_happening { MIMIR_PS3EYE_ARRIVED = 1, MIMIR_PS3EYE_LEFT = 2 };

/* A camera came or went. */
typedef struct mimir_ps3eye_event {
    uint64_t what;          /* enum mimir_ps3eye_happening */
    int64_t  host_time_ns;  /* when libusb said so */
    uint64_t bus;
    uint64_t ports;
    uint64_t address;
    uint64_t reserved;
} mimir_ps3eye_event;

/* ---- what the worker tells; relaxed stores, read them any time ---- */

typedef struct mimir_ps3eye_status {
    int64_t  tid;           /* thread id of the system, 0 while there is no worker */
    uint64_t items;         /* frames of all cameras, lost ones included */
    uint64_t changes;       /* counts events and changes of state; see mimir_ps3eye_wait */
    uint64_t completions;   /* transfers that came back */
    uint64_t libusb;        /* its version, a byte each: major << 24 | minor << 16 | micro; set by open */
    uint64_t hotplug;       /* 1: arrivals and removals are told; 0: ask mimir_ps3eye_list from time to time */
    uint64_t lost_events;
    uint64_t plug_tid;      /* libusb's own thread, which hears of plugs first and wakes the worker; 0: not known */
} mimir_ps3eye_status;

enum mimir_ps3eye_state {
    MIMIR_PS3EYE_READY = 1,     /* open, set up, silent */
    MIMIR_PS3EYE_STREAMING = 2,
    MIMIR_PS3EYE_GONE = 3,      /* unplugged: mimir_ps3eye_attach when it is back, then start */
    MIMIR_PS3EYE_HALTED = 4     /* the endpoint stalled or every transfer failed (error): the same */
};

typedef struct mimir_ps3eye_counts {
    uint64_t state;             /* enum mimir_ps3eye_state */
    int64_t  error;             /* negative errno that led to GONE or HALTED; 0 */
    uint64_t starts;
    uint64_t in_flight;         /* transfers that libusb has */
    uint64_t frames;            /* published */
    uint64_t short_frames;
    uint64_t oversize_frames;
    uint64_t damaged_frames;    /* a payload of it was bad */
    uint64_t torn_frames;
    uint64_t missing_frames;
    uint64_t unplugged_frames;
    uint64_t aborted_frames;
    uint64_t warmup_frames;     /* given up before the first whole one of a start; no loss */
    uint64_t payloads;          /* all, bad ones included */
    uint64_t error_payloads;    /* with ERR */
    uint64_t header_only;       /* without data, with ERR or without */
    uint64_t bad_headers;       /* byte 0 is not 12, or less than 12 bytes came, or PTS was impossible */
    uint64_t no_pts;
    uint64_t transfer_errors;
    uint64_t bytes;             /* that came over the bus, headers included */
    int64_t  start_ns;          /* of the last start */
    int64_t  first_frame_ns;    /* host time of its first frame, 0 before */
    int64_t  last_frame_ns;
    uint64_t pts;               /* of the newest frame, raw */
    uint64_t pts_step;          /* believed step between frames, 0: PTS is not believed */
    int64_t  gone_ns;           /* when it was unplugged last */
    uint64_t sensor;            /* identity that the sensor gave: 0x77xx */
    uint64_t address;
    uint64_t reserved[4];
} mimir_ps3eye_counts;

typedef struct mimir_ps3eye_config {
    uint64_t struct_bytes;      /* sizeof this */
    uint64_t bus;               /* place of the camera, see mimir_ps3eye_device */
    uint64_t ports;
    uint64_t mode;              /* index into the modes */
    uint64_t format_code;       /* MIMIR_FORMAT_BAYER_GRBG8 or MIMIR_FORMAT_YUYV */
    uint64_t format_id;         /* goes into every descriptor */
    uint64_t transfers;         /* in flight, 2..64; 0: 8 */
    uint64_t transfer_bytes;    /* multiple of 2048, at most 1 MiB; 0: 65536. All cameras together may use no more than
                                   the system grants (Linux: 16 MB, usbcore.usbfs_memory_mb) */
    uint64_t checksum;          /* 1: CRC32C in each descriptor, computed while the payload is still in the cache */
    uint64_t force;             /* 1: modes with corrupt pictures are taken, too */
    uint64_t hang_on_stop;      /* 1: the worker ignores remove and stop, for tests of what is done then */
    uint64_t reserved;
} mimir_ps3eye_config;

_Static_assert(sizeof(mimir_ps3eye_mode) == 8 * 8, "mode");
_Static_assert(sizeof(mimir_ps3eye_range) == 4 * 8, "range");
_Static_assert(sizeof(mimir_ps3eye_setting) == 2 * 8, "setting");
_Static_assert(sizeof(mimir_ps3eye_device) == 8 * 8 + 3 * 64, "device");
_Static_assert(sizeof(mimir_ps3eye_event) == 6 * 8, "event");
_Static_assert(sizeof(mimir_ps3eye_status) == 8 * 8, "status");
_Static_assert(sizeof(mimir_ps3eye_counts) == 32 * 8, "counts");
_Static_assert(sizeof(mimir_ps3eye_config) == 12 * 8, "config");

typedef struct mimir_ps3eye mimir_ps3eye;

/* Which build this is, `mimir_ps3eye_build=NAME`: whoever maps the library can read what it was given. */
MIMIR_PS3EYE_API extern const char mimir_ps3eye_build[];

/* Mode and control number `index`, from 0. VGA comes first, the fastest of each size first. Returns 0, -ENOENT. */
MIMIR_PS3EYE_API int mimir_ps3eye_mode_at(uint64_t index, mimir_ps3eye_mode *mode);
MIMIR_PS3EYE_API int mimir_ps3eye_control_at(uint64_t index, mimir_ps3eye_range *range);

/*
 * Loads libusb (`libusb`: its path, NULL: the system's), opens one context and starts the worker. `thread_prefix`: at
 * most 11 bytes; the thread is called PREFIX-usb. `status`: zeroed memory that outlives the engine. `text` receives,
 * when it fails, a sentence for people that says what is missing and what to do; `text_bytes`: its size, at least 1.
 * Returns 0, or
 *   -ENOENT   libusb is not there        -ELIBACC  it is there, but is no libusb 1.0.21 or later
 *   -ENODEV   this system has no USB     -EIO      libusb could not begin      -EAGAIN no thread
 *   -ENOMEM   -EINVAL
 */
MIMIR_PS3EYE_API int mimir_ps3eye_open(mimir_ps3eye **engine, const char *thread_prefix, mimir_ps3eye_status *status,
                                       const char *libusb, char *text, uint64_t text_bytes);

/*
 * What is plugged in now: fills `devices` with the first `most`. Opens none of them. Any thread, beside the control
 * functions, also while these open a camera; the engine must not be closed meanwhile. Returns how many there are (may
 * be more than `most`), -EIO.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_list(mimir_ps3eye *engine, mimir_ps3eye_device *devices, uint64_t most);

/*
 * Fetches arrivals and removals of cameras since the last call, oldest first, `most` at a time; those that were there
 * at open are not told. One thread at a time, beside the other control functions; the engine must not be closed
 * meanwhile. Returns how many were filled. Does not block.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_events(mimir_ps3eye *engine, mimir_ps3eye_event *events, uint64_t most);

/*
 * Sleeps until status.changes is no longer `seen` (a camera came, went, halted) or `timeout_ns` have passed. Any
 * thread, beside the control functions; the engine must not be closed meanwhile (mimir_ps3eye_stop wakes). Returns
 * status.changes.
 */
MIMIR_PS3EYE_API uint64_t mimir_ps3eye_wait(mimir_ps3eye *engine, uint64_t seen, int64_t timeout_ns);

/*
 * Takes a camera: opens it, takes it away from a kernel driver, resets it, reads its sensor's identity and writes the
 * tables of its opening (0.3 s). `region`, `bytes`, `hints`: its ring, 64-byte aligned, owned by this camera alone;
 * `counts`: zeroed memory. The configuration is copied. Returns a handle (1 or more), or
 *   -EINVAL  a value out of range, a frame that does not fit a slot, not a region     -EPROTO  a ring of another ABI
 *   -ENOTSUP a mode whose pictures are corrupt, and no force
 *   -ENODEV  nothing at this place, or no camera     -EACCES  no permission (udev rule)  -EBUSY  somebody else has it
 *   -EIO     it answers wrongly (no sensor)          -ETIMEDOUT  it does not answer      -ENOSPC 16 cameras there are
 *   -ENOMEM
 * Nothing is kept of a camera that was refused.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_add(mimir_ps3eye *engine, const mimir_ps3eye_config *config, void *region,
                                      uint64_t bytes, void *hints, mimir_ps3eye_counts *counts);

/*
 * Opens a camera that is GONE, HALTED or READY once more, at the same or another place, as mimir_ps3eye_add does; ring,
 * counts and settings stay. Returns 0, or as add; -EBUSY also while it streams, -EINVAL: no such handle. After an error
 * the camera is GONE.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_attach(mimir_ps3eye *engine, int camera, uint64_t bus, uint64_t ports);

/*
 * Writes mode, rate and all settings, switches the stream on and hands the transfers to libusb. A camera that has
 * streamed before begins the next epoch of its ring, with sequence 0. Returns 0, -EALREADY, -ENODEV (GONE or HALTED),
 * -ENOMEM (also: the system grants no more memory for transfers), -EIO, -ETIMEDOUT (the worker did not answer), -EINVAL
 * (no such handle).
 */
MIMIR_PS3EYE_API int mimir_ps3eye_start(mimir_ps3eye *engine, int camera, int64_t timeout_ns);

/*
 * Sets several controls. All are looked at first: -EINVAL (none was written) for an unknown one and for a value out of
 * its range. Then they are written in their order, by this thread, each register once however many of them stand in it:
 * a byte is a request of its own on this bus, and a register of the sensor takes four (ten when it has more than what
 * is set), about a millisecond. They are kept and written again by each start. -ENODEV: the camera is away, and gets
 * them when it starts. -EIO, -ETIMEDOUT: it answered wrongly or not at all; they are kept all the same. 0: they are in
 * the camera.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_set(mimir_ps3eye *engine, int camera, const mimir_ps3eye_setting *settings,
                                      uint64_t count);

/* Asks the camera what it has for a control: reads its registers. Returns 0, -EINVAL, -ENODEV, -EIO, -ETIMEDOUT. */
MIMIR_PS3EYE_API int mimir_ps3eye_get(mimir_ps3eye *engine, int camera, uint64_t control, int64_t *value);

enum mimir_ps3eye_chip { MIMIR_PS3EYE_BRIDGE = 0, MIMIR_PS3EYE_SENSOR = 1 };

/*
 * Reads one register, 0..255, for who looks for a fault. Returns its value (0..255), -EINVAL, -ENODEV, -EIO,
 * -ETIMEDOUT.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_register(mimir_ps3eye *engine, int camera, uint64_t chip, uint64_t number);

/*
 * Writes one register as it is, for who tries what no control names. Nobody keeps it: the next start writes the mode
 * and the controls anew, and so does a control that stands in the same register. A register of size, format or rate
 * makes frames that do not fit; these are discarded and counted. Returns 0, -EINVAL, -ENODEV, -EIO, -ETIMEDOUT.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_poke(mimir_ps3eye *engine, int camera, uint64_t chip, uint64_t number,
    uint64_t value);

/*
 * Stops the stream, waits for every transfer, gives the camera back (a kernel driver may have it again) and forgets it;
 * what it published stays in its ring. After 0 nothing of it is touched any more, and the handle is free. -ETIMEDOUT: a
 * transfer did not come back; it may be written for ever. -EINVAL: no such handle.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_remove(mimir_ps3eye *engine, int camera, int64_t timeout_ns);

/*
 * Removes all cameras, then ends and joins the worker. After 0 no thread is inside this library. -ETIMEDOUT: something
 * did not end; engine and library must stay where they are for ever.
 */
MIMIR_PS3EYE_API int mimir_ps3eye_stop(mimir_ps3eye *engine, int64_t timeout_ns);

/* Closes the context and frees the engine. Returns 0, or -EBUSY before a stop that said 0. */
MIMIR_PS3EYE_API int mimir_ps3eye_close(mimir_ps3eye *engine);

#ifdef __cplusplus
}
#endif
#endif
