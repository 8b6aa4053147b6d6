// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include "os.h"

#define MS            INT64_C(1000000)
#define ANSWER_MS     500u
#define ANSWER_NS     (4 * ANSWER_MS * MS) /* libusb ends a request after ANSWER_MS; this is for a worker that hangs */
#define RESET_NS      (100 * MS)
#define SENSOR_NS     (20 * MS)
#define SETTLE_NS     MS
#define SETTLE_LOOKS  50
#define SETUP_BYTES   8

enum { ADDRESS = 0xF1, NUMBER = 0xF2, DATA_OUT = 0xF3, DATA_IN = 0xF4, OPERATION = 0xF5, STATUS = 0xF6 };
enum { WRITE_3 = 0x37, WRITE_2 = 0x33, READ_2 = 0xF9 };
enum { DONE = 0x00, FAILED = 0x04 };

static void answered(usb_transfer *transfer) {
    eye_wire *w = transfer->user_data;
    __atomic_store_n(&w->done, 1, __ATOMIC_RELEASE);
    mimir_eye_os_wake(&w->done);
}

int mimir_eye_wire_open(eye_wire *w, const usb_api *usb, usb_handle *handle) {
    w->usb = usb;
    w->done = 1;
    w->lost = false;
    w->transfer = usb->alloc_transfer(0);
    if (w->transfer == NULL) {
        return -ENOMEM;
    }
    w->transfer->handle = handle;
    w->transfer->type = USB_TYPE_CONTROL;
    w->transfer->timeout_ms = ANSWER_MS;
    w->transfer->buffer = w->packet;
    w->transfer->length = SETUP_BYTES + 1;
    w->transfer->callback = answered;
    w->transfer->user_data = w;
    return 0;
}

void mimir_eye_wire_close(eye_wire *w) {
    if (w->transfer != NULL && !w->lost) {
        w->usb->free_transfer(w->transfer);
    }
    w->transfer = NULL;
}

static bool await_answer(eye_wire *w) {
    const int64_t until_ns = mimir_clock_ns() + ANSWER_NS;
    while (__atomic_load_n(&w->done, __ATOMIC_ACQUIRE) == 0) {
        const int64_t left_ns = until_ns - mimir_clock_ns();
        if (left_ns <= 0) {
            w->lost = true;
            return false;
        }
        mimir_eye_os_rest(&w->done, 0, left_ns);
    }
    return true;
}

/* One request of a vendor: `way` 0x40 writes `value`, 0xC0 reads. */
static int request(eye_wire *w, uint8_t way, uint8_t number, uint8_t value) {
    if (w->transfer == NULL) {
        return -ENODEV;
    }
    if (w->lost) {
        return -ETIMEDOUT;
    }
    const uint8_t setup[SETUP_BYTES + 1] = {way, 1, 0, 0, number, 0, 1, 0, value};
    for (int i = 0; i < SETUP_BYTES + 1; i++) {
        w->packet[i] = setup[i];
    }
    __atomic_store_n(&w->done, 0, __ATOMIC_RELEASE);
    const int error = mimir_eye_usb_error(w->usb->submit_transfer(w->transfer));
    if (error != 0) {
        w->done = 1;
        return error;
    }
    if (!await_answer(w)) {
        return -ETIMEDOUT;
    }
    const int status = mimir_eye_usb_status(w->transfer->status);
    if (status != 0) {
        return status == -ENODEV || status == -ETIMEDOUT ? status : -EIO;
    }
    return w->transfer->actual_length == 1 ? w->packet[SETUP_BYTES] : -EIO;
}

static int bridge_write(eye_wire *w, uint8_t number, uint8_t value) {
    const int result = request(w, 0x40, number, value);
    return result < 0 ? result : 0;
}

/* The sensor hangs on a slow bus behind the bridge. */
static int settle(eye_wire *w) {
    for (int i = 0; i < SETTLE_LOOKS; i++) {
        const int status = request(w, 0xC0, STATUS, 0);
        if (status == DONE || status < 0) {
            return status;
        }
        if (status == FAILED) {
            return -EIO;
        }
        mimir_eye_os_sleep(SETTLE_NS);
    }
    return -ETIMEDOUT;
}

