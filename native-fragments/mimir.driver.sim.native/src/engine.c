// SPDX-License-Identifier: Apache-2.0
/*
 * The engine: devices by handle, one worker per family, and the one word through which control thread and worker
 * meet.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "os.h"

#define MOST_SLEEP_NS INT64_C(5000000) /* how long a command may lie while items come */
#define SOON_NS       INT64_C(20000000) /* an item that is due sooner is slept for, a later one rested for */
#define MOST_REST_NS  INT64_C(1000000000)
#define LOOK_NS       INT64_C(200000)  /* how often the control thread looks for its answer */

enum order { ORDER_NONE, ORDER_START, ORDER_REMOVE };

typedef struct family {
    sim_thread thread;
    mimir_sim_status *status;
    unsigned index;
    char name[16];
    bool has_thread;
    bool lost;              /* the worker did not answer once: it is never waited for again */
    uint32_t stopping;      /* set by the control thread, release; seen by the worker, acquire */
    uint32_t bell;          /* counts commands, of both kinds; the worker rests on it */
    uint32_t done;          /* set by the worker, release, as its last word */
    uint32_t order;         /* enum order: set by the control thread, release; back to NONE by the worker, release */
    sim_device *subject;    /* of the order */
    uint32_t running_count; /* from here on the worker's own */
    bool deaf;
    sim_device *running[MIMIR_SIM_MOST_DEVICES];
} family;

struct mimir_sim {
    family families[MIMIR_SIM_FAMILIES];
    sim_device *devices[MIMIR_SIM_MOST_DEVICES]; /* by handle - 1 */
};

int mimir_sim_open(mimir_sim **engine, const char *thread_prefix, mimir_sim_status *status) {
    static const char *const suffixes[MIMIR_SIM_FAMILIES] = {"cam", "aud"};
    if (engine == NULL || thread_prefix == NULL || status == NULL || strlen(thread_prefix) > 11) {
        return -EINVAL;
    }
    mimir_sim *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return -ENOMEM;
    }
    for (unsigned i = 0; i < MIMIR_SIM_FAMILIES; i++) {
        e->families[i].index = i;
        e->families[i].status = status;
        snprintf(e->families[i].name, sizeof e->families[i].name, "%s-%s", thread_prefix, suffixes[i]);
    }
    *engine = e;
    return 0;
}

int mimir_sim_add(mimir_sim *engine, const mimir_sim_config *config, void *region, uint64_t bytes, void *hints,
                  mimir_sim_truth *truth, const mimir_sim_controls *controls) {
    unsigned slot = 0;
    while (slot < MIMIR_SIM_MOST_DEVICES && engine->devices[slot] != NULL) {
        slot++;
    }
    if (slot == MIMIR_SIM_MOST_DEVICES) {
        return -ENOSPC;
    }
    sim_device *d = malloc(sizeof *d);
    if (d == NULL) {
        return -ENOMEM;
    }
    const int error = mimir_sim_device_make(d, config, region, bytes, hints, truth, controls);
    if (error != 0) {
        free(d);
        return error;
    }
    engine->devices[slot] = d;
    return (int) slot + 1;
}

/* ---- worker ---- */

static void take_away(family *f, const sim_device *d) {
    for (uint32_t i = 0; i < f->running_count; i++) {
        if (f->running[i] == d) {
            f->running[i] = f->running[--f->running_count];
            return;
        }
    }
}

static bool any_hangs(const family *f) {
    for (uint32_t i = 0; i < f->running_count; i++) {
        if (f->running[i]->config.hang_on_stop != 0) {
            return true;
        }
    }
    return false;
}

static void obey(family *f, int64_t now_ns) {
    const uint32_t order = __atomic_load_n(&f->order, __ATOMIC_ACQUIRE);
    if (order == ORDER_NONE || f->deaf) {
        return;
    }
    if (order == ORDER_START) {
        mimir_sim_device_start(f->subject, now_ns);
        f->running[f->running_count++] = f->subject;
    } else if (any_hangs(f)) {
        f->deaf = true;
        return;
    } else {
        take_away(f, f->subject);
    }
    __atomic_store_n(&f->order, ORDER_NONE, __ATOMIC_RELEASE);
}

static sim_device *earliest(const family *f) {
    sim_device *first = NULL;
    for (uint32_t i = 0; i < f->running_count; i++) {
        if (first == NULL || f->running[i]->due_ns < first->due_ns) {
            first = f->running[i];
        }
    }
    return first;
}

static bool goes_on(const family *f) {
    return __atomic_load_n(&f->stopping, __ATOMIC_ACQUIRE) == 0 || any_hangs(f);
}

/*
 * Until the next item is due or a command comes. A wake-up through the bell costs the exactness that items near at
 * hand need; with none near, as in long silence, it saves 200 looks a second.
 */
static void wait_for_work(family *f, uint32_t seen, int64_t now_ns) {
    const sim_device *d = earliest(f);
    const int64_t due_ns = d != NULL ? d->due_ns : INT64_MAX;
    if (due_ns - now_ns > SOON_NS) {
        const int64_t longest_ns = now_ns + MOST_REST_NS;
        mimir_sim_os_rest(&f->bell, seen, due_ns - SOON_NS < longest_ns ? due_ns - SOON_NS : longest_ns, now_ns);
    } else {
        mimir_sim_os_sleep(due_ns < now_ns + MOST_SLEEP_NS ? due_ns : now_ns + MOST_SLEEP_NS, now_ns);
    }
}

