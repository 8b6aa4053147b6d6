// SPDX-License-Identifier: Apache-2.0
/* Waiting on Windows: by polling. WaitOnAddress sees only its own process; this library's readers are in others. */
#include <windows.h>

#include "internal.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002 /* Windows 10 1803; older headers do not name it */
#endif

void mimir_yield(void) { SwitchToThread(); }

int mimir_nap(int64_t ns) {
    const DWORD flags = CREATE_WAITABLE_TIMER_HIGH_RESOLUTION;
    HANDLE timer = CreateWaitableTimerExW(NULL, NULL, flags, TIMER_MODIFY_STATE | SYNCHRONIZE);
    LARGE_INTEGER due = {.QuadPart = -(ns / 100 + 1)};
    if (timer == NULL || !SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE)) {
        Sleep(1); /* before Windows 10 1803 there is nothing finer */
    } else {
        WaitForSingleObject(timer, INFINITE);
    }
    if (timer != NULL) {
        CloseHandle(timer);
    }
    return 0;
}

int mimir_doorbell_sleep(const uint32_t *word, uint32_t seen, int64_t ns) {
    if (__atomic_load_n(word, __ATOMIC_ACQUIRE) == seen) {
        mimir_nap(ns < MIMIR_POLL_NS ? ns : MIMIR_POLL_NS);
    }
    return 0;
}

uint32_t mimir_doorbell_wake(const uint32_t *word) {
    (void) word;
    return 0;
}

uint32_t mimir_process_id(void) { return (uint32_t) GetCurrentProcessId(); }

/* Not asked here: a writer gives every seat its second. */
bool mimir_process_gone(uint32_t id) {
    (void) id;
    return false;
}
