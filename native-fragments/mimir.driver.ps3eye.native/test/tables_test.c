// SPDX-License-Identifier: Apache-2.0
/* What the driver writes is what was published; what it believes of libusb is so; what is left out shows. */
#include <string.h>

#include "../../ring/test/test.h"
#include "model.h"
#include "tables.h"
#include "usb.h"

#if defined(__has_include)
#if __has_include(<libusb-1.0/libusb.h>)
#include <libusb-1.0/libusb.h>
#define HAS_LIBUSB_H 1
#endif
#endif

static void expect_table(eye_table table, const char *text) {
    model_write wanted[128];
    const uint32_t n = model_parse(text, 0, wanted, 128);
    ASSERT_EQ(n, table.count);
    for (uint32_t i = 0; i < n; i++) {
        ASSERT_EQ(wanted[i].number, table.writes[i].number);
        ASSERT_EQ(wanted[i].value, table.writes[i].value);
    }
}

static void should_have_the_published_tables(void) {
    expect_table(mimir_eye_opening(MIMIR_PS3EYE_BRIDGE), MODEL_BRIDGE_OPENING);
    expect_table(mimir_eye_opening(MIMIR_PS3EYE_SENSOR), MODEL_SENSOR_OPENING);
    for (int i = 0; i < 4; i++) {
        expect_table(mimir_eye_starting(MIMIR_PS3EYE_BRIDGE, i / 2, i % 2), MODEL_BRIDGE_STARTING[i / 2][i % 2]);
        expect_table(mimir_eye_starting(MIMIR_PS3EYE_SENSOR, i / 2, i % 2), MODEL_SENSOR_STARTING[i / 2][i % 2]);
    }
}

/* The writes of a phase in what was recorded of the kernel's driver (guest/recorded). Returns how many. */
static uint32_t recorded(const char *phase, model_write *writes, uint32_t most) {
    char line[256];
    bool here = false;
    uint32_t n = 0;
    FILE *file = fopen("guest/recorded", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "== ", 3) == 0) {
            here = strcmp(line + 3, phase) == 0;
        } else if (here) {
            n += model_parse(line + strlen("bridge "), line[0] == 's', writes + n, most - n);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return n;
}

static void expect_recorded(const char *phase, const char *const texts[], int count) {
    model_write writes[256];
    model_write wanted[256];
    const uint32_t n = recorded(phase, writes, 256);
    uint32_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += model_parse(texts[i], (uint8_t) (i % 2), wanted + sum, 256 - sum);
    }
    ASSERT(n >= sum && sum > 0);
    for (uint32_t i = 0; i < sum; i++) {
        ASSERT_EQ(wanted[i].chip, writes[i].chip);
        ASSERT_EQ(wanted[i].number, writes[i].number);
        ASSERT_EQ(wanted[i].value, writes[i].value);
    }
}

static void should_have_the_tables_that_the_kernel_writes(void) {
    static const char *const phases[2][2] = {{"start 640x480 YUYV", "start 640x480 Bayer"},
        {"start 320x240 YUYV", "start 320x240 Bayer"}};
    const char *const opening[] = {"E7:3A E0:08", "12:80", MODEL_BRIDGE_OPENING, "", "21:F0 23:80",
        MODEL_SENSOR_OPENING, "E0:09 21:F0 23:00 21:70"};
    expect_recorded("open", opening, 7);
    for (int i = 0; i < 4; i++) {
        const char *const starting[] = {MODEL_BRIDGE_STARTING[i / 2][i % 2], MODEL_SENSOR_STARTING[i / 2][i % 2]};
        expect_recorded(phases[i / 2][i % 2], starting, 2);
    }
}

