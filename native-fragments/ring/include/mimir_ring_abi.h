// SPDX-License-Identifier: Apache-2.0
/*
 * The bytes of a Mimir ring region: what a writer in C or Java puts down and what any reader, in this process or
 * another, may believe. docs/ring-abi.md draws every structure bit by bit; the Java twin is mimir.ring.Abi, and a test
 * asserts both equal.
 *
 *   region = header (4096 B) | format table | descriptor slots | payload slab        (read-only for readers)
 *   hints  = one small page of its own that readers may write                        (never believed by the writer)
 *
 * All numbers are little endian, all offsets count from the start of the region, everything is 64-byte aligned; words
 * that a writer changes while readers poll them stand on 128-byte lines of their own (adjacent-line prefetch pairs
 * 64-byte lines).
 */
#ifndef MIMIR_RING_ABI_H
#define MIMIR_RING_ABI_H

#include <stddef.h>
#include <stdint.h>

#define MIMIR_RING_MAGIC          UINT64_C(0x474E4952524D494D) /* "MIMRRING": 4D 49 4D 52 52 49 4E 47 */
#define MIMIR_RING_HINTS_MAGIC    UINT64_C(0x53544E4948524D49) /* "IMRHINTS" */
#define MIMIR_RING_ABI_MAJOR      1u   /* another major: a reader must refuse */
#define MIMIR_RING_ABI_MINOR      0u   /* a newer minor only adds fields in reserved bytes */
#define MIMIR_RING_HEADER_BYTES   4096u
#define MIMIR_RING_FORMAT_BYTES   256u
#define MIMIR_RING_SLOT_BYTES     128u /* the least; readers honour header.slot_bytes */
#define MIMIR_RING_HINTS_BYTES    4096u
#define MIMIR_RING_SEATS          28u
#define MIMIR_RING_INLINE_BYTES   48u
#define MIMIR_RING_DROP_REASONS   16u
#define MIMIR_RING_NAME_BYTES     128u

/* What the items of a ring are. */
enum mimir_item_kind {
    MIMIR_ITEM_FRAME = 1,
    MIMIR_ITEM_AUDIO = 2,
    MIMIR_ITEM_EVENT = 3,
    MIMIR_ITEM_RESULT = 4     /* what an analyser found in the items of another ring; docs/ring-abi.md, "Results" */
};

/*
 * Life of a region, in header.state. Only the owner of the source identity moves it, and never backwards except ENDED
 * -> LIVE.
 */
enum mimir_ring_state {
    MIMIR_RING_LIVE = 1,      /* a writer owns it */
    MIMIR_RING_ENDED = 2,     /* the writer is gone; the items stay readable; the next incarnation may revive it */
    MIMIR_RING_SUCCEEDED = 3, /* replaced by region header.successor; drain, then follow */
    MIMIR_RING_PARKED = 4     /* a native writer did not stop in time: mapped for ever, nobody revives it */
};

/* How the region is backed, in header.backing. */
enum mimir_ring_backing { MIMIR_BACKING_MEMFD = 1, MIMIR_BACKING_FILE = 2, MIMIR_BACKING_ANONYMOUS = 3 };

/*
 * Clock of descriptor.host_time_ns; the low 56 bits of header.host_clock_id tell hosts (boots) apart, the top byte is
 * this.
 */
enum mimir_host_clock { MIMIR_CLOCK_MONOTONIC_RAW = 1, MIMIR_CLOCK_QPC = 2 };

/* Kind of descriptor.device_time. */
enum mimir_device_clock {
    MIMIR_DEVICE_CLOCK_NONE = 0,    /* the device tells no time; device_time is 0 */
    MIMIR_DEVICE_CLOCK_COUNTER = 1, /* a count of samples (audio) or frames (camera) since the stream began */
    MIMIR_DEVICE_CLOCK_TICKS = 2    /* ticks of header-format device_tick_hz */
};

