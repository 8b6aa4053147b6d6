// SPDX-License-Identifier: Apache-2.0
/*
 * Readers in their own process, and a file that is cut under them. Each child exits with 0 when it saw what it should.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "region.h"
#include "test.h"

#define SECOND INT64_C(1000000000)
#define SLOTS  64
#define STRIDE 4096

static test_region t;
static mimir_ring_writer w;

/* In the child. */
static mimir_ring_map map;
static mimir_ring_reader r;
static mimir_ring_lease lease;
static int told_fd;
static int go_fd;

static void cut_file(uint64_t bytes) {
    if (ftruncate(t.fd, (off_t) bytes) != 0) {
        exit(1);
    }
}

/* Child: says "I am there" and waits until the parent has cut the file. */
static void let_parent_cut(void) {
    char byte = 0;
    if (write(told_fd, &byte, 1) != 1 || read(go_fd, &byte, 1) != 1) {
        _exit(2);
    }
}

static void attach_in_child(void) {
    if (mimir_ring_map_fd(&map, t.fd, t.hints_fd) != 0) {
        _exit(3);
    }
    if (mimir_ring_reader_attach(&r, map.region, map.region_bytes, map.hints, MIMIR_EVERY, MIMIR_START_OLDEST,
                                 MIMIR_WAIT_DOORBELL) != 0) {
        _exit(4);
    }
}

/* Runs `reading` in a child, cuts the file to `left` bytes once it asks for it; returns its wait status. */
static int fork_reader(int (*reading)(void), uint64_t left) {
    int told[2];
    int go[2];
    char byte = 0;
    int status = -1;
    if (pipe(told) != 0 || pipe(go) != 0) {
        exit(1);
    }
    const pid_t child = fork();
    if (child == 0) {
        told_fd = told[1];
        go_fd = go[0];
        _exit(reading());
    }
    close(told[1]); /* or the end of a child that died early would never be read */
    if (read(told[0], &byte, 1) == 1) {
        cut_file(left);
        if (write(go[1], &byte, 1) != 1) {
            exit(1);
        }
    }
    waitpid(child, &status, 0);
    close(told[0]);
    close(go[0]);
    close(go[1]);
    return status;
}

static void make_region(void) {
    t = test_region_make(SLOTS, STRIDE);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    for (uint64_t i = 1; i <= 10; i++) {
        test_write(&w, i, STRIDE);
    }
}

static int read_then_see_end(void) {
    attach_in_child();
    for (int i = 0; i < 10; i++) {
        if (mimir_ring_next(&r, &lease) != 1 || !test_is_intact(&lease) || !mimir_ring_release(&r, &lease)) {
            return 5;
        }
    }
    let_parent_cut();
    return mimir_ring_wait(&r, 5 * SECOND) == 1 && mimir_ring_next(&r, &lease) == -EIO ? 0 : 6;
}

static int hold_lease_while_cut(void) {
    attach_in_child();
    if (mimir_ring_next(&r, &lease) != 1) {
        return 5;
    }
    let_parent_cut();
    const uint8_t *payload = lease.payload;
    if (payload[0] != 0) {
        return 6; /* the page is gone, and what is there instead is zero */
    }
    if (mimir_ring_release(&r, &lease) || r.torn != 1 || r.delivered != 0) {
        return 7;
    }
    return mimir_ring_next(&r, &lease) == -EIO ? 0 : 8;
}

static int sleep_on_cut_hints(void) {
    attach_in_child();
    mimir_ring_reader_attach(&r, map.region, map.region_bytes, map.hints, MIMIR_EVERY, MIMIR_START_NOW,
                             MIMIR_WAIT_DOORBELL);
    let_parent_cut();
    if (ftruncate(t.hints_fd, 0) != 0) {
        return 5;
    }
    return mimir_ring_wait(&r, 5 * SECOND) == 1 && mimir_ring_next(&r, &lease) == -EIO ? 0 : 6;
}

static int unmap_and_map_again(void) {
    attach_in_child();
    let_parent_cut();
    const int first = mimir_ring_next(&r, &lease);
    mimir_ring_unmap(&map);
    return first == -EIO && mimir_ring_map_fd(&map, t.fd, -1) == -EINVAL ? 0 : 5;
}

static void end_when_file_is_cut(void) {
    make_region();
    ASSERT_EQ(0, fork_reader(read_then_see_end, 0));
    test_region_free(&t);
}

static void revoke_lease_when_file_is_cut(void) {
    make_region();
    ASSERT_EQ(0, fork_reader(hold_lease_while_cut, t.header->payload_offset / 4096 * 4096));
    test_region_free(&t);
}

static void end_when_hints_are_cut(void) {
    make_region();
    ASSERT_EQ(0, fork_reader(sleep_on_cut_hints, t.bytes));
    test_region_free(&t);
}

static void unmap_cut_file(void) {
    make_region();
    ASSERT_EQ(0, fork_reader(unmap_and_map_again, 0));
    test_region_free(&t);
}

/* The doorbell is on a page that this process may only read. */
static int sleep_until_written(void) {
    attach_in_child();
    const int64_t begin = mimir_clock_ns();
    if (mimir_ring_wait_sliced(&r, 20 * SECOND, 20 * SECOND) != 1 || mimir_ring_next(&r, &lease) != 1) {
        return 5;
    }
    return test_is_intact(&lease) && mimir_clock_ns() - begin < 10 * SECOND ? 0 : 6;
}

