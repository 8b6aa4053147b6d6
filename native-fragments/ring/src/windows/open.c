// SPDX-License-Identifier: Apache-2.0
/*
 * Windows: no platform publishes its rings there yet, so there is nothing to find. A region whose handles were handed
 * over is mapped with mimir_ring_map_fd.
 */
#include <errno.h>

#include "mimir_ring_open.h"

int mimir_ring_list(const char *folder, mimir_ring_manifest *found, int most) {
    (void) folder;
    (void) found;
    (void) most;
    return -ENOTSUP;
}

int mimir_ring_open(mimir_ring_source *s, const char *folder, const char *identity, enum mimir_ring_profile profile,
                    enum mimir_ring_start start, enum mimir_ring_waiting waiting) {
    (void) s;
    (void) folder;
    (void) identity;
    (void) profile;
    (void) start;
    (void) waiting;
    return -ENOTSUP;
}

int mimir_ring_read(mimir_ring_source *s, mimir_ring_lease *lease) {
    return mimir_ring_next(&s->reader, lease);
}

int mimir_ring_await(mimir_ring_source *s, int64_t timeout_ns) {
    return mimir_ring_wait(&s->reader, timeout_ns);
}

void mimir_ring_close(mimir_ring_source *s) {
    mimir_ring_reader_detach(&s->reader);
    mimir_ring_unmap(&s->map);
}
