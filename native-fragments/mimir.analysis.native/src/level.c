// SPDX-License-Identifier: Apache-2.0
/*
 * Level of each channel over windows of whole blocks, and a voice detector on top of it: energy above a noise floor
 * that is followed, and a rate of zero crossings that voices have (after Rabiner and Sambur, "An algorithm for
 * determining the endpoints of isolated utterances", 1975), with hangover.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio.h"

#define CHANNELS    32u
#define LANES       8u    /* partial sums, so that their order does not depend on the width of the processor */
#define SILENCE_DB  (-200.0)
#define FLOOR_DB    (-45.0) /* a first guess that lets speech through at once */
#define LEAST_DB    (-55.0) /* softer is no voice */
#define RISE_DB_S   3.0   /* how fast the floor follows noise that grew, */
#define RISE_VOICE_DB_S 0.3 /* and the same while somebody speaks */
#define LEAST_CROSSINGS_HZ 60.0
#define MOST_CROSSINGS_HZ  6000.0

typedef struct level_channel {
    double squares;
    float peak;
    uint32_t crossings;
    float last;       /* last sample of the block before */
    bool known;       /* the floor is */
    double floor_db;
    double left_s;    /* of the hangover */
} level_channel;

typedef struct level_state {
    uint32_t most_channels;
    uint32_t most_frames;
    double rate_hz;
    double window_s;
    double margin_db;
    double hangover_s;
    bool wide;
    uint32_t frames;     /* gathered */
    int64_t first;       /* device time of the first of these */
    analysis_stretch stretch;
    level_channel channel[CHANNELS];
} level_state;

static int level_create(const mimir_ring_format *format, void **state) {
    if (!analysis_sound(format)) {
        return -EINVAL;
    }
    level_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_channels = format->width;
    s->most_frames = format->height;
    s->rate_hz = (double) format->rate_num / format->rate_den;
    s->window_s = 0.02;
    s->margin_db = 9;
    s->hangover_s = 0.2;
    s->wide = mimir_analysis_wide();
    *state = s;
    return 0;
}

static int level_set(void *state, const char *parameter, double value) {
    level_state *s = state;
    if (strcmp(parameter, "window") == 0) {
        s->window_s = value / 1000;
        return value >= 1 && value <= 1000 ? 0 : -ERANGE;
    }
    if (strcmp(parameter, "margin") == 0) {
        s->margin_db = value;
        return value >= 1 && value <= 60 ? 0 : -ERANGE;
    }
    if (strcmp(parameter, "hangover") == 0) {
        s->hangover_s = value / 1000;
        return value >= 0 && value <= 10000 ? 0 : -ERANGE;
    }
    return -ENOENT;
}

MIMIR_KERNEL void gather(level_channel *c, const float *restrict from, uint32_t frames) {
    float squares[LANES] = {0};
    float peaks[LANES] = {0};
    size_t x = 0;
    for (; x + LANES <= frames; x += LANES) {
        for (size_t i = 0; i < LANES; i++) {
            const float v = from[x + i];
            const float size = v < 0 ? -v : v;
            squares[i] += v * v;
            peaks[i] = size > peaks[i] ? size : peaks[i];
        }
    }
    for (; x < frames; x++) {
        squares[0] += from[x] * from[x];
        peaks[0] = fabsf(from[x]) > peaks[0] ? fabsf(from[x]) : peaks[0];
    }
    uint32_t crossings = (c->last < 0) != (from[0] < 0);
    for (x = 1; x < frames; x++) {
        crossings += (from[x - 1] < 0) != (from[x] < 0);
    }
    for (uint32_t i = 0; i < LANES; i++) {
        c->squares += (double) squares[i];
        c->peak = peaks[i] > c->peak ? peaks[i] : c->peak;
    }
    c->crossings += crossings;
    c->last = from[frames - 1];
}

static void gather_narrow(level_channel *c, const float *from, uint32_t frames) { gather(c, from, frames); }

