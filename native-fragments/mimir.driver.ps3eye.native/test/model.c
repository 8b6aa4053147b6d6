// SPDX-License-Identifier: Apache-2.0
#include "model.h"

#include <errno.h>
#include <string.h>

#define SECOND_NS  INT64_C(1000000000)
#define RESTART_NS INT64_C(2000000) /* from stream on to the first frame */

enum { BRIDGE, SENSOR };
enum { FLAG_FID = 0x01, FLAG_EOF = 0x02, FLAG_PTS = 0x04, FLAG_SCR = 0x08, FLAG_ERR = 0x40, FLAG_EOH = 0x80 };

/* ---- registers ---- */

static void power_sensor(model *m) {
    memset(m->sensor, 0, sizeof m->sensor);
    m->sensor[0x0A] = 0x77;
    m->sensor[0x0B] = 0x21;
}

void model_init(model *m, uint32_t identity) {
    memset(m, 0, sizeof *m);
    m->identity = identity;
    m->due_ns = INT64_MAX;
    power_sensor(m);
}

static void note(model *m, uint8_t chip, uint8_t number, uint8_t value) {
    m->log[m->writes++ % MODEL_MOST_LOG] = (model_write) {chip, number, value};
}

static void run_on(model_run *run, uint8_t value) {
    if (run->count < sizeof run->bytes) {
        run->bytes[run->count++] = value;
    }
}

static void sensor_write(model *m, uint8_t number, uint8_t value) {
    note(m, SENSOR, number, value);
    if (number == 0x12 && (value & 0x80) != 0) {
        power_sensor(m);
    } else if (number != 0x0A && number != 0x0B) {
        m->sensor[number] = value;
    }
}

static void begin_stream(model *m, int64_t now_ns) {
    const model_run *h = &m->run_1d[1];
    const uint64_t bridge_pixels = (uint64_t) m->bridge[0xC0] * 8 * m->bridge[0xC1] * 8;
    const bool small = (m->sensor[0x12] & 0x40) != 0;
    const uint64_t sensor_pixels = small ? 320 * 240 : 640 * 480;
    m->headers = h->count == 2 && h->bytes[0] == 0x08 && h->bytes[1] == 0x0E;
    m->garbled = model_defects(m) != 0 || bridge_pixels != sensor_pixels;
    m->frame_bytes = sensor_pixels * ((m->bridge[0x88] & 0x08) != 0 ? 1 : 2);
    const uint64_t rate = model_rate_mhz(m);
    m->period_ns = rate != 0 ? (int64_t) (UINT64_C(1000) * SECOND_NS / rate) : SECOND_NS;
    m->streaming = true;
    m->pending = false;
    m->frame = 0;
    m->due_ns = now_ns + RESTART_NS;
}

static void switch_stream(model *m, uint8_t value, int64_t now_ns) {
    if (value == 0x08) { /* reset of the bridge */
        memset(m->bridge, 0, sizeof m->bridge);
        m->run_97 = m->run_1d[0] = m->run_1d[1] = (model_run) {.count = 0};
    }
    m->bridge[0xE0] = value;
    if (value == 0x00 && !m->streaming) {
        begin_stream(m, now_ns);
    } else if (value != 0x00) {
        m->streaming = m->pending = false;
        m->due_ns = INT64_MAX;
    }
}

static void operate(model *m, uint8_t operation) {
    m->bridge[0xF6] = m->bridge[0xF1] == 0x42 ? 0x00 : 0x04;
    if (m->bridge[0xF6] != 0) {
        return;
    }
    if (operation == 0x37) {
        sensor_write(m, m->bridge[0xF2], m->bridge[0xF3]);
    } else if (operation == 0xF9) {
        m->bridge[0xF4] = m->sensor[m->bridge[0xF2]];
    } else if (operation != 0x33) {
        m->bridge[0xF6] = 0x04;
    }
}

void model_bridge_write(model *m, uint8_t number, uint8_t value, int64_t now_ns) {
    if (number < 0xF1 || number > 0xF6) {
        note(m, BRIDGE, number, value);
    }
    m->bridge[number] = value;
    switch (number) {
    case 0x97: run_on(&m->run_97, value); break;
    case 0x1C: m->run_1d[value == 0x0A].count = 0; break;
    case 0x1D: run_on(&m->run_1d[m->bridge[0x1C] == 0x0A], value); break;
    case 0xE0: switch_stream(m, value, now_ns); break;
    case 0xF5: operate(m, value); break;
    default: break;
    }
}

void model_apply(model *m, const char *text, uint8_t chip) {
    model_write writes[128];
    const uint32_t n = model_parse(text, chip, writes, 128);
    for (uint32_t i = 0; i < n; i++) {
        if (chip == SENSOR) {
            sensor_write(m, writes[i].number, writes[i].value);
        } else {
            model_bridge_write(m, writes[i].number, writes[i].value, 0);
        }
    }
}

/* ---- what the registers mean ---- */