/* What descriptor.handle[] means. First form: MEMORY only is produced; the others are carried, never interpreted. */
enum mimir_payload_kind {
    MIMIR_PAYLOAD_NONE = 0,
    MIMIR_PAYLOAD_MEMORY = 1,       /* handle[0] = offset in region handle[1] (its id): the place of its own slot */
    MIMIR_PAYLOAD_SHARED_FILE = 2,  /* handle[0] = file descriptor or HANDLE, handle[1] = offset */
    MIMIR_PAYLOAD_DMABUF = 3,       /* handle[0] = file descriptor, handle[1] = modifier */
    MIMIR_PAYLOAD_D3D12 = 4,        /* handle[0] = NT handle, handle[1] = fence handle, handle[2] = fence value */
    MIMIR_PAYLOAD_TEXTURE = 5,      /* handle[0] = opaque texture id, handle[1] = owner's cookie */
    MIMIR_PAYLOAD_INLINE = 6        /* the payload itself, MIMIR_RING_INLINE_BYTES at most, fills handle and reserved */
};

/* format.code */
enum mimir_format_code {
    MIMIR_FORMAT_GREY8 = 1,        /* one plane, a byte a pixel */
    MIMIR_FORMAT_YUYV = 2,         /* one plane, Y0 Cb Y1 Cr: 4:2:2, two bytes a pixel */
    MIMIR_FORMAT_YUV444P = 3,      /* three planes Y, Cb, Cr of full size, a byte a sample */
    MIMIR_FORMAT_NV12 = 4,         /* plane Y, plane CbCr interleaved at half width and height */
    MIMIR_FORMAT_RGB24 = 5,        /* one plane, R G B */
    MIMIR_FORMAT_BAYER_GRBG8 = 16, /* one plane, a byte a pixel, first row G R, second B G */
    MIMIR_FORMAT_F32_PLANAR = 257, /* 32-bit float, a run of samples per channel, stride_bytes[0] apart */
    MIMIR_FORMAT_EVENT = 513,      /* opaque bytes */
    MIMIR_FORMAT_ATTACHMENT = 1025 /* a result: width is the version of its type, height the bytes of its fields */
};

/* descriptor.flags */
#define MIMIR_FLAG_GAP_BEFORE       0x0001u /* gap_items items of the source are missing just before this one */
#define MIMIR_FLAG_DISCONTINUITY    0x0002u /* first item of an epoch: no offset may be carried across it */
#define MIMIR_FLAG_CORRUPT          0x0004u /* the device or its transport said that the payload is damaged */
#define MIMIR_FLAG_STAGED           0x0008u /* a copy through CPU memory was needed on the way in */
#define MIMIR_FLAG_NO_TIME_INFO     0x0010u /* the device gave no time with this item; host time only */
#define MIMIR_FLAG_CRC              0x0020u /* crc32c is valid (a CRC of zero is a CRC, too) */
#define MIMIR_FLAG_LATE             0x0040u /* a result that was complete after its item's deadline */

/* Reasons of loss, indexes into header.drops[]. OVERTAKEN and SKIPPED are a reader's and stand in no header. */
enum mimir_drop_reason {
    MIMIR_DROP_MISSING = 0,   /* the device skipped it: a hole in its own sequence */
    MIMIR_DROP_STALLED = 1,   /* lost while the device or its transport stalled */
    MIMIR_DROP_UNPLUGGED = 2, /* lost while the device was away */
    MIMIR_DROP_CORRUPT = 3,   /* received damaged and not published */
    MIMIR_DROP_ABORTED = 4,   /* claimed, then given up by the writer */
    MIMIR_DROP_OVERRUN = 5,   /* the writer itself was too late to take it from the device */
    MIMIR_DROP_REFUSED = 6    /* did not fit: payload larger than a slot, unknown format */
};

