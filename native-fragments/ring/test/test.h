// SPDX-License-Identifier: Apache-2.0
/* Assertions for the C tests: a failed one ends its case, not the program. Output is TAP. */
#ifndef MIMIR_TEST_H
#define MIMIR_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool case_failed;
static bool any_failed;

#if defined(__SANITIZE_THREAD__)
/* Called by the sanitizer with each report: the case that was running gets it. */
__attribute__((no_sanitize("thread"))) void __tsan_on_report(void *report);

void __tsan_on_report(void *report) { case_failed = report != NULL; }
#endif

/* How long a case that goes by time runs: `short_ns` in the build, MIMIR_TEST_SECONDS when that is set. */
static inline int64_t run_ns(int64_t short_ns) {
    const char *seconds = getenv("MIMIR_TEST_SECONDS");
    return seconds != NULL ? (int64_t) (atof(seconds) * 1e9) : short_ns;
}

#define ASSERT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            case_failed = true;                                                                              \
            printf("# %s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                               \
            return;                                                                                          \
        }                                                                                                    \
    } while (0)

/* Whole numbers, signed so that errno values read well. */
#define ASSERT_EQ(expected, actual)                                                                          \
    do {                                                                                                     \
        const int64_t e_ = (int64_t) (expected);                                                             \
        const int64_t a_ = (int64_t) (actual);                                                               \
        if (e_ != a_) {                                                                                      \
            case_failed = true;                                                                              \
            printf("# %s:%d: %s: expected %" PRId64 ", got %" PRId64 "\n", __FILE__, __LINE__, #actual, e_, a_); \
            return;                                                                                          \
        }                                                                                                    \
    } while (0)

/* Leaves the calling case when a helper that it called has failed. */
#define ASSERT_STILL_GOOD()                                                                                  \
    do {                                                                                                     \
        if (case_failed) {                                                                                   \
            return;                                                                                          \
        }                                                                                                    \
    } while (0)

/* With MIMIR_TEST_CASE only the case of that name runs. */
static inline void run_case(const char *name, void (*body)(void)) {
    const char *only = getenv("MIMIR_TEST_CASE");
    if (only != NULL && strcmp(only, name) != 0) {
        return;
    }
    case_failed = false;
    body();
    any_failed |= case_failed;
    printf("%s - %s\n", case_failed ? "not ok" : "ok", name);
    fflush(stdout);
}

#define RUN(name, body) run_case(name, body)
#define FINISH() return any_failed ? 1 : 0

#endif
