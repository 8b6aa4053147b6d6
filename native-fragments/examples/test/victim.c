// SPDX-License-Identifier: Apache-2.0
/*
 * A writer that is killed, for tests.
 *
 *   victim FOLDER                          makes memory of its own and publishes it in FOLDER as `victim`
 *   victim FOLDER RINGS_DIR                the same in a file of RINGS_DIR
 *   victim host PID REGION_FD HINTS_FD     writes a region of another process, as an isolated host does
 *
 * Says `ready` and writes as fast as it can, with pauses of up to 4 ms, items of 64 to 4,096 bytes with their
 * checksum, until it dies.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <mimir_ring_open.h>

#define SLOTS  256
#define STRIDE 4096
#define SLOTS_OFFSET   (MIMIR_RING_HEADER_BYTES + 2 * MIMIR_RING_FORMAT_BYTES)
#define PAYLOAD_OFFSET (SLOTS_OFFSET + SLOTS * MIMIR_RING_SLOT_BYTES)
#define REGION_BYTES   (PAYLOAD_OFFSET + SLOTS * STRIDE)

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void *map(int fd, uint64_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        fail("no memory");
    }
    return memory;
}

static void fill_header(mimir_ring_header *h, uint64_t region_id, uint32_t backing) {
    h->abi_major = MIMIR_RING_ABI_MAJOR;
    h->abi_minor = MIMIR_RING_ABI_MINOR;
    h->header_bytes = MIMIR_RING_HEADER_BYTES;
    h->region_bytes = REGION_BYTES;
    h->region_id = region_id;
    h->host_clock_id = mimir_clock_id();
    h->source_id = 1;
    h->item_kind = MIMIR_ITEM_FRAME;
    h->slot_count = SLOTS;
    h->slot_bytes = MIMIR_RING_SLOT_BYTES;
    h->slots_offset = SLOTS_OFFSET;
    h->payload_offset = PAYLOAD_OFFSET;
    h->payload_stride = STRIDE;
    h->format_offset = MIMIR_RING_HEADER_BYTES;
    h->format_capacity = 2;
    h->format_bytes = MIMIR_RING_FORMAT_BYTES;
    h->backing = backing;
    strcpy(h->name, "victim");
    mimir_ring_format *f = (mimir_ring_format *) ((uint8_t *) h + MIMIR_RING_HEADER_BYTES);
    *f = (mimir_ring_format) {.format_id = 1, .code = 1, .planes = 1, .width = 64, .height = 64, .rate_num = 1,
                              .rate_den = 1, .stride_bytes = {64}, .payload_bytes = STRIDE};
    h->format_count = 1;
    h->epoch = 1;
    h->state = MIMIR_RING_LIVE;
    __atomic_store_n(&h->magic, MIMIR_RING_MAGIC, __ATOMIC_RELEASE);
}

/* Field 22 of /proc/self/stat; this program's name holds no bracket. */
static uint64_t own_start(void) {
    FILE *f = fopen("/proc/self/stat", "r");
    uint64_t start = 0;
    const char *pattern = "%*d (%*[^)]) %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
                          " %" SCNu64;
    if (f == NULL || fscanf(f, pattern, &start) != 1) {
        fail("/proc/self/stat");
    }
    fclose(f);
    return start;
}

static void publish(const char *folder, uint64_t region_id, int region_fd, const char *file, int hints_fd) {
    char own[700];
    char part[800];
    char whole[800];
    const uint64_t start = own_start();
    snprintf(own, sizeof own, "%s/%d.%" PRIu64 ".1", folder, (int) getpid(), start);
    snprintf(part, sizeof part, "%s/1.part", own);
    snprintf(whole, sizeof whole, "%s/1.manifest", own);
    mkdir(folder, 0700);
    mkdir(own, 0700);
    FILE *f = fopen(part, "w");
    if (f == NULL) {
        fail(part);
    }
    fprintf(f, "mimir.ring=1\nidentity=victim\nowner=test\nregion=%016" PRIx64 "\nholder=%d %" PRIu64
            "\nwriter=%d %" PRIu64 "\nregion_fd=%d\nhints_fd=%d\n",
            region_id, (int) getpid(), start, (int) getpid(), start, region_fd, hints_fd);
    if (file != NULL) {
        fprintf(f, "file=%s\n", file);
    }
    if (fclose(f) != 0 || rename(part, whole) != 0) {
        fail(whole);
    }
}

