// SPDX-License-Identifier: Apache-2.0
#include "rig.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__SANITIZE_THREAD__)
#define RIG_CHECKSUM 0 /* byte by byte, each of them watched */
#else
#define RIG_CHECKSUM 1
#endif

mimir_ps3eye_status rig_status;
mimir_ps3eye *rig_engine;

uint64_t rig_mode(uint64_t width, uint64_t rate_hz) {
    mimir_ps3eye_mode m;
    uint64_t i = 0;
    while (mimir_ps3eye_mode_at(i, &m) == 0 && (m.width != width || m.rate_hz != rate_hz)) {
        i++;
    }
    return i;
}

int rig_open(const char *libusb, char *text, uint64_t text_bytes) {
    rig_status = (mimir_ps3eye_status) {0};
    return mimir_ps3eye_open(&rig_engine, "mimir-eye", &rig_status, libusb, text, text_bytes);
}

int rig_close(void) {
    const int stopped = mimir_ps3eye_stop(rig_engine, 5 * SEC);
    return stopped != 0 ? stopped : mimir_ps3eye_close(rig_engine);
}

void rig_add(rig_camera *c, uint32_t bus, uint64_t mode, uint32_t format, uint32_t slots) {
    static uint32_t identities;
    memset(c, 0, sizeof *c);
    mimir_ps3eye_mode_at(mode, &c->mode);
    c->identity = ++identities;
    c->frame_bytes = c->mode.width * c->mode.height * (format == MIMIR_FORMAT_YUYV ? 2 : 1);
    c->region = test_region_make(slots, c->frame_bytes);
#if !defined(__SANITIZE_THREAD__)
    memset((uint8_t *) c->region.header + c->region.header->payload_offset, 0, slots * c->frame_bytes);
#endif
    c->region.header->source_id = c->identity;
    c->config = (mimir_ps3eye_config) {.struct_bytes = sizeof c->config, .bus = bus, .ports = 1, .mode = mode,
        .format_code = format, .format_id = 1, .checksum = RIG_CHECKSUM};
    c->twin = mimir_twin_plug(bus, 1, c->identity);
    const int attached = mimir_ring_reader_attach(&c->reader, c->region.header, c->region.bytes, c->region.hints,
                                                  MIMIR_EVERY, MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL);
    if (c->twin <= 0 || attached != 0) {
        printf("not ok - a camera to test with\n");
        exit(1);
    }
    for (int i = 0; i < 200; i++) { /* libusb hears of it in its own time */
        c->handle = mimir_ps3eye_add(rig_engine, &c->config, c->region.header, c->region.bytes, c->region.hints,
                                     &c->counts);
        if (c->handle != -ENODEV) {
            break;
        }
        rig_pass(10 * MS);
    }
}

void rig_free(rig_camera *c) {
    mimir_twin_unplug(c->twin);
    test_region_free(&c->region);
}

static bool is_right(rig_camera *c, const mimir_ring_lease *lease) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    uint64_t frame;
    if (d->payload_bytes != c->frame_bytes || d->width != c->mode.width
            || (RIG_CHECKSUM != 0 && mimir_ring_verify(lease) != 1)
            || !model_check(lease->payload, d->payload_bytes, c->identity, &frame)) {
        return false;
    }
    const bool goes_on = c->any && d->epoch == c->epoch;
    if (goes_on && frame <= c->frame) {
        return false;
    }
    c->holes += goes_on ? frame - c->frame - 1 : 0;
    c->any = true;
    c->epoch = d->epoch;
    c->frame = frame;
    return true;
}

int rig_read(rig_camera *c) {
    mimir_ring_lease lease;
    int n = 0;
    while (mimir_ring_next(&c->reader, &lease) == 1) {
        const bool right = is_right(c, &lease);
        if (!mimir_ring_release(&c->reader, &lease) || !right) {
            printf("# camera %u: frame with sequence %llu after number %llu is not right\n", c->identity,
                   (unsigned long long) lease.descriptor.sequence, (unsigned long long) c->frame);
            return -EBADMSG;
        }
        n++;
    }
    return n;
}

int rig_expect(rig_camera *c, int frames, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    int sum = 0;
    while (sum < frames) {
        const int n = rig_read(c);
        if (n < 0) {
            return n;
        }
        sum += n;
        const int64_t left_ns = until_ns - mimir_clock_ns();
        if (left_ns <= 0) {
            break;
        }
        if (sum < frames) {
            mimir_ring_wait(&c->reader, left_ns);
        }
    }
    return sum;
}

bool rig_await(const rig_camera *c, uint64_t state, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    uint64_t seen = 0;
    while (__atomic_load_n(&c->counts.state, __ATOMIC_ACQUIRE) != state) {
        if (mimir_clock_ns() > until_ns) {
            return false;
        }
        seen = mimir_ps3eye_wait(rig_engine, seen, 10 * MS);
    }
    return true;
}

uint64_t rig_lost(const rig_camera *c) {
    const mimir_ps3eye_counts *n = &c->counts;
    return n->short_frames + n->oversize_frames + n->damaged_frames + n->torn_frames;
}

void rig_pass(int64_t ns) {
    const struct timespec t = {.tv_sec = ns / SEC, .tv_nsec = ns % SEC};
    nanosleep(&t, NULL);
}

bool rig_hurry(void) {
#if defined(__SANITIZE_THREAD__)
    return false;
#else
    const struct sched_param capture = {.sched_priority = 40};
    const struct sched_param reader = {.sched_priority = 10};
    return sched_setscheduler((pid_t) rig_status.tid, SCHED_FIFO, &capture) == 0
        && sched_setscheduler(0, SCHED_FIFO, &reader) == 0;
#endif
}

double rig_cpu_s(void) {
    char path[64];
    char line[128] = "0";
    snprintf(path, sizeof path, "/proc/self/task/%lld/schedstat", (long long) rig_status.tid);
    FILE *f = fopen(path, "r");
    if (f != NULL) {
        if (fgets(line, sizeof line, f) == NULL) {
            line[0] = 0;
        }
        fclose(f);
    }
    return (double) strtoull(line, NULL, 10) * 1e-9;
}

void *rig_look_on(void *over) {
    mimir_ps3eye_device devices[8];
    bool right = true;
    while (__atomic_load_n((const uint32_t *) over, __ATOMIC_ACQUIRE) == 0) {
        right = mimir_ps3eye_list(rig_engine, devices, 8) > 0 && right;
        rig_pass(MS);
    }
    return right ? NULL : over;
}
