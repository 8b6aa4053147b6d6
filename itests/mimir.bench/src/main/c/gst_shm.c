// SPDX-License-Identifier: Apache-2.0
/*
 * Frames to other processes by GStreamer's shmsink and shmsrc: one copy into shared memory. The first two words of a
 * frame are its time and its number, for nothing else crosses. Prints `ready`, then lines `figure NAME VALUE`.
 *
 *   gst_shm sink SOCKET FRAMES FPS     waits on its input for a line before it sends; FPS 0: as fast as they go
 *   gst_shm source SOCKET FRAMES
 */
#include <stdatomic.h>
#include <string.h>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "common.h"

#define POOL 24
#define CAPS "video/x-raw,format=YUY2,width=640,height=480,framerate=60/1"

static int64_t began_ns;
static int64_t cpu_ns;

static void begin(void)
{
    began_ns = clock_now(CLOCK_MONOTONIC);
    cpu_ns = clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

static void report(uint64_t measured)
{
    printf("figure rate.perS %.3f\n", (double)measured * 1e9 / (double)(clock_now(CLOCK_MONOTONIC) - began_ns));
    printf("figure cpuPerFrame.ns %.1f\n", (double)(clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns) / (double)measured);
}

static GstBuffer *make_frame(uint64_t *words, uint64_t number)
{
    words[1] = number;
    words[0] = (uint64_t)clock_now(CLOCK_MONOTONIC);
    GstBuffer *buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, words, FRAME_BYTES, 0, FRAME_BYTES, NULL,
                                                    NULL);
    GST_BUFFER_PTS(buffer) = number * 16666667ULL;
    return buffer;
}

static void send_all(const char *path, uint64_t frames, double fps)
{
    char text[1024];
    snprintf(text, sizeof text, "appsrc name=source format=time block=true max-bytes=1228800 caps=" CAPS
             " ! shmsink socket-path=%s shm-size=40000000 wait-for-connection=true sync=false", path);
    GstElement *pipeline = gst_parse_launch(text, NULL);
    GstElement *source = gst_bin_get_by_name(GST_BIN(pipeline), "source");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    uint64_t *pool[POOL];
    for (int i = 0; i < POOL; i++) {
        pool[i] = aligned_alloc(4096, FRAME_BYTES);
        memset(pool[i], i + 1, FRAME_BYTES);
    }
    puts("ready");
    fflush(stdout);
    getchar();
    int64_t next = clock_now(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < frames; i++) {
        if (i == frames / 4) {
            begin();
        }
        if (fps > 0) {
            next += (int64_t)(1e9 / fps);
            sleep_until(next);
        }
        gst_app_src_push_buffer(GST_APP_SRC(source), make_frame(pool[i % POOL], i));
    }
    report(frames - frames / 4);
    fflush(stdout);
    getchar(); /* until the others have all */
    gst_element_set_state(pipeline, GST_STATE_NULL);
}

static void receive_all(const char *path, uint64_t frames)
{
    char text[1024];
    snprintf(text, sizeof text, "shmsrc socket-path=%s is-live=true ! " CAPS " ! appsink name=sink sync=false", path);
    GstElement *pipeline = gst_parse_launch(text, NULL);
    GstElement *sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    puts("ready");
    fflush(stdout);
    int64_t *times = calloc(frames, sizeof *times);
    uint64_t count = 0;
    uint64_t number = 0;
    while (number + 1 < frames) {
        GstSample *sample = gst_app_sink_pull_sample(GST_APP_SINK(sink));
        if (sample == NULL) {
            exit(1);
        }
        GstMapInfo map;
        gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
        number = ((const uint64_t *)map.data)[1];
        if (number >= frames / 4) {
            if (count == 0) {
                begin();
            }
            times[count++] = clock_now(CLOCK_MONOTONIC) - (int64_t)((const uint64_t *)map.data)[0];
        }
        gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
        gst_sample_unref(sample);
    }
    report(count);
    print_quantiles(times, count);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        return 2;
    }
    gst_init(NULL, NULL);
    uint64_t frames = strtoull(argv[3], NULL, 10);
    if (strcmp(argv[1], "sink") == 0) {
        send_all(argv[2], frames, atof(argv[4]));
    } else {
        receive_all(argv[2], frames);
    }
    return 0;
}
