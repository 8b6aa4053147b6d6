// SPDX-License-Identifier: Apache-2.0
/*
 * Frames to three consumers of one process by GStreamer: appsrc ! tee ! 3 x (queue ! appsink). Nothing is copied: 64
 * frames are wrapped once and sent round. Prints lines `figure NAME VALUE`.
 *
 *   gst_frames FRAMES FPS TOUCH     FPS 0: as fast as they go; TOUCH 1: every consumer reads every byte
 */
#include <stdatomic.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "common.h"

#define POOL 64
#define SINKS 3

static struct {
    int64_t *sent_ns;
    int64_t *delays;
    uint64_t frames;
    int touch;
    _Atomic uint64_t delay_count;
    _Atomic uint64_t seen[SINKS];
    volatile uint64_t sum;
} run;

static GstFlowReturn consume(GstAppSink *sink, gpointer which)
{
    GstSample *sample = gst_app_sink_pull_sample(sink);
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        run.sum += run.touch ? bench_sum((const uint64_t *)map.data, FRAME_BYTES) : map.data[0];
        gst_buffer_unmap(buffer, &map);
    }
    uint64_t number = GST_BUFFER_OFFSET(buffer);
    if (number >= run.frames / 4) {
        uint64_t at = atomic_fetch_add(&run.delay_count, 1);
        run.delays[at] = clock_now(CLOCK_MONOTONIC) - run.sent_ns[number];
    }
    atomic_fetch_add(&run.seen[GPOINTER_TO_INT(which)], 1);
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

static GstElement *start(GstElement **source)
{
    GstElement *pipeline = gst_parse_launch(
        "appsrc name=source format=time block=true max-bytes=19660800 "
        "caps=video/x-raw,format=YUY2,width=640,height=480,framerate=60/1 ! tee name=t "
        "t. ! queue max-size-buffers=16 max-size-bytes=0 max-size-time=0 ! appsink name=sink0 sync=false "
        "t. ! queue max-size-buffers=16 max-size-bytes=0 max-size-time=0 ! appsink name=sink1 sync=false "
        "t. ! queue max-size-buffers=16 max-size-bytes=0 max-size-time=0 ! appsink name=sink2 sync=false", NULL);
    static const char *const names[SINKS] = {"sink0", "sink1", "sink2"};
    static GstAppSinkCallbacks callbacks = {.new_sample = consume};
    for (int i = 0; i < SINKS; i++) {
        GstElement *sink = gst_bin_get_by_name(GST_BIN(pipeline), names[i]);
        gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, GINT_TO_POINTER(i), NULL);
        gst_object_unref(sink);
    }
    *source = gst_bin_get_by_name(GST_BIN(pipeline), "source");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    return pipeline;
}

/* A frame of the pool as often as it is asked for; the wrapping is all that is made new. */
static GstBuffer *wrap(GstMemory **pool, uint64_t number)
{
    GstBuffer *buffer = gst_buffer_new();
    gst_buffer_append_memory(buffer, gst_memory_ref(pool[number % POOL]));
    GST_BUFFER_OFFSET(buffer) = number;
    GST_BUFFER_PTS(buffer) = number * 16666667ULL;
    return buffer;
}

static void wait_for(uint64_t frames)
{
    for (int i = 0; i < SINKS; i++) {
        while (atomic_load(&run.seen[i]) < frames) {
            sleep_until(clock_now(CLOCK_MONOTONIC) + 50000);
        }
    }
}

static void report(int64_t took_ns, int64_t cpu_ns, uint64_t measured)
{
    uint64_t count = atomic_load(&run.delay_count);
    print_quantiles(run.delays, count);
    printf("figure rate.perS %.3f\n", (double)measured * 1e9 / (double)took_ns);
    printf("figure cpuPerFrame.ns %.1f\n", (double)cpu_ns / (double)measured);
}

static void make_pool(GstMemory **pool)
{
    for (int i = 0; i < POOL; i++) {
        char *bytes = aligned_alloc(4096, FRAME_BYTES);
        for (int at = 0; at < FRAME_BYTES; at++) {
            bytes[at] = (char)(at + i);
        }
        pool[i] = gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, bytes, FRAME_BYTES, 0, FRAME_BYTES, NULL, NULL);
    }
}

static void send_all(GstElement *source, double fps)
{
    GstMemory *pool[POOL];
    make_pool(pool);
    int64_t began = 0;
    int64_t cpu = 0;
    int64_t next = clock_now(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < run.frames; i++) {
        if (i == run.frames / 4) { /* what came before was warm-up */
            began = clock_now(CLOCK_MONOTONIC);
            cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
        }
        if (fps > 0) {
            next += (int64_t)(1e9 / fps);
            sleep_until(next);
        }
        run.sent_ns[i] = clock_now(CLOCK_MONOTONIC);
        gst_app_src_push_buffer(GST_APP_SRC(source), wrap(pool, i));
    }
    wait_for(run.frames);
    report(clock_now(CLOCK_MONOTONIC) - began, clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu, run.frames - run.frames / 4);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        return 2;
    }
    gst_init(NULL, NULL);
    run.frames = strtoull(argv[1], NULL, 10);
    run.touch = atoi(argv[3]);
    run.sent_ns = calloc(run.frames, sizeof *run.sent_ns);
    run.delays = calloc(run.frames * SINKS, sizeof *run.delays);
    GstElement *source;
    GstElement *pipeline = start(&source);
    send_all(source, atof(argv[2]));
    gst_element_set_state(pipeline, GST_STATE_NULL);
    return 0;
}
