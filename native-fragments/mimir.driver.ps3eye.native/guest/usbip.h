// SPDX-License-Identifier: Apache-2.0
/*
 * A model plugged into this machine's own USB stack: the kernel's virtual host controller (vhci_hcd) speaks USB/IP over
 * a socket, and at its other end a thread answers with the model. What the system and its drivers see is a high-speed
 * device like any other.
 *
 * Threads: plug and unplug by one thread at a time; the model by any, between lock and unlock. One model a process.
 * Errors are negative errno values.
 */
#ifndef MIMIR_PS3EYE_GUEST_USBIP_H
#define MIMIR_PS3EYE_GUEST_USBIP_H

#include "model.h"

/*
 * Plugs a fresh model in at port MIMIR_GUEST_PORT (0..7) of the controller. Returns as soon as the controller has it;
 * root only.
 */
int usbip_plug(uint32_t identity);

/* Pulls it out. The controller wants a second or so before the same port is used again. */
void usbip_unplug(void);

model *usbip_lock(void);
void usbip_unlock(void);

/* How many registers were written so far. */
uint64_t usbip_writes(void);

#endif
