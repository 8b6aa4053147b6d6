// SPDX-License-Identifier: Apache-2.0
/*
 * Reads a ring of a running Mimir in place and tells every second what came, as `./mimir read` does.
 *
 *   mimir_read                                  lists what there is
 *   mimir_read RING [--for SECONDS] [--verify]
 *
 * Built with: cc mimir_read.c $(pkg-config --cflags --libs mimir_ring)
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mimir_ring_open.h>

#define SECOND INT64_C(1000000000)
#define MOST   256
#define BINS   1024 /* of latency: sixteen for each doubling */

typedef struct tally {
    uint64_t items, bytes, wrong, first, last;
    uint32_t epoch;
    uint64_t clock_id;
    uint64_t bins[BINS];
    uint64_t timed;
} tally;

static volatile sig_atomic_t stopped;

static void on_signal(int number) { stopped = number; }

static int bin_of(uint64_t ns) {
    if (ns < 16) {
        return (int) ns;
    }
    const int exponent = 63 - __builtin_clzll(ns);
    return (exponent - 3) * 16 + (int) (ns >> (exponent - 4) & 15);
}

static double bottom_us(int bin) {
    return (bin < 16 ? (double) bin : (double) ((16 + bin % 16) * (INT64_C(1) << (bin / 16 - 1)))) / 1000;
}

static double quantile_us(const tally *t, double share) {
    uint64_t left = (uint64_t) ((double) t->timed * share);
    for (int bin = 0; bin < BINS; bin++) {
        if (left < t->bins[bin]) {
            return bottom_us(bin);
        }
        left -= t->bins[bin];
    }
    return 0;
}

/* Looks at an item where it lies; what was overtaken meanwhile does not count. */
static void take(mimir_ring_source *s, const mimir_ring_lease *lease, bool verify, tally *t) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    const int64_t late = mimir_clock_ns() - d->host_time_ns;
    const bool wrong = verify && mimir_ring_verify(lease) == 0;
    if (!mimir_ring_release(&s->reader, lease)) {
        return;
    }
    if (late >= 0 && s->reader.header->host_clock_id == t->clock_id) {
        t->bins[bin_of((uint64_t) late)]++;
        t->timed++;
    }
    t->first = t->items == 0 ? d->sequence : t->first;
    t->last = d->sequence;
    t->epoch = d->epoch;
    t->bytes += d->payload_bytes;
    t->wrong += wrong;
    t->items++;
}

static uint64_t dropped(const mimir_ring_source *s) {
    uint64_t sum = 0;
    for (int reason = 0; reason < 16; reason++) {
        sum += __atomic_load_n(&s->reader.header->drops[reason], __ATOMIC_RELAXED);
    }
    return sum;
}

/* Adds what a second brought to the whole. */
static void add(tally *all, const tally *one) {
    if (one->items == 0) {
        return;
    }
    all->first = all->items == 0 ? one->first : all->first;
    all->items += one->items;
    all->bytes += one->bytes;
    all->wrong += one->wrong;
    all->last = one->last;
    all->epoch = one->epoch;
    all->timed += one->timed;
    for (int bin = 0; bin < BINS; bin++) {
        all->bins[bin] += one->bins[bin];
    }
}

static const char *state(const mimir_ring_source *s, int n) {
    return n == -EPIPE ? "ended" : n == -EIO ? "broken" : s->writer_gone ? "writer gone" : "live";
}

static void say_second(const mimir_ring_source *s, const tally *t, double seconds, uint64_t lost, int n) {
    printf("%9.2f %11" PRIu64 " %6" PRIu32 " %8" PRIu64 " %10" PRIu64 " %5" PRIu64 " %4" PRIu64 " %8.1f %8.1f  %s\n",
           (double) t->items / seconds, t->last, t->epoch, lost, s->carried[2] + s->reader.overtaken, s->reader.torn,
           t->wrong, quantile_us(t, 0.5), quantile_us(t, 0.99), state(s, n));
    fflush(stdout);
}