static bool same_run(const model_run *a, const model_run *b) {
    return a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
}

/* Registers that are somebody's wish (rate, controls, light) or the way to the sensor. */
static bool is_free(uint8_t chip, uint32_t number) {
    static const uint8_t free_bridge[] = {0x1C, 0x1D, 0x21, 0x23, 0x97, 0xE0, 0xE5, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6};
    static const uint8_t free_sensor[] = {0x00, 0x08, 0x0C, 0x0D, 0x10, 0x11, 0x13, 0x2B, 0x63, 0x64, 0x8E, 0x91, 0x9B,
        0x9C, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB};
    return memchr(chip == BRIDGE ? free_bridge : free_sensor, (int) number,
                  chip == BRIDGE ? sizeof free_bridge : sizeof free_sensor) != NULL;
}

uint32_t model_defects(const model *m) {
    static _Thread_local model wanted;
    const bool small = (m->sensor[0x12] & 0x40) != 0;
    const bool bayer = (m->sensor[0x12] & 0x01) != 0;
    model_init(&wanted, 0);
    model_apply(&wanted, MODEL_BRIDGE_OPENING, BRIDGE);
    model_apply(&wanted, MODEL_SENSOR_OPENING, SENSOR);
    model_apply(&wanted, MODEL_BRIDGE_STARTING[small][bayer], BRIDGE);
    model_apply(&wanted, MODEL_SENSOR_STARTING[small][bayer], SENSOR);
    uint32_t defects = !same_run(&m->run_97, &wanted.run_97) + !same_run(&m->run_1d[0], &wanted.run_1d[0]);
    for (uint32_t i = 0; i < 256; i++) {
        defects += !is_free(BRIDGE, i) && m->bridge[i] != wanted.bridge[i];
        defects += !is_free(SENSOR, i) && m->sensor[i] != wanted.sensor[i];
    }
    return defects;
}

uint64_t model_rate_mhz(const model *m) {
    static const uint64_t pll_tenths[] = {10, 40, 60, 80};
    uint64_t pll = pll_tenths[m->sensor[0x0D] >> 6];
    if (pll == 80 && m->bridge[0xE5] == 0x02) {
        pll = 66;
    }
    const uint64_t vga = 75000 * pll / 10 / (m->bridge[0xE5] + 1u) / ((m->sensor[0x11] & 0x3F) + 1u);
    return (m->sensor[0x12] & 0x40) != 0 ? vga * 5 / 2 : vga;
}

/* ---- pictures ---- */

static uint32_t seed_of(uint32_t identity, uint64_t frame) {
    uint64_t z = frame * UINT64_C(0x9E3779B97F4A7C15) + identity * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 30) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t) (z >> 32);
}

/* What only the emulated hardware touches is not looked at by the thread sanitizer: it would take all the time. */
#define UNWATCHED __attribute__((no_sanitize_thread))

static inline __attribute__((always_inline, no_sanitize_thread)) uint32_t word_at(uint32_t identity, uint64_t frame,
                                                                                  uint32_t seed, uint64_t i) {
    return i == 0 ? (uint32_t) frame : i == 1 ? identity : seed + (uint32_t) i * UINT32_C(0x9E3779B1);
}

/* `bytes` of the picture from byte `from` on, both multiples of 4 but for what a fault adds. */
UNWATCHED static void paint(const model *m, uint8_t *to, uint64_t from, uint64_t bytes) {
    const uint32_t seed = seed_of(m->identity, m->current) ^ (m->garbled ? 0x5A5A5A5A : 0);
    for (uint64_t i = 0; i < bytes / 4; i++) {
        ((uint32_t *) to)[i] = word_at(m->identity, m->current, seed, from / 4 + i);
    }
}

UNWATCHED bool model_check(const uint8_t *bytes, uint64_t length, uint32_t identity, uint64_t *frame) {
    const uint32_t *words = (const uint32_t *) bytes;
    const uint32_t number = words[0];
    *frame = number;
    const uint32_t seed = seed_of(identity, number);
    uint32_t different = 0;
    for (uint64_t i = 0; i < length / 4; i++) {
        different |= words[i] ^ word_at(identity, number, seed, i);
    }
    return different == 0;
}

/* ---- the stream ---- */

bool model_fault(model *m, enum model_fault fault, uint64_t frame, uint32_t n) {
    if (m->plans == MODEL_MOST_FAULTS) {
        return false;
    }
    m->plan_of[m->plans++] = (model_plan) {fault, n, frame, false};
    return true;
}

static model_plan *plan_for(model *m, uint64_t frame) {
    for (uint32_t i = 0; i < m->plans; i++) {
        model_plan *p = &m->plan_of[i];
        if (frame >= p->frame && !p->done) {
            p->done = true;
            m->skipping = p->fault == MODEL_SKIP ? p->n : 0;
            return p;
        }
    }
    return NULL;
}

