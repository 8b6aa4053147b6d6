// SPDX-License-Identifier: Apache-2.0
/*
 * Power spectrum of 1,024 samples: a complex transform of half the length (radix 2, decimation in time; Cooley and
 * Tukey, 1965) over even and odd samples as real and imaginary parts, split into the real one's bins afterwards.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio.h"

#define WINDOW 1024u
#define HALF   512u
#define SILENCE 1e-20f
#define PI 3.14159265358979323846

typedef struct spectrum_state {
    uint32_t most_channels;
    uint32_t most_frames;
    float bin_hz;
    int32_t channel;     /* -1: the mean of all */
    uint32_t gathered;
    int64_t first;       /* device time of samples[0] */
    analysis_stretch stretch;
    float scale;         /* 2 / (sum of the window)^2 */
    float samples[WINDOW];
    float window[WINDOW];
    float cosine[HALF];  /* of 2 pi k / 1024 */
    float sine[HALF];
    uint16_t order[HALF]; /* bits of the index reversed */
    float re[HALF];
    float im[HALF];
} spectrum_state;

static void prepare(spectrum_state *s) {
    double sum = 0;
    for (uint32_t i = 0; i < WINDOW; i++) {
        const double w = 0.5 - 0.5 * cos(2 * PI * i / WINDOW);
        s->window[i] = (float) w;
        sum += w;
    }
    s->scale = (float) (2 / (sum * sum));
    for (uint32_t k = 0; k < HALF; k++) {
        s->cosine[k] = (float) cos(2 * PI * k / WINDOW);
        s->sine[k] = (float) sin(2 * PI * k / WINDOW);
        uint32_t reversed = 0;
        for (uint32_t bit = 1; bit < HALF; bit <<= 1) {
            reversed = reversed << 1 | ((k & bit) != 0);
        }
        s->order[k] = (uint16_t) reversed;
    }
}

static int spectrum_create(const mimir_ring_format *format, void **state) {
    if (!analysis_sound(format)) {
        return -EINVAL;
    }
    spectrum_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_channels = format->width;
    s->most_frames = format->height;
    s->bin_hz = (float) ((double) format->rate_num / format->rate_den / WINDOW);
    s->channel = -1;
    prepare(s);
    *state = s;
    return 0;
}

static int spectrum_set(void *state, const char *parameter, double value) {
    spectrum_state *s = state;
    if (strcmp(parameter, "channel") != 0) {
        return -ENOENT;
    }
    if (!(value >= -1 && value < s->most_channels)) {
        return -ERANGE;
    }
    s->channel = (int32_t) value;
    return 0;
}

/* 512 complex numbers in place, which come in reversed order. */
static void transform(spectrum_state *s) {
    for (uint32_t half = 1; half < HALF; half *= 2) {
        const uint32_t step = HALF / half;
        for (uint32_t group = 0; group < HALF; group += 2 * half) {
            for (uint32_t k = 0; k < half; k++) {
                const uint32_t a = group + k;
                const uint32_t b = a + half;
                const float c = s->cosine[k * step];
                const float d = s->sine[k * step];
                const float re = s->re[b] * c + s->im[b] * d;
                const float im = s->im[b] * c - s->re[b] * d;
                s->re[b] = s->re[a] - re;
                s->im[b] = s->im[a] - im;
                s->re[a] += re;
                s->im[a] += im;
            }
        }
    }
}

/* |X|^2 of bin k of the real signal: X(k) = E(k) + e^(-2 pi i k / 1024) O(k). */
static float power_of(const spectrum_state *s, uint32_t k) {
    const uint32_t m = (HALF - k) % HALF;
    const float even_re = 0.5f * (s->re[k] + s->re[m]);
    const float even_im = 0.5f * (s->im[k] - s->im[m]);
    const float odd_re = 0.5f * (s->im[k] + s->im[m]);
    const float odd_im = 0.5f * (s->re[m] - s->re[k]);
    const float re = even_re + odd_re * s->cosine[k] + odd_im * s->sine[k];
    const float im = even_im + odd_im * s->cosine[k] - odd_re * s->sine[k];
    return re * re + im * im;
}

static void tell(spectrum_state *s, mimir_spectrum_v1 *spectrum) {
    for (uint32_t i = 0; i < HALF; i++) {
        const uint32_t at = s->order[i];
        s->re[at] = s->samples[2 * i] * s->window[2 * i];
        s->im[at] = s->samples[2 * i + 1] * s->window[2 * i + 1];
    }
    transform(s);
    for (uint32_t k = 0; k < HALF; k++) {
        const float power = power_of(s, k) * s->scale * (k == 0 ? 0.5f : 1.0f);
        spectrum->power[k] = power > SILENCE ? 10 * log10f(power) : -200;
    }
    spectrum->first_bin = 0;
    spectrum->bins = HALF;
    spectrum->bin_hz = s->bin_hz;
    spectrum->channel = s->channel;
}

/* Windows that end in a block. The last one becomes its result. */
static uint32_t windows(uint32_t gathered, uint32_t frames) {
    return (gathered + frames) / WINDOW;
}

static uint32_t had(const spectrum_state *s, const mimir_processor_call *call) {
    return analysis_continues(&s->stretch, call) ? s->gathered : 0;
}

static int spectrum_due(const void *state, mimir_processor_call *call) {
    const spectrum_state *s = state;
    analysis_block block;
    const int fault = mimir_analysis_block(&block, call, s->most_channels, s->most_frames);
    return fault != 0 ? fault : windows(had(s, call), block.frames) > 0;
}

/* Appends `frames` samples from `from` on: of one channel, or the mean of all. */
static void append(spectrum_state *s, const analysis_block *block, uint32_t from, uint32_t frames) {
    const bool mean = s->channel < 0;
    const uint32_t only = mean ? 0 : (uint32_t) s->channel;
    const uint32_t last = mean ? block->channels : only < block->channels ? only + 1 : only;
    float *to = s->samples + s->gathered;
    memset(to, 0, frames * sizeof *to);
    for (uint32_t c = only; c < last; c++) {
        const float *source = block->samples + c * block->stride + from;
        for (size_t i = 0; i < frames; i++) {
            to[i] += source[i];
        }
    }
    for (uint32_t i = 0; mean && i < frames; i++) {
        to[i] /= (float) block->channels;
    }
    s->gathered += frames;
}

static int spectrum_process(void *state, mimir_processor_call *call) {
    spectrum_state *s = state;
    analysis_block block;
    if (mimir_analysis_block(&block, call, s->most_channels, s->most_frames) != 0) {
        return -EINVAL;
    }
    s->gathered = had(s, call);
    const uint32_t whole = windows(s->gathered, block.frames);
    uint32_t from = 0;
    for (uint32_t done = 0; from < block.frames;) {
        if (s->gathered == 0) {
            s->first = (int64_t) ((uint64_t) call->item.device_time + from);
        }
        const uint32_t room = WINDOW - s->gathered;
        const uint32_t frames = block.frames - from < room ? block.frames - from : room;
        append(s, &block, from, frames);
        from += frames;
        if (s->gathered == WINDOW) {
            s->gathered = 0;
            if (++done == whole && analysis_wants(call, sizeof(mimir_spectrum_v1))) {
                tell(s, call->results[0].at);
                call->span_first = s->first;
                call->span_frames = WINDOW;
            }
        }
    }
    analysis_follow(&s->stretch, call);
    return 0;
}

const mimir_processor mimir_analysis_spectrum = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "spectrum", NULL,
    spectrum_create, spectrum_set, spectrum_due, spectrum_process, free};