static void work(void *argument) {
    family *f = argument;
    uint64_t items = f->status->items[f->index];
    __atomic_store_n(&f->status->tid[f->index], mimir_sim_os_enter(f->name), __ATOMIC_RELEASE);
    for (;;) {
        /* Before the looks at commands: one that comes after them changes it, and the worker does not rest. */
        const uint32_t seen = __atomic_load_n(&f->bell, __ATOMIC_ACQUIRE);
        if (!goes_on(f)) {
            break;
        }
        const int64_t now_ns = mimir_clock_ns();
        obey(f, now_ns);
        sim_device *d = earliest(f);
        if (d != NULL && d->due_ns <= now_ns) {
            mimir_sim_device_step(d, now_ns);
            __atomic_store_n(&f->status->items[f->index], ++items, __ATOMIC_RELAXED);
        } else {
            wait_for_work(f, seen, now_ns);
        }
    }
    __atomic_store_n(&f->status->tid[f->index], 0, __ATOMIC_RELEASE);
    __atomic_store_n(&f->done, 1, __ATOMIC_RELEASE);
}

/* ---- control ---- */

static bool comes_true(const uint32_t *word, uint32_t wanted, int64_t until_ns) {
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != wanted) {
        const int64_t now_ns = mimir_clock_ns();
        if (now_ns >= until_ns) {
            return false;
        }
        mimir_sim_os_sleep(now_ns + LOOK_NS, now_ns);
    }
    return true;
}

static void ring(family *f) {
    __atomic_fetch_add(&f->bell, 1, __ATOMIC_RELEASE);
    mimir_sim_os_wake(&f->bell);
}

static int ask(family *f, enum order order, sim_device *d, int64_t timeout_ns) {
    if (f->lost) {
        return -ETIMEDOUT;
    }
    f->subject = d;
    __atomic_store_n(&f->order, order, __ATOMIC_RELEASE);
    ring(f);
    f->lost = !comes_true(&f->order, ORDER_NONE, mimir_clock_ns() + timeout_ns);
    return f->lost ? -ETIMEDOUT : 0;
}

static int employ(family *f, int64_t timeout_ns) {
    if (f->has_thread) {
        return 0;
    }
    f->stopping = 0;
    f->done = 0;
    f->thread.body = work;
    f->thread.argument = f;
    const int error = mimir_sim_os_start(&f->thread);
    if (error != 0) {
        return error;
    }
    f->has_thread = true;
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    while (__atomic_load_n(&f->status->tid[f->index], __ATOMIC_ACQUIRE) == 0) {
        const int64_t now_ns = mimir_clock_ns();
        if (now_ns >= until_ns) {
            return -ETIMEDOUT;
        }
        mimir_sim_os_sleep(now_ns + LOOK_NS, now_ns);
    }
    return 0;
}

static sim_device *device_of(const mimir_sim *engine, int device) {
    return device >= 1 && device <= (int) MIMIR_SIM_MOST_DEVICES ? engine->devices[device - 1] : NULL;
}

int mimir_sim_start(mimir_sim *engine, int device, int64_t timeout_ns) {
    sim_device *d = device_of(engine, device);
    if (d == NULL) {
        return -EINVAL;
    }
    if (d->running) {
        return -EALREADY;
    }
    family *f = &engine->families[d->config.family];
    const int error = employ(f, timeout_ns);
    return error != 0 ? error : ask(f, ORDER_START, d, timeout_ns);
}

int mimir_sim_remove(mimir_sim *engine, int device, int64_t timeout_ns) {
    sim_device *d = device_of(engine, device);
    if (d == NULL) {
        return -EINVAL;
    }
    family *f = &engine->families[d->config.family];
    if (f->has_thread) {
        const int error = ask(f, ORDER_REMOVE, d, timeout_ns);
        if (error != 0) {
            return error;
        }
    }
    engine->devices[device - 1] = NULL;
    mimir_sim_device_free(d);
    free(d);
    return 0;
}

int mimir_sim_stop(mimir_sim *engine, int64_t timeout_ns) {
    const int64_t until_ns = mimir_clock_ns() + timeout_ns;
    int result = 0;
    for (unsigned i = 0; i < MIMIR_SIM_FAMILIES; i++) {
        __atomic_store_n(&engine->families[i].stopping, 1, __ATOMIC_RELEASE);
        ring(&engine->families[i]);
    }
    for (unsigned i = 0; i < MIMIR_SIM_FAMILIES; i++) {
        family *f = &engine->families[i];
        if (!f->has_thread) {
            continue;
        }
        if (!comes_true(&f->done, 1, until_ns)) {
            result = -ETIMEDOUT;
            continue;
        }
        mimir_sim_os_join(&f->thread);
        f->has_thread = false;
        f->running_count = 0;
    }
    return result;
}

int mimir_sim_close(mimir_sim *engine) {
    for (unsigned i = 0; i < MIMIR_SIM_FAMILIES; i++) {
        if (engine->families[i].has_thread) {
            return -EBUSY;
        }
    }
    for (unsigned i = 0; i < MIMIR_SIM_MOST_DEVICES; i++) {
        if (engine->devices[i] != NULL) {
            mimir_sim_device_free(engine->devices[i]);
            free(engine->devices[i]);
        }
    }
    free(engine);
    return 0;
}
