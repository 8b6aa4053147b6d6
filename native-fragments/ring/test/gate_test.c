// SPDX-License-Identifier: Apache-2.0
/* LOSSLESS readers of events, and batches. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "region.h"
#include "test.h"

#define SLOTS  64
#define SECOND INT64_C(1000000000)

static test_region t;
static mimir_ring_writer w;

static void attach(void) {
    t = test_region_make(SLOTS, 64);
    t.header->item_kind = MIMIR_ITEM_EVENT;
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
}

static int join(mimir_ring_reader *r) {
    return mimir_ring_reader_attach(r, t.header, t.bytes, t.hints, MIMIR_LOSSLESS, MIMIR_START_NOW,
                                    MIMIR_WAIT_DOORBELL);
}

static void stage(uint64_t sequence) {
    mimir_ring_descriptor *d;
    uint64_t *words = mimir_ring_claim_inline(&w, &d);
    words[0] = words[5] = sequence;
    d->sequence = sequence;
    d->payload_bytes = MIMIR_RING_INLINE_BYTES;
    mimir_ring_stage(&w, 0);
}

static void write_events(uint64_t from, uint64_t to) {
    for (uint64_t i = from; i < to; i++) {
        ASSERT(mimir_ring_room(&w, 20 * SECOND));
        stage(i);
        mimir_ring_publish(&w);
    }
}

typedef struct consumer {
    mimir_ring_reader reader;
    uint64_t events;
    uint64_t wrong;
} consumer;

static void *consume(void *argument) {
    consumer *c = argument;
    mimir_ring_lease lease;
    for (uint64_t expected = 0; expected < c->events;) {
        const int got = mimir_ring_next(&c->reader, &lease);
        if (got != 1) {
            mimir_ring_wait(&c->reader, SECOND);
            continue;
        }
        const uint64_t *words = lease.payload;
        c->wrong += lease.descriptor.sequence != expected || words[0] != expected || words[5] != expected;
        c->wrong += !mimir_ring_release(&c->reader, &lease);
        expected++;
    }
    mimir_ring_reader_detach(&c->reader);
    return NULL;
}

static void lose_nothing(void) {
    enum { READERS = 3 };
    const uint64_t events = 100000;
    consumer consumers[READERS];
    pthread_t threads[READERS];
    attach();
    for (int i = 0; i < READERS; i++) {
        consumers[i] = (consumer) {.events = events};
        ASSERT_EQ(0, join(&consumers[i].reader));
        ASSERT_EQ(0, pthread_create(&threads[i], NULL, consume, &consumers[i]));
    }
    write_events(0, events);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        ASSERT_EQ(0, consumers[i].wrong);
        ASSERT_EQ(events, consumers[i].reader.delivered);
        ASSERT_EQ(0, consumers[i].reader.overtaken);
    }
    ASSERT_EQ(0, t.header->evicted);
    ASSERT_EQ(0, t.hints->seats[0].token);
    test_region_free(&t);
}

static void evict_who_stands_still(void) {
    mimir_ring_reader r;
    mimir_ring_lease lease;
    attach();
    ASSERT_EQ(0, join(&r));
    write_events(0, SLOTS);
    ASSERT(!mimir_ring_room(&w, 0));
    const int64_t begin = mimir_clock_ns();
    ASSERT(mimir_ring_room(&w, 20 * SECOND));
    ASSERT(mimir_clock_ns() - begin >= SECOND);
    ASSERT_EQ(1, t.header->evicted);
    write_events(SLOTS, SLOTS + 1);
    while (mimir_ring_next(&r, &lease) == 1) {
        mimir_ring_release(&r, &lease);
    }
    ASSERT(r.evicted);
    ASSERT(r.overtaken > 0);
    ASSERT_EQ(SLOTS + 1, r.delivered + r.overtaken);
    ASSERT_EQ(0, t.hints->seats[0].token);
    test_region_free(&t);
}

static void bear_hostile_seats(void) {
    const uint64_t words[] = {0, 1, UINT64_MAX, UINT64_C(1) << 63, UINT64_C(0x7FFFFFFF00000001)};
    attach();
    for (size_t i = 0; i < 25; i++) {
        t.hints->seats[7].token = words[i / 5];
        t.hints->seats[7].position = words[i % 5];
        t.hints->room = t.hints->writer_waits = (uint32_t) words[i / 5];
        write_events(0, SLOTS + 1);
    }
    test_region_free(&t);
}

static void refuse_devices(void) {
    mimir_ring_reader r;
    attach();
    t.header->item_kind = MIMIR_ITEM_AUDIO;
    ASSERT_EQ(-ENOTSUP, join(&r));
    t.header->item_kind = MIMIR_ITEM_EVENT;
    ASSERT_EQ(-ENOTSUP, mimir_ring_reader_attach(&r, t.header, t.bytes, NULL, MIMIR_LOSSLESS, MIMIR_START_NOW,
                                                 MIMIR_WAIT_DOORBELL));
    test_region_free(&t);
}

static void run_out_of_seats(void) {
    mimir_ring_reader readers[MIMIR_RING_SEATS], more;
    attach();
    for (uint32_t i = 0; i < MIMIR_RING_SEATS; i++) {
        ASSERT_EQ(0, join(&readers[i]));
    }
    ASSERT_EQ(-EBUSY, join(&more));
    mimir_ring_reader_detach(&readers[3]);
    ASSERT_EQ(0, join(&more));
    test_region_free(&t);
}

static bool stop_joining;

/* Leaves a position behind that would hold the writer, as one does that was evicted or has died. */
static void *join_and_leave(void *count) {
    while (!__atomic_load_n(&stop_joining, __ATOMIC_RELAXED)) {
        mimir_ring_reader r;
        __atomic_store_n(&t.hints->seats[0].position, 0, __ATOMIC_RELEASE);
        if (join(&r) == 0) {
            mimir_ring_reader_detach(&r);
            ++*(uint64_t *) count;
        }
    }
    return NULL;
}