static MIMIR_AVX2 void gather_wide(level_channel *c, const float *from, uint32_t frames) { gather(c, from, frames); }

static double decibels(double power) {
    const double db = power > 1e-20 ? 10 * log10(power) : SILENCE_DB;
    return db < -SILENCE_DB ? db : -SILENCE_DB;
}

/* The floor falls at once and rises slowly; a voice stands above it and keeps it down. */
static bool is_voice(const level_state *s, level_channel *c, double level_db, double seconds) {
    if (!c->known) {
        c->known = true;
        c->floor_db = FLOOR_DB;
    }
    const double crossings_hz = c->crossings / seconds;
    const bool voice = level_db > c->floor_db + s->margin_db && level_db > LEAST_DB
        && crossings_hz >= LEAST_CROSSINGS_HZ && crossings_hz <= MOST_CROSSINGS_HZ;
    const double risen_db = c->floor_db + (voice ? RISE_VOICE_DB_S : RISE_DB_S) * seconds;
    c->floor_db = level_db < risen_db ? level_db : risen_db;
    c->left_s = voice ? s->hangover_s : c->left_s - seconds;
    return voice || c->left_s > 0;
}

static void begin_window(level_state *s) {
    s->frames = 0;
    for (uint32_t i = 0; i < CHANNELS; i++) {
        s->channel[i].squares = 0;
        s->channel[i].peak = 0;
        s->channel[i].crossings = 0;
    }
}

static bool continues(const level_state *s, const mimir_processor_call *call) {
    return analysis_continues(&s->stretch, call);
}

static bool completes(const level_state *s, const mimir_processor_call *call) {
    const uint32_t had = continues(s, call) ? s->frames : 0;
    return had + call->item.height >= s->window_s * s->rate_hz;
}

static int level_due(const void *state, mimir_processor_call *call) {
    const level_state *s = state;
    analysis_block block;
    const int fault = mimir_analysis_block(&block, call, s->most_channels, s->most_frames);
    return fault != 0 ? fault : completes(s, call);
}

static void tell(level_state *s, mimir_processor_call *call, uint32_t channels) {
    mimir_level_v1 *level = call->results[0].at;
    level->channels = (int32_t) channels;
    level->frames = (int32_t) s->frames;
    for (uint32_t i = 0; i < channels; i++) {
        level_channel *c = &s->channel[i];
        const double rms_db = decibels(c->squares / s->frames);
        level->rms[i] = (float) rms_db;
        level->peak[i] = (float) decibels((double) c->peak * c->peak);
        level->voice[i] = is_voice(s, c, rms_db, s->frames / s->rate_hz);
    }
    call->span_first = s->first;
    call->span_frames = s->frames;
}

static int level_process(void *state, mimir_processor_call *call) {
    level_state *s = state;
    analysis_block block;
    if (mimir_analysis_block(&block, call, s->most_channels, s->most_frames) != 0) {
        return -EINVAL;
    }
    const bool complete = completes(s, call);
    if (!continues(s, call)) {
        begin_window(s);
    }
    if (s->frames == 0) {
        s->first = call->item.device_time;
    }
    const uint32_t channels = block.channels < CHANNELS ? block.channels : CHANNELS;
    for (uint32_t i = 0; i < channels; i++) {
        const float *from = block.samples + (size_t) i * block.stride;
        if (s->wide) {
            gather_wide(&s->channel[i], from, block.frames);
        } else {
            gather_narrow(&s->channel[i], from, block.frames);
        }
    }
    s->frames += block.frames;
    if (complete && analysis_wants(call, sizeof(mimir_level_v1))) {
        tell(s, call, channels);
    }
    if (complete) {
        begin_window(s);
    }
    analysis_follow(&s->stretch, call);
    return 0;
}

const mimir_processor mimir_analysis_level = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "level", NULL,
    level_create, level_set, level_due, level_process, free};