static int sensor_operation(eye_wire *w, uint8_t operation) {
    const int error = bridge_write(w, OPERATION, operation);
    return error != 0 ? error : settle(w);
}

static int sensor_write(eye_wire *w, uint8_t number, uint8_t value) {
    int error = bridge_write(w, NUMBER, number);
    error = error != 0 ? error : bridge_write(w, DATA_OUT, value);
    return error != 0 ? error : sensor_operation(w, WRITE_3);
}

static int sensor_read(eye_wire *w, uint8_t number) {
    int error = bridge_write(w, NUMBER, number);
    error = error != 0 ? error : sensor_operation(w, WRITE_2);
    error = error != 0 ? error : sensor_operation(w, READ_2);
    return error != 0 ? error : request(w, 0xC0, DATA_IN, 0);
}

int mimir_eye_read(eye_wire *w, enum mimir_ps3eye_chip chip, uint8_t number) {
    return chip == MIMIR_PS3EYE_BRIDGE ? request(w, 0xC0, number, 0) : sensor_read(w, number);
}

int mimir_eye_write(eye_wire *w, enum mimir_ps3eye_chip chip, uint8_t number, uint8_t value) {
    return chip == MIMIR_PS3EYE_BRIDGE ? bridge_write(w, number, value) : sensor_write(w, number, value);
}

static int write_table(eye_wire *w, enum mimir_ps3eye_chip chip, eye_table table) {
    int error = 0;
    for (uint32_t i = 0; i < table.count && error == 0; i++) {
        error = mimir_eye_write(w, chip, table.writes[i].number, table.writes[i].value);
    }
    return error;
}

/* Each half is read twice; what comes first is what was on the bus before. */
static int identify(eye_wire *w, uint64_t *sensor) {
    int halves[2] = {0, 0};
    for (int i = 0; i < 4; i++) {
        const int value = sensor_read(w, i < 2 ? 0x0A : 0x0B);
        if (value < 0) {
            return value;
        }
        halves[i / 2] = value;
    }
    *sensor = (uint64_t) halves[0] << 8 | (uint64_t) halves[1];
    const bool other = (*sensor & 0xFFF0) == 0x7670 || *sensor == 0 || *sensor == 0xFFFF;
    return other ? -EIO : 0;
}

static int reset(eye_wire *w) {
    int error = bridge_write(w, 0xE7, 0x3A);
    error = error != 0 ? error : bridge_write(w, 0xE0, 0x08);
    if (error != 0) {
        return error;
    }
    mimir_eye_os_sleep(RESET_NS);
    error = bridge_write(w, ADDRESS, 0x42);
    error = error != 0 ? error : sensor_write(w, 0x12, 0x80);
    mimir_eye_os_sleep(SENSOR_NS);
    return error;
}

int mimir_eye_set_up(eye_wire *w, uint64_t *sensor) {
    int error = reset(w);
    error = error != 0 ? error : identify(w, sensor);
    error = error != 0 ? error : write_table(w, MIMIR_PS3EYE_BRIDGE, mimir_eye_opening(MIMIR_PS3EYE_BRIDGE));
    error = error != 0 ? error : mimir_eye_led(w, true);
    error = error != 0 ? error : write_table(w, MIMIR_PS3EYE_SENSOR, mimir_eye_opening(MIMIR_PS3EYE_SENSOR));
    error = error != 0 ? error : mimir_eye_stream(w, false);
    return error != 0 ? error : mimir_eye_led(w, false);
}

