// SPDX-License-Identifier: Apache-2.0
/* What differs between systems: threads, sleeping, libraries, and what a system tells of its USB devices. */
#ifndef MIMIR_PS3EYE_OS_H
#define MIMIR_PS3EYE_OS_H

#include <stdint.h>

/* A thread and what it runs; stays where it is until the thread was joined. */
typedef struct eye_thread {
    void (*body)(void *argument);
    void *argument;
    uintptr_t handle;
} eye_thread;

/* Starts t->body(t->argument). 0 or -EAGAIN. */
int mimir_eye_os_start(eye_thread *t);

/* Waits for its end: call when body has returned or is about to. */
void mimir_eye_os_join(eye_thread *t);

/* Called first by the worker: takes the name. Returns the thread id of the system. */
int64_t mimir_eye_os_enter(const char *name);

/*
 * The thread of this process with that name, which began a moment ago and may not yet have taken it: waits for that, 20
 * ms at the most. 0: there is none, or this system does not tell.
 */
int64_t mimir_eye_os_thread_called(const char *name);

void mimir_eye_os_sleep(int64_t ns);

/* Sleeps while *word is `seen`, `ns` at most; mimir_eye_os_wake ends it. May end early. */
void mimir_eye_os_rest(const uint32_t *word, uint32_t seen, int64_t ns);

/* Wakes all who rest on `word`, which was changed before. */
void mimir_eye_os_wake(const uint32_t *word);

/* The library at `path`, for NULL libusb of the system. NULL when there is none; *why then has the system's words. */
void *mimir_eye_os_load(const char *path, const char **why);

void *mimir_eye_os_symbol(void *library, const char *name);

void mimir_eye_os_unload(void *library);

/*
 * What the system knows of the device at a place without asking the device: `what` is "serial" or "product", or
 * "controller" for the controller of the bus. Leaves text empty when it knows nothing.
 */
void mimir_eye_os_tell(uint64_t bus, uint64_t ports, const char *what, char *text, uint64_t bytes);

/* 0: this process may open the device, -EACCES: it may not, -ENOENT: not known before it is tried. */
int mimir_eye_os_access(uint64_t bus, uint64_t address);

#endif