static void wake_other_process(void) {
    int status = -1;
    t = test_region_make(SLOTS, STRIDE);
    ASSERT_EQ(0, mimir_ring_writer_attach(&w, t.header, t.bytes, t.hints));
    const pid_t child = fork();
    if (child == 0) {
        _exit(sleep_until_written());
    }
    while (__atomic_load_n(&t.hints->waiters, __ATOMIC_ACQUIRE) == 0 && waitpid(child, &status, WNOHANG) == 0) {
        mimir_nap(100000);
    }
    mimir_nap(2000000); /* from the mark into the sleep */
    test_write(&w, 1, STRIDE);
    ASSERT_EQ(child, waitpid(child, &status, 0));
    ASSERT_EQ(0, status);
    ASSERT_EQ(1, t.header->woken);
    test_region_free(&t);
}

/* ---- faults that are not ours ---- */

static sigjmp_buf back;

static void on_plain(int number) { siglongjmp(back, number); }

static void on_full(int number, siginfo_t *info, void *context) {
    (void) context;
    siglongjmp(back, info->si_addr != NULL ? number : 1);
}

/* Touches a page behind the end of a file that is in no map of ours. */
static void fault(void) {
    const int fd = memfd_create("foreign", MFD_CLOEXEC);
    const volatile uint8_t *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    (void) page[0];
}

static int fault_with(const struct sigaction *action) {
    sigaction(SIGBUS, action, NULL);
    attach_in_child();
    const int caught = sigsetjmp(back, 1);
    if (caught == 0) {
        fault();
        return 5;
    }
    return caught == SIGBUS ? 0 : 6;
}

static int fault_with_plain_handler(void) { return fault_with(&(struct sigaction) {.sa_handler = on_plain}); }

static int fault_with_full_handler(void) {
    return fault_with(&(struct sigaction) {.sa_sigaction = on_full, .sa_flags = SA_SIGINFO});
}

static int fault_without_handler(void) { return fault_with(&(struct sigaction) {.sa_handler = SIG_DFL}); }

static int raise_without_handler(void) {
    sigaction(SIGBUS, &(struct sigaction) {.sa_handler = SIG_DFL}, NULL);
    attach_in_child();
    raise(SIGBUS);
    return 5;
}

static int raise_ignored(void) {
    sigaction(SIGBUS, &(struct sigaction) {.sa_handler = SIG_IGN}, NULL);
    attach_in_child();
    raise(SIGBUS);
    return 0;
}

static void hand_foreign_faults_on(void) {
    make_region();
    ASSERT_EQ(0, fork_reader(fault_with_plain_handler, 0));
    ASSERT_EQ(0, fork_reader(fault_with_full_handler, 0));
    ASSERT_EQ(0, fork_reader(raise_ignored, 0));
    test_region_free(&t);
}

static void die_of_foreign_faults(void) {
    make_region();
    int status = fork_reader(fault_without_handler, 0);
    ASSERT(WIFSIGNALED(status));
    ASSERT_EQ(SIGBUS, WTERMSIG(status));
    status = fork_reader(raise_without_handler, 0);
    ASSERT(WIFSIGNALED(status));
    ASSERT_EQ(SIGBUS, WTERMSIG(status));
    test_region_free(&t);
}

/* ---- mapping itself ---- */

static void read_through_maps(void) {
    mimir_ring_map maps[65];
    make_region();
    for (int i = 0; i < 64; i++) {
        ASSERT_EQ(0, mimir_ring_map_fd(&maps[i], t.fd, i % 2 == 0 ? t.hints_fd : -1));
    }
    ASSERT_EQ(-EMFILE, mimir_ring_map_fd(&maps[64], t.fd, t.hints_fd));
    for (int i = 0; i < 64; i++) {
        ASSERT_EQ(0, mimir_ring_reader_attach(&r, maps[i].region, maps[i].region_bytes, maps[i].hints, MIMIR_EVERY,
                                              MIMIR_START_OLDEST, MIMIR_WAIT_DOORBELL));
        ASSERT_EQ(1, mimir_ring_next(&r, &lease));
        ASSERT(test_is_intact(&lease));
        mimir_ring_unmap(&maps[i]);
    }
    ASSERT_EQ(0, mimir_ring_map_fd(&maps[64], t.fd, t.hints_fd));
    mimir_ring_unmap(&maps[64]);
    mimir_ring_unmap(&maps[64]); /* an empty map is nothing to unmap */
    test_region_free(&t);
}

static void refuse_what_is_no_file_of_ours(void) {
    make_region();
    ASSERT_EQ(-EBADF, mimir_ring_map_fd(&map, -1, -1));
    ASSERT_EQ(-EBADF, mimir_ring_map_fd(&map, t.fd, 9999));
    cut_file(4095);
    ASSERT_EQ(-EINVAL, mimir_ring_map_fd(&map, t.fd, -1));
    ASSERT(map.region == NULL);
    test_region_free(&t);
}

int main(void) {
    RUN("should read through as many maps as there may be", read_through_maps);
    RUN("should refuse what cannot be a region", refuse_what_is_no_file_of_ours);
    RUN("should wake a reader in another process, which may only read", wake_other_process);
    RUN("should say -EIO and live when the file is cut", end_when_file_is_cut);
    RUN("should revoke the lease whose payload is cut", revoke_lease_when_file_is_cut);
    RUN("should say -EIO and live when the hints are cut", end_when_hints_are_cut);
    RUN("should unmap a file that was cut", unmap_cut_file);
    RUN("should hand foreign faults on to the handler before", hand_foreign_faults_on);
    RUN("should let foreign faults end a process without handler", die_of_foreign_faults);
    FINISH();
}
