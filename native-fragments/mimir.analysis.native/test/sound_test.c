// SPDX-License-Identifier: Apache-2.0
/* Tones, noise and silence of known level. */
#include <math.h>

#include "../../ring/test/test.h"
#include "lab.h"

#define MOST_FRAMES 4096u

typedef float (*signal)(uint32_t channel, uint64_t sample);

static double tone_hz;
static double tone_db;
static double rate_hz;
static float block[8 * MOST_FRAMES];

/* Channel n is 6 dB softer than channel n - 1. */
static float tone(uint32_t channel, uint64_t sample) {
    const double peak = pow(10, (tone_db - 6.0 * channel) / 20);
    return (float) (peak * sin(2 * PI * tone_hz * (double) sample / rate_hz));
}

static float silence(uint32_t channel, uint64_t sample) {
    return 0.0f * (float) (channel + sample);
}

static float noise(uint32_t channel, uint64_t sample) {
    uint64_t seed = sample * 8 + channel;
    lab_random(&seed);
    return (float) ((double) lab_random(&seed) / 4294967296.0 - 0.5) * 0.2f;
}

static const void *hear(lab *l, uint64_t sequence, signal signal, uint64_t first, uint32_t channels, uint32_t frames) {
    const mimir_ring_format format = l->call.format;
    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t i = 0; i < frames; i++) {
            block[c * (format.stride_bytes[0] / 4) + i] = signal(c, first + i);
        }
    }
    lab_item(l, sequence, channels, frames);
    l->call.item.device_time = (int64_t) first;
    l->call.payload = (mimir_processor_input) {block, format.payload_bytes};
    return lab_run(l);
}

static lab opened(const char *name, uint32_t channels, uint32_t frames, uint32_t rate, uint64_t result_bytes) {
    const mimir_ring_format format = lab_blocks(channels, frames, rate);
    rate_hz = rate;
    return lab_open(name, &format, result_bytes);
}

static void check_level(uint32_t frames, uint32_t rate) {
    lab l = opened("level", 8, frames, rate, sizeof(mimir_level_v1));
    int results = 0;
    const uint32_t window = (rate / 50 + frames - 1) / frames * frames;
    for (uint64_t n = 0; n * frames < rate / 5; n++) {
        const mimir_level_v1 *level = hear(&l, n, tone, n * frames, 8, frames);
        if (level == NULL) {
            continue;
        }
        ASSERT_EQ(8, level->channels);
        ASSERT_EQ(window, level->frames);
        ASSERT_EQ((uint64_t) results * window, l.call.span_first);
        ASSERT_EQ(window, l.call.span_frames);
        for (int c = 0; c < 8; c++) {
            ASSERT(fabs(level->rms[c] - (tone_db - 6.0 * c - 3.0103)) < 0.1);
            ASSERT(fabs(level->peak[c] - (tone_db - 6.0 * c)) < 0.1);
        }
        results++;
    }
    ASSERT(results >= 9);
    lab_close(&l);
}

static void should_measure_the_level_of_a_tone(void) {
    tone_hz = 1000;
    for (int narrow = 0; narrow < 2; narrow++) {
        mimir_analysis_narrow = narrow;
        tone_db = 0;
        check_level(64, 192000);
        tone_db = -20;
        check_level(64, 48000);
        check_level(480, 48000);
        check_level(1021, 48000);
    }
    mimir_analysis_narrow = false;
}

static const mimir_level_v1 *hear_for(lab *l, uint64_t *at, double seconds, signal signal) {
    const mimir_level_v1 *last = NULL;
    const uint64_t end = *at + (uint64_t) (seconds * rate_hz / 64);
    static mimir_level_v1 kept;
    for (; *at < end; ++*at) {
        const mimir_level_v1 *level = hear(l, *at, signal, *at * 64, 2, 64);
        if (level != NULL) {
            kept = *level;
            last = &kept;
        }
    }
    return last;
}

static void should_tell_voice_from_noise_and_silence(void) {
    lab l = opened("level", 2, 64, 48000, sizeof(mimir_level_v1));
    uint64_t at = 0;
    tone_hz = 220;
    tone_db = -20;
    const mimir_level_v1 *level = hear_for(&l, &at, 0.5, silence);
    ASSERT_EQ(0, level->voice[0]);
    ASSERT(level->rms[0] == -200 && level->peak[1] == -200);
    level = hear_for(&l, &at, 0.1, tone);
    ASSERT_EQ(1, level->voice[0]);
    level = hear_for(&l, &at, 0.15, silence);
    ASSERT_EQ(1, level->voice[0]);
    level = hear_for(&l, &at, 0.3, silence);
    ASSERT_EQ(0, level->voice[0]);
    level = hear_for(&l, &at, 1, noise);
    ASSERT(level->rms[0] > -30);
    ASSERT_EQ(0, level->voice[0]);
    lab_close(&l);
}

