// SPDX-License-Identifier: Apache-2.0
/* Reads manifests: small files of key=value lines that platforms of this user publish. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest.h"

#define MOST_BYTES 8192
#define SUFFIX     ".manifest"

static int read_text(const char *path, char *text, size_t room) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return -errno;
    }
    size_t length = 0;
    ssize_t n;
    while (length < room - 1 && (n = read(fd, text + length, room - 1 - length)) > 0) {
        length += (size_t) n;
    }
    close(fd);
    text[length] = 0;
    return 0;
}

uint64_t mimir_process_start(int64_t pid) {
    char path[64];
    char text[2048];
    char state;
    long threads;
    uint64_t start;
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long) pid);
    if (read_text(path, text, sizeof text) != 0) {
        return 0;
    }
    const char *rest = strrchr(text, ')'); /* the name may hold anything, brackets too */
    if (rest == NULL || sscanf(rest, ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %*s %lu",
                               &state, &threads, &start) != 3) {
        return 0;
    }
    return (state == 'Z' || state == 'X') && threads <= 1 ? 0 : start;
}

/* Copies a value with its %XX taken back; false when it does not fit or is no such text. */
static bool copy_value(char *target, size_t room, const char *value) {
    size_t at = 0;
    for (; *value != 0; value++) {
        unsigned int c = (unsigned char) *value;
        if (c == '%') {
            if (sscanf(value + 1, "%2x", &c) != 1 || value[2] == 0) {
                return false;
            }
            value += 2;
        }
        if (at + 1 >= room || c == 0) {
            return false;
        }
        target[at++] = (char) c;
    }
    target[at] = 0;
    return true;
}

static bool take_line(mimir_ring_manifest *m, const char *key, const char *value, unsigned *seen) {
    long long pid;
    unsigned long long number = 0;
    int fd;
    if (strcmp(key, "identity") == 0) {
        *seen |= 1;
        return copy_value(m->identity, sizeof m->identity, value) && m->identity[0] != 0;
    }
    if (strcmp(key, "owner") == 0) {
        return copy_value(m->owner, sizeof m->owner, value);
    }
    if (strcmp(key, "file") == 0) {
        return copy_value(m->file, sizeof m->file, value) && m->file[0] == '/';
    }
    if (strcmp(key, "region") == 0) {
        *seen |= 2;
        m->region_id = strtoull(value, NULL, 16);
        return m->region_id != 0;
    }
    if (strcmp(key, "holder") == 0 || strcmp(key, "writer") == 0) {
        const bool holder = key[0] == 'h';
        *seen |= holder ? 4 : 8;
        *(holder ? &m->holder_pid : &m->writer_pid) = sscanf(value, "%lld %llu", &pid, &number) == 2 ? pid : -1;
        *(holder ? &m->holder_start : &m->writer_start) = number;
        return (holder ? m->holder_pid : m->writer_pid) > 0;
    }
    if (strcmp(key, "region_fd") == 0 || strcmp(key, "hints_fd") == 0) {
        const bool region = key[0] == 'r';
        *seen |= region ? 16 : 32;
        fd = sscanf(value, "%d", &fd) == 1 ? fd : -1;
        *(region ? &m->region_fd : &m->hints_fd) = fd;
        return fd >= 0;
    }
    return true; /* a newer release may say more */
}

int mimir_manifest_read(mimir_ring_manifest *m, const char *path) {
    char text[MOST_BYTES];
    unsigned seen = 0;
    char *rest = NULL;
    *m = (mimir_ring_manifest) {.holder_pid = 0};
    const int error = read_text(path, text, sizeof text);
    if (error != 0) {
        return error;
    }
    char *line = strtok_r(text, "\n", &rest);
    if (line == NULL || strcmp(line, "mimir.ring=1") != 0 || strlen(path) >= sizeof m->path) {
        return -EINVAL;
    }
    while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
        char *value = strchr(line, '=');
        if (value == NULL) {
            return -EINVAL;
        }
        *value = 0;
        if (!take_line(m, line, value + 1, &seen)) {
            return -EINVAL;
        }
    }
    strcpy(m->path, path);
    return seen == 63 ? 0 : -EINVAL;
}

