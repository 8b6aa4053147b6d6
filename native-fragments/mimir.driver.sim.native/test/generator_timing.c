// SPDX-License-Identifier: Apache-2.0
/*
 * What the reference load costs its generator: six cameras of 640 x 480 YUYV at 60 fps, and eight channels at 192 kHz
 * in blocks of 64. The goal is 15 % of one core; a test on a shared machine allows twice that.
 */
#include <stdlib.h>
#include <time.h>

#include "../../ring/test/test.h"
#include "rig.h"

#define GOAL_PERCENT 15.0

static double cpu_s(int64_t tid) {
    char path[64];
    char line[512];
    uint64_t ns = 0;
    snprintf(path, sizeof path, "/proc/self/task/%" PRId64 "/schedstat", tid);
    FILE *f = fopen(path, "r");
    if (f != NULL && fgets(line, sizeof line, f) != NULL) {
        ns = strtoull(line, NULL, 10);
    }
    if (f != NULL) {
        fclose(f);
    }
    return (double) ns * 1e-9;
}

static void pass(int64_t ns) {
    const struct timespec t = {.tv_sec = ns / SEC, .tv_nsec = ns % SEC};
    nanosleep(&t, NULL);
}

static void start_load(mimir_sim *engine, rig_device devices[7]) {
    mimir_sim_config camera = rig_camera(60);
    mimir_sim_config audio = rig_audio();
    camera.width = 640;
    camera.height = 480;
    audio.width = 8;
    audio.rate_num = 192000;
    for (int i = 0; i < 6; i++) {
        camera.seed = (uint64_t) i;
        camera.phase_ns = i * 16 * MS / 6;
        devices[i] = rig_run(engine, &camera, 64);
    }
    devices[6] = rig_run(engine, &audio, 2048);
}

static void should_cost_little_to_generate_the_reference_load(void) {
    static const char *const names[] = {"cameras", "audio"};
    static mimir_sim_status status;
    static rig_device devices[7];
    const int64_t measured_ns = 3 * SEC / 2;
    mimir_sim *engine;
    ASSERT_EQ(0, mimir_sim_open(&engine, "mimir-sim", &status));
    start_load(engine, devices);
    pass(SEC / 2);
    const double before_s[] = {cpu_s(status.tid[0]), cpu_s(status.tid[1])};
    const uint64_t items[] = {status.items[0], status.items[1]};
    pass(measured_ns);
    double percent = 0;
    for (int i = 0; i < 2; i++) {
        const double used_s = cpu_s(status.tid[i]) - before_s[i];
        const double done = (double) (status.items[i] - items[i]);
        percent += used_s * 1e11 / (double) measured_ns;
        printf("# figure: %s: %.1f items/s, %.2f %% of a core, %.1f us an item\n", names[i],
               done * 1e9 / (double) measured_ns, used_s * 1e11 / (double) measured_ns, 1e6 * used_s / done);
    }
    ASSERT(percent < 2 * GOAL_PERCENT);
    ASSERT_EQ(0, mimir_sim_stop(engine, SEC));
    ASSERT_EQ(0, mimir_sim_close(engine));
    for (int i = 0; i < 7; i++) {
        rig_free(&devices[i]);
    }
}

int main(void) {
    RUN("should cost little to generate the reference load", should_cost_little_to_generate_the_reference_load);
    FINISH();
}
