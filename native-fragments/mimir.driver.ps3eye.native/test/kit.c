// SPDX-License-Identifier: Apache-2.0
/* What the cameras of the conformance kit do by themselves: see mimir_twin_play_kit. */
#include <errno.h>
#include <time.h>

#include "mimir_ring.h"
#include "port.h"

#define LOOK_NS    10000000L
#define STREAMS_NS INT64_C(300000000)
#define AWAY_NS    INT64_C(200000000)
#define EACH       20u

enum { LOSSY = 2, UNPLUGGED = 3 };

static int lossy;
static int unplugged;

static bool is_streaming(int camera) {
    mimir_twin_counts counts;
    return mimir_twin_counts_of(camera, &counts) == 0 && counts.streaming != 0;
}

/* Its faults happen once, and numbers of frames begin anew with each stream. */
static void plan_losses(void) {
    mimir_twin_fault(lossy, 0, 0, 0);
    for (uint64_t i = 1; i <= MODEL_MOST_FAULTS; i++) {
        mimir_twin_fault(lossy, MODEL_SKIP, i * EACH, 1);
    }
}

static void rest(int64_t ns) {
    const struct timespec time = {ns / 1000000000, ns % 1000000000};
    nanosleep(&time, NULL);
}

/* Returns since when it streams, 0 when it does not. */
static int64_t pull_plug(int64_t since_ns) {
    if (!is_streaming(unplugged)) {
        return 0;
    }
    if (since_ns == 0 || mimir_clock_ns() - since_ns < STREAMS_NS) {
        return since_ns != 0 ? since_ns : mimir_clock_ns();
    }
    mimir_twin_unplug(unplugged);
    rest(AWAY_NS);
    unplugged = mimir_twin_plug_as(UNPLUGGED, 1, UNPLUGGED, "twin.unplugged");
    return 0;
}

static void *play(void *unused) {
    int64_t since_ns = 0;
    bool planned = false;
    (void) unused;
    pthread_setname_np(pthread_self(), "twin-kit");
    for (;;) {
        const bool streams = is_streaming(lossy);
        if (!streams && !planned) {
            plan_losses();
        }
        planned = !streams;
        since_ns = pull_plug(since_ns);
        rest(LOOK_NS);
    }
    return NULL;
}

int mimir_twin_play_kit(void) {
    pthread_t thread;
    port_be_patient();
    const int works = mimir_twin_plug(1, 1, 1);
    lossy = mimir_twin_plug_as(LOSSY, 1, LOSSY, "twin.lossy");
    unplugged = mimir_twin_plug_as(UNPLUGGED, 1, UNPLUGGED, "twin.unplugged");
    const int hanging = mimir_twin_plug_as(4, 1, 4, "twin.hanging");
    if (works < 0 || lossy < 0 || unplugged < 0 || hanging < 0) {
        return -EIO;
    }
    return -pthread_create(&thread, NULL, play, NULL);
}