static void should_have_rates_that_follow_from_the_registers(void) {
    static const uint64_t rates[] = {83, 75, 60, 50, 40, 30, 25, 20, 15, 10, 8, 5, 3, 2,
        290, 205, 187, 150, 137, 125, 100, 90, 75, 60, 50, 37, 30};
    mimir_ps3eye_mode mode;
    for (uint64_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        model m;
        ASSERT_EQ(0, mimir_ps3eye_mode_at(i, &mode));
        ASSERT_EQ(rates[i], mode.rate_hz);
        model_init(&m, 0);
        m.sensor[0x12] = mode.width == 640 ? 0x00 : 0x40;
        m.sensor[0x11] = (uint8_t) mode.sensor_11;
        m.sensor[0x0D] = (uint8_t) mode.sensor_0d;
        m.bridge[0xE5] = (uint8_t) mode.bridge_e5;
        const int64_t off = (int64_t) model_rate_mhz(&m) - (int64_t) mode.rate_mhz;
        ASSERT((mode.flags & MIMIR_PS3EYE_CORRUPT) != 0 || (off >= -1 && off <= 1));
    }
    ASSERT_EQ(-ENOENT, mimir_ps3eye_mode_at(sizeof rates / sizeof rates[0], &mode));
}

static void should_read_back_what_it_writes(void) {
    mimir_ps3eye_range r;
    for (uint64_t i = 0; mimir_ps3eye_control_at(i, &r) == 0; i++) {
        ASSERT_EQ(i + 1, r.control);
        ASSERT(r.least <= r.usual && r.usual <= r.most);
        for (int64_t v = r.least; v <= r.most && r.control != MIMIR_PS3EYE_LED; v++) {
            eye_part parts[EYE_MOST_PARTS];
            uint8_t contents[EYE_MOST_PARTS] = {0xA5, 0xA5};
            const int n = mimir_eye_parts(r.control, v, parts);
            ASSERT(n >= 1);
            for (int k = 0; k < n; k++) {
                ASSERT_EQ(0, parts[k].bits & ~parts[k].mask);
                contents[k] = (uint8_t) ((contents[k] & ~parts[k].mask) | parts[k].bits);
            }
            ASSERT_EQ(v, mimir_eye_value(r.control, contents));
        }
    }
}

/* All writes of a start but number `left_out`. */
static void start_without(model *m, int small, int bayer, uint32_t left_out, uint32_t *count) {
    const char *const texts[] = {MODEL_BRIDGE_OPENING, MODEL_SENSOR_OPENING, MODEL_BRIDGE_STARTING[small][bayer],
        MODEL_SENSOR_STARTING[small][bayer]};
    uint32_t number = 0;
    model_init(m, 0);
    for (int t = 0; t < 4; t++) {
        model_write writes[128];
        const uint32_t n = model_parse(texts[t], (uint8_t) (t % 2), writes, 128);
        for (uint32_t i = 0; i < n; i++) {
            char one[8];
            snprintf(one, sizeof one, "%02X:%02X", writes[i].number, writes[i].value);
            if (number++ != left_out) {
                model_apply(m, one, writes[i].chip);
            }
        }
    }
    *count = number;
}

static void should_show_a_missing_write(void) {
    static model whole;
    static model m;
    uint32_t count;
    uint32_t shown = 0;
    start_without(&whole, 0, 1, UINT32_MAX, &count);
    ASSERT_EQ(0, model_defects(&whole));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t unused;
        start_without(&m, 0, 1, i, &unused);
        const bool same = memcmp(whole.bridge, m.bridge, 256) == 0 && memcmp(whole.sensor, m.sensor, 256) == 0
            && memcmp(&whole.run_97, &m.run_97, sizeof m.run_97) == 0
            && memcmp(whole.run_1d, m.run_1d, sizeof m.run_1d) == 0;
        shown += model_defects(&m) != 0;
        /* What is the same without it was written twice; rates, controls and the header's own run show elsewhere. */
        ASSERT(!same || model_defects(&m) == 0);
    }
    printf("# %u of %u writes show by themselves\n", shown, count);
    ASSERT(shown >= 70);
}

