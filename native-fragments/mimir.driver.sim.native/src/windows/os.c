// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#include <errno.h>
#include <windows.h>

/* MinGW's headers may be older than Windows 10, 1803. */
#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

static DWORD WINAPI run(void *argument) {
    sim_thread *t = argument;
    t->body(t->argument);
    return 0;
}

int mimir_sim_os_start(sim_thread *t) {
    HANDLE thread = CreateThread(NULL, 0, run, t, 0, NULL);
    t->handle = (uintptr_t) thread;
    return thread != NULL ? 0 : -EAGAIN;
}

void mimir_sim_os_join(sim_thread *t) {
    HANDLE thread = (HANDLE) t->handle;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/* Nameless: the MinGW libraries that are still common do not know SetThreadDescription. */
int64_t mimir_sim_os_enter(const char *name) {
    (void) name;
    return (int64_t) GetCurrentThreadId();
}

/* A timer for each sleep: a kept one would need a thread-local, which keeps a library in memory. */
void mimir_sim_os_sleep(int64_t until_ns, int64_t now_ns) {
    if (until_ns <= now_ns) {
        return;
    }
    HANDLE timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
    LARGE_INTEGER due = {.QuadPart = -((until_ns - now_ns + 99) / 100)};
    if (timer != NULL && SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE)) {
        WaitForSingleObject(timer, INFINITE);
    } else {
        Sleep(1);
    }
    if (timer != NULL) {
        CloseHandle(timer);
    }
}

void mimir_sim_os_rest(const uint32_t *word, uint32_t seen, int64_t until_ns, int64_t now_ns) {
    if (until_ns > now_ns) {
        const DWORD ms = (DWORD) ((until_ns - now_ns) / 1000000 + 1);
        WaitOnAddress((volatile VOID *) (uintptr_t) word, &seen, sizeof seen, ms);
    }
}

void mimir_sim_os_wake(const uint32_t *word) {
    WakeByAddressSingle((PVOID) (uintptr_t) word);
}
