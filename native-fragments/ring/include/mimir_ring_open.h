// SPDX-License-Identifier: Apache-2.0
/*
 * Finding the rings of a running platform and reading them from another process, by name. Everything that mimir_ring.h
 * says of readers holds here; this adds discovery by manifest, following of successors, and the writer's death, which
 * is told by a handle of the system (pidfd) and never believed from memory. Linux only: on Windows mimir_ring_open and
 * mimir_ring_list return -ENOTSUP.
 *
 *   mimir_ring_source source;
 *   mimir_ring_lease lease;
 *   int n = mimir_ring_open(&source, NULL, "sim.camera.1", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL);
 *   while (n >= 0) {
 *       while ((n = mimir_ring_read(&source, &lease)) == 1) {
 *           ... read lease.payload in place ...
 *           if (!mimir_ring_release(&source.reader, &lease)) discard what was computed
 *       }
 *       if (n == 0 || (n == -EPIPE && !source.writer_gone)) n = mimir_ring_await(&source, 1000000000);
 *   }
 *   mimir_ring_close(&source);
 *
 * Nothing here allocates, but for the C library while _list and _open look through a folder. A source belongs to one
 * thread at a time.
 */
#ifndef MIMIR_RING_OPEN_H
#define MIMIR_RING_OPEN_H

#include "mimir_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef EOWNERDEAD
#define EOWNERDEAD 130 /* where there is none; this is Linux's */
#endif

#define MIMIR_RING_PATH_BYTES 1024

/* What stands in one manifest; docs/ring-abi.md, "Discovery". */
typedef struct mimir_ring_manifest {
    char identity[MIMIR_RING_NAME_BYTES]; /* of the source */
    char owner[MIMIR_RING_NAME_BYTES];    /* bundle, for people */
    uint64_t region_id;
    int64_t holder_pid;                   /* whose descriptors these are */
    uint64_t holder_start;                /* clock ticks from boot to its start: a pid alone may be another's by now */
    int64_t writer_pid;                   /* who writes; most of the time the same */
    uint64_t writer_start;
    int32_t region_fd;
    int32_t hints_fd;
    char file[MIMIR_RING_PATH_BYTES];     /* region in a file of rings.dir; "" for memory */
    char path[MIMIR_RING_PATH_BYTES];     /* of this manifest */
} mimir_ring_manifest;

/*
 * Reads what is published in `folder` (NULL: $MIMIR_MANIFESTS, else $XDG_RUNTIME_DIR/mimir, else mimir-UID in $TMPDIR
 * or /tmp), leaving out what only the dead can have left. At most `most` entries are filled, in no order.
 * Control threads; reads files. Returns how many, 0 when nothing runs, -EPERM when others may write that folder,
 * -ENAMETOOLONG, or what the system said.
 */
MIMIR_RING_API int mimir_ring_list(const char *folder, mimir_ring_manifest *found, int most);

typedef struct mimir_ring_source {
    mimir_ring_reader reader;     /* for mimir_ring_release, _find_format and the counters of the current region */
    mimir_ring_map map;
    mimir_ring_manifest manifest; /* as it was read last */
    uint64_t carried[4];          /* published, delivered, overtaken and skipped of former regions, for the account */
    int64_t looked_ns;            /* private */
    uint32_t looks;               /* private */
    int writer;                   /* private: pidfd, or why there is none */
    bool writer_gone;             /* the writer is known to be dead */
    uint16_t abi[2];              /* after -EPROTO: major and minor that the ring was written with, for the message */
} mimir_ring_source;

/*
 * Maps the ring of `identity` read-only, its hints page read-write, and watches its writer. Of several platforms with
 * that source the youngest is taken. `folder` as above. Control threads; reads files.
 * Returns 0; -ENOENT (no such ring here), -ESRCH (its holder died, and the memory with it), -EACCES (another user's),
 * -EPROTO (another major: say s->abi and mimir_ring_version()), -ENOTSUP, or an error of mimir_ring_map_fd and
 * mimir_ring_reader_attach. Only after 0 it must be closed.
 */
MIMIR_RING_API int mimir_ring_open(mimir_ring_source *s, const char *folder, const char *identity,
                                   enum mimir_ring_profile profile, enum mimir_ring_start start,
                                   enum mimir_ring_waiting waiting);

/*
 * mimir_ring_next, and beyond it: goes on in the successor when there is one (files are read then), and returns
 * -EOWNERDEAD once the writing process is gone without an end and all that it had committed was read. While nothing is
 * new, the writer is looked at every 10 ms, by one system call. A platform may put another process in the place of a
 * dead writer: the same source then goes on.
 */
MIMIR_RING_API int mimir_ring_read(mimir_ring_source *s, mimir_ring_lease *lease);

/*
 * mimir_ring_wait, cut into pieces of 25 ms with a look at the writer after each: death is told within 100 ms. Returns
 * 1 when there is something to look at, the writer's death included, 0 on time-out, -EINTR. Blocks. After -EPIPE it
 * waits for another life of the ring, as after a swap of its driver, for as long as writer_gone is false.
 */
MIMIR_RING_API int mimir_ring_await(mimir_ring_source *s, int64_t timeout_ns);

/* Gives mapping and handle back. Leases end. */
MIMIR_RING_API void mimir_ring_close(mimir_ring_source *s);

#ifdef __cplusplus
}
#endif
#endif
