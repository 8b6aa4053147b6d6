// SPDX-License-Identifier: Apache-2.0
#include "model.h"

#include <math.h>

#define TWO_PI 6.283185307179586

enum stream { STREAM_MISSING, STREAM_JITTER_RADIUS, STREAM_JITTER_ANGLE, STREAM_TAIL, STREAM_TAIL_LENGTH, STREAM_WANDER,
              STREAM_TICKS };

/*
 * Counter based: a golden-ratio walk over the numbers, then two rounds of multiply and shift (the splitmix
 * finaliser).
 */
uint64_t mimir_sim_random(uint64_t seed, uint64_t number, uint64_t stream) {
    uint64_t z = seed * UINT64_C(0xD1342543DE82EF95) + (number * 8 + stream + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* In (0, 1]: its logarithm exists. */
static double uniform(const mimir_sim_config *c, uint64_t number, enum stream stream) {
    return (double) ((mimir_sim_random(c->seed, number, stream) >> 11) + 1) * 0x1p-53;
}

uint64_t mimir_sim_units(const mimir_sim_config *c) {
    return c->family == MIMIR_SIM_AUDIO ? c->height : 1;
}

static double nominal_ns(const mimir_sim_config *c, double unit) {
    return unit * 1e9 * (double) c->rate_den / (double) c->rate_num;
}

/* The integral of a sinusoidal rate, from the device's origin. */
static double wandered_ns(const mimir_sim_config *c, double since_origin_ns) {
    const double phase = TWO_PI * uniform(c, 0, STREAM_WANDER);
    const double amplitude = c->wander_ppm * 1e-6 * c->wander_period_ns / TWO_PI;
    return amplitude * (cos(phase) - cos(TWO_PI * since_origin_ns / c->wander_period_ns + phase));
}

int64_t mimir_sim_true_ns(const mimir_sim_config *c, const sim_stretch *s, double unit) {
    const double nominal = nominal_ns(c, unit);
    double ran = nominal * (1 + c->drift_ppm * 1e-6);
    if (c->wander_ppm != 0) {
        ran += wandered_ns(c, s->nominal_ns + nominal) - wandered_ns(c, s->nominal_ns);
    }
    return s->start_ns + (int64_t) floor(ran + 0.5);
}

static int64_t delay_ns(const mimir_sim_config *c, uint64_t number) {
    double delay = (double) c->delay_ns;
    if (c->jitter_median_ns > 0) {
        const double radius = sqrt(-2 * log(uniform(c, number, STREAM_JITTER_RADIUS)));
        const double normal = radius * cos(TWO_PI * uniform(c, number, STREAM_JITTER_ANGLE));
        delay += c->jitter_median_ns * exp(c->jitter_sigma * normal);
    }
    if (c->tail_probability > 0 && uniform(c, number, STREAM_TAIL) <= c->tail_probability) {
        delay -= c->tail_mean_ns * log(uniform(c, number, STREAM_TAIL_LENGTH));
    }
    return (int64_t) delay;
}

static int64_t batched_ns(const mimir_sim_config *c, const sim_stretch *s, int64_t arrival_ns) {
    if (c->batch_ns == 0) {
        return arrival_ns;
    }
    const int64_t since = arrival_ns - s->origin_ns;
    return s->origin_ns + (since + c->batch_ns - 1) / c->batch_ns * c->batch_ns;
}

static bool covers(const mimir_sim_moment *m, const sim_stretch *s, int64_t at_ns) {
    const int64_t since = at_ns - s->origin_ns;
    return since >= m->at_ns && since - m->at_ns < m->value_ns;
}

int64_t mimir_sim_unplugged_until(const mimir_sim_config *c, const sim_stretch *s, int64_t true_ns) {
    for (uint64_t i = 0; i < c->moment_count; i++) {
        const mimir_sim_moment *m = &c->moments[i];
        if (m->what == MIMIR_SIM_UNPLUG && covers(m, s, true_ns)) {
            return s->origin_ns + m->at_ns + m->value_ns;
        }
    }
    return 0;
}

static bool is_missing(const mimir_sim_config *c, uint64_t number) {
    for (uint64_t i = 0; i < c->missing_count; i++) {
        if (c->missing[i] == number) {
            return true;
        }
    }
    return c->missing_probability > 0 && uniform(c, number, STREAM_MISSING) <= c->missing_probability;
}

/* A stall either swallows the item or puts its arrival off. */
static void stall(const mimir_sim_config *c, const sim_stretch *s, sim_item *item) {
    for (uint64_t i = 0; i < c->moment_count; i++) {
        const mimir_sim_moment *m = &c->moments[i];
        if (m->what == MIMIR_SIM_STALL_LOST && covers(m, s, item->arrival_ns)) {
            item->fate = MIMIR_DROP_STALLED;
        } else if (m->what == MIMIR_SIM_STALL_LATE && covers(m, s, item->arrival_ns)) {
            item->arrival_ns = s->origin_ns + m->at_ns + m->value_ns;
        }
    }
}

sim_item mimir_sim_item(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence) {
    const double units = (double) mimir_sim_units(c);
    const double first = (double) sequence * units;
    const double last = c->family == MIMIR_SIM_AUDIO ? first + units : first + 0.5;
    const uint64_t number = s->number + sequence;
    sim_item item = {.true_ns = mimir_sim_true_ns(c, s, first), .fate = SIM_PUBLISH};
    item.arrival_ns = batched_ns(c, s, mimir_sim_true_ns(c, s, last) + delay_ns(c, number));
    if (mimir_sim_unplugged_until(c, s, item.true_ns) != 0) {
        item.fate = MIMIR_DROP_UNPLUGGED;
    } else if (is_missing(c, number)) {
        item.fate = MIMIR_DROP_MISSING;
    } else {
        stall(c, s, &item);
    }
    return item;
}

/* What the steps of the clock since the last restart add up to. */
static int64_t stepped_ns(const mimir_sim_config *c, const sim_stretch *s, int64_t true_ns) {
    int64_t sum = 0;
    for (uint64_t i = 0; i < c->moment_count; i++) {
        const mimir_sim_moment *m = &c->moments[i];
        const int64_t at_ns = s->origin_ns + m->at_ns;
        if (m->what == MIMIR_SIM_STEP && at_ns <= true_ns && at_ns >= s->start_ns) {
            sum += m->value_ns;
        }
    }
    return sum;
}

int64_t mimir_sim_device_time(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence, int64_t true_ns) {
    const double stepped_s = (double) stepped_ns(c, s, true_ns) * 1e-9;
    if (c->family == MIMIR_SIM_AUDIO) {
        const double rate_hz = (double) c->rate_num / (double) c->rate_den;
        return (int64_t) (sequence * c->height) + (int64_t) floor(stepped_s * rate_hz + 0.5);
    }
    /* Up to an hour since its power came on: no two devices, and no two restarts, count from the same instant. */
    const double power_on_s = 3600 * uniform(c, s->restarts, STREAM_TICKS);
    const double now_s = power_on_s + nominal_ns(c, (double) sequence) * 1e-9 + stepped_s;
    return (int64_t) floor(now_s * (double) c->device_tick_hz + 0.5);
}

/* The last multiple of `period` at or before `at`, for either sign. */
static int64_t multiple_before(int64_t at, int64_t period) {
    const int64_t rest = at % period;
    return at - (rest < 0 ? rest + period : rest);
}

bool mimir_sim_flashes(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence) {
    if (c->events_period_ns == 0) {
        return false;
    }
    const int64_t opened = mimir_sim_true_ns(c, s, (double) sequence - 0.5);
    const int64_t closed = mimir_sim_true_ns(c, s, (double) sequence + 0.5);
    return multiple_before(closed - 1, c->events_period_ns) >= opened;
}

int32_t mimir_sim_click(const mimir_sim_config *c, const sim_stretch *s, uint64_t sequence) {
    const double first = (double) (sequence * c->height);
    const double units = (double) c->height;
    if (c->events_period_ns == 0) {
        return INT32_MIN;
    }
    const int64_t from = mimir_sim_true_ns(c, s, first - 2);
    const int64_t to = mimir_sim_true_ns(c, s, first + units - 1);
    const int64_t event = multiple_before(to, c->events_period_ns);
    if (event <= from) {
        return INT32_MIN;
    }
    /*
     * Nearly right at once: within a block the clock is straight. Then exactly: the first sample that is not before
     * the event.
     */
    double unit = first - 2 + floor((double) (event - from) / (double) (to - from) * (units + 1));
    while (unit > first - 1 && mimir_sim_true_ns(c, s, unit - 1) >= event) {
        unit--;
    }
    while (mimir_sim_true_ns(c, s, unit) < event) {
        unit++;
    }
    return unit < first - 1 ? INT32_MIN : (int32_t) (unit - first);
}
