// SPDX-License-Identifier: Apache-2.0
/* Regions for tests, as the platform makes them. */
#ifndef MIMIR_TEST_REGION_H
#define MIMIR_TEST_REGION_H

#include "mimir_ring.h"

typedef struct test_region {
    int fd;
    int hints_fd;
    mimir_ring_header *header; /* read-write, shared */
    mimir_ring_hints *hints;
    uint64_t bytes;
} test_region;

/* A region of `slots` with `stride` payload bytes each, `slot_bytes` per descriptor; exits when it cannot. */
test_region test_region_make_wide(uint32_t slots, uint64_t stride, uint32_t slot_bytes);

/* The same with the least descriptors. */
test_region test_region_make(uint32_t slots, uint64_t stride);

void test_region_free(test_region *t);

/* Claims, fills every payload byte with the low byte of `sequence`, commits. */
void test_write(mimir_ring_writer *w, uint64_t sequence, uint64_t payload_bytes);

/* True when the lease carries what test_write put there. */
bool test_is_intact(const mimir_ring_lease *lease);

/* True when the reader's account holds. */
bool test_is_conserved(const mimir_ring_reader *r);

#endif
