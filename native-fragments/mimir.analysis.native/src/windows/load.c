// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "rgb.h"

void *mimir_analysis_load(const char *name) {
    return (void *) LoadLibraryA(name != NULL ? name : "libyuv.dll");
}

void *mimir_analysis_symbol(void *library, const char *name) {
    return (void *) (uintptr_t) GetProcAddress((HMODULE) library, name);
}

void mimir_analysis_unload(void *library) {
    FreeLibrary((HMODULE) library);
}
