// SPDX-License-Identifier: Apache-2.0
/* Manifests and processes, for the files that find rings. Linux only. */
#ifndef MIMIR_RING_MANIFEST_H
#define MIMIR_RING_MANIFEST_H

#include "mimir_ring_open.h"

/* Reads one manifest. Returns 0, -EINVAL (no sound manifest), or what the system said. */
int mimir_manifest_read(mimir_ring_manifest *m, const char *path);

/* Told of each manifest; returns false when it has seen enough. */
typedef bool (*mimir_manifest_visitor)(const mimir_ring_manifest *m, void *context);

/* Shows every manifest in `folder` (NULL: the usual one) that is not of the dead. Returns 0 or as mimir_ring_list. */
int mimir_manifest_each(const char *folder, mimir_manifest_visitor visit, void *context);

/* Start of a process in clock ticks since boot; 0: there is none with that pid, or it has ended. Reads a file. */
uint64_t mimir_process_start(int64_t pid);

#endif
