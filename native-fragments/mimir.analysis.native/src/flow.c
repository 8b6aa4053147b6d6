// SPDX-License-Identifier: Apache-2.0
/* Where the corners of the frame before went. The state keeps that frame, as a pyramid, and its corners. */
#include <stdlib.h>
#include <string.h>

#include "track.h"

#define POINTS 128

typedef struct flow_state {
    uint32_t most_width;
    uint32_t most_height;
    bool wide;
    analysis_before before;
    uint32_t now;                /* which pyramid is the newest */
    analysis_pyramid pyramid[2];
    int32_t count;
    analysis_place point[POINTS]; /* corners of the frame before */
} flow_state;

static void flow_destroy(void *state) {
    flow_state *s = state;
    if (s != NULL) {
        mimir_pyramid_free(&s->pyramid[0]);
        mimir_pyramid_free(&s->pyramid[1]);
        free(s);
    }
}

static int flow_create(const mimir_ring_format *format, void **state) {
    if (!analysis_frames(format)) {
        return -EINVAL;
    }
    flow_state *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -ENOMEM;
    }
    s->most_width = format->width;
    s->most_height = format->height;
    s->wide = mimir_analysis_wide();
    if (mimir_pyramid_make(&s->pyramid[0], format->width, format->height) != 0
            || mimir_pyramid_make(&s->pyramid[1], format->width, format->height) != 0) {
        flow_destroy(s);
        return -ENOMEM;
    }
    *state = s;
    return 0;
}

static int flow_set(void *state, const char *parameter, double value) {
    (void) state;
    (void) parameter;
    (void) value;
    return -ENOENT;
}

/* The picture of this item, and whether both needs have the bytes that they must have. */
static int look(const flow_state *s, const mimir_processor_call *call, analysis_picture *now) {
    const mimir_processor_input *corners = &call->needs[1];
    const bool fits = mimir_analysis_picture(now, &call->needs[0]) == 0
        && analysis_fits(now, s->most_width, s->most_height)
        && corners->at != NULL && corners->bytes >= sizeof(mimir_corners_v1);
    return fits ? 0 : -EINVAL;
}

static int flow_due(const void *state, mimir_processor_call *call) {
    const flow_state *s = state;
    analysis_picture now;
    const int fault = look(s, call, &now);
    return fault != 0 ? fault : analysis_apart(&s->before, call, &now) > 0;
}

static void follow(const flow_state *s, uint64_t apart, mimir_flow_v1 *flow) {
    int32_t count = 0;
    for (int32_t i = 0; i < s->count; i++) {
        analysis_place to;
        if (mimir_track(&s->pyramid[1 - s->now], &s->pyramid[s->now], s->point[i], &to, s->wide)) {
            flow->x[count] = to.x;
            flow->y[count] = to.y;
            flow->dx[count] = (to.x - s->point[i].x) / (float) apart;
            flow->dy[count] = (to.y - s->point[i].y) / (float) apart;
            count++;
        }
    }
    flow->count = count;
    flow->frames_apart = apart > INT32_MAX ? INT32_MAX : (int32_t) apart;
}

static void keep_corners(flow_state *s, const mimir_corners_v1 *corners) {
    int32_t count;
    memcpy(&count, &corners->count, sizeof count);
    s->count = count < 0 ? 0 : count < POINTS ? count : POINTS;
    for (int32_t i = 0; i < s->count; i++) {
        s->point[i] = (analysis_place) {corners->x[i], corners->y[i]};
    }
}

static int flow_process(void *state, mimir_processor_call *call) {
    flow_state *s = state;
    analysis_picture now;
    const int fault = look(s, call, &now);
    if (fault != 0) {
        return fault;
    }
    const uint64_t apart = analysis_apart(&s->before, call, &now);
    s->now = 1 - s->now;
    mimir_pyramid_fill(&s->pyramid[s->now], &now, s->wide);
    if (apart > 0 && analysis_wants(call, sizeof(mimir_flow_v1))) {
        follow(s, apart, call->results[0].at);
    }
    keep_corners(s, call->needs[1].at);
    analysis_remember(&s->before, call, &now);
    return 0;
}

const mimir_processor mimir_analysis_flow = {MIMIR_PROCESSOR_ABI, sizeof(mimir_processor), "flow", NULL,
    flow_create, flow_set, flow_due, flow_process, flow_destroy};
