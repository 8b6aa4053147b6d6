// SPDX-License-Identifier: Apache-2.0
/* The tables once more, as they were published: what the driver's own are held against. */
#include <stdlib.h>

#include "model.h"

const char MODEL_BRIDGE_OPENING[] =
    "88:F8 89:FF 76:03 92:01 93:18 94:10 95:10 E2:00 E7:3E 96:00 97:20 97:20 97:20 97:0A 97:3F 97:4A 97:20 97:15 97:0B "
    "8E:40 1F:81 34:05 E3:04 89:00 76:00 E7:2E 31:F9 25:42 21:F0 1C:0A 1D:08 1D:0E";

const char MODEL_SENSOR_OPENING[] =
    "12:80 11:01 11:01 11:01 11:01 11:01 11:01 11:01 11:01 11:01 11:01 11:01 "
    "3D:03 17:26 18:A0 19:07 1A:F0 32:00 29:A0 2C:F0 65:20 11:01 42:7F 63:AA 64:FF 66:00 13:F0 0D:41 0F:C5 14:11 "
    "22:7F 23:03 24:40 25:30 26:A1 2A:00 2B:00 6B:AA 13:FF "
    "90:05 91:01 92:03 93:00 94:60 95:3C 96:24 97:1E 98:62 99:80 9A:1E 9B:08 9C:20 9E:81 A6:07 "
    "7E:0C 7F:16 80:2A 81:4E 82:61 83:6F 84:7B 85:86 86:8E 87:97 88:A4 89:AF 8A:C5 8B:D7 8C:E8 8D:20 "
    "2B:00 22:7F 23:03 11:01 64:FF 0D:41 14:41 0E:CD AC:BF 8E:00";

const char *const MODEL_BRIDGE_STARTING[2][2] = {
    {"88:00 1C:00 1D:40 1D:02 1D:00 1D:02 1D:58 1D:00 8D:1C 8E:80 C0:50 C1:3C C2:0C C3:69",
     "88:08 1C:00 1D:00 1D:02 1D:00 1D:01 1D:2C 1D:00 8D:00 8E:00 C0:50 C1:3C C2:01 C3:01"},
    {"88:00 1C:00 1D:40 1D:02 1D:00 1D:01 1D:4B 1D:00 8D:1C 8E:80 C0:28 C1:1E C2:0C C3:69",
     "88:08 1C:00 1D:00 1D:02 1D:00 1D:00 1D:4B 1D:00 8D:00 8E:00 C0:28 C1:1E C2:01 C3:01"}};

const char *const MODEL_SENSOR_STARTING[2][2] = {
    {"12:00 17:26 18:A0 19:07 1A:F0 29:A0 2C:F0 65:20 67:00", "12:01 17:26 18:A0 19:07 1A:F0 29:A0 2C:F0 65:20 67:02"},
    {"12:40 17:3F 18:50 19:03 1A:78 29:50 2C:78 65:2F 67:00", "12:41 17:3F 18:50 19:03 1A:78 29:50 2C:78 65:2F 67:02"}};

uint32_t model_parse(const char *text, uint8_t chip, model_write *writes, uint32_t most) {
    uint32_t n = 0;
    char *at = (char *) text;
    while (*at != 0 && n < most) {
        writes[n].chip = chip;
        writes[n].number = (uint8_t) strtoul(at, &at, 16);
        writes[n++].value = (uint8_t) strtoul(at + 1, &at, 16);
        at += *at == ' ';
    }
    return n;
}
