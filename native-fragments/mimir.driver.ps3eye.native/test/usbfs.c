// SPDX-License-Identifier: Apache-2.0
/*
 * usbfs for the models: what libusb calls on /dev/bus/usb/BBB/DDD is answered here, everything else goes on to the
 * next library. A file is an eventfd: full while nothing is done, so that polling for writing sleeps, emptied when a
 * transfer is done.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "mimir_ring.h"
#include "port.h"

#define FULL          UINT64_C(0xFFFFFFFFFFFFFFFE)
#define SECOND_NS     INT64_C(1000000000)
#define VISIBLE       __attribute__((visibility("default")))

static port ports[PORTS];
static int files[PORTS]; /* of each that is open its file and 1, for threads that hold no lock; else 0 */
static int refused;
static bool patient;

void mimir_twin_refuse(int error) {
    __atomic_store_n(&refused, error, __ATOMIC_RELAXED);
}

void port_be_patient(void) {
    patient = true;
}

port *port_of(int camera) {
    return camera >= 1 && camera <= PORTS && ports[camera - 1].used ? &ports[camera - 1] : NULL;
}

/* ---- transfers ---- */

static void push(urb_line *line, struct usbdevfs_urb *urb) {
    line->urbs[(line->head + line->count++) % PORT_URBS] = urb;
}

static struct usbdevfs_urb *pop(urb_line *line) {
    struct usbdevfs_urb *urb = line->urbs[line->head++ % PORT_URBS];
    line->count--;
    return urb;
}

static bool take_out(urb_line *line, const struct usbdevfs_urb *urb) {
    for (uint32_t i = 0, n = line->count, found = 0; i < n; i++) {
        struct usbdevfs_urb *each = pop(line);
        found += each == urb;
        if (each != urb) {
            push(line, each);
        }
        if (i == n - 1) {
            return found != 0;
        }
    }
    return false;
}

static void complete(port *p, struct usbdevfs_urb *urb, int status, int actual) {
    uint64_t unused;
    urb->status = status;
    urb->actual_length = actual;
    push(&p->done, urb);
    if (p->done.count == 1) {
        (void) !read(p->fd, &unused, sizeof unused);
    }
}

static void remember(time_line *line, uint64_t number, int64_t now_ns) {
    line->numbers[number % PORT_TIMES] = number;
    line->ns[number % PORT_TIMES] = now_ns;
}

static void answer(port *p, struct usbdevfs_urb *urb) {
    uint8_t *b = urb->buffer;
    const uint16_t length = (uint16_t) (b[6] | b[7] << 8);
    const int64_t now_ns = mimir_clock_ns();
    const int n = model_control(&p->model, b[0], b[1], (uint16_t) (b[2] | b[3] << 8), (uint16_t) (b[4] | b[5] << 8),
                                b + 8, length, now_ns);
    remember(&p->asked, p->model.requests, now_ns);
    complete(p, urb, n < 0 ? n : 0, n < 0 ? 0 : n);
}

static struct timespec in(int64_t ns) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    ns = ns > SECOND_NS ? SECOND_NS : ns;
    t.tv_sec += (t.tv_nsec + ns) / SECOND_NS;
    t.tv_nsec = (t.tv_nsec + ns) % SECOND_NS;
    return t;
}

/* Time as a patient device sees it: no frame begins before the one before it was fetched by a host that asks. */
static int64_t device_time(const port *p, int64_t now_ns) {
    if (!patient || p->model.hungry || now_ns < p->model.due_ns) {
        return now_ns;
    }
    return p->model.due_ns - (p->model.pending || p->model.halted);
}

