// SPDX-License-Identifier: Apache-2.0
/* Endpoint 0 of the model. */
#include <errno.h>
#include <string.h>

#include "model.h"

static const uint8_t DEVICE[18] = {18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x15, 0x14, 0x00, 0x20, 0x00, 0x01, 1, 2, 0, 1};
static const uint8_t CONFIGURATION[25] = {9, 2, 25, 0, 1, 1, 0, 0x80, 250, 9, 4, 0, 0, 1, 0xFF, 0, 0, 0,
    7, 5, 0x81, 2, 0x00, 0x02, 0};

uint32_t model_descriptors(uint8_t *to) {
    memcpy(to, DEVICE, sizeof DEVICE);
    memcpy(to + sizeof DEVICE, CONFIGURATION, sizeof CONFIGURATION);
    return sizeof DEVICE + sizeof CONFIGURATION;
}

static int give(uint8_t *data, uint16_t length, const void *from, size_t bytes) {
    const size_t n = length < bytes ? length : bytes;
    memcpy(data, from, n);
    return (int) n;
}

static int give_descriptor(uint16_t value, uint8_t *data, uint16_t length) {
    static const uint8_t languages[] = {4, 3, 0x09, 0x04};
    static const uint8_t name[] = {16, 3, 'U', 0, 'S', 0, 'B', 0, ' ', 0, 'C', 0, 'a', 0, 'm', 0};
    switch (value >> 8) {
    case 1: return give(data, length, DEVICE, sizeof DEVICE);
    case 2: return give(data, length, CONFIGURATION, sizeof CONFIGURATION);
    case 3: return (value & 0xFF) == 0 ? give(data, length, languages, sizeof languages)
                                       : give(data, length, name, sizeof name);
    default: return -EPIPE;
    }
}

static int standard(model *m, uint8_t type, uint8_t request, uint16_t value, uint8_t *data, uint16_t length) {
    static const uint8_t nothing[2];
    static const uint8_t one = 1;
    if (type == 0x80 && request == 6) {
        return give_descriptor(value, data, length);
    }
    if ((type & 0x80) != 0 && request == 0) {
        return give(data, length, nothing, sizeof nothing);
    }
    if (type == 0x80 && request == 8) {
        return give(data, length, &one, 1);
    }
    if (type == 0x02 && request == 1) {
        model_clear_halt(m);
    }
    return (type & 0x80) == 0 ? 0 : -EPIPE;
}

int model_control(model *m, uint8_t type, uint8_t request, uint16_t value, uint16_t index, uint8_t *data,
                  uint16_t length, int64_t now_ns) {
    m->requests++;
    if ((type & 0x60) == 0) {
        return standard(m, type, request, value, data, length);
    }
    if (request != 1 || length != 1 || index > 0xFF || (type != 0x40 && type != 0xC0)) {
        return -EPIPE;
    }
    if (type == 0x40) {
        model_bridge_write(m, (uint8_t) index, data[0], now_ns);
    } else {
        data[0] = m->bridge[index];
    }
    return 1;
}
