// SPDX-License-Identifier: Apache-2.0
/*
 * The cases in which threads meet, under the thread sanitizer, which does not see into libraries that were compiled
 * without it.
 */
#define THREADS_ONLY

const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void) {
    return "race:libudev.so\nrace:libumockdev\nrace:libglib\nrace:libgobject\n";
}

#include "stream_test.c"
