// SPDX-License-Identifier: Apache-2.0
#include "frames.h"

#include <string.h>

#define HEADER_BYTES 12u
enum { FLAG_FID = 0x01, FLAG_EOF = 0x02, FLAG_PTS = 0x04, FLAG_ERR = 0x40 };

/* A reader may still look at a slot that is written anew: the thread sanitizer knows no fences and wants atomics. */
#if defined(__SANITIZE_THREAD__)
#define PUT(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)
#else
#define PUT(place, value) ((place) = (value))
#endif

#define BELIEVE_AFTER  8u     /* equal steps of PTS */
#define MOST_MISSING   4096u  /* a longer silence is none: PTS began anew */
#define STRANGE_ENOUGH 64u    /* payloads in a row: the device has changed its mind */

static void count(uint64_t *counter, uint64_t by) {
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

int mimir_eye_frames_make(eye_frames *f, void *region, uint64_t region_bytes, void *hints) {
    const int error = mimir_ring_writer_attach(&f->writer, region, region_bytes, hints);
    return error == 0 && f->bytes > f->writer.payload_stride ? -EINVAL : error;
}

void mimir_eye_frames_miss(eye_frames *f, uint64_t lost) {
    if (lost != 0 && f->counts->starts != 0) {
        mimir_ring_drop(&f->writer, MIMIR_DROP_UNPLUGGED, lost);
        count(&f->counts->unplugged_frames, lost);
    }
}

void mimir_eye_frames_begin(eye_frames *f, uint64_t lost) {
    mimir_eye_frames_miss(f, lost);
    if (f->counts->starts != 0) {
        mimir_ring_epoch(&f->writer);
    }
    f->sequence = 0;
    f->seen = f->ended = f->open = f->whole = false;
    f->steps = (eye_steps) {0};
    __atomic_store_n(&f->counts->pts_step, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&f->counts->first_frame_ns, 0, __ATOMIC_RELAXED);
}

/* ---- losses ---- */

/* In the warm-up the claim is kept: the next frame has the same slot, and nothing is lost. */
static void give_up(eye_frames *f, uint32_t reason, uint64_t *counter) {
    f->open = false;
    if (!f->whole) {
        count(&f->counts->warmup_frames, 1);
        return;
    }
    mimir_ring_abort(&f->writer, reason);
    f->sequence++;
    count(counter, 1);
}

/* A payload of the frame in work is bad. */
static void spoil(eye_frames *f, uint64_t *counter) {
    count(counter, 1);
    if (f->open) {
        give_up(f, MIMIR_DROP_CORRUPT, &f->counts->damaged_frames);
    }
}

bool mimir_eye_frames_tear(eye_frames *f, uint32_t reason) {
    if (!f->open) {
        return false;
    }
    give_up(f, reason, reason == MIMIR_DROP_UNPLUGGED ? &f->counts->unplugged_frames
            : reason == MIMIR_DROP_ABORTED ? &f->counts->aborted_frames : &f->counts->torn_frames);
    return true;
}

static void lose(eye_frames *f, uint64_t frames) {
    if (frames != 0 && f->whole) {
        mimir_ring_drop(&f->writer, MIMIR_DROP_MISSING, frames);
        f->sequence += frames;
        count(&f->counts->missing_frames, frames);
    }
}

/* ---- PTS as a counter ---- */

static bool is_near(uint32_t value, uint32_t wanted) {
    const uint32_t off = value > wanted ? value - wanted : wanted - value;
    return off <= wanted / 64;
}

/* Counts what was missing while the step was not known yet. */
static void settle(eye_frames *f, uint32_t pts) {
    eye_steps *s = &f->steps;
    s->step = s->candidate;
    const uint64_t passed = ((uint64_t) (uint32_t) (pts - s->base) + s->step / 2) / s->step;
    if (passed > s->counted && passed - s->counted <= MOST_MISSING) {
        lose(f, passed - s->counted);
    }
    __atomic_store_n(&f->counts->pts_step, s->step, __ATOMIC_RELAXED);
}

/* One more step, while none is believed. */
static void learn(eye_frames *f, uint32_t pts) {
    eye_steps *s = &f->steps;
    const uint32_t step = pts - f->pts;
    if (!f->whole) {
        s->base = pts;
        s->counted = 0;
    } else {
        s->counted++;
    }
    if (s->candidate != 0 && is_near(step, s->candidate)) {
        s->candidate = (uint32_t) (((uint64_t) s->candidate * 7 + step) / 8);
        s->agreed++;
    } else if (s->candidate == 0 || step < s->candidate || s->agreed < 2) {
        s->candidate = step;
        s->agreed = 0;
    }
    if (s->agreed >= BELIEVE_AFTER && f->whole && s->candidate > 64) {
        settle(f, pts);
    }
}

/* How many steps lie between two frames; 0: none that is possible. */
static uint32_t steps_to(const eye_frames *f, uint32_t pts) {
    const uint64_t passed = (uint32_t) (pts - f->pts);
    const uint64_t n = (passed + f->steps.step / 2) / f->steps.step;
    const uint64_t exact = n * f->steps.step;
    const uint64_t off = passed > exact ? passed - exact : exact - passed;
    return off <= f->steps.step / 8 + exact / 256 && n <= MOST_MISSING ? (uint32_t) n : 0;
}

/* False: this PTS cannot be one, and the payload is damaged. */
static bool follows(eye_frames *f, uint32_t pts) {
    eye_steps *s = &f->steps;
    if (!f->seen) {
        return true;
    }
    if (s->step == 0) {
        learn(f, pts);
        return true;
    }
    const uint32_t n = steps_to(f, pts);
    if (n == 0) {
        if (++s->strange >= STRANGE_ENOUGH) {
            *s = (eye_steps) {.base = pts};
            __atomic_store_n(&f->counts->pts_step, 0, __ATOMIC_RELAXED);
            return true;
        }
        return false;
    }
    s->strange = 0;
    return true;
}

/* ---- frames ---- */

static bool is_current(const eye_frames *f, uint32_t pts, uint32_t fid) {
    return f->seen && !f->ended && f->pts == pts && f->fid == fid;
}

static void begin(eye_frames *f, uint32_t pts, uint32_t fid) {
    if (f->open) {
        give_up(f, MIMIR_DROP_CORRUPT, &f->counts->short_frames);
    }
    if (f->seen && f->steps.step != 0) {
        lose(f, steps_to(f, pts) > 1 ? steps_to(f, pts) - 1 : 0);
    }
    f->pts = pts;
    f->fid = fid;
    f->seen = true;
    f->ended = false;
    f->open = true;
    f->filled = 0;
    f->crc = 0;
    f->slot = mimir_ring_claim(&f->writer, &f->item);
}

static void publish(eye_frames *f, int64_t now_ns) {
    mimir_ring_descriptor *d = f->item;
    PUT(d->sequence, f->sequence++);
    PUT(d->host_time_ns, now_ns);
    PUT(d->device_clock, MIMIR_DEVICE_CLOCK_NONE);
    PUT(d->format_id, f->format_id);
    PUT(d->width, f->width);
    PUT(d->height, f->height);
    PUT(d->payload_bytes, f->bytes);
    PUT(d->handle[2], (uint64_t) f->fid << 32 | f->pts);
    PUT(d->flags, d->flags | MIMIR_FLAG_NO_TIME_INFO | (f->checksum ? MIMIR_FLAG_CRC : 0));
    PUT(d->crc32c, f->crc);
    f->open = false;
    f->whole = true;
    mimir_ring_commit(&f->writer, f->bytes);
    if (__atomic_load_n(&f->counts->first_frame_ns, __ATOMIC_RELAXED) == 0) {
        __atomic_store_n(&f->counts->first_frame_ns, now_ns, __ATOMIC_RELAXED);
        f->steps.base = f->pts;
        f->steps.counted = 0;
    }
    __atomic_store_n(&f->counts->last_frame_ns, now_ns, __ATOMIC_RELAXED);
    __atomic_store_n(&f->counts->pts, f->pts, __ATOMIC_RELAXED);
    count(&f->counts->frames, 1);
}

static void append(eye_frames *f, const uint8_t *data, uint64_t length) {
    if (length > f->bytes - f->filled) {
        give_up(f, MIMIR_DROP_CORRUPT, &f->counts->oversize_frames);
        return;
    }
    memcpy(f->slot + f->filled, data, length);
    if (f->checksum) {
        f->crc = mimir_crc32c(f->crc, data, length);
    }
    f->filled += length;
}

static void end(eye_frames *f, int64_t now_ns) {
    f->ended = true;
    if (f->open && f->filled == f->bytes) {
        publish(f, now_ns);
    } else if (f->open) {
        give_up(f, MIMIR_DROP_CORRUPT, &f->counts->short_frames);
    }
}

/* False: nothing of this payload can be used. */
static bool is_sound(eye_frames *f, const uint8_t *p, uint64_t length) {
    mimir_ps3eye_counts *c = f->counts;
    count(&c->payloads, 1);
    if (length < HEADER_BYTES || p[0] != HEADER_BYTES) {
        spoil(f, &c->bad_headers);
        return false;
    }
    if (length == HEADER_BYTES) {
        count(&c->header_only, 1);
    }
    if ((p[1] & FLAG_ERR) != 0) {
        spoil(f, &c->error_payloads);
        return false;
    }
    if ((p[1] & FLAG_PTS) == 0) {
        spoil(f, &c->no_pts);
        return false;
    }
    return true;
}

static void take_payload(eye_frames *f, const uint8_t *p, uint64_t length, int64_t now_ns) {
    if (!is_sound(f, p, length)) {
        return;
    }
    const uint32_t pts = (uint32_t) p[2] | (uint32_t) p[3] << 8 | (uint32_t) p[4] << 16 | (uint32_t) p[5] << 24;
    const uint32_t fid = p[1] & FLAG_FID;
    const bool current = is_current(f, pts, fid);
    if (length == HEADER_BYTES && !(current && (p[1] & FLAG_EOF) != 0)) {
        return;
    }
    if (!current) {
        if (!follows(f, pts)) {
            spoil(f, &f->counts->bad_headers);
            return;
        }
        begin(f, pts, fid);
    }
    if (f->open && length > HEADER_BYTES) {
        append(f, p + HEADER_BYTES, length - HEADER_BYTES);
    }
    if ((p[1] & FLAG_EOF) != 0) {
        end(f, now_ns);
    }
}

void mimir_eye_frames_take(eye_frames *f, const uint8_t *bytes, uint64_t length, int64_t now_ns) {
    count(&f->counts->bytes, length);
    for (uint64_t at = 0; at < length; at += MIMIR_PS3EYE_PAYLOAD) {
        const uint64_t left = length - at;
        take_payload(f, bytes + at, left < MIMIR_PS3EYE_PAYLOAD ? left : MIMIR_PS3EYE_PAYLOAD, now_ns);
    }
}