static bool has(const model *m, enum model_fault fault) {
    return m->plan != NULL && m->plan->fault == (uint32_t) fault;
}

static void begin_frame(model *m) {
    m->plan = m->skipping == 0 ? plan_for(m, m->frame) : m->plan;
    if (m->skipping != 0) {
        m->skipping--;
        m->frames_planned++;
        return;
    }
    m->current = m->frame;
    m->pending = true;
    m->sent = 0;
    m->payloads = 0;
    m->left_n = m->plan != NULL ? m->plan->n : 0;
    m->end = has(m, MODEL_SHORT) || has(m, MODEL_TORN) ? m->frame_bytes / MODEL_DATA / 2 * MODEL_DATA
        : has(m, MODEL_OVERSIZE) ? m->frame_bytes + MODEL_DATA : m->frame_bytes;
}

int64_t model_tick(model *m, int64_t now_ns) {
    bool hungry = m->hungry;
    for (; m->streaming && m->due_ns <= now_ns; hungry = false) { /* what else is due by now is our own lateness */
        if (m->pending || m->halted) {
            m->frames_skipped++;
            m->frames_starved += hungry;
        } else {
            begin_frame(m);
        }
        m->frame++;
        m->due_ns += m->period_ns;
    }
    return m->streaming ? m->due_ns : INT64_MAX;
}

static bool is_middle(const model *m) {
    return m->payloads == 5;
}

/* PTS in microseconds, which soon passes its end. */
static void put_header(const model *m, uint8_t *p, bool last) {
    uint32_t pts = (uint32_t) (m->current * (uint64_t) m->period_ns / 1000) + 0xFFFE0000u;
    uint8_t flags = FLAG_PTS | FLAG_SCR | FLAG_EOH | (uint8_t) (m->current & FLAG_FID);
    flags |= last && !has(m, MODEL_NO_EOF) && !has(m, MODEL_TORN) ? FLAG_EOF : 0;
    if (is_middle(m)) {
        pts += has(m, MODEL_PTS_JUMP) ? 12345u : 0;
        flags |= has(m, MODEL_ERR_PAYLOAD) ? FLAG_ERR : 0;
        flags ^= has(m, MODEL_FID) ? FLAG_FID : 0;
        flags &= has(m, MODEL_NO_PTS) ? (uint8_t) ~FLAG_PTS : 0xFF;
    }
    memset(p, 0, 12);
    p[0] = is_middle(m) && has(m, MODEL_BAD_HEADER) ? 7 : 12;
    p[1] = flags;
    for (int i = 0; i < 4; i++) {
        p[2 + i] = (uint8_t) (pts >> (8 * i));
    }
}

/* A header without data, when the frame's fault wants one here. */
static bool put_bare_header(model *m, uint8_t *p) {
    const bool before = has(m, MODEL_HEADER_ONLY) && m->payloads == 0;
    if (m->left_n == 0 || !(before || (has(m, MODEL_HEADER_PLAIN) && is_middle(m)))) {
        return false;
    }
    m->left_n--;
    put_header(m, p, false);
    p[1] |= before ? FLAG_ERR : 0;
    return true;
}

/* One payload; its bytes. */
static uint32_t put_payload(model *m, uint8_t *p) {
    if (m->headers && put_bare_header(m, p)) {
        return 12;
    }
    const uint64_t most = m->headers ? MODEL_DATA : MODEL_PAYLOAD;
    const uint64_t left = m->end - m->sent;
    const uint32_t data = (uint32_t) (left < most ? left : most);
    const uint32_t header = m->headers ? 12 : 0;
    const bool tiny = has(m, MODEL_TINY) && is_middle(m);
    if (m->headers) {
        put_header(m, p, data == left);
    }
    paint(m, p + header, m->sent, data);
    m->sent += data;
    m->payloads++;
    if (m->sent == m->end) {
        m->pending = false;
        m->frames_sent++;
    }
    return tiny ? 5 : header + data;
}

/* A fault of the transfer that carries the middle of the frame. */
static int fail_transfer(model *m) {
    if (has(m, MODEL_STALL) && m->payloads > 0) {
        m->halted = true;
        m->pending = false;
        m->frames_sent++;
        return -EPIPE;
    }
    if (has(m, MODEL_TRANSFER) && m->payloads > 0 && m->left_n > 0) {
        m->left_n--;
        return -EPROTO;
    }
    return 0;
}

int model_bulk(model *m, uint8_t *buffer, uint32_t length) {
    uint32_t filled = 0;
    if (m->halted) {
        return -EPIPE;
    }
    if (!m->pending) {
        return -EAGAIN;
    }
    const int failure = fail_transfer(m);
    while (m->pending && filled + MODEL_PAYLOAD <= length) {
        const uint32_t n = put_payload(m, buffer + filled);
        filled += n;
        if (n < MODEL_PAYLOAD) {
            break;
        }
    }
    return failure != 0 ? failure : (int) filled;
}

void model_clear_halt(model *m) {
    m->halted = false;
}
