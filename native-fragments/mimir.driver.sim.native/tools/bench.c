// SPDX-License-Identifier: Apache-2.0
// What the reference load costs its generator: six cameras of 640 x 480 YUYV at 60 fps, and eight channels at 192 kHz
// in blocks of 64. Prints processor time per family in percent of one core. In the fragment's folder, after its
// build:
//
//   C="test/rig.c test/region.c src/*.c src/linux/*.c ../ring/target/linux-x86-64/libmimir_ring.a -lm"
//   gcc -O2 -std=c11 -D_GNU_SOURCE -pthread -Iinclude -I../ring/include -Isrc -Itest -o target/bench tools/bench.c $C
//   target/bench 10
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

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

int main(int count, char **arguments) {
    const int seconds = count > 1 ? atoi(arguments[1]) : 10;
    const char *const names[] = {"cameras", "audio"};
    static mimir_sim_status status;
    mimir_sim *engine;
    mimir_sim_open(&engine, "mimir-sim", &status);
    mimir_sim_config camera = rig_camera(60);
    camera.width = 640;
    camera.height = 480;
    for (int i = 0; i < 6; i++) {
        camera.seed = (uint64_t) i;
        camera.phase_ns = i * 16 * MS / 6;
        rig_run(engine, &camera, 64);
    }
    mimir_sim_config audio = rig_audio();
    audio.width = 8;
    audio.rate_num = 192000;
    rig_run(engine, &audio, 2048);
    sleep(2);
    const double before[] = {cpu_s(status.tid[0]), cpu_s(status.tid[1])};
    const uint64_t items[] = {status.items[0], status.items[1]};
    sleep((unsigned) seconds);
    for (int i = 0; i < 2; i++) {
        const double used = cpu_s(status.tid[i]) - before[i];
        const uint64_t done = status.items[i] - items[i];
        printf("%-8s %7.1f items/s  %5.2f %% of a core  %6.1f us per item\n", names[i], (double) done / seconds,
               100 * used / seconds, 1e6 * used / (double) done);
    }
    return mimir_sim_stop(engine, SEC) == 0 && mimir_sim_close(engine) == 0 ? 0 : 1;
}