static void should_know_libusb_as_it_is(void) {
#ifdef HAS_LIBUSB_H
    ASSERT_EQ(sizeof(struct libusb_device_descriptor), sizeof(usb_device_descriptor));
    ASSERT_EQ(offsetof(struct libusb_device_descriptor, idVendor), offsetof(usb_device_descriptor, vendor));
    ASSERT_EQ(offsetof(struct libusb_device_descriptor, bDeviceClass), offsetof(usb_device_descriptor, device_class));
    ASSERT_EQ(sizeof(struct libusb_endpoint_descriptor), sizeof(usb_endpoint));
    ASSERT_EQ(offsetof(struct libusb_endpoint_descriptor, bmAttributes), offsetof(usb_endpoint, attributes));
    ASSERT_EQ(sizeof(struct libusb_interface_descriptor), sizeof(usb_setting));
    ASSERT_EQ(offsetof(struct libusb_interface_descriptor, endpoint), offsetof(usb_setting, endpoint));
    ASSERT_EQ(sizeof(struct libusb_interface), sizeof(usb_interface));
    ASSERT_EQ(offsetof(struct libusb_interface, num_altsetting), offsetof(usb_interface, count));
    ASSERT_EQ(sizeof(struct libusb_config_descriptor), sizeof(usb_configuration));
    ASSERT_EQ(offsetof(struct libusb_config_descriptor, interface), offsetof(usb_configuration, interface));
    ASSERT_EQ(sizeof(struct libusb_version), sizeof(usb_version));
    ASSERT_EQ(offsetof(struct libusb_transfer, iso_packet_desc), offsetof(usb_transfer, iso_packets) + sizeof(int));
    ASSERT_EQ(offsetof(struct libusb_transfer, endpoint), offsetof(usb_transfer, endpoint));
    ASSERT_EQ(offsetof(struct libusb_transfer, timeout), offsetof(usb_transfer, timeout_ms));
    ASSERT_EQ(offsetof(struct libusb_transfer, status), offsetof(usb_transfer, status));
    ASSERT_EQ(offsetof(struct libusb_transfer, actual_length), offsetof(usb_transfer, actual_length));
    ASSERT_EQ(offsetof(struct libusb_transfer, callback), offsetof(usb_transfer, callback));
    ASSERT_EQ(offsetof(struct libusb_transfer, user_data), offsetof(usb_transfer, user_data));
    ASSERT_EQ(offsetof(struct libusb_transfer, buffer), offsetof(usb_transfer, buffer));
    ASSERT_EQ(LIBUSB_TRANSFER_NO_DEVICE, USB_TRANSFER_NO_DEVICE);
    ASSERT_EQ(LIBUSB_TRANSFER_STALL, USB_TRANSFER_STALL);
    ASSERT_EQ(LIBUSB_TRANSFER_CANCELLED, USB_TRANSFER_CANCELLED);
    ASSERT_EQ(LIBUSB_TRANSFER_TYPE_BULK, USB_TYPE_BULK);
    ASSERT_EQ(LIBUSB_ERROR_NOT_SUPPORTED, USB_ERROR_NOT_SUPPORTED);
    ASSERT_EQ(LIBUSB_ERROR_PIPE, USB_ERROR_PIPE);
    ASSERT_EQ(LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, USB_LEFT);
    ASSERT_EQ(LIBUSB_HOTPLUG_MATCH_ANY, USB_MATCH_ANY);
    ASSERT_EQ(LIBUSB_CAP_HAS_HOTPLUG, USB_HAS_HOTPLUG);
#endif
}

int main(void) {
    RUN("should have the published tables", should_have_the_published_tables);
    RUN("should have the tables that the kernel's driver writes", should_have_the_tables_that_the_kernel_writes);
    RUN("should have rates that follow from the registers", should_have_rates_that_follow_from_the_registers);
    RUN("should read back what it writes", should_read_back_what_it_writes);
    RUN("should show a missing write", should_show_a_missing_write);
#ifdef HAS_LIBUSB_H
    RUN("should know libusb as it is", should_know_libusb_as_it_is);
#else
    (void) should_know_libusb_as_it_is;
    printf("ok - should know libusb as it is # SKIP umockdev or libusb is not installed\n");
#endif
    FINISH();
}