static void should_begin_anew_after_a_hole(void) {
    lab l = opened("level", 2, 64, 48000, sizeof(mimir_level_v1));
    for (uint64_t n = 0; n < 14; n++) {
        ASSERT(hear(&l, n, tone, n * 64, 2, 64) == NULL);
    }
    for (uint64_t n = 15; n < 29; n++) {
        ASSERT(hear(&l, n, tone, n * 64, 2, 64) == NULL);
    }
    ASSERT(hear(&l, 29, tone, 29 * 64, 2, 64) != NULL);
    ASSERT_EQ(15 * 64, l.call.span_first);
    lab_close(&l);
}

static void check_spectrum(uint32_t frames, uint32_t rate, double bin, int channel) {
    lab l = opened("spectrum", 8, frames, rate, sizeof(mimir_spectrum_v1));
    ASSERT_EQ(0, l.processor->set(l.state, "channel", channel));
    tone_hz = bin * rate / 1024.0;
    tone_db = -12;
    double mean = 0;
    for (int c = 0; c < 8; c++) {
        mean += pow(10, -6.0 * c / 20) / 8;
    }
    const double expected = tone_db - 3.0103 + (channel < 0 ? 20 * log10(mean) : -6.0 * channel);
    int results = 0;
    for (uint64_t n = 0; n * frames < 5 * 1024; n++) {
        const mimir_spectrum_v1 *s = hear(&l, n, tone, n * frames, 8, frames);
        if (s == NULL) {
            continue;
        }
        results++;
        ASSERT(s->first_bin == 0 && s->bins == 512 && s->channel == channel);
        ASSERT(fabs(s->bin_hz - rate / 1024.0) < 1e-3);
        ASSERT_EQ(1024, l.call.span_frames);
        ASSERT_EQ(0, l.call.span_first % 1024);
        for (int i = 0; i < 512; i++) {
            ASSERT(fabs(i - bin) > 1.5 || i == (int) bin ? true : s->power[i] < s->power[(int) bin]);
            ASSERT(fabs(i - bin) < 2 || s->power[i] < expected - 90);
        }
        ASSERT(fabs(s->power[(int) bin] - expected) < 0.1);
    }
    ASSERT_EQ(frames <= 1024 ? 5 : (5 * 1024 + frames - 1) / frames, results);
    lab_close(&l);
}

static void should_show_a_tone_in_its_bin(void) {
    for (int channel = -1; channel < 3; channel++) {
        check_spectrum(64, 192000, 37, channel);
        check_spectrum(64, 48000, 3, channel);
        check_spectrum(480, 48000, 500, channel);
        check_spectrum(1024, 48000, 256, channel);
        check_spectrum(4096, 48000, 100, channel);
        ASSERT_STILL_GOOD();
    }
}

/* Parseval: the bins of white noise hold its power, less what lies beyond the last bin. */
static void should_keep_the_power_of_noise(void) {
    lab l = opened("spectrum", 1, 1024, 48000, sizeof(mimir_spectrum_v1));
    double sum = 0;
    for (uint64_t n = 0; n < 100; n++) {
        const mimir_spectrum_v1 *s = hear(&l, n, noise, n * 1024, 1, 1024);
        for (int i = 0; i < 512; i++) {
            sum += pow(10, s->power[i] / 10) / 100;
        }
    }
    /* A Hann window is 1.5 bins wide; the noise is even between -0.1 and 0.1. */
    ASSERT(fabs(10 * log10(sum / 1.5) - 10 * log10(0.01 / 3)) < 0.1);
    lab_close(&l);
}

static void should_refuse_bad_parameters(void) {
    lab l = opened("spectrum", 2, 64, 48000, sizeof(mimir_spectrum_v1));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "channel", 2));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "channel", -2));
    ASSERT_EQ(-ENOENT, l.processor->set(l.state, "window", 20));
    lab_close(&l);
    l = opened("level", 2, 64, 48000, sizeof(mimir_level_v1));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "window", 0));
    ASSERT_EQ(-ERANGE, l.processor->set(l.state, "margin", NAN));
    ASSERT_EQ(0, l.processor->set(l.state, "hangover", 0));
    ASSERT_EQ(-ENOENT, l.processor->set(l.state, "channel", 0));
    lab_close(&l);
}

int main(void) {
    RUN("should measure the level of a tone", should_measure_the_level_of_a_tone);
    RUN("should tell voice from noise and silence", should_tell_voice_from_noise_and_silence);
    RUN("should begin anew after a hole", should_begin_anew_after_a_hole);
    RUN("should show a tone in its bin", should_show_a_tone_in_its_bin);
    RUN("should keep the power of noise", should_keep_the_power_of_noise);
    RUN("should refuse bad parameters", should_refuse_bad_parameters);
    FINISH();
}