int mimir_eye_choose(eye_wire *w, const mimir_ps3eye_mode *mode, bool bayer) {
    const bool small = mode->width < 640;
    int error = write_table(w, MIMIR_PS3EYE_BRIDGE, mimir_eye_starting(MIMIR_PS3EYE_BRIDGE, small, bayer));
    if (error == 0) {
        error = write_table(w, MIMIR_PS3EYE_SENSOR, mimir_eye_starting(MIMIR_PS3EYE_SENSOR, small, bayer));
    }
    error = error != 0 ? error : sensor_write(w, 0x11, (uint8_t) mode->sensor_11);
    error = error != 0 ? error : sensor_write(w, 0x0D, (uint8_t) mode->sensor_0d);
    error = error != 0 ? error : bridge_write(w, 0xE5, (uint8_t) mode->bridge_e5);
    return error != 0 ? error : write_table(w, MIMIR_PS3EYE_SENSOR, mimir_eye_hue());
}

/* Sets the bits `mask` of a register to those of `bits`; writes without looking when it is the whole register. */
static int change(eye_wire *w, enum mimir_ps3eye_chip chip, eye_part p) {
    int value = 0;
    if (p.mask != 0xFF) {
        value = mimir_eye_read(w, chip, p.number);
        if (value < 0) {
            return value;
        }
    }
    return mimir_eye_write(w, chip, p.number, (uint8_t) ((value & ~p.mask) | p.bits));
}

int mimir_eye_led(eye_wire *w, bool on) {
    int error = change(w, MIMIR_PS3EYE_BRIDGE, (eye_part) {0x21, 0x80, 0x80});
    error = error != 0 ? error : change(w, MIMIR_PS3EYE_BRIDGE, (eye_part) {0x23, 0x80, on ? 0x80 : 0});
    return error != 0 || on ? error : change(w, MIMIR_PS3EYE_BRIDGE, (eye_part) {0x21, 0x80, 0});
}

int mimir_eye_stream(eye_wire *w, bool on) {
    return bridge_write(w, 0xE0, on ? 0x00 : 0x09);
}

/* Adds a part to those that are to be written; of one register there is one. Returns how many there are. */
static int merge(eye_part parts[EYE_REGISTERS], int count, eye_part p) {
    int at = 0;
    while (at < count && parts[at].number != p.number) {
        at++;
    }
    if (at == count) {
        parts[at] = p;
        return count + 1;
    }
    parts[at].bits = (uint8_t) ((parts[at].bits & ~p.mask) | p.bits);
    parts[at].mask |= p.mask;
    return count;
}

int mimir_eye_controls_write(eye_wire *w, const mimir_ps3eye_setting *settings, uint64_t count) {
    eye_part parts[EYE_REGISTERS];
    int registers = 0;
    int error = 0;
    for (uint64_t i = 0; i < count; i++) {
        eye_part of_one[EYE_MOST_PARTS];
        const int n = mimir_eye_parts(settings[i].control, settings[i].value, of_one);
        for (int k = 0; k < n; k++) {
            registers = merge(parts, registers, of_one[k]);
        }
    }
    for (int i = 0; i < registers && error == 0; i++) {
        error = change(w, MIMIR_PS3EYE_SENSOR, parts[i]);
    }
    return error;
}

int mimir_eye_control_write(eye_wire *w, uint64_t control, int64_t value) {
    const mimir_ps3eye_setting one = {control, value};
    return control == MIMIR_PS3EYE_LED ? mimir_eye_led(w, value != 0) : mimir_eye_controls_write(w, &one, 1);
}

int mimir_eye_control_read(eye_wire *w, uint64_t control, int64_t *value) {
    eye_part parts[EYE_MOST_PARTS];
    uint8_t contents[EYE_MOST_PARTS] = {0};
    if (control == MIMIR_PS3EYE_LED) {
        const int content = mimir_eye_read(w, MIMIR_PS3EYE_BRIDGE, 0x23);
        *value = content >= 0 && (content & 0x80) != 0;
        return content < 0 ? content : 0;
    }
    const int count = mimir_eye_parts(control, 0, parts);
    for (int i = 0; i < count; i++) {
        const int content = mimir_eye_read(w, MIMIR_PS3EYE_SENSOR, parts[i].number);
        if (content < 0) {
            return content;
        }
        contents[i] = (uint8_t) content;
    }
    *value = mimir_eye_value(control, contents);
    return 0;
}
