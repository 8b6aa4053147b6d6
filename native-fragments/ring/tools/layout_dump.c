// SPDX-License-Identifier: Apache-2.0
/*
 * Prints every fact of mimir_ring_abi.h, one a line, for tests of other languages:
 *   struct.member offset size | struct . size | const NAME value
 * Exits 1 when a member is missing here: members must follow each other without a hole, up to the end of their struct.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "mimir_ring_abi.h"

static const char *struct_name;
static size_t covered;
static bool complete = true;

static void begin(const char *name) {
    struct_name = name;
    covered = 0;
}

static void member(const char *name, size_t offset, size_t bytes) {
    if (offset != covered) {
        fprintf(stderr, "%s: byte %zu up to %s is in no member here\n", struct_name, covered, name);
        complete = false;
    }
    covered = offset + bytes;
    printf("%s.%s %zu %zu\n", struct_name, name, offset, bytes);
}

static void end(size_t bytes) {
    if (covered != bytes) {
        fprintf(stderr, "%s: byte %zu is in no member here\n", struct_name, covered);
        complete = false;
    }
    printf("%s . %zu\n", struct_name, bytes);
}

#define MEMBER(type, name) member(#name, offsetof(type, name), sizeof(((type *) 0)->name));
#define CONST(name) printf("const %s %" PRIu64 "\n", #name, (uint64_t) (name));

#define HEADER_MEMBERS(M, T)                                                                                     \
    M(T, magic) M(T, abi_major) M(T, abi_minor) M(T, header_bytes) M(T, region_bytes) M(T, region_id)            \
    M(T, host_clock_id) M(T, source_id) M(T, item_kind) M(T, slot_count) M(T, slot_bytes) M(T, slots_offset)     \
    M(T, payload_offset) M(T, payload_stride) M(T, format_offset) M(T, format_capacity) M(T, format_bytes)       \
    M(T, backing) M(T, predecessor) M(T, created_ns) M(T, reserved0) M(T, name) M(T, head) M(T, doorbell)        \
    M(T, state) M(T, epoch) M(T, format_count) M(T, payload_written) M(T, payload_copied) M(T, last_commit_ns)   \
    M(T, successor) M(T, woken) M(T, evicted) M(T, reserved1) M(T, drops) M(T, reserved2)

#define FORMAT_MEMBERS(M, T)                                                                                     \
    M(T, format_id) M(T, code) M(T, planes) M(T, colour) M(T, width) M(T, height) M(T, rate_num) M(T, rate_den)  \
    M(T, plane_offset) M(T, stride_bytes) M(T, payload_bytes) M(T, device_tick_hz) M(T, reserved)

#define DESCRIPTOR_MEMBERS(M, T)                                                                                 \
    M(T, generation) M(T, sequence) M(T, epoch) M(T, source_id) M(T, host_time_ns) M(T, device_time)             \
    M(T, device_clock) M(T, format_id) M(T, width) M(T, height) M(T, payload_bytes)                             \
    M(T, payload_kind) M(T, crc32c) M(T, flags) M(T, gap_items) M(T, handle) M(T, reserved)

#define HINTS_MEMBERS(M, T) M(T, magic) M(T, region_id) M(T, reserved0) M(T, waiters) M(T, may_sleep)        \
    M(T, reserved1)                                                                                                  \
    M(T, room) M(T, writer_waits) M(T, reserved2) M(T, seats)
#define SEAT_MEMBERS(M, T) M(T, token) M(T, position) M(T, reserved0)

#define STRUCT(type, members) begin(#type); members(MEMBER, type) end(sizeof(type));

#define CONSTANTS(C)                                                                                             \
    C(MIMIR_RING_MAGIC) C(MIMIR_RING_HINTS_MAGIC) C(MIMIR_RING_ABI_MAJOR) C(MIMIR_RING_ABI_MINOR)                \
    C(MIMIR_RING_HEADER_BYTES) C(MIMIR_RING_FORMAT_BYTES) C(MIMIR_RING_SLOT_BYTES) C(MIMIR_RING_HINTS_BYTES)     \
    C(MIMIR_RING_DROP_REASONS) C(MIMIR_RING_NAME_BYTES)                                                          \
    C(MIMIR_ITEM_FRAME) C(MIMIR_ITEM_AUDIO) C(MIMIR_ITEM_EVENT) C(MIMIR_ITEM_RESULT)                                  \
    C(MIMIR_RING_LIVE) C(MIMIR_RING_ENDED) C(MIMIR_RING_SUCCEEDED) C(MIMIR_RING_PARKED)                          \
    C(MIMIR_BACKING_MEMFD) C(MIMIR_BACKING_FILE) C(MIMIR_BACKING_ANONYMOUS)                                      \
    C(MIMIR_CLOCK_MONOTONIC_RAW) C(MIMIR_CLOCK_QPC)                                                              \
    C(MIMIR_DEVICE_CLOCK_NONE) C(MIMIR_DEVICE_CLOCK_COUNTER) C(MIMIR_DEVICE_CLOCK_TICKS)                         \
    C(MIMIR_PAYLOAD_NONE) C(MIMIR_PAYLOAD_MEMORY) C(MIMIR_PAYLOAD_SHARED_FILE) C(MIMIR_PAYLOAD_DMABUF)           \
    C(MIMIR_PAYLOAD_D3D12) C(MIMIR_PAYLOAD_TEXTURE) C(MIMIR_PAYLOAD_INLINE)                                        \
    C(MIMIR_RING_INLINE_BYTES) C(MIMIR_RING_SEATS)                                                                   \
    C(MIMIR_FORMAT_GREY8) C(MIMIR_FORMAT_YUYV) C(MIMIR_FORMAT_YUV444P) C(MIMIR_FORMAT_NV12) C(MIMIR_FORMAT_RGB24)\
    C(MIMIR_FORMAT_BAYER_GRBG8) C(MIMIR_FORMAT_F32_PLANAR) C(MIMIR_FORMAT_EVENT) C(MIMIR_FORMAT_ATTACHMENT)      \
    C(MIMIR_FLAG_GAP_BEFORE) C(MIMIR_FLAG_DISCONTINUITY) C(MIMIR_FLAG_CORRUPT) C(MIMIR_FLAG_STAGED)              \
    C(MIMIR_FLAG_NO_TIME_INFO) C(MIMIR_FLAG_CRC) C(MIMIR_FLAG_LATE)                                              \
    C(MIMIR_DROP_MISSING) C(MIMIR_DROP_STALLED) C(MIMIR_DROP_UNPLUGGED) C(MIMIR_DROP_CORRUPT)                    \
    C(MIMIR_DROP_ABORTED) C(MIMIR_DROP_OVERRUN) C(MIMIR_DROP_REFUSED)

int main(void) {
    STRUCT(mimir_ring_header, HEADER_MEMBERS)
    STRUCT(mimir_ring_format, FORMAT_MEMBERS)
    STRUCT(mimir_ring_descriptor, DESCRIPTOR_MEMBERS)
    STRUCT(mimir_ring_hints, HINTS_MEMBERS)
    STRUCT(mimir_ring_seat, SEAT_MEMBERS)
    CONSTANTS(CONST)
    return complete ? 0 : 1;
}
