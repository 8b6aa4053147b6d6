// SPDX-License-Identifier: Apache-2.0
/*
 * What a driver wrote into the registers of the model, as text on standard output, for who compares: `T == NAME` begins
 * what was written while NAME was done, `T bridge 88:F8 …` and `T sensor 12:80 …` are the writes in their order.
 */
#ifndef MIMIR_PS3EYE_GUEST_TRACE_H
#define MIMIR_PS3EYE_GUEST_TRACE_H

#include <linux/videodev2.h>
#include <stdint.h>

#include "mimir_ps3eye.h"

/* The writes from number `from` (usbip_writes) on until now. */
void trace_print(const char *name, uint64_t from);

/* Of these only the registers that make the rate, as `rate WIDTH HZ`. */
void trace_print_rate(uint32_t width, uint32_t rate_hz, uint64_t from);

/* A name with one other in it, until the next call. */
const char *trace_name(const char *form, const char *name);

/* How long a frame may take in a machine that is emulated; less for a planted fault, of which none may come at all. */
int trace_patience_ms(void);

/* What both drivers are asked to stream, under the same name. */
typedef struct trace_mode {
    const char *name;
    uint32_t width;
    uint32_t height;
    uint32_t rate_hz;
    uint32_t fourcc;        /* as V4L2 has it */
    uint32_t format;        /* as Mimir has it */
    uint32_t bytes;         /* of a frame */
    int frames;             /* that are looked at */
} trace_mode;

#define TRACE_MODES 4
static const trace_mode TRACE_MODE[TRACE_MODES] = {
    {"640x480 YUYV", 640, 480, 30, V4L2_PIX_FMT_YUYV, MIMIR_FORMAT_YUYV, 614400, 20},
    {"320x240 YUYV", 320, 240, 60, V4L2_PIX_FMT_YUYV, MIMIR_FORMAT_YUYV, 153600, 10},
    {"640x480 Bayer", 640, 480, 60, V4L2_PIX_FMT_SGRBG8, MIMIR_FORMAT_BAYER_GRBG8, 307200, 10},
    {"320x240 Bayer", 320, 240, 75, V4L2_PIX_FMT_SGRBG8, MIMIR_FORMAT_BAYER_GRBG8, 76800, 10}};

/*
 * The end of a case that streamed: the model is set as the tables say and to the rate that was asked for, and `holes`
 * frames that were not seen are explained by those that it skipped, as nobody was ready for them.
 */
#define trace_judge(mode, holes)                                                                                \
    do {                                                                                                        \
        const trace_state s_ = trace_look();                                                                    \
        ASSERT_EQ(0, s_.defects);                                                                               \
        ASSERT_EQ((mode)->rate_hz * 1000, s_.rate_mhz);                                                         \
        ASSERT((holes) <= s_.skipped);                                                                          \
        printf("# figure: %d frames of %s, %u bytes each, bit by bit; %u skipped by the model\n", (mode)->frames, \
               (mode)->name, (mode)->bytes, (unsigned) s_.skipped);                                             \
    } while (0)

typedef struct trace_state {
    uint32_t defects;
    uint64_t rate_mhz;
    uint64_t skipped;
} trace_state;

trace_state trace_look(void);

/* What both are asked to set, in this order. */
typedef struct trace_setting {
    const char *name;
    uint32_t cid;           /* as V4L2 has it */
    int32_t cid_value;
    uint32_t control;       /* as Mimir has it */
    int64_t value;
} trace_setting;

#define TRACE_SETTINGS 22
static const trace_setting TRACE_SETTING[TRACE_SETTINGS] = {
    {"agc off", V4L2_CID_AUTOGAIN, 0, MIMIR_PS3EYE_AGC, 0},
    {"gain 5", V4L2_CID_GAIN, 5, MIMIR_PS3EYE_GAIN, 5},
    {"gain 26", V4L2_CID_GAIN, 26, MIMIR_PS3EYE_GAIN, 26},
    {"gain 37", V4L2_CID_GAIN, 37, MIMIR_PS3EYE_GAIN, 37},
    {"gain 63", V4L2_CID_GAIN, 63, MIMIR_PS3EYE_GAIN, 63},
    {"aec off", V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_MANUAL, MIMIR_PS3EYE_AEC, 0},
    {"exposure 7", V4L2_CID_EXPOSURE, 7, MIMIR_PS3EYE_EXPOSURE, 7},
    {"exposure 201", V4L2_CID_EXPOSURE, 201, MIMIR_PS3EYE_EXPOSURE, 201},
    {"awb off", V4L2_CID_AUTO_WHITE_BALANCE, 0, MIMIR_PS3EYE_AWB, 0},
    {"brightness 100", V4L2_CID_BRIGHTNESS, 100, MIMIR_PS3EYE_BRIGHTNESS, 100},
    {"contrast 77", V4L2_CID_CONTRAST, 77, MIMIR_PS3EYE_CONTRAST, 77},
    {"saturation 13", V4L2_CID_SATURATION, 13, MIMIR_PS3EYE_SATURATION, 13},
    {"sharpness 33", V4L2_CID_SHARPNESS, 33, MIMIR_PS3EYE_SHARPNESS, 33},
    {"flip-h on", V4L2_CID_HFLIP, 1, MIMIR_PS3EYE_FLIP_H, 1},
    {"flip-v on", V4L2_CID_VFLIP, 1, MIMIR_PS3EYE_FLIP_V, 1},
    {"flip-h off", V4L2_CID_HFLIP, 0, MIMIR_PS3EYE_FLIP_H, 0},
    {"flip-v off", V4L2_CID_VFLIP, 0, MIMIR_PS3EYE_FLIP_V, 0},
    {"mains on", V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CID_POWER_LINE_FREQUENCY_50HZ, MIMIR_PS3EYE_MAINS, 1},
    {"mains off", V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CID_POWER_LINE_FREQUENCY_DISABLED, MIMIR_PS3EYE_MAINS, 0},
    {"agc on", V4L2_CID_AUTOGAIN, 1, MIMIR_PS3EYE_AGC, 1},
    {"aec on", V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_AUTO, MIMIR_PS3EYE_AEC, 1},
    {"awb on", V4L2_CID_AUTO_WHITE_BALANCE, 1, MIMIR_PS3EYE_AWB, 1}};

#endif
