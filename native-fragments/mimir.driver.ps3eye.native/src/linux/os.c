// SPDX-License-Identifier: Apache-2.0
#include "os.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)
#define NAMING_MS 20

_Static_assert(sizeof(pthread_t) <= sizeof(uintptr_t), "a thread handle fits a word");

static void *run(void *argument) {
    eye_thread *t = argument;
    t->body(t->argument);
    return NULL;
}

int mimir_eye_os_start(eye_thread *t) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, t) != 0) {
        return -EAGAIN;
    }
    t->handle = (uintptr_t) thread;
    return 0;
}

void mimir_eye_os_join(eye_thread *t) {
    pthread_join((pthread_t) t->handle, NULL);
}

int64_t mimir_eye_os_enter(const char *name) {
    pthread_setname_np(pthread_self(), name);
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    return syscall(SYS_gettid);
}

/* First line of a small file of the system; empty where there is none. */
static void read_line(const char *path, char *text, uint64_t bytes) {
    text[0] = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    ssize_t got = read(file, text, bytes - 1);
    close(file);
    text[got > 0 ? got : 0] = 0;
    text[strcspn(text, "\n")] = 0;
}

static int64_t thread_called(const char *name) {
    char path[64];
    char text[32];
    int64_t found = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks != NULL && found == 0 && (task = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", task->d_name);
        read_line(path, text, sizeof text);
        found = strcmp(text, name) == 0 ? atoll(task->d_name) : 0;
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return found;
}

int64_t mimir_eye_os_thread_called(const char *name) {
    int64_t found = thread_called(name);
    for (int i = 0; i < NAMING_MS && found == 0; i++) {
        mimir_eye_os_sleep(1000000);
        found = thread_called(name);
    }
    return found;
}

void mimir_eye_os_sleep(int64_t ns) {
    const struct timespec t = {.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
    nanosleep(&t, NULL);
}

void mimir_eye_os_rest(const uint32_t *word, uint32_t seen, int64_t ns) {
    const struct timespec t = {.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
    if (ns > 0) {
        syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, seen, &t, NULL, 0);
    }
}

void mimir_eye_os_wake(const uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT32_MAX, NULL, NULL, 0);
}

/* It stays mapped once it was there: others in this process may have it, and it has threads of its own. */
void *mimir_eye_os_load(const char *path, const char **why) {
    void *library = dlopen(path != NULL ? path : "libusb-1.0.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL) {
        *why = dlerror();
    }
    return library;
}

void *mimir_eye_os_symbol(void *library, const char *name) {
    return dlsym(library, name);
}

void mimir_eye_os_unload(void *library) {
    dlclose(library);
}

/* Name of a device in sysfs: usb1, 1-2, 1-2.3. */
static void put_name(uint64_t bus, uint64_t ports, char *name, size_t bytes) {
    int n = snprintf(name, bytes, ports == 0 ? "usb%u" : "%u-%u", (unsigned) bus, (unsigned) (ports & 0xFF));
    for (uint64_t rest = ports >> 8; rest != 0 && n > 0 && (size_t) n < bytes; rest >>= 8) {
        n += snprintf(name + n, bytes - (size_t) n, ".%u", (unsigned) (rest & 0xFF));
    }
}

/* /sys/bus/usb/devices/usb1 points to .../0000:00:14.0/usb1: the controller is what the bus hangs on. */
static void tell_controller(uint64_t bus, char *text, uint64_t bytes) {
    char path[64];
    char target[512];
    snprintf(path, sizeof path, "/sys/bus/usb/devices/usb%u", (unsigned) bus);
    const ssize_t n = readlink(path, target, sizeof target - 1);
    if (n <= 0) {
        return;
    }
    target[n] = 0;
    char *end = strrchr(target, '/');
    if (end != NULL) {
        *end = 0;
        const char *begin = strrchr(target, '/');
        snprintf(text, bytes, "%s", begin != NULL ? begin + 1 : target);
    }
}

void mimir_eye_os_tell(uint64_t bus, uint64_t ports, const char *what, char *text, uint64_t bytes) {
    char name[48];
    char path[128];
    text[0] = 0;
    if (strcmp(what, "controller") == 0) {
        tell_controller(bus, text, bytes);
        return;
    }
    put_name(bus, ports, name, sizeof name);
    snprintf(path, sizeof path, "/sys/bus/usb/devices/%s/%s", name, what);
    read_line(path, text, bytes);
}

int mimir_eye_os_access(uint64_t bus, uint64_t address) {
    char path[64];
    snprintf(path, sizeof path, "/dev/bus/usb/%03u/%03u", (unsigned) bus, (unsigned) address);
    if (access(path, R_OK | W_OK) == 0) {
        return 0;
    }
    return errno == EACCES || errno == EPERM ? -EACCES : -ENOENT;
}
