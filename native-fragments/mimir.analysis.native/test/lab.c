// SPDX-License-Identifier: Apache-2.0
#include "lab.h"

#include <math.h>
#include <string.h>

lab lab_open(const char *name, const mimir_ring_format *format, uint64_t result_bytes) {
    lab l = {.processor = mimir_processor_find(name), .result_bytes = result_bytes};
    if (l.processor == NULL || l.processor->create(format, &l.state) != 0) {
        printf("not ok - no processor %s\n", name);
        exit(1);
    }
    l.call.format = *format;
    l.call.item.epoch = 1;
    l.call.item.format_id = 1;
    return l;
}

void lab_close(lab *l) {
    l->processor->destroy(l->state);
    free(l->result);
}

/* Exactly so many bytes, so that the sanitizer sees a write beyond; fields are zero, a tail is what it was. */
static void make_room(lab *l, uint64_t bytes) {
    if (l->room != bytes) {
        free(l->result);
        l->result = calloc(1, bytes);
        l->room = bytes;
    }
    memset(l->result, 0, l->result_bytes);
}

int lab_try(lab *l) {
    l->call.results[0] = (mimir_processor_output) {0};
    const int due = l->processor->due(l->state, &l->call);
    if (due < 0) {
        return due;
    }
    if (due == 1) {
        make_room(l, l->result_bytes + l->call.results[0].tail_bytes);
        l->call.results[0].at = l->result;
        l->call.results[0].bytes = l->room;
    }
    const int fault = l->processor->process(l->state, &l->call);
    l->call.forget = 0;
    return fault;
}

const void *lab_run(lab *l) {
    const int fault = lab_try(l);
    if (fault != 0) {
        printf("# %s refused an item: %d\n", l->processor->name, fault);
        exit(1);
    }
    return l->call.results[0].at;
}

mimir_ring_format lab_frames(uint32_t code, uint32_t width, uint32_t height) {
    const uint32_t bytes = code == MIMIR_FORMAT_YUYV ? 2 : code == MIMIR_FORMAT_RGB24 ? 3 : 1;
    return (mimir_ring_format) {.format_id = 1, .code = code, .planes = 1, .width = width, .height = height,
        .rate_num = 60, .rate_den = 1, .stride_bytes = {width * bytes}, .payload_bytes = width * bytes * height};
}

mimir_ring_format lab_blocks(uint32_t channels, uint32_t frames, uint32_t rate_hz) {
    return (mimir_ring_format) {.format_id = 1, .code = MIMIR_FORMAT_F32_PLANAR, .planes = 1, .width = channels,
        .height = frames, .rate_num = rate_hz, .rate_den = 1, .stride_bytes = {frames * 4},
        .payload_bytes = (uint64_t) channels * frames * 4};
}

mimir_grey_v1 *lab_grey(uint32_t width, uint32_t height, lab_brightness brightness, double by) {
    const uint32_t stride = (width + 15) / 16 * 16;
    mimir_grey_v1 *grey = calloc(1, sizeof *grey + (size_t) stride * height);
    grey->width = (int32_t) width;
    grey->height = (int32_t) height;
    grey->stride_bytes = (int32_t) stride;
    uint8_t *pixels = (uint8_t *) (grey + 1);
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            pixels[y * stride + x] = (uint8_t) lrint(brightness(x, y, by));
        }
    }
    return grey;
}

uint64_t lab_grey_bytes(const mimir_grey_v1 *grey) {
    return sizeof *grey + (uint64_t) grey->stride_bytes * (uint64_t) grey->height;
}

void lab_item(lab *l, uint64_t sequence, uint32_t width, uint32_t height) {
    l->call.item.sequence = sequence;
    l->call.item.width = width;
    l->call.item.height = height;
}

void lab_need(lab *l, int index, const void *at, uint64_t bytes) {
    l->call.needs[index] = (mimir_processor_input) {at, bytes};
}

const void *lab_see(lab *l, uint64_t sequence, const mimir_grey_v1 *grey, const mimir_corners_v1 *corners) {
    lab_item(l, sequence, (uint32_t) grey->width, (uint32_t) grey->height);
    lab_need(l, 0, grey, lab_grey_bytes(grey));
    lab_need(l, 1, corners, corners == NULL ? 0 : sizeof *corners);
    return lab_run(l);
}

uint32_t lab_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t) (*seed >> 32);
}
