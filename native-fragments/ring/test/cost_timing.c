// SPDX-License-Identifier: Apache-2.0
/*
 * What publishing and checking cost. A goal in time is judged beyond what an empty measurement saw in the same run,
 * and at twice its value: the machine of a test has other things to do.
 */
#include <pthread.h>
#include <stdlib.h>

#include "internal.h"
#include "region.h"
#include "test.h"

#define SAMPLES     20000
#define ROUNDS      9
#define READERS     32
#define GOAL_NS     5000
#define FRAME_BYTES 614400
#define FRAME_NS    60000

static test_region t;
static mimir_ring_writer w;
static int64_t samples[SAMPLES];

typedef struct spread {
    int64_t p50;
    int64_t p999;
} spread;

static int compare(const void *a, const void *b) {
    const int64_t x = *(const int64_t *) a;
    const int64_t y = *(const int64_t *) b;
    return (x > y) - (x < y);
}

static spread spread_of(int64_t *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return (spread) {values[count / 2], values[count - 1 - count / 1000]};
}

static void attach(void) {
    t = test_region_make(64, 64);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
}

static void publish(uint64_t sequence) {
    mimir_ring_descriptor *d;
    uint8_t *payload = mimir_ring_claim(&w, &d);
    payload[0] = (uint8_t) sequence;
    d->sequence = sequence;
    d->payload_bytes = 64;
    mimir_ring_commit(&w, 0);
}

static spread measure(bool publishes) {
    for (int i = 0; i < SAMPLES; i++) {
        const int64_t begin = mimir_clock_ns();
        if (publishes) {
            publish((uint64_t) i);
        }
        samples[i] = mimir_clock_ns() - begin;
    }
    return spread_of(samples, SAMPLES);
}

