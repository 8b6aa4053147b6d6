// SPDX-License-Identifier: Apache-2.0
/*
 * USB/IP as the kernel documents it (Documentation/usb/usbip_protocol.rst), the part behind the attachment: 48 bytes a
 * message, big endian; data follow a submission outwards and an answer inwards.
 */
#include "usbip.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mimir_ring.h"

#define CONTROLLER "/sys/devices/platform/vhci_hcd.0/attach"
#define HIGH_SPEED 3
#define DEVICE_ID  0x10002
#define MOST_WAITING 256u
#define MOST_DATA  (1u << 20)
#define MS         INT64_C(1000000)

enum { SUBMIT = 1, UNLINK = 2, SUBMITTED = 3, UNLINKED = 4 };

typedef struct message {
    uint32_t command;
    uint32_t number;
    uint32_t device;
    uint32_t inwards;
    uint32_t endpoint;
    uint32_t status;      /* of an answer; of a submission its flags; of an unlinking the number that it means */
    uint32_t length;
    uint32_t unused[3];
    uint8_t setup[8];
} message;

_Static_assert(sizeof(message) == 48, "a message");

typedef struct waiting {
    uint32_t number;
    uint32_t length;
} waiting;

static struct {
    pthread_mutex_t lock; /* model and the queue; what is sent is sent by the thread alone */
    pthread_t thread;
    int socket;
    model model;
    waiting queue[MOST_WAITING];
    uint32_t count;
    uint8_t data[MOST_DATA];
} device = {.lock = PTHREAD_MUTEX_INITIALIZER, .socket = -1};

model *usbip_lock(void) {
    pthread_mutex_lock(&device.lock);
    return &device.model;
}

void usbip_unlock(void) {
    pthread_mutex_unlock(&device.lock);
}

uint64_t usbip_writes(void) {
    const uint64_t writes = usbip_lock()->writes;
    usbip_unlock();
    return writes;
}

/* ---- messages ---- */

static bool receive(void *to, size_t bytes) {
    return bytes == 0 || recv(device.socket, to, bytes, MSG_WAITALL) == (ssize_t) bytes;
}

static bool transmit(const void *from, size_t bytes) {
    for (size_t sent = 0; sent < bytes;) {
        const ssize_t n = send(device.socket, (const uint8_t *) from + sent, bytes - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        sent += (size_t) n;
    }
    return true;
}

/* `result`: bytes, or an errno. */
static bool answer(uint32_t command, uint32_t number, int result, const uint8_t *data) {
    message m = {.command = htobe32(command), .number = htobe32(number)};
    m.status = htobe32((uint32_t) (result < 0 ? result : 0));
    m.length = command == SUBMITTED && result > 0 ? htobe32((uint32_t) result) : 0;
    return transmit(&m, sizeof m) && (data == NULL || result <= 0 || transmit(data, (size_t) result));
}

static bool take_out(uint32_t number) {
    for (uint32_t i = 0; i < device.count; i++) {
        if (device.queue[i].number == number) {
            memmove(&device.queue[i], &device.queue[i + 1], (--device.count - i) * sizeof(waiting));
            return true;
        }
    }
    return false;
}

static bool control(const message *m, uint32_t length, bool inwards) {
    const uint8_t *s = m->setup;
    uint16_t words[3];
    memcpy(words, s + 2, sizeof words);
    if (!inwards && !receive(device.data, length)) {
        return false;
    }
    const int n = model_control(&device.model, s[0], s[1], le16toh(words[0]), le16toh(words[1]), device.data,
                                le16toh(words[2]), mimir_clock_ns());
    return answer(SUBMITTED, be32toh(m->number), n, inwards ? device.data : NULL);
}

static bool submit(const message *m) {
    const uint32_t length = be32toh(m->length);
    const uint32_t endpoint = be32toh(m->endpoint);
    const bool inwards = be32toh(m->inwards) != 0;
    if (length > MOST_DATA) {
        return false;
    }
    if (endpoint == 0) {
        return control(m, length, inwards);
    }
    if (endpoint != 1 || !inwards || device.count == MOST_WAITING) {
        return answer(SUBMITTED, be32toh(m->number), -EPIPE, NULL);
    }
    device.queue[device.count++] = (waiting) {be32toh(m->number), length};
    return true;
}

/* Takes one message. False: the other end is gone. */
static bool obey(void) {
    message m;
    if (!receive(&m, sizeof m)) {
        return false;
    }
    if (be32toh(m.command) == UNLINK) {
        return answer(UNLINKED, be32toh(m.number), take_out(be32toh(m.status)) ? -ECONNRESET : 0, NULL);
    }
    return be32toh(m.command) == SUBMIT && submit(&m);
}

/* Sends what is due to who waits for it. Returns when there is more to do. */
static int64_t stream(void) {
    const int64_t now_ns = mimir_clock_ns();
    device.model.hungry = device.count == 0;
    const int64_t due_ns = model_tick(&device.model, now_ns);
    if (device.count == 0 || !(device.model.pending || device.model.halted)) {
        return due_ns;
    }
    const waiting first = device.queue[0];
    take_out(first.number);
    const int n = model_bulk(&device.model, device.data, first.length);
    return answer(SUBMITTED, first.number, n, device.data) ? now_ns : INT64_MAX;
}

static void *serve(void *unused) {
    bool there = true;
    while (there) {
        usbip_lock();
        const int64_t due_ns = stream();
        usbip_unlock();
        const int64_t left_ms = due_ns == INT64_MAX ? 1000 : (due_ns - mimir_clock_ns() + MS - 1) / MS;
        struct pollfd p = {.fd = device.socket, .events = POLLIN};
        if (poll(&p, 1, left_ms > 0 ? (int) left_ms : 0) > 0) {
            usbip_lock();
            there = obey();
            usbip_unlock();
        }
    }
    return unused;
}

/* ---- the plug ---- */

static int hand_over(int socket) {
    char line[64];
    const char *port = getenv("MIMIR_GUEST_PORT");
    const int n = snprintf(line, sizeof line, "%d %d %d %d", port != NULL ? atoi(port) : 0, socket, DEVICE_ID,
                           HIGH_SPEED);
    const int file = open(CONTROLLER, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        return -errno;
    }
    const int result = write(file, line, (size_t) n) == n ? 0 : -errno;
    close(file);
    return result;
}

int usbip_plug(uint32_t identity) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return -errno;
    }
    model_init(&device.model, identity);
    device.count = 0;
    device.socket = ends[0];
    int result = hand_over(ends[1]);
    close(ends[1]); /* the kernel has its own reference now */
    result = result != 0 ? result : -pthread_create(&device.thread, NULL, serve, NULL);
    if (result != 0) {
        close(ends[0]);
        device.socket = -1;
    }
    return result;
}

void usbip_unplug(void) {
    if (device.socket >= 0) {
        shutdown(device.socket, SHUT_RDWR);
        pthread_join(device.thread, NULL);
        close(device.socket);
        device.socket = -1;
    }
}
