// SPDX-License-Identifier: Apache-2.0
/*
 * Each edge by which bytes are handed from a thread to another, alone: one side writes plain memory, the other reads it
 * plainly, and nothing but the one word under test stands between them. The thread sanitizer reports the edge that is
 * too weak, on processors, too, that would have kept the order.
 */
#include <pthread.h>
#include <sched.h>

#include "internal.h"
#include "region.h"
#include "test.h"

#define ITEMS   200
#define SLOTS   256 /* more than items: nothing is overtaken, so every read must be ordered */
#define PAYLOAD 64
#define WORD(h, member, order) __atomic_load_n(&(h)->member, order)

static test_region t;
static mimir_ring_writer w;
static mimir_ring_reader r;
static uint64_t final; /* plain on purpose */
static bool wrong; /* the reading side's */
static bool stuck; /* the writing side's */

static void attach(void) {
    t = test_region_make(SLOTS, PAYLOAD);
    wrong = stuck = false;
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
}

/* Runs both sides against each other. */
static void play_attached(void *(*one)(void *), void *(*other)(void *)) {
    pthread_t threads[2];
    ASSERT_EQ(0, pthread_create(&threads[0], NULL, one, NULL));
    ASSERT_EQ(0, pthread_create(&threads[1], NULL, other, NULL));
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    ASSERT(!wrong && !stuck);
    test_region_free(&t);
}

static void play(void *(*one)(void *), void *(*other)(void *)) {
    attach();
    ASSERT_STILL_GOOD();
    play_attached(one, other);
}

static uint64_t *payload_at(uint64_t position) {
    return (uint64_t *) ((uint8_t *) t.header + t.header->payload_offset + position * PAYLOAD);
}

static mimir_ring_descriptor *slot_at(uint64_t position) {
    return (mimir_ring_descriptor *) ((uint8_t *) t.header + t.header->slots_offset) + position;
}

static void *write_items(void *unused) {
    mimir_ring_descriptor *d;
    for (uint64_t i = 0; i < ITEMS; i++) {
        uint64_t *payload = mimir_ring_claim(&w, &d);
        payload[7] = i;
        MIMIR_PUT(d->payload_bytes, PAYLOAD);
        mimir_ring_commit(&w, 0);
    }
    return unused;
}

static void *look_at_head(void *unused) {
    for (uint64_t i = 0; i < ITEMS; i++) {
        while (WORD(t.header, head, __ATOMIC_ACQUIRE) <= i) {
            sched_yield();
        }
        wrong |= payload_at(i)[7] != i;
    }
    return unused;
}

static void *look_at_generation(void *unused) {
    for (uint64_t i = 0; i < ITEMS; i++) {
        while (WORD(slot_at(i), generation, __ATOMIC_ACQUIRE) != mimir_committed(i)) {
            sched_yield();
        }
        wrong |= payload_at(i)[7] != i;
    }
    return unused;
}

/* A writer that publishes by one of the two words only. */
static void write_by(int generation_order, int head_order) {
    for (uint64_t i = 0; i < ITEMS; i++) {
        mimir_ring_descriptor *d = slot_at(i);
        payload_at(i)[7] = i;
        MIMIR_PUT(d->payload_kind, MIMIR_PAYLOAD_MEMORY);
        MIMIR_PUT(d->payload_bytes, PAYLOAD);
        MIMIR_PUT(d->handle[0], (uint64_t) ((uint8_t *) payload_at(i) - (uint8_t *) t.header));
        MIMIR_PUT(d->handle[1], t.header->region_id);
        __atomic_store_n(&d->generation, mimir_committed(i), generation_order);
        __atomic_store_n(&t.header->head, i + 1, head_order);
    }
}

static void *write_by_head(void *unused) {
    write_by(__ATOMIC_RELAXED, __ATOMIC_RELEASE);
    return unused;
}

static void *write_by_generation(void *unused) {
    write_by(__ATOMIC_RELEASE, __ATOMIC_RELAXED);
    return unused;
}

static void *read_items(void *unused) {
    mimir_ring_lease lease;
    while (r.delivered < ITEMS) {
        const int n = mimir_ring_next(&r, &lease);
        wrong |= n < 0 || (n == 1 && ((const uint64_t *) lease.payload)[7] != lease.position);
        wrong |= n == 1 && !mimir_ring_release(&r, &lease);
        if (wrong) {
            break;
        }
        sched_yield();
    }
    return unused;
}

static void *wait_for_items(void *unused) {
    mimir_ring_lease lease;
    for (uint64_t i = 0; i < ITEMS; i++) {
        wrong |= mimir_ring_wait(&r, -1) != 1 || payload_at(i)[7] != i || mimir_ring_next(&r, &lease) != 1;
    }
    return unused;
}

