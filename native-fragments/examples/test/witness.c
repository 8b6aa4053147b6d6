// SPDX-License-Identifier: Apache-2.0
/*
 * Reads a ring to its end and says what it saw, for tests: witness RING [--each [COUNT]].
 *
 *   ready                                              attached
 *   SEQUENCE CRC BYTES HOST_TIME_NS                    with --each, for every item; the CRC is computed here
 *   REASON AT_NS DELIVERED OVERTAKEN WRONG HEAD        the end: gone, ended, error, enough
 *
 * WRONG counts whole items with a wrong CRC. With COUNT it ends after so many items, whatever ended before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mimir_ring_open.h>

static uint64_t wrong;
static uint64_t taken;

static void take(mimir_ring_source *s, const mimir_ring_lease *lease, bool each) {
    const mimir_ring_descriptor *d = &lease->descriptor;
    const uint32_t crc = mimir_crc32c(0, lease->payload, d->payload_bytes);
    if (!mimir_ring_release(&s->reader, lease)) {
        return;
    }
    wrong += crc != d->crc32c;
    taken++;
    if (each) {
        printf("%" PRIu64 " %" PRIu32 " %" PRIu64 " %" PRId64 "\n", d->sequence, crc, d->payload_bytes,
               d->host_time_ns);
    }
}

int main(int count, char **words) {
    static mimir_ring_source source;
    const bool each = count > 2 && strcmp(words[2], "--each") == 0;
    const uint64_t most = count > 3 ? strtoull(words[3], NULL, 10) : UINT64_MAX;
    mimir_ring_lease lease;
    int n = count < 2 ? -EINVAL : mimir_ring_open(&source, NULL, words[1], MIMIR_EVERY, MIMIR_START_OLDEST,
                                                  MIMIR_WAIT_DOORBELL);
    if (n != 0) {
        fprintf(stderr, "cannot open: %s\n", strerror(-n));
        return 2;
    }
    puts("ready");
    fflush(stdout);
    while (n >= 0 && taken < most) {
        while (taken < most && (n = mimir_ring_read(&source, &lease)) == 1) {
            take(&source, &lease, each);
        }
        if (n == 0 || (n == -EPIPE && most != UINT64_MAX)) {
            n = mimir_ring_await(&source, INT64_C(1000000000));
        }
    }
    printf("%s %" PRId64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
           n == -EOWNERDEAD ? "gone" : n == -EPIPE ? "ended" : n >= 0 ? "enough" : "error", mimir_clock_ns(),
           source.reader.delivered, source.reader.overtaken, wrong, source.reader.header->head);
    mimir_ring_close(&source);
    return 0;
}
