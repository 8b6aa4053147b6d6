// SPDX-License-Identifier: Apache-2.0
/*
 * One writer at full speed, three readers of different habits: whatever is lost, the account is exact and no torn item
 * passes.
 */
#include <pthread.h>
#include <sched.h>

#include "region.h"
#include "test.h"

#define SLOTS   64
#define PAYLOAD 2048
#define RUN_NS  run_ns(INT64_C(600000000))

typedef struct habit {
    const char *name;
    enum mimir_ring_profile profile;
    bool dawdles; /* gives the processor away while it holds a lease */
} habit;

typedef struct reading {
    const habit *habit;
    mimir_ring_reader reader;
    uint64_t intact;
    uint64_t torn;
    uint64_t spoilt;   /* released as whole, yet not what was written */
    uint64_t disorder; /* sequence not rising, or not the position's */
    int end;
} reading;

static const habit HABITS[] = {
    {"EVERY", MIMIR_EVERY, false}, {"EVERY, dawdling", MIMIR_EVERY, true}, {"LATEST", MIMIR_LATEST, false}};

#define READERS (sizeof HABITS / sizeof HABITS[0])

static test_region t;
static reading readings[READERS];
static uint64_t aborted;

static void *write_items(void *unused) {
    mimir_ring_writer w;
    mimir_ring_descriptor *d;
    uint64_t sequence = 0;
    const int64_t ns = RUN_NS;
    const int64_t begin = mimir_clock_ns();
    if (mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints) != 0) {
        return unused;
    }
    while (mimir_clock_ns() - begin < ns) {
        /* Bursts of all lengths, so that readers keep up, fall behind and sleep in turns. */
        const uint64_t burst = 1 + (sequence * UINT64_C(2654435761) >> 7) % 150;
        for (uint64_t i = 0; i < burst; i++) {
            test_write(&w, ++sequence, PAYLOAD);
        }
        mimir_ring_claim(&w, &d);
        mimir_ring_abort(&w, MIMIR_DROP_OVERRUN);
        aborted++;
        sched_yield();
    }
    mimir_ring_end(&w);
    return NULL;
}

static void take_one(reading *own, const mimir_ring_lease *lease, uint64_t *last) {
    const bool intact = test_is_intact(lease);
    if (own->habit->dawdles && lease->position % 16 == 0) {
        sched_yield();
    }
    const uint64_t sequence = lease->descriptor.sequence;
    own->disorder += sequence <= *last || sequence != lease->position + 1;
    *last = sequence;
    if (mimir_ring_release(&own->reader, lease)) {
        own->intact++;
        own->spoilt += !intact;
    } else {
        own->torn++;
    }
}

static void *read_items(void *argument) {
    reading *own = argument;
    mimir_ring_lease lease;
    uint64_t last = 0;
    for (;;) {
        const int n = mimir_ring_next(&own->reader, &lease);
        if (n == 1) {
            take_one(own, &lease, &last);
        } else if (n == 0) {
            mimir_ring_wait(&own->reader, INT64_C(1000000000));
        } else {
            own->end = n;
            return NULL;
        }
    }
}

static void check(const reading *own) {
    const mimir_ring_reader *r = &own->reader;
    printf("# figure: %s: written %" PRIu64 ", delivered %" PRIu64 ", overtaken %" PRIu64 " (torn %" PRIu64
           "), skipped %" PRIu64 "\n",
           own->habit->name, t.header->head, r->delivered, r->overtaken, r->torn, r->skipped);
    ASSERT_EQ(-EPIPE, own->end);
    ASSERT_EQ(t.header->head, r->position);
    ASSERT(test_is_conserved(r));
    ASSERT_EQ(own->intact, r->delivered);
    ASSERT_EQ(own->torn, r->torn);
    ASSERT_EQ(0, own->spoilt);
    ASSERT_EQ(0, own->disorder);
    ASSERT(r->delivered > 0);
    ASSERT_EQ(0, r->profile == MIMIR_EVERY ? r->skipped : 0);
}

static void conserve_items(void) {
    pthread_t writer;
    pthread_t threads[READERS];
    t = test_region_make(SLOTS, PAYLOAD);
    for (size_t i = 0; i < READERS; i++) {
        readings[i].habit = &HABITS[i];
        ASSERT_EQ(0, mimir_ring_reader_attach(&readings[i].reader, t.header, t.bytes, t.hints, HABITS[i].profile,
                                              MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL));
        ASSERT_EQ(0, pthread_create(&threads[i], NULL, read_items, &readings[i]));
    }
    ASSERT_EQ(0, pthread_create(&writer, NULL, write_items, &t));
    pthread_join(writer, NULL);
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < READERS; i++) {
        check(&readings[i]);
        ASSERT_STILL_GOOD();
    }
    ASSERT_EQ(aborted, t.header->drops[MIMIR_DROP_OVERRUN]);
    ASSERT_EQ(t.header->head * PAYLOAD, t.header->payload_written);
    test_region_free(&t);
}

int main(void) {
    RUN("should conserve every item beside three readers at full speed", conserve_items);
    FINISH();
}