static void take_no_position_over(void) {
    pthread_t other;
    uint64_t joins = 0, seen = 0, stale = 0, last = 0;
    attach();
    write_events(0, SLOTS);
    stop_joining = false;
    ASSERT_EQ(0, pthread_create(&other, NULL, join_and_leave, &joins));
    for (const int64_t begin = mimir_clock_ns(); seen < 20000 && mimir_clock_ns() - begin < 20 * SECOND;) {
        const uint64_t token = __atomic_load_n(&t.hints->seats[0].token, __ATOMIC_ACQUIRE);
        const uint64_t position = __atomic_load_n(&t.hints->seats[0].position, __ATOMIC_ACQUIRE);
        /* The token again: the same reader sat there all the time. */
        if (token != 0 && token >> 63 == 0 && __atomic_load_n(&t.hints->seats[0].token, __ATOMIC_SEQ_CST) == token) {
            seen += token != last;
            last = token;
            stale += position != SLOTS;
        }
    }
    __atomic_store_n(&stop_joining, true, __ATOMIC_RELAXED);
    pthread_join(other, NULL);
    ASSERT(joins > 0 && seen > 0);
    ASSERT_EQ(0, stale);
    test_region_free(&t);
}

static void show_a_batch_at_once(void) {
    mimir_ring_reader r;
    mimir_ring_lease lease;
    attach();
    ASSERT_EQ(0, join(&r));
    t.hints->may_sleep = 1;
    t.hints->waiters = 1;
    for (uint64_t i = 0; i < 30; i++) {
        stage(i);
    }
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    ASSERT_EQ(0, t.header->head);
    mimir_ring_publish(&w);
    ASSERT_EQ(30, t.header->head);
    ASSERT_EQ(1, t.header->woken);
    ASSERT_EQ(1, t.header->doorbell);
    for (uint64_t i = 0; i < 30; i++) {
        ASSERT_EQ(1, mimir_ring_next(&r, &lease));
        ASSERT_EQ(i, lease.descriptor.sequence);
        ASSERT(mimir_ring_release(&r, &lease));
    }
    test_region_free(&t);
}

int main(void) {
    RUN("should lose no event and keep the order", lose_nothing);
    RUN("should evict a reader that stands still for a second and tell it", evict_who_stands_still);
    RUN("should bear whatever stands in the seats", bear_hostile_seats);
    RUN("should refuse to make a device wait", refuse_devices);
    RUN("should say that all seats are taken", run_out_of_seats);
    RUN("should show a seat with its own position only", take_no_position_over);
    RUN("should show a batch at once, with one wake-up", show_a_batch_at_once);
    FINISH();
}
