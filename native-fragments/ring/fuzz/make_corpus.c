// SPDX-License-Identifier: Apache-2.0
/*
 * make_corpus FOLDER: writes the inputs that reader_fuzz begins with, so that nobody has to keep them as bytes. Each
 * but the last, which is a region as it lies in memory, stands here as text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mimir_ring_abi.h"

/*
 * Shape and commands in hexadecimal, as reader_fuzz.c reads them. 00 header, 01 slot, 02 format, 03 hints: offset (2),
 * width (1: 0 to 3 for 1 to 8 bytes), value; 04 write, 05 read, 07 wait, 08 attach: one byte; 06 format: its id (4).
 */
static const char *const LINES[] = {
    "00 0401 0500 0402 0500 0500",                       /* items, then nothing new */
    "00 0401 0402 0403 0404 0500 0500 0500",             /* overtaken */
    "00 0401 0402 0800 0500 0403 0500",                  /* LATEST */
    "02 0401 0402 0403 0805 0404 0500",                  /* from now on */
    "03 0401 0601000000 0603000000 0700",                /* formats, waiting */
    "1c 0401 0500 0809 0500",                            /* wide strides, no payload, no hints */
    "20 0401 0500 0482 0500",                            /* events, in the slab and inline */
    "20 0802 0481 0482 0900 0500 0483 0484 0900 0500",   /* LOSSLESS, and full */
    "20 0802 03800102ffffffff 0401 0402 0403 0900 0500", /* seats of nobody */
    "00 000800010200 0801",                              /* another major */
    "00 00300002ffff0000 0801 0401 0500",                /* slot_count */
    "00 0034000200010000 0801 0500",                     /* slot_bytes */
    "00 00380003c0ffffffffffffff 0801 0500",             /* slots_offset */
    "00 00480003c0ffffffffffffff 0801 0500",             /* payload_stride */
    "00 0450 013800034100000000000000 0500",             /* payload_bytes */
    "00 0450 01400003c0ffffffffffffff 0500",             /* a handle */
    "00 0401 01000003ffffffffffffffff 0500 0402 0500",   /* a generation from the future */
    "00 0401 00000103ffffffffffffff0f 0500 0500",        /* a head that leaps */
    "00 0401 000c010202000000 0500 0500",                /* an end */
    "00 00140102ffffffff 0602000000 06ffffffff",         /* format_count */
    "00 03080003ff00000000000000 0801 0402 0500",        /* hints of another region */
};

static void fail(const char *path) {
    fprintf(stderr, "make_corpus cannot write %s\n", path);
    exit(1);
}

static void save(const char *folder, int number, const void *bytes, size_t length) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%02d", folder, number);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
        fail(path);
    }
}

static size_t bytes_of(const char *text, uint8_t *bytes) {
    size_t length = 0;
    unsigned value;
    for (; *text != 0; text += 2) {
        text += strspn(text, " ");
        if (sscanf(text, "%2x", &value) == 1) {
            bytes[length++] = (uint8_t) value;
        }
    }
    return length;
}

static void save_region(const char *folder, int number) {
    static uint8_t bytes[1 + 4096 + 256 + 2 * (128 + 64)] = {0xFF};
    mimir_ring_header h = {.magic = MIMIR_RING_MAGIC, .abi_major = MIMIR_RING_ABI_MAJOR, .header_bytes = 4096,
                           .region_bytes = sizeof bytes - 1, .region_id = 1, .slot_count = 2, .slot_bytes = 128,
                           .slots_offset = 4096 + 256, .payload_offset = 4096 + 512, .payload_stride = 64,
                           .format_offset = 4096, .format_capacity = 1, .format_bytes = 256, .head = 1,
                           .state = MIMIR_RING_LIVE, .format_count = 1};
    const mimir_ring_format format = {.format_id = 1};
    const mimir_ring_descriptor item = {.generation = 2, .payload_kind = MIMIR_PAYLOAD_MEMORY, .payload_bytes = 64,
                                        .handle = {4096 + 512, 1}};
    memcpy(bytes + 1, &h, sizeof h);
    memcpy(bytes + 1 + h.format_offset, &format, sizeof format);
    memcpy(bytes + 1 + h.slots_offset, &item, sizeof item);
    save(folder, number, bytes, sizeof bytes);
}

int main(int argc, char **argv) {
    const int lines = sizeof LINES / sizeof LINES[0];
    if (argc != 2) {
        fprintf(stderr, "usage: make_corpus FOLDER\n");
        return 2;
    }
    for (int i = 0; i < lines; i++) {
        uint8_t bytes[256];
        save(argv[1], i, bytes, bytes_of(LINES[i], bytes));
    }
    save_region(argv[1], lines);
    return 0;
}