static int64_t median(int64_t *values) {
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

/* Every stalled reader holds a lease and will never move again; one of them died asleep. */
static void stall_readers(mimir_ring_reader *readers) {
    mimir_ring_lease lease;
    publish(1);
    for (int i = 0; i < READERS; i++) {
        const enum mimir_ring_profile profile = i % 2 == 0 ? MIMIR_LATEST : MIMIR_EVERY;
        ASSERT_EQ(0, mimir_ring_reader_attach(&readers[i], t.header, t.bytes, t.hints, profile, MIMIR_START_OLDEST,
                                              MIMIR_WAIT_DOORBELL));
        ASSERT_EQ(1, mimir_ring_next(&readers[i], &lease));
    }
    t.hints->waiters = 1;
}

static void publish_beside_stalled_readers(void) {
    mimir_ring_reader readers[READERS];
    int64_t empty[ROUNDS];
    int64_t alone[ROUNDS];
    int64_t beside[ROUNDS];
    int64_t alone_p50[ROUNDS];
    int64_t beside_p50[ROUNDS];
    attach();
    t.hints->may_sleep = 1; /* as everywhere in the platform */
    for (int round = 0; round < ROUNDS; round++) {
        empty[round] = measure(false).p999;
        const spread a = measure(true);
        stall_readers(readers);
        ASSERT_STILL_GOOD();
        const spread b = measure(true);
        alone[round] = a.p999;
        alone_p50[round] = a.p50;
        beside[round] = b.p999;
        beside_p50[round] = b.p50;
    }
    const int64_t control = median(empty);
    const int64_t a = median(alone);
    const int64_t b = median(beside);
    printf("# figure: publish between two clocks, p50/p99.9 ns: no reader %" PRId64 "/%" PRId64 ", %d stalled readers %"
           PRId64 "/%" PRId64 ", the clocks alone -/%" PRId64 "\n",
           median(alone_p50), a, READERS, median(beside_p50), b, control);
    ASSERT(a - control <= 2 * GOAL_NS);
    ASSERT(b - control <= 2 * GOAL_NS);
    ASSERT(b <= 2 * a + 2000);
    ASSERT(median(beside_p50) <= 2 * median(alone_p50) + 50);
    test_region_free(&t);
}

static void publish_in_a_row(void) {
    const int count = 2000000;
    attach();
    const int64_t begin = mimir_clock_ns();
    for (int i = 0; i < count; i++) {
        publish((uint64_t) i);
    }
    const double each = (double) (mimir_clock_ns() - begin) / count;
    printf("# figure: publish without a sleeper: %.1f ns each, %d in a row\n", each, count);
    ASSERT(each < GOAL_NS);
    test_region_free(&t);
}

static void *sleep_and_take(void *argument) {
    mimir_ring_reader *r = argument;
    mimir_ring_lease lease;
    int n;
    while ((n = mimir_ring_next(r, &lease)) >= 0) {
        if (n == 1) {
            mimir_ring_release(r, &lease);
        } else {
            mimir_ring_wait(r, INT64_C(1000000000));
        }
    }
    return NULL;
}

/* Sleeps on the futex of `bell` whenever it has not changed. */
static uint32_t bell;

static void *sleep_on_bell(void *unused) {
    uint32_t seen;
    while ((seen = __atomic_load_n(&bell, __ATOMIC_ACQUIRE)) != UINT32_MAX) {
        mimir_doorbell_sleep(&bell, seen, INT64_C(1000000000));
    }
    return unused;
}

/* What the system asks for waking one thread, by the same call and in the same rhythm. */
static int64_t wake_ns(uint32_t round) {
    const int64_t begin = mimir_clock_ns();
    __atomic_store_n(&bell, round, __ATOMIC_RELEASE);
    mimir_doorbell_wake(&bell);
    return mimir_clock_ns() - begin;
}

/* Negative when nobody was asleep. */
static int64_t publish_ns(uint64_t sequence) {
    const bool marked = __atomic_load_n(&t.hints->waiters, __ATOMIC_ACQUIRE) != 0;
    const int64_t begin = mimir_clock_ns();
    publish(sequence);
    return marked ? mimir_clock_ns() - begin : -1;
}

static void publish_to_a_sleeper(void) {
    enum { ROUNDS_ASLEEP = 600 };
    pthread_t threads[2];
    mimir_ring_reader r;
    int64_t wakes[ROUNDS_ASLEEP];
    size_t asleep = 0;
    attach();
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_NOW,
                                          MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(0, pthread_create(&threads[0], NULL, sleep_and_take, &r));
    ASSERT_EQ(0, pthread_create(&threads[1], NULL, sleep_on_bell, NULL));
    for (uint32_t round = 0; round < ROUNDS_ASLEEP; round++) {
        mimir_nap(100000);
        wakes[round] = wake_ns(round);
        mimir_nap(100000);
        const int64_t ns = publish_ns(round);
        samples[asleep] = ns;
        asleep += ns >= 0;
    }
    mimir_ring_end(&w);
    wake_ns(UINT32_MAX);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    ASSERT(asleep > 0);
    const spread control = spread_of(wakes, ROUNDS_ASLEEP);
    const spread s = spread_of(samples, asleep);
    printf("# figure: publish to one sleeper: p50 %" PRId64 " ns, p99.9 %" PRId64 " ns; the wake call alone %" PRId64
           "/%" PRId64 "\n", s.p50, s.p999, control.p50, control.p999);
    ASSERT_EQ(t.header->head, r.delivered + r.overtaken);
    ASSERT(t.header->woken >= asleep && t.header->woken <= t.header->head + 1);
    ASSERT(s.p50 <= 3 * control.p50 + 50000);
    test_region_free(&t);
}

static double frame_ns(uint32_t (*crc)(const void *, uint64_t), const uint8_t *frame) {
    int64_t best = INT64_MAX;
    uint32_t sum = 0;
    for (int i = 0; i < 50; i++) {
        const int64_t begin = mimir_clock_ns();
        sum ^= crc(frame, FRAME_BYTES);
        const int64_t took = mimir_clock_ns() - begin;
        best = took < best ? took : best;
    }
    __atomic_store_n(&t.bytes, sum, __ATOMIC_RELAXED); /* or the sums would not be needed */
    return (double) best;
}

static uint32_t fastest(const void *data, uint64_t bytes) { return mimir_crc32c(0, data, bytes); }

static uint32_t by_table(const void *data, uint64_t bytes) { return ~mimir_crc32c_table(~UINT32_C(0), data, bytes); }

static void check_a_frame(void) {
    uint8_t *frame = malloc(FRAME_BYTES);
    ASSERT(frame != NULL);
    memset(frame, 0x5A, FRAME_BYTES);
    const double fast = frame_ns(fastest, frame);
    const double table = frame_ns(by_table, frame);
    free(frame);
    printf("# figure: CRC32C of a 640x480 YUYV frame: %.1f us (%.1f GB/s); by table %.1f us (%.1f GB/s)\n", fast / 1e3,
           FRAME_BYTES / fast, table / 1e3, FRAME_BYTES / table);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        ASSERT(fast < 2 * FRAME_NS);
    }
#endif
}

int main(void) {
    RUN("should publish in a row within the goal", publish_in_a_row);
    RUN("should publish at the same cost beside 32 stalled readers", publish_beside_stalled_readers);
    RUN("should publish to a sleeper at the price of a wake-up", publish_to_a_sleeper);
    RUN("should check a frame within the goal", check_a_frame);
    FINISH();
}
