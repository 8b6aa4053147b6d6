// SPDX-License-Identifier: Apache-2.0
/*
 * Mapping on Windows. A file cannot be cut while a view of it is open (ERROR_USER_MAPPED_FILE), so there is nothing to
 * guard against.
 */
#include <errno.h>
#include <windows.h>

#include "internal.h"

static int map_file(int handle_value, uint64_t least, DWORD protection, DWORD access, void **start, uint64_t *bytes) {
    HANDLE file = (HANDLE) (intptr_t) handle_value;
    LARGE_INTEGER size;
    if (!GetFileSizeEx(file, &size)) {
        return -EBADF;
    }
    if (size.QuadPart < (LONGLONG) least) {
        return -EINVAL;
    }
    HANDLE section = CreateFileMappingW(file, NULL, protection, 0, 0, NULL);
    if (section == NULL) {
        return -EACCES;
    }
    *start = MapViewOfFile(section, access, 0, 0, 0);
    CloseHandle(section); /* the view holds it */
    *bytes = (uint64_t) size.QuadPart;
    return *start != NULL ? 0 : -ENOMEM;
}

int mimir_ring_map_fd(mimir_ring_map *map, int region_fd, int hints_fd) {
    void *start = NULL;
    uint64_t hints_bytes;
    *map = (mimir_ring_map) {.guard = -1};
    int error = map_file(region_fd, MIMIR_RING_HEADER_BYTES, PAGE_READONLY, FILE_MAP_READ, &start, &map->region_bytes);
    map->region = start;
    if (error == 0 && hints_fd >= 0) {
        error = map_file(hints_fd, MIMIR_RING_HINTS_BYTES, PAGE_READWRITE, FILE_MAP_READ | FILE_MAP_WRITE, &map->hints,
                         &hints_bytes);
    }
    if (error != 0) {
        mimir_ring_unmap(map);
    }
    return error;
}

void mimir_ring_unmap(mimir_ring_map *map) {
    if (map->region != NULL) {
        UnmapViewOfFile(map->region);
    }
    if (map->hints != NULL) {
        UnmapViewOfFile(map->hints);
    }
    *map = (mimir_ring_map) {.guard = -1};
}