/* Reads until something ends it; returns what did: 0 for time or a signal, else a negative error. */
static int read_items(mimir_ring_source *s, int64_t ns, bool verify, tally *all) {
    const int64_t begin = mimir_clock_ns();
    const uint64_t lost = dropped(s);
    int64_t from = begin;
    int64_t now = begin;
    tally second = {.clock_id = mimir_clock_id()};
    int n = 0;
    while (n >= 0 && !stopped && (ns == 0 || now - begin < ns)) {
        mimir_ring_lease lease;
        n = mimir_ring_read(s, &lease);
        if (n == 1) {
            take(s, &lease, verify, &second);
        } else if (n == 0 || (n == -EPIPE && !s->writer_gone)) { /* ended: a swap brings it to life again */
            const int64_t left = ns != 0 && begin + ns < from + SECOND ? begin + ns - now : from + SECOND - now;
            n = mimir_ring_await(s, left);
            n = n == -EINTR ? 0 : n;
        }
        now = mimir_clock_ns();
        if (now - from >= SECOND || n < 0) {
            say_second(s, &second, (double) (now - from) / SECOND, dropped(s) - lost, n);
            add(all, &second);
            second = (tally) {.clock_id = second.clock_id, .last = second.last, .epoch = second.epoch};
            from = now;
        }
    }
    add(all, &second);
    return n < 0 ? n : 0;
}

static void say_total(const mimir_ring_source *s, const tally *t, double seconds, uint64_t lost, int n) {
    printf("%" PRIu64 " items in %.2f s, sequence %" PRIu64 " to %" PRIu64 "; %" PRIu64 " dropped at the source, "
           "%" PRIu64 " overtaken, %" PRIu64 " torn, %" PRIu64 " wrong checksums; latency p50 %.1f us, p99 %.1f us; "
           "%.1f MiB read in place; %s\n",
           t->items, seconds, t->first, t->last, lost, s->carried[2] + s->reader.overtaken, s->reader.torn, t->wrong,
           quantile_us(t, 0.5), quantile_us(t, 0.99), (double) t->bytes / (1 << 20), state(s, n));
}

static int list(void) {
    static mimir_ring_manifest found[MOST];
    const int n = mimir_ring_list(NULL, found, MOST);
    for (int i = 0; i < n; i++) {
        printf("%s (%s in process %" PRId64 ")\n", found[i].identity, found[i].owner, found[i].writer_pid);
    }
    if (n <= 0) {
        fprintf(stderr, "No ring of this user is published: start a platform first, such as ./mimir run.\n");
    }
    return n > 0 ? 0 : 1;
}

static int read_ring(const char *name, int64_t ns, bool verify) {
    static mimir_ring_source source;
    static tally all;
    const int error = mimir_ring_open(&source, NULL, name, MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL);
    if (error == -EPROTO) {
        fprintf(stderr, "The ring was written with ABI %d.%d, this reader knows %s; use the same release on both sides."
                "\n", source.abi[0], source.abi[1], mimir_ring_version());
        return 1;
    }
    if (error != 0) {
        fprintf(stderr, "The ring '%s' cannot be read (%s); mimir_read without a name lists what there is.\n", name,
                strerror(-error));
        return error == -ENOENT ? 2 : 1;
    }
    const int64_t begin = mimir_clock_ns();
    const uint64_t lost = dropped(&source);
    printf("%s: %" PRIu64 " slots, written by process %" PRId64 ", read in place: 1 hop, shared\n", name,
           source.reader.mask + 1, source.manifest.writer_pid);
    printf("  ITEMS/s    SEQUENCE  EPOCH  DROPPED  OVERTAKEN  TORN  BAD   P50 us   P99 us  STATE\n");
    const int end = read_items(&source, ns, verify, &all);
    say_total(&source, &all, (double) (mimir_clock_ns() - begin) / SECOND, dropped(&source) - lost, end);
    const bool good = all.wrong == 0 && (end == 0 || end == -EPIPE);
    mimir_ring_close(&source);
    return good ? 0 : 1;
}

int main(int count, char **words) {
    double seconds = 0;
    bool verify = false;
    struct sigaction stop = {.sa_handler = on_signal}; /* without SA_RESTART: a wait ends at once */
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    for (int i = 2; i < count; i++) {
        if (strcmp(words[i], "--verify") == 0) {
            verify = true;
        } else if (strcmp(words[i], "--for") == 0 && i + 1 < count && (seconds = atof(words[i + 1])) > 0) {
            i++;
        } else {
            fprintf(stderr, "usage: mimir_read [RING [--for SECONDS] [--verify]]\n");
            return 2;
        }
    }
    return count < 2 ? list() : read_ring(words[1], (int64_t) (seconds * SECOND), verify);
}
