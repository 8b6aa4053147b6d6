// SPDX-License-Identifier: Apache-2.0
/*
 * A PS3 Eye as a machine of registers: it streams what its registers say, in the form that the public header describes.
 * Size, format and rate follow from what was written; a register of the tables that was not written, or wrongly, shows:
 * pictures are garbled, have another size, or have no header. It knows nothing of who carries its requests (a shim of
 * usbfs, USB/IP, a test); whoever calls it from several threads locks.
 */
#ifndef MIMIR_PS3EYE_TEST_MODEL_H
#define MIMIR_PS3EYE_TEST_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define MODEL_PAYLOAD     2048u
#define MODEL_DATA        2036u
#define MODEL_MOST_FAULTS 64u
#define MODEL_MOST_LOG    4096u

/*
 * What goes wrong with frame `frame` of a stream (the first is 0), or with the next that is sent when that one is not,
 * once; `n` in number where it says so.
 */
enum model_fault {
    MODEL_ERR_PAYLOAD = 1,   /* a payload in its middle has ERR */
    MODEL_HEADER_ONLY = 2,   /* before it come n headers without data, with ERR */
    MODEL_HEADER_PLAIN = 3,  /* in its middle come n headers without data, without ERR */
    MODEL_SHORT = 4,         /* ends half way, with EOF */
    MODEL_NO_EOF = 5,        /* its last payload has no EOF */
    MODEL_TORN = 6,          /* ends half way, without EOF */
    MODEL_BAD_HEADER = 7,    /* a payload in its middle says another length of its header */
    MODEL_PTS_JUMP = 8,      /* a payload in its middle has another PTS */
    MODEL_NO_PTS = 9,        /* a payload in its middle has none */
    MODEL_OVERSIZE = 10,     /* one payload too many */
    MODEL_SKIP = 11,         /* it and the n - 1 after it are not sent */
    MODEL_STALL = 12,        /* the endpoint halts in its middle, until it is cleared */
    MODEL_TRANSFER = 13,     /* a transfer in its middle fails on the bus, with what it carried */
    MODEL_TINY = 14,         /* a payload of 5 bytes in its middle */
    MODEL_FID = 15           /* a payload in its middle has the other FID */
};

typedef struct model_plan {
    uint32_t fault;
    uint32_t n;
    uint64_t frame;
    bool done;
} model_plan;

/* A register that was written; sensor writes appear as such, not as the bridge's. */
typedef struct model_write {
    uint8_t chip;            /* 0 bridge, 1 sensor */
    uint8_t number;
    uint8_t value;
} model_write;

/* Bytes that were written to one register one after the other. */
typedef struct model_run {
    uint8_t bytes[16];
    uint32_t count;
} model_run;

typedef struct model {
    uint32_t identity;       /* which camera: goes into its pictures */
    uint8_t bridge[256];
    uint8_t sensor[256];
    model_run run_97;
    model_run run_1d[2];     /* while 1C was 00, and 0A */
    uint64_t writes;         /* so far; the newest stand in log */
    uint64_t requests;
    model_write log[MODEL_MOST_LOG];
    /* the stream */
    bool streaming;
    bool halted;
    bool headers;
    bool garbled;
    bool hungry;             /* whoever carries its requests has none that waits; he says so before model_tick */
    int64_t due_ns;          /* of the next frame */
    int64_t period_ns;
    uint64_t frame_bytes;
    uint64_t frame;          /* number of the next frame */
    /* the frame that is being sent */
    bool pending;
    uint64_t current;
    uint64_t sent;           /* data bytes */
    uint64_t end;            /* data bytes that it will have */
    uint32_t payloads;
    uint32_t left_n;         /* of the fault of this frame */
    model_plan *plan;
    uint32_t skipping;       /* frames that MODEL_SKIP still takes */
    /* what happened since power on */
    uint64_t frames_sent;    /* completely, or as far as their fault lets them */
    uint64_t frames_skipped; /* nobody fetched the one before */
    uint64_t frames_starved; /* of these, because the host had asked for nothing when the next was due */
    uint64_t frames_planned; /* not sent because of MODEL_SKIP */
    uint32_t plans;
    model_plan plan_of[MODEL_MOST_FAULTS];
} model;

void model_init(model *m, uint32_t identity);

/*
 * A request to endpoint 0: vendor requests, and the standard ones that a bus needs. `data`: `length` bytes out or in.
 * Returns how many bytes there are, or -EPIPE for one that it does not know.
 */
int model_control(model *m, uint8_t type, uint8_t request, uint16_t value, uint16_t index, uint8_t *data,
                  uint16_t length, int64_t now_ns);

/* Its descriptors as the system shows them: device, then configuration. Returns their bytes; `to` holds 64. */
uint32_t model_descriptors(uint8_t *to);

/* Takes what has become due until now. Returns when it wants to be asked again, INT64_MAX while it does not stream. */
int64_t model_tick(model *m, int64_t now_ns);

/*
 * One transfer from the bulk endpoint into `buffer` (multiple of MODEL_PAYLOAD). Returns its bytes, -EAGAIN when there
 * is nothing to send yet, -EPIPE while it is halted, -EPROTO for a transfer that fails.
 */
int model_bulk(model *m, uint8_t *buffer, uint32_t length);

void model_clear_halt(model *m);

/* A register of the bridge, the way to the sensor among them. */
void model_bridge_write(model *m, uint8_t number, uint8_t value, int64_t now_ns);

/* False when there is no more room. Takes effect for frames that have not begun. */
bool model_fault(model *m, enum model_fault fault, uint64_t frame, uint32_t n);

/* Registers that differ from what the tables ask for the size and format that the sensor was told. */
uint32_t model_defects(const model *m);

/* Frames a second that the registers give, in thousandths; the header says how. */
uint64_t model_rate_mhz(const model *m);

/* True if the bytes are frame `*frame` of camera `identity`, whole; *frame is set to what the picture says. */
bool model_check(const uint8_t *bytes, uint64_t length, uint32_t identity, uint64_t *frame);

/* ---- the tables, as text: `reg:value` in hex, for the model and for tests ---- */

extern const char MODEL_BRIDGE_OPENING[];
extern const char MODEL_SENSOR_OPENING[];

/* [small][bayer] */
extern const char *const MODEL_BRIDGE_STARTING[2][2];
extern const char *const MODEL_SENSOR_STARTING[2][2];

/* Reads a text; returns how many writes there are, at most `most`. */
uint32_t model_parse(const char *text, uint8_t chip, model_write *writes, uint32_t most);

/* As if the driver had written it. */
void model_apply(model *m, const char *text, uint8_t chip);

#endif
