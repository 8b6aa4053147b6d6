// SPDX-License-Identifier: Apache-2.0
#include "video.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define NODES "/sys/bus/usb/drivers/ov534/*/video4linux/video*"

/* The name of its node in `path`, at least 32 bytes; false without one. */
static bool find(char *path) {
    glob_t found;
    bool there = glob(NODES, 0, NULL, &found) == 0;
    if (there) {
        snprintf(path, 32, "/dev%.24s", strrchr(found.gl_pathv[0], '/'));
        there = access(path, R_OK | W_OK) == 0;
        globfree(&found);
    }
    return there;
}

bool video_is_there(void) {
    char path[32];
    return find(path);
}

static int call(const video *v, unsigned long request, void *argument) {
    return ioctl(v->fd, request, argument) == 0 ? 0 : -errno;
}

int video_open(video *v) {
    char path[32];
    *v = (video) {.fd = find(path) ? open(path, O_RDWR | O_CLOEXEC) : -1};
    return v->fd >= 0 ? 0 : -ENODEV;
}

void video_close(video *v) {
    if (v->fd >= 0) {
        close(v->fd);
        v->fd = -1;
    }
}

int video_rate(video *v, uint32_t rate_hz) {
    struct v4l2_streamparm p = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    p.parm.capture.timeperframe = (struct v4l2_fract) {1, rate_hz};
    const int error = call(v, VIDIOC_S_PARM, &p);
    const struct v4l2_fract *took = &p.parm.capture.timeperframe;
    return error != 0 ? error : took->numerator == 0 ? -EIO : (int) (took->denominator / took->numerator);
}

int video_rates(video *v, uint32_t width, uint32_t height, uint32_t fourcc, uint32_t *rates, uint32_t most) {
    uint32_t n = 0;
    for (; n < most; n++) {
        struct v4l2_frmivalenum e = {.index = n, .pixel_format = fourcc, .width = width, .height = height};
        if (call(v, VIDIOC_ENUM_FRAMEINTERVALS, &e) != 0) {
            break;
        }
        rates[n] = e.discrete.denominator / e.discrete.numerator;
    }
    return (int) n;
}

int video_choose(video *v, uint32_t width, uint32_t height, uint32_t fourcc, uint32_t rate_hz) {
    struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    struct v4l2_pix_format *p = &f.fmt.pix;
    *p = (struct v4l2_pix_format) {.width = width, .height = height, .pixelformat = fourcc};
    const int error = call(v, VIDIOC_S_FMT, &f);
    if (error != 0) {
        return error;
    }
    v->bytes = p->sizeimage;
    const bool same = p->width == width && p->height == height && p->pixelformat == fourcc;
    return same && video_rate(v, rate_hz) == (int) rate_hz ? 0 : -EINVAL;
}

int video_set(video *v, uint32_t control, int32_t value) {
    struct v4l2_control c = {control, value};
    return call(v, VIDIOC_S_CTRL, &c);
}

/* ---- streaming ---- */

static int request(video *v, uint32_t count) {
    struct v4l2_requestbuffers r = {.count = count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
    const int error = call(v, VIDIOC_REQBUFS, &r);
    return error != 0 ? error : r.count == count ? 0 : -ENOMEM;
}

static struct v4l2_buffer numbered(uint32_t index) {
    return (struct v4l2_buffer) {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
}

static int map(video *v, uint32_t index) {
    struct v4l2_buffer b = numbered(index);
    const int error = call(v, VIDIOC_QUERYBUF, &b);
    if (error != 0) {
        return error;
    }
    void *at = mmap(NULL, b.length, PROT_READ, MAP_SHARED, v->fd, b.m.offset);
    if (at == MAP_FAILED) {
        return -errno;
    }
    v->buffers[index] = at;
    v->lengths[index] = b.length;
    return call(v, VIDIOC_QBUF, &b);
}

int video_start(video *v) {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    int error = request(v, VIDEO_BUFFERS);
    for (uint32_t i = 0; i < VIDEO_BUFFERS && error == 0; i++) {
        error = map(v, i);
    }
    return error != 0 ? error : call(v, VIDIOC_STREAMON, &type);
}

int video_stop(video *v) {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    const int error = call(v, VIDIOC_STREAMOFF, &type);
    for (uint32_t i = 0; i < VIDEO_BUFFERS; i++) {
        if (v->buffers[i] != NULL) {
            munmap(v->buffers[i], v->lengths[i]);
            v->buffers[i] = NULL;
        }
    }
    return error != 0 ? error : request(v, 0);
}

int video_take(video *v, video_frame *frame, int timeout_ms) {
    struct pollfd p = {.fd = v->fd, .events = POLLIN};
    struct v4l2_buffer b = numbered(0);
    if (poll(&p, 1, timeout_ms) <= 0) {
        return -ETIMEDOUT;
    }
    const int error = call(v, VIDIOC_DQBUF, &b);
    *frame = (video_frame) {v->buffers[b.index], b.bytesused, b.sequence, b.index};
    return error;
}

int video_give(video *v, const video_frame *frame) {
    struct v4l2_buffer b = numbered(frame->index);
    return call(v, VIDIOC_QBUF, &b);
}
