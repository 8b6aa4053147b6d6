// SPDX-License-Identifier: Apache-2.0
#include "usb.h"

#include <stdio.h>
#include <string.h>

#include "mimir_ps3eye.h"
#include "os.h"

#define LEAST_VERSION ((1u << 24) | (0u << 16) | 21u)

typedef struct entry {
    const char *name;
    size_t place;
} entry;

#define ENTRY(member) {"libusb_" #member, offsetof(usb_api, member)}

static const entry ENTRIES[] = {ENTRY(init), ENTRY(exit), ENTRY(get_version), ENTRY(has_capability),
    ENTRY(get_device_list), ENTRY(free_device_list), ENTRY(ref_device), ENTRY(unref_device),
    ENTRY(get_device_descriptor), ENTRY(get_active_config_descriptor), ENTRY(free_config_descriptor),
    ENTRY(get_bus_number), ENTRY(get_port_numbers), ENTRY(get_device_address), ENTRY(get_device_speed), ENTRY(open),
    ENTRY(close), ENTRY(set_auto_detach_kernel_driver), ENTRY(claim_interface), ENTRY(release_interface),
    ENTRY(clear_halt), ENTRY(alloc_transfer), ENTRY(free_transfer), ENTRY(submit_transfer), ENTRY(cancel_transfer),
    ENTRY(handle_events_completed), ENTRY(interrupt_event_handler), ENTRY(hotplug_register_callback),
    ENTRY(hotplug_deregister_callback)};

/* The first function that it lacks, NULL when it has all. */
static const char *bind_all(usb_api *usb) {
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; i++) {
        void *const symbol = mimir_eye_os_symbol(usb->library, ENTRIES[i].name);
        if (symbol == NULL) {
            return ENTRIES[i].name;
        }
        memcpy((char *) usb + ENTRIES[i].place, &symbol, sizeof symbol);
    }
    return NULL;
}

static int refuse(usb_api *usb, const char *path, const char *lacks, char *text, uint64_t bytes) {
    const char *which = path != NULL ? path : "the system's libusb";
    snprintf(text, bytes, "%s %s: give the path of a libusb 1.0.21 or later", which, lacks);
    mimir_eye_os_unload(usb->library);
    usb->library = NULL;
    return -ELIBACC;
}

int mimir_eye_usb_load(usb_api *usb, const char *path, char *text, uint64_t text_bytes) {
    const char *why = "";
    char lacks[64];
    usb->library = mimir_eye_os_load(path, &why);
    if (usb->library == NULL) {
        snprintf(text, text_bytes, path != NULL ? "libusb cannot be loaded (%s): give another path, or none"
                 : "libusb cannot be loaded (%s): install it (Debian: apt install libusb-1.0-0)", why);
        return -ENOENT;
    }
    const char *missing = bind_all(usb);
    if (missing != NULL) {
        snprintf(lacks, sizeof lacks, "lacks %s", missing);
        return refuse(usb, path, lacks, text, text_bytes);
    }
    const usb_version *v = usb->get_version();
    if (((uint32_t) v->major << 24 | (uint32_t) v->minor << 16 | v->micro) < LEAST_VERSION) {
        snprintf(lacks, sizeof lacks, "is version %u.%u.%u", v->major, v->minor, v->micro);
        return refuse(usb, path, lacks, text, text_bytes);
    }
    return 0;
}

int mimir_eye_usb_error(int result) {
    static const int errors[] = {0, -EIO, -EINVAL, -EACCES, -ENODEV, -ENODEV, -EBUSY, -ETIMEDOUT, -EIO, -EPIPE, -EINTR,
        -ENOMEM, -ENOTSUP};
    if (result >= 0) {
        return 0;
    }
    return result >= USB_ERROR_NOT_SUPPORTED ? errors[-result] : -EIO;
}

int mimir_eye_usb_status(int status) {
    switch (status) {
    case USB_TRANSFER_COMPLETED: return 0;
    case USB_TRANSFER_TIMED_OUT: return -ETIMEDOUT;
    case USB_TRANSFER_CANCELLED: return -ECANCELED;
    case USB_TRANSFER_STALL: return -EPIPE;
    case USB_TRANSFER_NO_DEVICE: return -ENODEV;
    default: return -EIO;
    }
}
