// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#include <errno.h>
#include <windows.h>

static DWORD WINAPI run(void *argument) {
    eye_thread *t = argument;
    t->body(t->argument);
    return 0;
}

int mimir_eye_os_start(eye_thread *t) {
    const HANDLE thread = CreateThread(NULL, 0, run, t, 0, NULL);
    t->handle = (uintptr_t) thread;
    return thread != NULL ? 0 : -EAGAIN;
}

void mimir_eye_os_join(eye_thread *t) {
    WaitForSingleObject((HANDLE) t->handle, INFINITE);
    CloseHandle((HANDLE) t->handle);
}

int64_t mimir_eye_os_enter(const char *name) {
    (void) name; /* taken by systems that show it */
    return (int64_t) GetCurrentThreadId();
}

int64_t mimir_eye_os_thread_called(const char *name) {
    (void) name; /* no thread of libusb hears of arrivals here */
    return 0;
}

static DWORD milliseconds(int64_t ns) {
    const int64_t ms = (ns + 999999) / 1000000;
    return ms < 0 ? 0 : ms > 60000 ? 60000 : (DWORD) ms;
}

void mimir_eye_os_sleep(int64_t ns) {
    Sleep(milliseconds(ns));
}

void mimir_eye_os_rest(const uint32_t *word, uint32_t seen, int64_t ns) {
    if (ns > 0) {
        WaitOnAddress((volatile void *) word, &seen, sizeof seen, milliseconds(ns));
    }
}

void mimir_eye_os_wake(const uint32_t *word) {
    WakeByAddressAll((void *) word);
}

void *mimir_eye_os_load(const char *path, const char **why) {
    *why = "the system did not find it";
    return (void *) LoadLibraryA(path != NULL ? path : "libusb-1.0.dll");
}

void *mimir_eye_os_symbol(void *library, const char *name) {
    return (void *) (uintptr_t) GetProcAddress((HMODULE) library, name);
}

void mimir_eye_os_unload(void *library) {
    FreeLibrary((HMODULE) library);
}

/* The system tells these by other names; nobody has asked it yet. */
void mimir_eye_os_tell(uint64_t bus, uint64_t ports, const char *what, char *text, uint64_t bytes) {
    (void) bus, (void) ports, (void) what, (void) bytes;
    text[0] = 0;
}

int mimir_eye_os_access(uint64_t bus, uint64_t address) {
    (void) bus, (void) address;
    return -ENOENT;
}
