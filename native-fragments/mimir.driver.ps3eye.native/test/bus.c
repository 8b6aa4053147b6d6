// SPDX-License-Identifier: Apache-2.0
/* The buses as the system shows them, by umockdev, which is loaded when it is asked for. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port.h"

#define PRELOAD "libumockdev-preload.so.0"
#define LIBRARY "libumockdev.so.0"

static struct {
    void *library;
    void *testbed;
    void *(*testbed_new)(void);
    int (*add_from_string)(void *testbed, const char *text, void **error);
    void (*uevent)(void *testbed, const char *path, const char *action);
    void (*remove_device)(void *testbed, const char *path);
    void (*unref)(void *object);
    uint32_t addresses[MIMIR_TWIN_BUSES + 1];
} bed;

bool twin_enter(char *const *arguments) {
    const char *preload = getenv("LD_PRELOAD");
    void *found = dlopen(PRELOAD, RTLD_LAZY);
    if (found == NULL || dlopen(LIBRARY, RTLD_LAZY) == NULL) {
        return false;
    }
    if (preload != NULL && strstr(preload, PRELOAD) != NULL) {
        return true;
    }
    setenv("LD_PRELOAD", PRELOAD, 1);
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);
    execv("/proc/self/exe", arguments);
    return false;
}

static bool bind(const char *name, void *place) {
    void *const symbol = dlsym(bed.library, name);
    memcpy(place, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool load(void) {
    bed.library = dlopen(LIBRARY, RTLD_NOW);
    return bed.library != NULL && bind("umockdev_testbed_new", &bed.testbed_new)
        && bind("umockdev_testbed_add_from_string", &bed.add_from_string)
        && bind("umockdev_testbed_uevent", &bed.uevent) && bind("umockdev_testbed_remove_device", &bed.remove_device)
        && bind("g_object_unref", &bed.unref);
}

/* ---- what sysfs says ---- */

static void put_hex(char *to, const uint8_t *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        sprintf(to + 2 * i, "%02x", bytes[i]);
    }
}

static void name_device(uint32_t bus, uint32_t number, char *path, size_t bytes) {
    int n = snprintf(path, bytes, "/devices/pci0000:00/0000:00:%02x.0/usb%u", 0x10 + bus, bus);
    if (number != 0) {
        snprintf(path + n, bytes - (size_t) n, "/%u-%u", bus, number);
    }
}

static bool show(uint32_t bus, uint32_t number, uint32_t address, const uint8_t *descriptors, uint32_t count,
                 const char *product, const char *serial) {
    char path[96];
    char line[64] = "";
    char hex[256];
    char text[1024];
    name_device(bus, number, path, sizeof path);
    put_hex(hex, descriptors, count);
    if (serial != NULL) {
        snprintf(line, sizeof line, "A: serial=%s\n", serial);
    }
    snprintf(text, sizeof text,
             "P: %s\nN: bus/usb/%03u/%03u\nE: DEVNAME=/dev/bus/usb/%03u/%03u\nE: DEVTYPE=usb_device\n"
             "E: SUBSYSTEM=usb\nE: BUSNUM=%03u\nE: DEVNUM=%03u\nA: busnum=%u\nA: devnum=%u\nA: speed=480\n"
             "A: bConfigurationValue=1\nA: product=%s\n%sH: descriptors=%s\n\n", path, bus, address, bus, address,
             bus, address, bus, address, product, line, hex);
    return bed.add_from_string(bed.testbed, text, NULL) != 0;
}

static bool show_root(uint32_t bus) {
    static const uint8_t hub[43] = {18, 1, 0x00, 0x02, 9, 0, 1, 64, 0x6B, 0x1D, 0x02, 0x00, 0x00, 0x01, 0, 0, 0, 1,
        9, 2, 25, 0, 1, 1, 0, 0xE0, 0, 9, 4, 0, 0, 1, 9, 0, 0, 0, 7, 5, 0x81, 3, 0x04, 0x00, 12};
    bed.addresses[bus] = 1;
    return show(bus, 0, 1, hub, sizeof hub, "root hub", NULL);
}

int mimir_twin_open(void) {
    const char *preload = getenv("LD_PRELOAD");
    if (preload == NULL || strstr(preload, PRELOAD) == NULL || (bed.library == NULL && !load())) {
        return -ENOENT;
    }
    bed.testbed = bed.testbed_new();
    for (uint32_t bus = 1; bus <= MIMIR_TWIN_BUSES; bus++) {
        if (!show_root(bus)) {
            return -EIO;
        }
    }
    return 0;
}

void mimir_twin_close(void) {
    for (int i = 1; i <= PORTS; i++) {
        mimir_twin_unplug(i);
    }
    if (bed.testbed != NULL) {
        bed.unref(bed.testbed);
        bed.testbed = NULL;
    }
}

/* ---- cameras ---- */

int mimir_twin_plug(uint32_t bus, uint32_t number, uint32_t identity) {
    return mimir_twin_plug_as(bus, number, identity, NULL);
}