/* Header, 4096 bytes. Constant after creation up to byte 255; from 256 on the writer changes it. */
typedef struct mimir_ring_header {
    uint64_t magic;            /*   0 */
    uint16_t abi_major;        /*   8 */
    uint16_t abi_minor;        /*  10 */
    uint32_t header_bytes;     /*  12 = 4096 */
    uint64_t region_bytes;     /*  16 whole region */
    uint64_t region_id;        /*  24 random, never 0 */
    uint64_t host_clock_id;    /*  32 clock of items' times: top byte enum mimir_host_clock, rest a hash of its host */
    uint32_t source_id;        /*  40 small number of the source within its platform */
    uint32_t item_kind;        /*  44 enum mimir_item_kind */
    uint32_t slot_count;       /*  48 power of two */
    uint32_t slot_bytes;       /*  52 stride of descriptors, >= 128, multiple of 64 */
    uint64_t slots_offset;     /*  56 */
    uint64_t payload_offset;   /*  64 */
    uint64_t payload_stride;   /*  72 bytes reserved for the payload of one slot, multiple of 64; 0: no payload slab */
    uint32_t format_offset;    /*  80 */
    uint32_t format_capacity;  /*  84 entries that fit */
    uint32_t format_bytes;     /*  88 stride of entries, >= 256 */
    uint32_t backing;          /*  92 enum mimir_ring_backing */
    uint64_t predecessor;      /*  96 region id, 0 for the first */
    int64_t  created_ns;       /* 104 host clock */
    uint64_t reserved0[2];     /* 112 */
    char     name[MIMIR_RING_NAME_BYTES]; /* 128 source identity, UTF-8, NUL terminated */

    /* writer's hot line */
    uint64_t head;             /* 256 items committed so far = position of the next item; release store */
    uint32_t doorbell;         /* 264 futex word: changes before each wake-up */
    uint32_t state;            /* 268 enum mimir_ring_state */
    uint32_t epoch;            /* 272 1 for the first incarnation */
    uint32_t format_count;     /* 276 entries of the format table that are complete; release store */
    uint64_t payload_written;  /* 280 bytes of payload committed so far */
    uint64_t payload_copied;   /* 288 of these, bytes that the device wrote elsewhere and a copy brought here */
    int64_t  last_commit_ns;   /* 296 host_time_ns of the newest item */
    uint64_t successor;        /* 304 region id, set before state becomes SUCCEEDED */
    uint64_t woken;            /* 312 wake calls made, for the ledger */
    uint64_t evicted;          /* 320 LOSSLESS readers that held the writer up and lost their seat */
    uint64_t reserved1[7];     /* 328 */

    uint64_t drops[MIMIR_RING_DROP_REASONS]; /* 384 cumulative items lost at the source, by enum mimir_drop_reason */
    uint8_t  reserved2[3584];  /* 512 */
} mimir_ring_header;

/* One entry of the format table, 256 bytes; written once, then counted in header.format_count. formatId = index + 1. */
typedef struct mimir_ring_format {
    uint32_t format_id;        /*   0 index + 1 */
    uint32_t code;             /*   4 pixel or sample format, see docs/ring-abi.md */
    uint32_t planes;           /*   8 1..4 for frames; channels of planar audio share one stride, planes = 1 */
    uint32_t colour;           /*  12 YCbCr: 0 none, 1 BT.601 limited, 2 BT.601 full (JFIF), 3 BT.709 limited */
    uint32_t width;            /*  16 pixels; audio: channels */
    uint32_t height;           /*  20 pixels; audio: most sample frames in a block */
    uint32_t rate_num;         /*  24 frames per second, audio: sample frames per second, as a fraction */
    uint32_t rate_den;         /*  28 */
    uint64_t plane_offset[4];  /*  32 from the start of the payload */
    uint32_t stride_bytes[4];  /*  64 bytes between rows; audio: between channels */
    uint64_t payload_bytes;    /*  80 largest payload of this format */
    uint64_t device_tick_hz;   /*  88 rate of TICKS device time, 0 otherwise */
    uint8_t  reserved[160];    /*  96 */
} mimir_ring_format;

/*
 * Descriptor, 128 bytes: one item. `generation` is 2*position+1 while it is written, 2*position+2 once committed, 0
 * never used.
 */