static void *write_and_end(void *unused) {
    test_write(&w, 1, PAYLOAD);
    final = 42;
    mimir_ring_end(&w);
    return unused;
}

static void *read_to_the_end(void *unused) {
    mimir_ring_lease lease;
    int n;
    while ((n = mimir_ring_next(&r, &lease)) >= 0) {
        sched_yield();
    }
    wrong |= n != -EPIPE || final != 42;
    return unused;
}

static void *wait_for_the_end(void *unused) {
    while (WORD(t.header, state, __ATOMIC_RELAXED) == MIMIR_RING_LIVE) {
        r.position = WORD(t.header, head, __ATOMIC_RELAXED);
        mimir_ring_wait(&r, 10000000);
    }
    r.position = WORD(t.header, head, __ATOMIC_RELAXED); /* so that the state alone is news */
    wrong |= mimir_ring_wait(&r, -1) != 1 || final != 42;
    return unused;
}

static void *add_format(void *unused) {
    mimir_ring_format *entry = (mimir_ring_format *) ((uint8_t *) t.header + t.header->format_offset) + 1;
    entry->format_id = 2;
    entry->width = 640;
    __atomic_store_n(&t.header->format_count, 2, __ATOMIC_RELEASE);
    return unused;
}

static void *find_format(void *unused) {
    mimir_ring_format format;
    while (mimir_ring_find_format(&r, 2, &format) != 0) {
        sched_yield();
    }
    wrong |= format.width != 640;
    return unused;
}

static void *begin_epoch(void *unused) {
    final = 43;
    mimir_ring_epoch(&w);
    return unused;
}

/* As the platform does it: the next incarnation's writer goes on where the last one says that it stopped. */
static void *take_epoch_over(void *unused) {
    mimir_ring_writer next;
    while (WORD(t.header, epoch, __ATOMIC_RELAXED) == 1) {
        sched_yield();
    }
    wrong |= mimir_ring_writer_attach(&next, t.header, t.bytes, t.hints) != 0 || final != 43;
    return unused;
}

#define LAPS 6

/* The seat is all that keeps the writer from bytes that are being read: nobody looks at a generation. */
static void *write_with_room(void *unused) {
    mimir_ring_descriptor *d;
    for (uint64_t i = 0; i < LAPS * SLOTS; i++) {
        stuck |= !mimir_ring_room(&w, INT64_C(60000000000));
        uint64_t *payload = mimir_ring_claim(&w, &d);
        payload[7] = i;
        MIMIR_PUT(d->payload_bytes, PAYLOAD);
        mimir_ring_commit(&w, 0);
    }
    return unused;
}

static void *read_losslessly(void *unused) {
    mimir_ring_lease lease;
    while (r.position < LAPS * SLOTS && !wrong) {
        const int n = mimir_ring_next(&r, &lease);
        wrong |= n < 0 || (n == 1 && ((const uint64_t *) lease.payload)[7] != lease.position);
        if (n == 0) {
            sched_yield();
        }
    }
    mimir_ring_reader_detach(&r);
    return unused;
}

static void seat_gives_room(void) {
    attach();
    t.header->item_kind = MIMIR_ITEM_EVENT;
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_LOSSLESS, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
    play_attached(write_with_room, read_losslessly);
}

static void head_publishes(void) { play(write_items, look_at_head); }

static void generation_publishes(void) { play(write_items, look_at_generation); }

static void reader_takes_from_head(void) { play(write_by_head, read_items); }

static void reader_takes_from_generation(void) { play(write_by_generation, read_items); }

static void reader_takes_what_writer_wrote(void) { play(write_items, read_items); }

static void waiting_takes_from_head(void) { play(write_items, wait_for_items); }

static void end_publishes(void) { play(write_and_end, read_to_the_end); }

static void waiting_takes_the_end(void) { play(write_and_end, wait_for_the_end); }

static void count_publishes_format(void) { play(add_format, find_format); }

static void epoch_publishes(void) { play(begin_epoch, take_epoch_over); }

int main(void) {
    RUN("should publish an item by the head alone", head_publishes);
    RUN("should publish an item by its generation alone", generation_publishes);
    RUN("should take an item by what the head says alone", reader_takes_from_head);
    RUN("should take an item by what its generation says alone", reader_takes_from_generation);
    RUN("should hand items over without a race", reader_takes_what_writer_wrote);
    RUN("should see an item after waiting for it", waiting_takes_from_head);
    RUN("should publish the end after everything before it", end_publishes);
    RUN("should see the end after waiting for it", waiting_takes_the_end);
    RUN("should publish a format by the count alone", count_publishes_format);
    RUN("should hand the region over by the epoch", epoch_publishes);
    RUN("should give room by the position of a seat alone", seat_gives_room);
    FINISH();
}
