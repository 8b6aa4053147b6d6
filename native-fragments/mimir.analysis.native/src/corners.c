// SPDX-License-Identifier: Apache-2.0
/* Points that can be found again: the best maxima of the scores of strip.h that keep their distance. */
#include <stdlib.h>
#include <string.h>

#include "select.h"
#include "strip.h"

#define ROUNDING 1e-6f
#define PART     8u /* rows that are found bare or looked at together */
#define TRUST    3u /* so many parts are looked at untested after one that was not bare */

typedef struct corners_state {
    uint32_t most_width;
    uint32_t most_height;
    bool wide;
    float least;         /* score, levels2/px2 */
    float quality;       /* share of the best score */
    analysis_strip strip;
    analysis_selection selection;
} corners_state;

static void corners_destroy(void *state) {
    corners_state *s = state;
    if (s != NULL) {
        mimir_selection_free(&s->selection);
        free(s);
    }
}

static int corners_create(const mimir_ring_format *format, void **state) {
    if (!analysis_frames(format)) {
        return -EINVAL;
    }
    corners_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_width = format->width;
    s->most_height = format->height;
    s->wide = mimir_analysis_wide();
    s->least = 2;
    s->quality = 0.01f;
    if (mimir_selection_make(&s->selection, format->width, format->height) != 0) {
        corners_destroy(s);
        return -ENOMEM;
    }
    *state = s;
    return 0;
}

static int corners_set(void *state, const char *parameter, double value) {
    corners_state *s = state;
    const bool least = strcmp(parameter, "least") == 0;
    if (strcmp(parameter, "distance") == 0) {
        return mimir_selection_distance(&s->selection, value);
    }
    if (!least && strcmp(parameter, "quality") != 0) {
        return -ENOENT;
    }
    if (!(value >= 0 && value <= (least ? 65025 : 1))) {
        return -ERANGE;
    }
    *(least ? &s->least : &s->quality) = (float) value;
    return 0;
}

static int corners_due(const void *state, mimir_processor_call *call) {
    const corners_state *s = state;
    analysis_picture now;
    const int fault = mimir_analysis_picture(&now, &call->needs[0]);
    return fault == 0 && analysis_fits(&now, s->most_width, s->most_height) ? 1 : -EINVAL;
}

static void offer(corners_state *c, uint32_t i, uint32_t y) {
    float x_px;
    float y_px;
    float score;
    mimir_strip_top(&c->strip, i, y, &x_px, &y_px, &score);
    mimir_selection_offer(&c->selection, x_px, y_px, score);
}

/* Offers the maxima of row `y` before column `end`; there are few, so eight places are passed over at a time. */
static void find(corners_state *c, uint32_t y, uint32_t end) {
    for (uint32_t first = 0; first < STRIP_COLUMNS; first += sizeof(uint64_t)) {
        uint64_t eight; /* bytes of 0 and 1, the first one lowest */
        memcpy(&eight, c->strip.tops + first, sizeof eight);
        for (; eight != 0; eight &= eight - 1) {
            const uint32_t i = first + (uint32_t) __builtin_ctzll(eight) / 8;
            if (c->strip.x + i < end) {
                offer(c, i, y);
            }
        }
    }
}

/* What is too bad beside the best so far will not be taken, so it need not be found. */
static float least_of(const corners_state *c) {
    const float share = c->quality * c->selection.best * (1 - ROUNDING);
    return share > c->least ? share : c->least;
}

/* Rows `from` to `to` - 1 of a strip, all of whose rows up to `taken` - 1 were taken in; the next that is not. */
static uint32_t look(corners_state *c, const analysis_picture *p, uint32_t x, uint32_t from, uint32_t to,
                     uint32_t taken) {
    if (taken < from - STRIP_LAG) {
        taken = from - STRIP_LAG;
        mimir_strip_begin(&c->strip, p, x, taken);
    }
    for (; taken < to + STRIP_LAG; taken++) {
        if (mimir_strip_take(&c->strip, p, taken, least_of(c), c->wide)) {
            find(c, taken - STRIP_LAG, p->width - STRIP_FIRST);
        }
    }
    return taken;
}

/* Bare parts are passed over; where one is not, those below it are taken to be like it for a while. */
static void scan_strip(corners_state *c, const analysis_picture *p, uint32_t x) {
    const bool whole = x + STRIP_COLUMNS < p->width;
    const uint32_t end = p->height - STRIP_FIRST;
    uint32_t taken = 0;
    uint32_t trust = 0;
    for (uint32_t from = STRIP_FIRST; from < end; from += PART) {
        const uint32_t to = end - from > PART ? from + PART : end;
        if (whole && trust == 0 && mimir_strip_is_bare(p, x, from, to, least_of(c), c->wide)) {
            continue;
        }
        trust = trust == 0 ? TRUST : trust - 1;
        taken = look(c, p, x, from, to, taken);
    }
}

/* The last strip ends with the picture: what it has in common with the one before it is found twice and kept once. */
static void scan(corners_state *c, const analysis_picture *p) {
    const uint32_t last = p->width > STRIP_COLUMNS + 1 ? p->width - STRIP_COLUMNS - 1 : 1;
    uint32_t x = 1;
    for (; x < last; x += STRIP_STEP) {
        scan_strip(c, p, x);
    }
    scan_strip(c, p, last);
}

static int corners_process(void *state, mimir_processor_call *call) {
    corners_state *s = state;
    analysis_picture now;
    if (mimir_analysis_picture(&now, &call->needs[0]) != 0 || !analysis_fits(&now, s->most_width, s->most_height)) {
        return -EINVAL;
    }
    if (!analysis_wants(call, sizeof(mimir_corners_v1))) {
        return 0;
    }
    mimir_selection_begin(&s->selection, now.width, now.height);
    if (now.width > 2 * STRIP_FIRST && now.height > 2 * STRIP_FIRST) {
        scan(s, &now);
    }
    mimir_selection_take(&s->selection, s->quality, call->results[0].at);
    return 0;
}

const mimir_processor mimir_analysis_corners = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "corners", NULL,
    corners_create, corners_set, corners_due, corners_process, corners_destroy};