static void make_region(const char *folder, const char *rings_dir, void **region, void **hints) {
    char file[800];
    const uint64_t id = (uint64_t) mimir_clock_ns() << 8 | 1;
    snprintf(file, sizeof file, "%s/victim.%016" PRIx64 ".ring", rings_dir != NULL ? rings_dir : "", id);
    const int fd = rings_dir != NULL ? open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                                     : memfd_create("mimir:victim", MFD_CLOEXEC);
    const int hints_fd = memfd_create("mimir:victim.hints", MFD_CLOEXEC);
    if (fd < 0 || hints_fd < 0 || (rings_dir != NULL && flock(fd, LOCK_SH) != 0) || ftruncate(fd, REGION_BYTES) != 0 ||
        ftruncate(hints_fd, MIMIR_RING_HINTS_BYTES) != 0) {
        fail("no region");
    }
    *region = map(fd, REGION_BYTES);
    *hints = map(hints_fd, MIMIR_RING_HINTS_BYTES);
    mimir_ring_hints *h = *hints;
    h->region_id = id;
    h->magic = MIMIR_RING_HINTS_MAGIC;
    fill_header(*region, id, rings_dir != NULL ? MIMIR_BACKING_FILE : MIMIR_BACKING_MEMFD);
    publish(folder, id, fd, rings_dir != NULL ? file : NULL, hints_fd);
}

static uint64_t open_region(char **words, void **region, void **hints) {
    char path[64];
    struct stat s;
    snprintf(path, sizeof path, "/proc/%s/fd/%s", words[2], words[3]);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%s/fd/%s", words[2], words[4]);
    const int hints_fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || hints_fd < 0 || fstat(fd, &s) != 0) {
        fail("no region to write");
    }
    *region = map(fd, (uint64_t) s.st_size);
    *hints = map(hints_fd, MIMIR_RING_HINTS_BYTES);
    return (uint64_t) s.st_size;
}

static void write_for_ever(mimir_ring_writer *w) {
    uint64_t random = (uint64_t) mimir_clock_ns() | 1;
    for (uint64_t sequence = 0;; sequence++) {
        mimir_ring_descriptor *d;
        uint64_t *payload = mimir_ring_claim(w, &d);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const uint64_t words = 8 + random % (STRIDE / 8 - 7);
        for (uint64_t i = 0; i < words; i++) {
            payload[i] = random + i * sequence;
        }
        d->sequence = sequence;
        d->host_time_ns = mimir_clock_ns();
        d->format_id = 1;
        d->width = 64;
        d->height = 64;
        d->payload_bytes = words * 8;
        d->flags |= MIMIR_FLAG_CRC;
        d->crc32c = mimir_crc32c(0, payload, words * 8);
        mimir_ring_commit(w, 0);
        if (random % 1024 == 0) { /* so that readers fall asleep now and then */
            nanosleep(&(struct timespec) {.tv_nsec = (long) (random >> 32 & 0x3fffff)}, NULL);
        }
    }
}

int main(int count, char **words) {
    mimir_ring_writer writer;
    void *region;
    void *hints;
    uint64_t bytes = REGION_BYTES;
    if (count == 5 && strcmp(words[1], "host") == 0) {
        bytes = open_region(words, &region, &hints);
    } else if (count == 2 || count == 3) {
        make_region(words[1], count == 3 ? words[2] : NULL, &region, &hints);
    } else {
        return 2;
    }
    const int error = mimir_ring_writer_attach(&writer, region, bytes, hints);
    if (error != 0) {
        fprintf(stderr, "cannot write: %s\n", strerror(-error));
        return 1;
    }
    puts("ready");
    fflush(stdout);
    write_for_ever(&writer);
}
