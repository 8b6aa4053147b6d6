// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include "internal.h"
#include "region.h"
#include "test.h"

static uint32_t by_table(const void *data, uint64_t bytes) {
    return ~mimir_crc32c_table(~UINT32_C(0), data, bytes);
}

static void know_vectors(void) {
    uint8_t block[32];
    ASSERT_EQ(0xE3069283, mimir_crc32c(0, "123456789", 9));
    ASSERT_EQ(0xE3069283, by_table("123456789", 9));
    memset(block, 0, sizeof block);
    ASSERT_EQ(0x8A9136AA, mimir_crc32c(0, block, 32));
    ASSERT_EQ(0x8A9136AA, by_table(block, 32));
    memset(block, 0xFF, sizeof block);
    ASSERT_EQ(0x62A8AB43, mimir_crc32c(0, block, 32));
    ASSERT_EQ(0x62A8AB43, by_table(block, 32));
    for (int i = 0; i < 32; i++) {
        block[i] = (uint8_t) i;
    }
    ASSERT_EQ(0x46DD794E, mimir_crc32c(0, block, 32));
    ASSERT_EQ(0, mimir_crc32c(0, NULL, 0));
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Exact allocations, so that the sanitizer sees a read beyond the end. */
static void agree_with_table(void) {
    uint64_t seed = 42;
    for (int i = 0; i < 400; i++) {
        const uint64_t bytes = i < 100 ? (uint64_t) i : next_random(&seed) % (i < 300 ? 4000 : 60000);
        const uint64_t skew = next_random(&seed) % 8;
        uint8_t *data = malloc(bytes + skew + 1);
        ASSERT(data != NULL);
        for (uint64_t k = 0; k < bytes + skew; k++) {
            data[k] = (uint8_t) next_random(&seed);
        }
        const uint32_t expected = by_table(data + skew, bytes);
        const uint64_t cut = bytes != 0 ? next_random(&seed) % bytes : 0;
        const uint32_t half = mimir_crc32c(0, data + skew, cut);
        const uint32_t whole = mimir_crc32c(0, data + skew, bytes);
        const uint32_t joined = mimir_crc32c(half, data + skew + cut, bytes - cut);
        free(data);
        ASSERT_EQ(expected, whole);
        ASSERT_EQ(expected, joined);
    }
}

static void verify_leases(void) {
    mimir_ring_writer w;
    mimir_ring_reader r;
    mimir_ring_lease lease;
    mimir_ring_descriptor *d;
    test_region t = test_region_make(8, 64);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    ASSERT_EQ(0, mimir_ring_reader_attach(&r, t.header, t.bytes, t.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                          MIMIR_WAIT_DOORBELL));
    test_write(&w, 1, 64);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(-ENODATA, mimir_ring_verify(&lease));
    ASSERT(mimir_ring_release(&r, &lease));
    uint8_t *payload = mimir_ring_claim(&w, &d);
    memset(payload, 5, 64);
    d->payload_bytes = 64;
    d->flags = MIMIR_FLAG_CRC;
    d->crc32c = mimir_crc32c(0, payload, 64);
    mimir_ring_commit(&w, 0);
    ASSERT_EQ(1, mimir_ring_next(&r, &lease));
    ASSERT_EQ(1, mimir_ring_verify(&lease));
    payload[63] ^= 1;
    ASSERT_EQ(0, mimir_ring_verify(&lease));
    test_region_free(&t);
}

int main(void) {
    RUN("should know the vectors of RFC 3720", know_vectors);
    RUN("should agree with the table for any length, alignment and cut", agree_with_table);
    RUN("should verify a leased payload", verify_leases);
    FINISH();
}
