// SPDX-License-Identifier: Apache-2.0
/* The host clock on Windows. */
#include <windows.h>

#include "internal.h"

int64_t mimir_clock_ns(void) {
    LARGE_INTEGER rate;
    LARGE_INTEGER now;
    QueryPerformanceFrequency(&rate);
    QueryPerformanceCounter(&now);
    /* Seconds apart from the rest: the product with 10^9 would overflow within hours. */
    return now.QuadPart / rate.QuadPart * 1000000000 + now.QuadPart % rate.QuadPart * 1000000000 / rate.QuadPart;
}

static uint64_t hash(uint64_t state, const char *bytes, DWORD length) {
    for (DWORD i = 0; i < length; i++) {
        state = (state ^ (uint8_t) bytes[i]) * UINT64_C(0x100000001B3);
    }
    return state;
}

/* Upper 56 bits of FNV-1a (64 bits) over the GUID of the machine and the number of its boots, each if it is there. */
static uint64_t hash_of_boot(void) {
    uint64_t state = UINT64_C(0xCBF29CE484222325);
    const char *const boots =
        "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters";
    char guid[64];
    DWORD boot;
    DWORD length = sizeof guid;
    if (RegGetValueA(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", "MachineGuid", RRF_RT_REG_SZ, NULL, guid,
                     &length) == ERROR_SUCCESS) {
        state = hash(state, guid, length);
    }
    length = sizeof boot;
    if (RegGetValueA(HKEY_LOCAL_MACHINE, boots, "BootId", RRF_RT_REG_DWORD, NULL, &boot, &length) == ERROR_SUCCESS) {
        state = hash(state, (const char *) &boot, sizeof boot);
    }
    return state >> 8;
}

uint64_t mimir_clock_id(void) {
    return (uint64_t) MIMIR_CLOCK_QPC << 56 | hash_of_boot();
}
