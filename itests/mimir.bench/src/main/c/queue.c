// SPDX-License-Identifier: Apache-2.0
/* POSIX message queues for Java, one call each. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stddef.h>
#include <stdint.h>

#define API __attribute__((visibility("default")))

/* Opens a queue, made on demand. `most`: messages that fit; as many as the system grants. Negative errno on failure. */
API int bench_queue_open(const char *name, int64_t most, int64_t bytes)
{
    struct mq_attr wanted = {.mq_maxmsg = most, .mq_msgsize = bytes};
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &wanted);
    if (queue < 0 && errno == EINVAL) {
        wanted.mq_maxmsg = 10; /* what a process without privileges may have */
        queue = mq_open(name, O_RDWR | O_CREAT, 0600, &wanted);
    }
    return queue < 0 ? -errno : queue;
}

/* Blocks while the queue is full. */
API int64_t bench_queue_send(int queue, const void *data, int64_t bytes)
{
    return mq_send(queue, data, (size_t)bytes, 0) < 0 ? -errno : 0;
}

/* Blocks while it is empty. Returns the length of the message. */
API int64_t bench_queue_receive(int queue, void *data, int64_t bytes)
{
    int64_t length = mq_receive(queue, data, (size_t)bytes, NULL);
    return length < 0 ? -errno : length;
}

API void bench_queue_close(int queue, const char *name)
{
    mq_close(queue);
    mq_unlink(name);
}
