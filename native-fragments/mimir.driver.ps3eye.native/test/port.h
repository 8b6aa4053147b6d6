// SPDX-License-Identifier: Apache-2.0
/* Where a model is plugged in: what usbfs and the buses share. */
#ifndef MIMIR_PS3EYE_TEST_PORT_H
#define MIMIR_PS3EYE_TEST_PORT_H

#include <linux/usbdevice_fs.h>
#include <pthread.h>

#include "twin.h"

#define PORTS 32
#define TWIN_PRIORITY 30   /* of a bus and of the system that shows it, which no program keeps waiting */
#define PORT_URBS 256u
#define PORT_TIMES 1024u

typedef struct urb_line {
    struct usbdevfs_urb *urbs[PORT_URBS];
    uint32_t head;
    uint32_t count;
} urb_line;

/* When things that are numbered happened, the newest of them. */
typedef struct time_line {
    uint64_t numbers[PORT_TIMES];
    int64_t ns[PORT_TIMES];
} time_line;

typedef struct port {
    pthread_mutex_t lock;
    pthread_cond_t cond;   /* something was queued, or the end */
    pthread_t thread;
    bool used;             /* this place is taken */
    bool present;          /* plugged in */
    bool open;             /* a process has its file */
    int fd;                /* an eventfd: writable while something is done */
    uint32_t bus;
    uint32_t number;
    uint32_t address;
    uint64_t bytes;
    bool granted;
    urb_line queued;
    urb_line done;
    time_line ended;       /* frames: their last transfer was about to be done */
    time_line asked;       /* requests to endpoint 0, from 1 on: they came */
    model model;
} port;

/* A place by its handle, NULL if nothing is there. */
port *port_of(int camera);

/*
 * From now on a frame that this machine was late with is sent late, and not left out: only a host that asks for nothing
 * loses frames, as with a real camera. Before the first camera.
 */
void port_be_patient(void);

/* Takes a free place and begins its thread; -ENOSPC. */
int port_begin(uint32_t bus, uint32_t number, uint32_t address, uint32_t identity);

/* Ends its thread and its transfers; who has it open reads ENODEV from then on. */
void port_end(port *p);

#endif
