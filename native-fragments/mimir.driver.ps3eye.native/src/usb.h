// SPDX-License-Identifier: Apache-2.0
/*
 * The part of libusb 1.0 that the worker uses, written from its public documentation: what it is built with need not be
 * there when this is built. A test holds sizes, offsets and numbers against the real header where there is one.
 */
#ifndef MIMIR_PS3EYE_USB_H
#define MIMIR_PS3EYE_USB_H

#include <stddef.h>
#include <stdint.h>

typedef struct libusb_context usb_context;
typedef struct libusb_device usb_device;
typedef struct libusb_device_handle usb_handle;

enum {
    USB_OK = 0, USB_ERROR_IO = -1, USB_ERROR_INVALID = -2, USB_ERROR_ACCESS = -3, USB_ERROR_NO_DEVICE = -4,
    USB_ERROR_NOT_FOUND = -5, USB_ERROR_BUSY = -6, USB_ERROR_TIMEOUT = -7, USB_ERROR_OVERFLOW = -8,
    USB_ERROR_PIPE = -9, USB_ERROR_INTERRUPTED = -10, USB_ERROR_NO_MEMORY = -11, USB_ERROR_NOT_SUPPORTED = -12,
    USB_ERROR_OTHER = -99
};

enum {
    USB_TRANSFER_COMPLETED = 0, USB_TRANSFER_ERROR = 1, USB_TRANSFER_TIMED_OUT = 2, USB_TRANSFER_CANCELLED = 3,
    USB_TRANSFER_STALL = 4, USB_TRANSFER_NO_DEVICE = 5, USB_TRANSFER_OVERFLOW = 6
};

enum { USB_TYPE_CONTROL = 0, USB_TYPE_BULK = 2 };
enum { USB_ARRIVED = 1, USB_LEFT = 2, USB_MATCH_ANY = -1, USB_HAS_HOTPLUG = 1 };

typedef struct usb_version {
    uint16_t major;
    uint16_t minor;
    uint16_t micro;
    uint16_t nano;
    const char *rc;
    const char *describe;
} usb_version;

typedef struct usb_device_descriptor {
    uint8_t length;
    uint8_t descriptor_type;
    uint16_t usb;
    uint8_t device_class;
    uint8_t device_sub_class;
    uint8_t device_protocol;
    uint8_t max_packet_0;
    uint16_t vendor;
    uint16_t product;
    uint16_t device;
    uint8_t manufacturer_text;
    uint8_t product_text;
    uint8_t serial_text;
    uint8_t configurations;
} usb_device_descriptor;

typedef struct usb_endpoint {
    uint8_t length;
    uint8_t descriptor_type;
    uint8_t address;
    uint8_t attributes;
    uint16_t max_packet;
    uint8_t interval;
    uint8_t refresh;
    uint8_t synch_address;
    const unsigned char *extra;
    int extra_length;
} usb_endpoint;

typedef struct usb_setting {
    uint8_t length;
    uint8_t descriptor_type;
    uint8_t interface_number;
    uint8_t alternate;
    uint8_t endpoints;
    uint8_t interface_class;
    uint8_t interface_sub_class;
    uint8_t interface_protocol;
    uint8_t text;
    const usb_endpoint *endpoint;
    const unsigned char *extra;
    int extra_length;
} usb_setting;

typedef struct usb_interface {
    const usb_setting *settings;
    int count;
} usb_interface;

typedef struct usb_configuration {
    uint8_t length;
    uint8_t descriptor_type;
    uint16_t total_length;
    uint8_t interfaces;
    uint8_t value;
    uint8_t text;
    uint8_t attributes;
    uint8_t max_power;
    const usb_interface *interface;
    const unsigned char *extra;
    int extra_length;
} usb_configuration;

typedef struct usb_transfer {
    usb_handle *handle;
    uint8_t flags;
    unsigned char endpoint;
    unsigned char type;
    unsigned int timeout_ms;
    int status;
    int length;
    int actual_length;
    void (*callback)(struct usb_transfer *transfer);
    void *user_data;
    unsigned char *buffer;
    int iso_packets;
} usb_transfer;

typedef int (*usb_hotplug_callback)(usb_context *context, usb_device *device, int event, void *user_data);

/* Its functions; each member is called libusb_MEMBER there. */
typedef struct usb_api {
    void *library;
    int (*init)(usb_context **context);
    void (*exit)(usb_context *context);
    const usb_version *(*get_version)(void);
    int (*has_capability)(uint32_t capability);
    ptrdiff_t (*get_device_list)(usb_context *context, usb_device ***list);
    void (*free_device_list)(usb_device **list, int unref);
    usb_device *(*ref_device)(usb_device *device);
    void (*unref_device)(usb_device *device);
    int (*get_device_descriptor)(usb_device *device, usb_device_descriptor *descriptor);
    int (*get_active_config_descriptor)(usb_device *device, usb_configuration **configuration);
    void (*free_config_descriptor)(usb_configuration *configuration);
    uint8_t (*get_bus_number)(usb_device *device);
    int (*get_port_numbers)(usb_device *device, uint8_t *numbers, int most);
    uint8_t (*get_device_address)(usb_device *device);
    int (*get_device_speed)(usb_device *device);
    int (*open)(usb_device *device, usb_handle **handle);
    void (*close)(usb_handle *handle);
    int (*set_auto_detach_kernel_driver)(usb_handle *handle, int enable);
    int (*claim_interface)(usb_handle *handle, int number);
    int (*release_interface)(usb_handle *handle, int number);
    int (*clear_halt)(usb_handle *handle, unsigned char endpoint);
    usb_transfer *(*alloc_transfer)(int iso_packets);
    void (*free_transfer)(usb_transfer *transfer);
    int (*submit_transfer)(usb_transfer *transfer);
    int (*cancel_transfer)(usb_transfer *transfer);
    int (*handle_events_completed)(usb_context *context, int *completed);
    void (*interrupt_event_handler)(usb_context *context);
    int (*hotplug_register_callback)(usb_context *context, int events, int flags, int vendor, int product,
                                     int device_class, usb_hotplug_callback callback, void *user_data, int *handle);
    void (*hotplug_deregister_callback)(usb_context *context, int handle);
} usb_api;

/*
 * Loads it: `path`, or the system's for NULL. Returns 0, -ENOENT, -ELIBACC, and a sentence in `text` when it fails.
 */
int mimir_eye_usb_load(usb_api *usb, const char *path, char *text, uint64_t text_bytes);

/* Negative errno for what a function of libusb returned; 0 for what is no error. */
int mimir_eye_usb_error(int result);

/* The same for the status of a transfer. */
int mimir_eye_usb_status(int status);

#endif