int mimir_twin_plug_as(uint32_t bus, uint32_t number, uint32_t identity, const char *serial) {
    uint8_t descriptors[64];
    if (bed.testbed == NULL) {
        return -ENOENT;
    }
    if (bus < 1 || bus > MIMIR_TWIN_BUSES || number < 1 || number > 8) {
        return -EINVAL;
    }
    for (int i = 1; i <= PORTS; i++) {
        const port *p = port_of(i);
        if (p != NULL && p->present && p->bus == bus && p->number == number) {
            return -EBUSY;
        }
    }
    bed.addresses[bus] = bed.addresses[bus] % 127 + 1;
    bed.addresses[bus] += bed.addresses[bus] == 1;
    const uint32_t address = bed.addresses[bus];
    const int camera = port_begin(bus, number, address, identity);
    if (camera > 0) {
        char path[96];
        show(bus, number, address, descriptors, model_descriptors(descriptors), "USB Camera-B4.09.24.1", serial);
        name_device(bus, number, path, sizeof path);
        char full[128];
        snprintf(full, sizeof full, "/sys%s", path);
        bed.uevent(bed.testbed, full, "add");
    }
    return camera;
}

int mimir_twin_unplug(int camera) {
    port *p = port_of(camera);
    char path[96];
    char full[128];
    if (p == NULL || !p->present) {
        return -EINVAL;
    }
    name_device(p->bus, p->number, path, sizeof path);
    snprintf(full, sizeof full, "/sys%s", path);
    port_end(p);
    bed.uevent(bed.testbed, full, "remove");
    bed.remove_device(bed.testbed, full);
    return 0;
}

/* ---- questions ---- */

int mimir_twin_fault(int camera, uint32_t fault, uint64_t frame, uint32_t n) {
    port *p = port_of(camera);
    if (p == NULL) {
        return -EINVAL;
    }
    bool taken = true;
    pthread_mutex_lock(&p->lock);
    if (fault == 0) {
        p->model.plans = 0;
    } else {
        taken = model_fault(&p->model, (enum model_fault) fault, frame, n);
    }
    pthread_mutex_unlock(&p->lock);
    return taken ? 0 : -ENOSPC;
}

int mimir_twin_counts_of(int camera, mimir_twin_counts *counts) {
    port *p = port_of(camera);
    if (p == NULL) {
        return -EINVAL;
    }
    pthread_mutex_lock(&p->lock);
    const model *m = &p->model;
    *counts = (mimir_twin_counts) {.frames_sent = m->frames_sent, .frames_skipped = m->frames_skipped,
        .frames_planned = m->frames_planned, .streaming = m->streaming, .defects = model_defects(m),
        .rate_mhz = model_rate_mhz(m), .writes = m->writes, .requests = m->requests, .queued = p->queued.count,
        .bytes = p->bytes, .granted = p->granted, .frames_starved = m->frames_starved};
    pthread_mutex_unlock(&p->lock);
    return 0;
}

int mimir_twin_register(int camera, uint32_t chip, uint32_t number) {
    port *p = port_of(camera);
    if (p == NULL || number > 0xFF) {
        return -EINVAL;
    }
    pthread_mutex_lock(&p->lock);
    const int value = chip == 0 ? p->model.bridge[number] : p->model.sensor[number];
    pthread_mutex_unlock(&p->lock);
    return value;
}

int mimir_twin_log(int camera, uint64_t from, model_write *writes, uint32_t most) {
    port *p = port_of(camera);
    if (p == NULL) {
        return -EINVAL;
    }
    pthread_mutex_lock(&p->lock);
    uint32_t n = 0;
    for (; n < most && from + n < p->model.writes; n++) {
        writes[n] = p->model.log[(from + n) % MODEL_MOST_LOG];
    }
    pthread_mutex_unlock(&p->lock);
    return (int) n;
}

static int64_t find_time(int camera, bool frames, uint64_t number) {
    port *p = port_of(camera);
    if (p == NULL) {
        return -EINVAL;
    }
    const time_line *line = frames ? &p->ended : &p->asked;
    pthread_mutex_lock(&p->lock);
    const int64_t ns = line->numbers[number % PORT_TIMES] == number ? line->ns[number % PORT_TIMES] : 0;
    pthread_mutex_unlock(&p->lock);
    return ns != 0 ? ns : -ENOENT;
}

int64_t mimir_twin_ended(int camera, uint64_t frame) {
    return find_time(camera, true, frame);
}

int64_t mimir_twin_asked(int camera, uint64_t request) {
    return find_time(camera, false, request);
}

int mimir_twin_truth(uint64_t bus, uint64_t number, int64_t *first_ns, int64_t *period_ns) {
    for (int i = 1; i <= PORTS; i++) {
        port *p = port_of(i);
        if (p == NULL || p->bus != bus || p->number != number) {
            continue;
        }
        pthread_mutex_lock(&p->lock);
        const bool streams = p->present && p->model.streaming;
        *period_ns = p->model.period_ns;
        *first_ns = p->model.due_ns - (int64_t) p->model.frame * p->model.period_ns;
        pthread_mutex_unlock(&p->lock);
        if (streams) {
            return 0;
        }
    }
    return -ENODEV;
}

int64_t mimir_twin_check(const uint8_t *bytes, uint64_t length, uint32_t identity) {
    uint64_t frame;
    return model_check(bytes, length, identity, &frame) ? (int64_t) frame : -EBADMSG;
}