/* Sends one transfer if there is one to send and somebody waits for it; otherwise sleeps. */
static void serve(port *p) {
    const int64_t now_ns = mimir_clock_ns();
    p->model.hungry = p->queued.count == 0;
    const int64_t due_ns = model_tick(&p->model, device_time(p, now_ns));
    if (p->queued.count != 0 && (p->model.pending || p->model.halted)) {
        struct usbdevfs_urb *urb = pop(&p->queued);
        const int n = model_bulk(&p->model, urb->buffer, (uint32_t) urb->buffer_length);
        p->bytes += n > 0 ? (uint64_t) n : 0;
        if (!p->model.pending) {
            remember(&p->ended, p->model.current, mimir_clock_ns());
        }
        complete(p, urb, n < 0 ? n : 0, n < 0 ? 0 : n);
        return;
    }
    const struct timespec until = in(due_ns > now_ns ? due_ns - now_ns : 1);
    pthread_cond_timedwait(&p->cond, &p->lock, &until);
}

static void *stream(void *argument) {
    port *p = argument;
    const struct sched_param priority = {.sched_priority = TWIN_PRIORITY};
    pthread_setname_np(pthread_self(), "twin");
#if defined(__SANITIZE_THREAD__)
    const bool granted = false; /* it is so slow then that nobody else would run */
    (void) priority;
#else
    const bool granted = pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0;
#endif
    pthread_mutex_lock(&p->lock);
    p->granted = granted;
    while (p->present) {
        serve(p);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* ---- places ---- */

static int free_place(void) {
    for (int i = 0; i < PORTS; i++) {
        port *p = &ports[i];
        bool idle = !p->used;
        if (!idle) {
            pthread_mutex_lock(&p->lock);
            idle = !p->present && !p->open;
            pthread_mutex_unlock(&p->lock);
        }
        if (idle) {
            return i;
        }
    }
    return -1;
}

int port_begin(uint32_t bus, uint32_t number, uint32_t address, uint32_t identity) {
    const int place = free_place();
    if (place < 0) {
        return -ENOSPC;
    }
    port *p = &ports[place];
    pthread_condattr_t attributes;
    memset(p, 0, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&p->cond, &attributes);
    model_init(&p->model, identity);
    p->used = p->present = true;
    p->fd = -1;
    p->bus = bus;
    p->number = number;
    p->address = address;
    return pthread_create(&p->thread, NULL, stream, p) == 0 ? place + 1 : -EAGAIN;
}

void port_end(port *p) {
    pthread_mutex_lock(&p->lock);
    p->present = false;
    while (p->queued.count != 0) {
        complete(p, pop(&p->queued), -ESHUTDOWN, 0);
    }
    pthread_cond_broadcast(&p->cond);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
}

/* ---- calls ---- */

static int fail(int error) {
    errno = error;
    return -1;
}

static int submit(port *p, struct usbdevfs_urb *urb) {
    if (!p->present) {
        return fail(ENODEV);
    }
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
        answer(p, urb);
        return 0;
    }
    if (urb->type != USBDEVFS_URB_TYPE_BULK || urb->endpoint != 0x81 || p->queued.count == PORT_URBS) {
        return fail(EINVAL);
    }
    push(&p->queued, urb);
    pthread_cond_signal(&p->cond);
    return 0;
}

static int reap(port *p, void **urb) {
    const uint64_t full = FULL;
    if (p->done.count == 0) {
        return fail(p->present ? EAGAIN : ENODEV);
    }
    *urb = pop(&p->done);
    if (p->done.count == 0) {
        (void) !write(p->fd, &full, sizeof full);
    }
    return 0;
}

static int discard(port *p, struct usbdevfs_urb *urb) {
    if (!take_out(&p->queued, urb)) {
        return fail(p->present ? EINVAL : ENODEV);
    }
    complete(p, urb, -ENOENT, 0);
    return 0;
}

static int call(port *p, unsigned long request, void *argument) {
    switch (request) {
    case USBDEVFS_SUBMITURB: return submit(p, argument);
    case USBDEVFS_REAPURBNDELAY: return reap(p, argument);
    case USBDEVFS_DISCARDURB: return discard(p, argument);
    default: break;
    }
    if (!p->present) {
        return fail(ENODEV);
    }
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        *(uint32_t *) argument = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM
            | USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        return 0;
    case USBDEVFS_CLEAR_HALT: model_clear_halt(&p->model); return 0;
    case USBDEVFS_GETDRIVER: return fail(ENODATA);
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_RELEASEINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM:
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_IOCTL: return 0;
    default: return fail(ENOTTY);
    }
}

