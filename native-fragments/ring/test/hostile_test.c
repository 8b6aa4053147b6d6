// SPDX-License-Identifier: Apache-2.0
/*
 * A region whose bytes change under its reader: what was checked at attach is believed, what is read later is bounded
 * at each use. The region lies in memory that ends where it ends, so that the sanitizer sees one byte too many.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "internal.h"
#include "region.h"
#include "test.h"

#define SLOTS  16
#define STRIDE 192

static uint8_t *region;
static uint64_t bytes;
static mimir_ring_hints *hints;
static mimir_ring_header *header;
static mimir_ring_writer w;
static mimir_ring_reader r;
static uint32_t sum; /* or nobody would need what was read */
static bool stop;

static void make(void) {
    test_region t = test_region_make(SLOTS, STRIDE);
    bytes = t.bytes;
    region = aligned_alloc(64, bytes);
    hints = aligned_alloc(64, MIMIR_RING_HINTS_BYTES);
    ASSERT(region != NULL && hints != NULL);
    memcpy(region, t.header, bytes);
    memcpy(hints, t.hints, sizeof *hints);
    header = (mimir_ring_header *) region;
    test_region_free(&t);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, region, bytes, hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, region, bytes, hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
}

static void drop(void) {
    free(region);
    free(hints);
}

/* Reads all of the payload, after a look at where it is said to be. */
static void use(const mimir_ring_lease *lease) {
    const uint8_t *payload = lease->payload;
    mimir_ring_format format;
    if (payload != NULL) {
        const bool here = lease->descriptor.payload_kind == MIMIR_PAYLOAD_INLINE; /* in the copy */
        ASSERT(lease->descriptor.payload_bytes <= (here ? MIMIR_RING_INLINE_BYTES : STRIDE));
        ASSERT(here || (payload >= region && payload + lease->descriptor.payload_bytes <= region + bytes));
        for (uint64_t i = 0; i < lease->descriptor.payload_bytes; i++) {
            sum += payload[i];
        }
    }
    sum += (uint32_t) mimir_ring_verify(lease);
    sum += (uint32_t) mimir_ring_find_format(&r, lease->descriptor.format_id, &format);
}

static void write_items(uint64_t from) {
    for (uint64_t i = from; i < from + SLOTS; i++) {
        test_write(&w, i, STRIDE);
    }
}

static void expect_items(uint64_t from) {
    mimir_ring_lease lease;
    for (uint64_t i = from; i < from + SLOTS; i++) {
        ASSERT_EQ(1, mimir_ring_next(&r, &lease));
        ASSERT_EQ(i, lease.descriptor.sequence);
        ASSERT(test_is_intact(&lease));
        use(&lease);
        ASSERT_STILL_GOOD();
        ASSERT(mimir_ring_release(&r, &lease));
    }
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
}

static void believe_what_was_checked(void) {
    make();
    ASSERT_STILL_GOOD();
    write_items(1);
    header->slot_count = UINT32_C(1) << 20;
    header->slot_bytes = 4096;
    header->slots_offset = UINT64_MAX - 63;
    header->payload_offset = UINT64_MAX - 63;
    header->payload_stride = UINT64_C(1) << 40;
    header->format_offset = UINT32_MAX - 63;
    header->format_capacity = UINT32_MAX;
    header->format_bytes = UINT32_MAX;
    header->region_bytes = 0;
    header->magic = 0;
    expect_items(1);
    ASSERT_STILL_GOOD();
    write_items(1 + SLOTS);
    expect_items(1 + SLOTS);
    ASSERT_STILL_GOOD();
    ASSERT(test_is_conserved(&r));
    drop();
}

static void find_no_format_outside(void) {
    mimir_ring_format format;
    make();
    ASSERT_STILL_GOOD();
    header->format_count = UINT32_MAX;
    ASSERT_EQ(0, mimir_ring_find_format(&r, 1, &format));
    ASSERT_EQ(-EIO, mimir_ring_find_format(&r, 2, &format)); /* counted, but never written */
    const uint32_t outside[] = {0, 3, 4, 4096, UINT32_C(1) << 24, UINT32_MAX};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        ASSERT_EQ(-ENOENT, mimir_ring_find_format(&r, outside[i], &format));
    }
    drop();
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Numbers that come near to something: half of all words become one of these, or a neighbour. */
static uint64_t bad_number(uint64_t *random) {
    const uint64_t of_old[] = {0, 1, STRIDE, bytes, header->payload_offset, header->region_id, header->head,
                               2 * header->head, UINT64_MAX, UINT32_MAX, UINT64_C(1) << 63};
    const uint64_t n = next_random(random);
    return (n & 1) != 0 ? n : of_old[(n >> 1) % (sizeof of_old / sizeof of_old[0])] + (n >> 60) % 5 - 2;
}

