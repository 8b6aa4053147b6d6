// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>

#include "rgb.h"

void *mimir_analysis_load(const char *name) {
    return dlopen(name != NULL ? name : "libyuv.so.0", RTLD_NOW | RTLD_LOCAL);
}

void *mimir_analysis_symbol(void *library, const char *name) {
    return dlsym(library, name);
}

void mimir_analysis_unload(void *library) {
    dlclose(library);
}