typedef struct mimir_ring_descriptor {
    uint64_t generation;       /*   0 seqlock word */
    uint64_t sequence;         /*   8 number at its device; goes on across gaps, restarts only with an epoch */
    uint32_t epoch;            /*  16 */
    uint32_t source_id;        /*  20 */
    int64_t  host_time_ns;     /*  24 host clock when the item arrived; never rewritten */
    int64_t  device_time;      /*  32 raw device time; never rewritten */
    uint32_t device_clock;     /*  40 enum mimir_device_clock */
    uint32_t format_id;        /*  44 */
    uint32_t width;            /*  48 pixels; audio: channels */
    uint32_t height;           /*  52 pixels; audio: sample frames in this block */
    uint64_t payload_bytes;    /*  56 */
    uint32_t payload_kind;     /*  64 */
    uint32_t crc32c;           /*  68 of the payload (Castagnoli, RFC 3720 B.4), valid with MIMIR_FLAG_CRC */
    uint32_t flags;            /*  72 */
    uint32_t gap_items;        /*  76 with MIMIR_FLAG_GAP_BEFORE: how many are missing */
    uint64_t handle[3];        /*  80 see enum mimir_payload_kind; payload of kind INLINE begins here */
    uint64_t reserved[3];      /* 104 */
} mimir_ring_descriptor;

/* Seat of one LOSSLESS reader in the hints page, 128 bytes. */
typedef struct mimir_ring_seat {
    uint64_t token;            /*   0 0 free, else pid << 32 | number, taken by compare-and-set; top bit: evicted, its
                                      reader makes it free */
    uint64_t position;         /*   8 next item that the reader has not read; release store */
    uint8_t  reserved0[112];   /*  16 */
} mimir_ring_seat;

/* Hints page: readers write; the writer looks, clears marks and evicts. */
typedef struct mimir_ring_hints {
    uint64_t magic;            /*   0 */
    uint64_t region_id;        /*   8 */
    uint8_t  reserved0[112];   /*  16 */
    uint32_t waiters;          /* 128 not 0: somebody sleeps on the doorbell. The writer clears it first, THEN
                                      changes the doorbell, then wakes all: any other order loses wake-ups */
    uint32_t may_sleep;        /* 132 not 0: a reader of this region has slept once; until then a writer need not look
                                      at waiters, nor pay the fence before that look */
    uint8_t  reserved1[120];   /* 136 */
    uint32_t room;             /* 256 futex word of a writer that waits for LOSSLESS readers */
    uint32_t writer_waits;     /* 260 not 0: it sleeps on room. Readers clear it first, THEN change room, then wake */
    uint8_t  reserved2[248];   /* 264 */
    mimir_ring_seat seats[MIMIR_RING_SEATS]; /* 512 */
} mimir_ring_hints;

#ifdef __cplusplus
#define MIMIR_RING_ASSERT static_assert
#else
#define MIMIR_RING_ASSERT _Static_assert
#endif

MIMIR_RING_ASSERT(sizeof(mimir_ring_header) == MIMIR_RING_HEADER_BYTES, "header");
MIMIR_RING_ASSERT(offsetof(mimir_ring_header, name) == 128, "header.name");
MIMIR_RING_ASSERT(offsetof(mimir_ring_header, head) == 256, "header.head");
MIMIR_RING_ASSERT(offsetof(mimir_ring_header, drops) == 384, "header.drops");
MIMIR_RING_ASSERT(sizeof(mimir_ring_format) == MIMIR_RING_FORMAT_BYTES, "format");
MIMIR_RING_ASSERT(sizeof(mimir_ring_descriptor) == MIMIR_RING_SLOT_BYTES, "descriptor");
MIMIR_RING_ASSERT(offsetof(mimir_ring_descriptor, handle) == 80, "descriptor.handle");
MIMIR_RING_ASSERT(sizeof(mimir_ring_hints) == MIMIR_RING_HINTS_BYTES, "hints");
MIMIR_RING_ASSERT(offsetof(mimir_ring_hints, waiters) == 128, "hints.waiters");

#endif