static void *scribble(void *argument) {
    uint64_t random = *(uint64_t *) argument;
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        const uint64_t at = next_random(&random);
        /* Mostly where it hurts: header, format table, descriptors. */
        const uint64_t room = (at & 7) != 0 ? header->slots_offset + SLOTS * 128 : bytes;
        uint64_t *word = (uint64_t *) (region + (at >> 8) % (room < bytes ? room : bytes) / 8 * 8);
        __atomic_store_n(word, bad_number(&random), __ATOMIC_RELAXED);
        if ((at & 0x70) == 0) {
            __atomic_store_n(&hints->waiters, (uint32_t) at, __ATOMIC_RELAXED);
        }
    }
    return NULL;
}

/* Puts a sound region back, which the other thread spoils again at once. */
static void heal(const uint8_t *sound) {
    memcpy(region, sound, bytes);
    ASSERT(mimir_ring_reader_attach(&r, region, bytes, NULL, MIMIR_EVERY, MIMIR_START_OLDEST,
                                    MIMIR_WAIT_DOORBELL) <= 0);
}

static void read_under_fire(const uint8_t *sound, uint64_t counts[3]) {
    mimir_ring_lease lease;
    heal(sound);
    if (r.header == NULL) {
        return;
    }
    for (int i = 0; i < SLOTS; i++) {
        const int n = mimir_ring_next(&r, &lease);
        counts[n == 1 ? 0 : n == 0 ? 1 : 2]++;
        if (n == 1) {
            use(&lease);
            ASSERT_STILL_GOOD();
            mimir_ring_release(&r, &lease);
        }
        mimir_ring_wait(&r, 0);
    }
}

static void stay_inside_under_fire(void) {
    pthread_t thread;
    uint64_t seed = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t counts[3] = {0};
    const int64_t ns = run_ns(INT64_C(500000000));
    make();
    ASSERT_STILL_GOOD();
    for (uint64_t i = 1; i <= 100; i++) {
        test_write(&w, i, STRIDE);
    }
    uint8_t *sound = malloc(bytes);
    ASSERT(sound != NULL);
    memcpy(sound, region, bytes);
    stop = false;
    ASSERT_EQ(0, pthread_create(&thread, NULL, scribble, &seed));
    for (const int64_t begin = mimir_clock_ns(); mimir_clock_ns() - begin < ns && !case_failed;) {
        read_under_fire(sound, counts);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    printf("# figure: under fire: %" PRIu64 " items, %" PRIu64 " times nothing, %" PRIu64 " refusals\n", counts[0],
           counts[1], counts[2]);
    ASSERT_STILL_GOOD();
    ASSERT(counts[0] > 0);
    free(sound);
    drop();
}

static void *run_away(void *unused) {
    (void) unused;
    const int64_t end = mimir_clock_ns() + INT64_C(1000000000);
    for (uint64_t head = 4 * SLOTS; !__atomic_load_n(&stop, __ATOMIC_RELAXED) && mimir_clock_ns() < end;) {
        for (int i = 0; i < 100; i++) {
            __atomic_store_n(&header->head, head += SLOTS, __ATOMIC_RELAXED);
        }
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    return NULL;
}

static int64_t processor_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* By the time on a processor: a call that takes half a millisecond of it has looked thousands of times. */
static void follow_only_so_far(void) {
    pthread_t thread;
    mimir_ring_lease lease;
    int64_t all = 0;
    int64_t in_long_calls = 0;
    make();
    ASSERT_STILL_GOOD();
    write_items(1);
    for (uint64_t slot = 0; slot < SLOTS; slot++) {
        __atomic_store_n((uint64_t *) (region + header->slots_offset + slot * 128), UINT64_MAX, __ATOMIC_RELAXED);
    }
    stop = false;
    ASSERT_EQ(0, pthread_create(&thread, NULL, run_away, NULL));
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && all < INT64_C(200000000)) {
        const int64_t begin = processor_ns();
        const int found = mimir_ring_next(&r, &lease);
        const int64_t took = processor_ns() - begin;
        all += took;
        in_long_calls += took > 500000 ? took : 0;
        if (found != 0) {
            break;
        }
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    ASSERT_EQ(0, mimir_ring_next(&r, &lease));
    ASSERT(in_long_calls <= all / 10);
    drop();
}

int main(void) {
    RUN("should read by what it checked, whatever the header says later", believe_what_was_checked);
    RUN("should find no format behind the table", find_no_format_outside);
    RUN("should stay inside while somebody scribbles", stay_inside_under_fire);
    RUN("should follow a head that runs away for so many looks only", follow_only_so_far);
    FINISH();
}
