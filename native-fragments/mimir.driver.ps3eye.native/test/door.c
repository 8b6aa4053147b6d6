// SPDX-License-Identifier: Apache-2.0
/*
 * Twins for a test in another process. A program that has this and libumockdev-preload.so.0 preloaded, and finds in
 * MIMIR_TWIN the path of a socket to make, sees the buses of twin.h from its beginning on; a thread of its own does
 * what comes in at the socket, a line each, and answers with a line of numbers. A negative one is an errno.
 *
 *   plug BUS PORT IDENTITY          the handle, then when: ms since 1970
 *   unplug CAMERA                   0, then when
 *   fault CAMERA FAULT FRAME N      0
 *   refuse ERRNO                    0
 *   counts CAMERA                   0, then the members of mimir_twin_counts in their order
 *
 * MIMIR_TWIN=tck: no socket, but the cameras that the conformance kit wants (mimir_twin_play_kit).
 *
 * One caller at a time. Programs that this one starts have no twins.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "port.h"
#include "twin.h"

#define COUNTS (sizeof(mimir_twin_counts) / sizeof(uint64_t))

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void tell_counts(FILE *out, int camera) {
    uint64_t members[COUNTS];
    mimir_twin_counts counts;
    const int error = mimir_twin_counts_of(camera, &counts);
    memcpy(members, &counts, sizeof members);
    fprintf(out, "%d", error);
    for (size_t i = 0; i < COUNTS && error == 0; i++) {
        fprintf(out, " %" PRIu64, members[i]);
    }
    fputc('\n', out);
}

static void obey(FILE *out, const char *line) {
    char word[16];
    unsigned n[4] = {0};
    const int found = sscanf(line, "%15s %u %u %u %u", word, &n[0], &n[1], &n[2], &n[3]);
    int result = -EINVAL;
    struct timespec begun;
    clock_gettime(CLOCK_REALTIME, &begun);
    const int64_t begun_ms = (int64_t) begun.tv_sec * 1000 + begun.tv_nsec / 1000000;
    if (found == 2 && strcmp(word, "counts") == 0) {
        tell_counts(out, (int) n[0]);
        return;
    }
    if (found == 4 && strcmp(word, "plug") == 0) {
        result = mimir_twin_plug(n[0], n[1], n[2]);
    } else if (found == 2 && strcmp(word, "unplug") == 0) {
        result = mimir_twin_unplug((int) n[0]);
    } else if (found == 2 && strcmp(word, "refuse") == 0) {
        mimir_twin_refuse((int) n[0]);
        result = 0;
    } else if (found == 5 && strcmp(word, "fault") == 0) {
        result = mimir_twin_fault((int) n[0], n[1], n[2], n[3]);
    }
    fprintf(out, "%d %" PRId64 "\n", result, begun_ms);
}

static void *serve(void *argument) {
    const int listening = *(int *) argument;
    char line[128];
    const struct sched_param priority = {.sched_priority = TWIN_PRIORITY};
    (void) pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority); /* where that is permitted */
    pthread_setname_np(pthread_self(), "twin-door");
    for (;;) {
        const int caller = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
        FILE *in = caller >= 0 ? fdopen(caller, "r") : NULL;
        FILE *out = in != NULL ? fdopen(dup(caller), "w") : NULL;
        while (out != NULL && fgets(line, sizeof line, in) != NULL) {
            obey(out, line);
            fflush(out);
        }
        if (out != NULL) {
            fclose(out);
        }
        if (in != NULL) {
            fclose(in);
        }
    }
    return NULL;
}

/*
 * No signal is blocked in that thread: umockdev keeps one signal mask for all threads that are inside it, and gives it
 * to whoever leaves. A JVM's thread with SIGSEGV blocked ends the process at its next safepoint.
 */
static bool begin(void) {
    static int listening;
    pthread_t thread;
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (mimir_twin_open() != 0 || bind(listening, (struct sockaddr *) &address, sizeof address) != 0
            || listen(listening, 4) != 0) {
        return false;
    }
    return pthread_create(&thread, NULL, serve, &listening) == 0;
}

__attribute__((constructor)) static void open_door(void) {
    const char *path = getenv("MIMIR_TWIN");
    if (path == NULL || strlen(path) >= sizeof address.sun_path) {
        return;
    }
    const bool kit = strcmp(path, "tck") == 0;
    strcpy(address.sun_path, kit ? "" : path);
    unsetenv("MIMIR_TWIN");
    if (kit ? mimir_twin_open() != 0 || mimir_twin_play_kit() != 0 : !begin()) {
        fprintf(stderr, "the twins cannot be had here\n");
        _exit(1);
    }
}

__attribute__((destructor)) static void close_door(void) {
    if (address.sun_path[0] != 0) {
        unlink(address.sun_path);
        mimir_twin_close();
    }
}
