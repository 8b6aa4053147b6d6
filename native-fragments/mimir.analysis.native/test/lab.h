// SPDX-License-Identifier: Apache-2.0
/* Items with known truth, and processors called with them as the platform does. */
#ifndef MIMIR_ANALYSIS_TEST_LAB_H
#define MIMIR_ANALYSIS_TEST_LAB_H

#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"

#define PI 3.14159265358979323846

/* A processor with its state, and the call that is made again for each item. */
typedef struct lab {
    const mimir_processor *processor;
    void *state;
    mimir_processor_call call;
    void *result;           /* of exactly the size that `due` asked for */
    uint64_t result_bytes;  /* of its fields */
    uint64_t room;
} lab;

/* Makes a state; exits when it cannot. */
lab lab_open(const char *name, const mimir_ring_format *format, uint64_t result_bytes);

void lab_close(lab *l);

/* Lets the processor look at the item in `call`. Its result, or NULL; exits when it refuses. */
const void *lab_run(lab *l);

/* The same; gives what `due` or `process` said. */
int lab_try(lab *l);

/* Format table entry of packed frames, and of blocks. */
mimir_ring_format lab_frames(uint32_t code, uint32_t width, uint32_t height);
mimir_ring_format lab_blocks(uint32_t channels, uint32_t frames, uint32_t rate_hz);

/* A result of the grey stage, to be freed. Its pixels are what `brightness` says of their middle, rounded. */
typedef double (*lab_brightness)(double x, double y, double by);
mimir_grey_v1 *lab_grey(uint32_t width, uint32_t height, lab_brightness brightness, double by);

uint64_t lab_grey_bytes(const mimir_grey_v1 *grey);

/* Sets the item: number `sequence` of epoch 1. */
void lab_item(lab *l, uint64_t sequence, uint32_t width, uint32_t height);

/* Sets a need. */
void lab_need(lab *l, int index, const void *at, uint64_t bytes);

/* The processor sees a grey picture, and corners when there are any, as item `sequence`. */
const void *lab_see(lab *l, uint64_t sequence, const mimir_grey_v1 *grey, const mimir_corners_v1 *corners);

/* A repeatable number from 0 to 2^32 - 1. */
uint32_t lab_random(uint64_t *seed);

#endif
