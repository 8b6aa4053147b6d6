// SPDX-License-Identifier: Apache-2.0
/* Manifests that are sound, damaged or in the wrong place. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest.h"
#include "region.h"
#include "test.h"

static const char sound[] = "mimir.ring=1\nidentity=cam%0A%25 1\nowner=bundle\nregion=80000000000000ff\nholder=12 34\n"
                            "writer=56 78\nregion_fd=9\nfile=/tmp/100%25.ring\nhints_fd=10\nlater=whatever\n";
static char folder[64];
static char instance[128];
static char file[192];

static void make_folder(void) {
    /* In memory where that is: a disk waits for each of the thousands of small files. */
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir;
    snprintf(folder, sizeof folder, "%s/mimir-manifest-XXXXXX", place);
    if (mkdtemp(folder) == NULL) {
        exit(1);
    }
    snprintf(instance, sizeof instance, "%s/%d.1.1", folder, (int) getpid());
    snprintf(file, sizeof file, "%s/1.manifest", instance);
    mkdir(instance, 0700);
}

static void remove_folder(void) {
    unlink(file);
    rmdir(instance);
    rmdir(folder);
}

static void put(const char *text, size_t length) {
    FILE *f = fopen(file, "w");
    if (f == NULL || fwrite(text, 1, length, f) != length || fclose(f) != 0) {
        exit(1);
    }
}

static void should_read_what_stands_there(void) {
    mimir_ring_manifest m;
    put(sound, sizeof sound - 1);
    ASSERT_EQ(0, mimir_manifest_read(&m, file));
    ASSERT(strcmp(m.identity, "cam\n% 1") == 0 && strcmp(m.owner, "bundle") == 0);
    ASSERT(m.region_id == UINT64_C(0x80000000000000ff) && strcmp(m.file, "/tmp/100%.ring") == 0);
    ASSERT(m.holder_pid == 12 && m.holder_start == 34 && m.writer_pid == 56 && m.writer_start == 78);
    ASSERT(m.region_fd == 9 && m.hints_fd == 10);
}

static void should_survive_any_damage(void) {
    static char text[20000];
    mimir_ring_manifest m;
    srand(1);
    for (int round = 0; round < 3000; round++) {
        size_t length = sizeof sound - 1;
        memcpy(text, sound, length);
        for (int damage = rand() % 4; damage >= 0; damage--) {
            text[rand() % (int) length] = (char) rand();
        }
        length = rand() % 2 == 0 ? length : (size_t) rand() % length;
        put(text, length);
        const int error = mimir_manifest_read(&m, file);
        ASSERT(error == 0 || error == -EINVAL);
        ASSERT(memchr(m.identity, 0, sizeof m.identity) != NULL && memchr(m.file, 0, sizeof m.file) != NULL);
    }
    memset(text, 'x', sizeof text);
    memcpy(text, sound, sizeof sound - 1);
    put(text, sizeof text);
    ASSERT_EQ(-EINVAL, mimir_manifest_read(&m, file));
}

static void should_leave_out_the_dead(void) {
    mimir_ring_manifest found[4];
    char text[256];
    put(sound, sizeof sound - 1);
    ASSERT_EQ(0, mimir_ring_list(folder, found, 4));
    const int length = snprintf(text, sizeof text, "mimir.ring=1\nidentity=a\nregion=1\nholder=%d %llu\nwriter=1 1\n"
                                "region_fd=0\nhints_fd=0\n", (int) getpid(),
                                (unsigned long long) mimir_process_start(getpid()));
    put(text, (size_t) length);
    ASSERT_EQ(1, mimir_ring_list(folder, found, 4));
    ASSERT(strcmp(found[0].identity, "a") == 0 && strcmp(found[0].path, file) == 0);
}

static void should_refuse_what_others_may_write(void) {
    mimir_ring_source source;
    mimir_ring_manifest found[1];
    ASSERT_EQ(0, mimir_ring_list("/tmp/mimir-no-such-folder", found, 1));
    ASSERT_EQ(-ENOENT, mimir_ring_open(&source, folder, "nobody", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL));
    chmod(folder, 0777);
    ASSERT_EQ(-EPERM, mimir_ring_list(folder, found, 1));
    ASSERT_EQ(-EPERM, mimir_ring_open(&source, folder, "nobody", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL));
    chmod(folder, 0700);
}

static void should_not_take_another_file_for_a_region(void) {
    mimir_ring_source source;
    char text[256];
    const int length = snprintf(text, sizeof text, "mimir.ring=1\nidentity=a\nregion=1\nholder=%d %llu\nwriter=%d 1\n"
                                "region_fd=0\nfile=%s\nhints_fd=0\n", (int) getpid(),
                                (unsigned long long) mimir_process_start(getpid()), (int) getpid(), file);
    put(text, (size_t) length);
    ASSERT_EQ(-EINVAL, mimir_ring_open(&source, folder, "a", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL));
}

static void should_tell_the_version_of_a_ring_that_it_refuses(void) {
    mimir_ring_source source;
    test_region t = test_region_make(16, 64);
    char text[256];
    const int length = snprintf(text, sizeof text, "mimir.ring=1\nidentity=a\nregion=a11ce\nholder=%d %llu\n"
                                "writer=%d 1\nregion_fd=%d\nhints_fd=%d\n", (int) getpid(),
                                (unsigned long long) mimir_process_start(getpid()), (int) getpid(), t.fd, t.hints_fd);
    put(text, (size_t) length);
    ASSERT_EQ(0, mimir_ring_open(&source, folder, "a", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL));
    mimir_ring_close(&source);
    t.header->abi_major = 2;
    t.header->abi_minor = 7;
    ASSERT_EQ(-EPROTO, mimir_ring_open(&source, folder, "a", MIMIR_EVERY, MIMIR_START_NOW, MIMIR_WAIT_DOORBELL));
    ASSERT_EQ(2, source.abi[0]);
    ASSERT_EQ(7, source.abi[1]);
    test_region_free(&t);
}

int main(void) {
    make_folder();
    RUN("should read what stands there", should_read_what_stands_there);
    RUN("should survive any damage", should_survive_any_damage);
    RUN("should leave out the dead", should_leave_out_the_dead);
    RUN("should refuse what others may write", should_refuse_what_others_may_write);
    RUN("should not take another file for a region", should_not_take_another_file_for_a_region);
    RUN("should tell the version of a ring that it refuses", should_tell_the_version_of_a_ring_that_it_refuses);
    remove_folder();
    FINISH();
}