/* The folder that platforms of this user publish in when they are told no other; see ForeignRings.folder in Java. */
static int find_folder(char *path, size_t room, const char *given) {
    const char *named = given != NULL ? given : getenv("MIMIR_MANIFESTS");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    const char *temporary = getenv("TMPDIR");
    int length;
    if (named != NULL && named[0] != 0) {
        length = snprintf(path, room, "%s", named);
    } else if (runtime != NULL && runtime[0] != 0 && access(runtime, W_OK) == 0) {
        length = snprintf(path, room, "%s/mimir", runtime);
    } else {
        temporary = temporary != NULL && temporary[0] != 0 ? temporary : "/tmp";
        length = snprintf(path, room, "%s/mimir-%u", temporary, (unsigned) geteuid());
    }
    return length < 0 || (size_t) length >= room ? -ENAMETOOLONG : 0;
}

/* Who else could write there could lead us anywhere. */
static int check_ours(const char *folder) {
    struct stat s;
    if (lstat(folder, &s) != 0) {
        return -errno;
    }
    return S_ISDIR(s.st_mode) && s.st_uid == geteuid() && (s.st_mode & (S_IWGRP | S_IWOTH)) == 0 ? 0 : -EPERM;
}

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool is_there(const mimir_ring_manifest *m) {
    return mimir_process_start(m->holder_pid) == m->holder_start || (m->file[0] != 0 && access(m->file, R_OK) == 0);
}

/* One platform's folder. Returns false when the visitor has seen enough. */
static bool visit_instance(const char *folder, mimir_manifest_visitor visit, void *context) {
    char path[MIMIR_RING_PATH_BYTES];
    mimir_ring_manifest m;
    bool more = true;
    DIR *files = check_ours(folder) == 0 ? opendir(folder) : NULL;
    if (files == NULL) {
        return true; /* it may have stopped since its name was read */
    }
    const struct dirent *file;
    while (more && (file = readdir(files)) != NULL) {
        const int length = snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
        if (ends_with(file->d_name, SUFFIX) && length > 0 && (size_t) length < sizeof path &&
            mimir_manifest_read(&m, path) == 0 && is_there(&m)) {
            more = visit(&m, context);
        }
    }
    closedir(files);
    return more;
}

int mimir_manifest_each(const char *folder, mimir_manifest_visitor visit, void *context) {
    char root[MIMIR_RING_PATH_BYTES];
    char path[MIMIR_RING_PATH_BYTES];
    bool more = true;
    int error = find_folder(root, sizeof root, folder);
    if (error == 0) {
        error = check_ours(root);
    }
    if (error != 0) {
        return error == -ENOENT ? 0 : error;
    }
    DIR *instances = opendir(root);
    if (instances == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    const struct dirent *instance;
    while (more && (instance = readdir(instances)) != NULL) {
        const int length = snprintf(path, sizeof path, "%s/%s", root, instance->d_name);
        if (instance->d_name[0] != '.' && length > 0 && (size_t) length < sizeof path) {
            more = visit_instance(path, visit, context);
        }
    }
    closedir(instances);
    return 0;
}

typedef struct listing {
    mimir_ring_manifest *found;
    int n;
    int most;
} listing;

static bool add(const mimir_ring_manifest *m, void *context) {
    listing *l = context;
    if (l->n < l->most) {
        l->found[l->n++] = *m;
    }
    return l->n < l->most;
}

int mimir_ring_list(const char *folder, mimir_ring_manifest *found, int most) {
    listing l = {.found = found, .most = most};
    const int error = mimir_manifest_each(folder, add, &l);
    return error != 0 ? error : l.n;
}