static port *port_by_fd(int fd) {
    for (int i = 0; fd >= 0 && i < PORTS; i++) {
        if (__atomic_load_n(&files[i], __ATOMIC_ACQUIRE) == fd + 1) {
            return &ports[i];
        }
    }
    return NULL;
}

/* The file of a camera; -1 and errno 0 when the path is none of ours. */
static int open_port(const char *path) {
    unsigned bus;
    unsigned address;
    char rest;
    errno = 0;
    if (path == NULL || sscanf(path, "/dev/bus/usb/%u/%u%c", &bus, &address, &rest) != 2) {
        return -1;
    }
    for (int i = 0; i < PORTS; i++) {
        port *p = &ports[i];
        if (!p->used || !p->present || p->bus != bus || p->address != address) {
            continue;
        }
        const int error = __atomic_load_n(&refused, __ATOMIC_RELAXED);
        if (error != 0 || p->open) {
            return fail(error != 0 ? error : EBUSY);
        }
        pthread_mutex_lock(&p->lock);
        const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        const uint64_t full = FULL;
        (void) !write(fd, &full, sizeof full);
        p->fd = fd;
        p->open = fd >= 0;
        __atomic_store_n(&files[i], fd + 1, __ATOMIC_RELEASE);
        pthread_mutex_unlock(&p->lock);
        return fd;
    }
    return -1;
}

typedef int (*open_function)(const char *path, int flags, ...);

/* What stands behind each name. */
static struct {
    open_function open;
    open_function open64;
    int (*close)(int fd);
    int (*ioctl)(int fd, unsigned long request, ...);
} next;

/*
 * Looked for once: whoever opens a file may hold a lock of the dynamic linker (the thread sanitizer does when it names
 * a function), and dlsym would wait there for one that a thread in dlopen holds, for ever.
 */
__attribute__((constructor)) static void find_next(void) {
    void *const found[] = {dlsym(RTLD_NEXT, "open"), dlsym(RTLD_NEXT, "open64"), dlsym(RTLD_NEXT, "close"),
        dlsym(RTLD_NEXT, "ioctl")};
    _Static_assert(sizeof next == sizeof found, "one place for each");
    memcpy(&next, found, sizeof next);
}

static void know_next(void) {
    if (next.ioctl == NULL) { /* called by a library that was set up earlier */
        find_next();
    }
}

static int open_next(open_function *function, const char *path, int flags, mode_t mode) {
    const int fd = open_port(path);
    if (fd >= 0 || errno != 0) {
        return fd;
    }
    know_next();
    return (*function)(path, flags, mode);
}

#define OPEN(name)                                                          \
    VISIBLE int name(const char *path, int flags, ...) {                    \
        va_list rest;                                                       \
        va_start(rest, flags);                                              \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                       \
        return open_next(&next.name, path, flags, mode);                         \
    }

OPEN(open)
OPEN(open64)

/* What libraries that were compiled with checks call instead. */
VISIBLE int __open_2(const char *path, int flags) {
    return open_next(&next.open, path, flags, 0);
}

VISIBLE int __open64_2(const char *path, int flags) {
    return open_next(&next.open64, path, flags, 0);
}

VISIBLE int close(int fd) {
    port *p = port_by_fd(fd);
    if (p != NULL) {
        pthread_mutex_lock(&p->lock);
        p->queued.count = p->done.count = 0;
        __atomic_store_n(&files[p - ports], 0, __ATOMIC_RELEASE);
        p->fd = -1;
        p->open = false;
        pthread_mutex_unlock(&p->lock);
    }
    know_next();
    return next.close(fd);
}

VISIBLE int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *const argument = va_arg(rest, void *);
    va_end(rest);
    port *p = port_by_fd(fd);
    if (p != NULL) {
        pthread_mutex_lock(&p->lock);
        const int result = call(p, request, argument);
        pthread_mutex_unlock(&p->lock);
        return result;
    }
    know_next();
    return next.ioctl(fd, request, argument);
}
