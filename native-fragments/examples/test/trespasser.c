// SPDX-License-Identifier: Apache-2.0
/* A consumer that writes where it may only read: trespasser RING. It does not live to say that it could. */
#include <stdio.h>

#include <mimir_ring_open.h>

int main(int count, char **words) {
    mimir_ring_source source;
    if (count < 2 || mimir_ring_open(&source, NULL, words[1], MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL) != 0) {
        return 2;
    }
    puts("ready");
    fflush(stdout);
    *(volatile uint64_t *) &((mimir_ring_header *) (uintptr_t) source.map.region)->head = 0;
    puts("written");
    return 0;
}
