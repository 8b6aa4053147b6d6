// SPDX-License-Identifier: Apache-2.0
/*
 * A native stage of analysis: C that looks at items of a ring where they lie and writes what it finds where it will be
 * read. A fragment exports one function, mimir_processor_find, which gives a table of functions for each stage that it
 * holds; a small Java class beside it calls them for each item (mimir.analysis.NativeProcessor).
 *
 * Threads: every function is called by one thread at a time for a state, not always the same one; each call sees what
 * the one before it wrote. Calls for different states run at once: a processor has no variables but its states.
 * Control functions (find, tail_bytes, create, set, destroy) may block and allocate. Item functions (due, process) must
 * not allocate, lock, log, make system calls or call back, and take a time that the sizes in the call bound.
 * Ownership: all memory in a call is the caller's and is valid during that call only. A state is the processor's; the
 * caller ends it with destroy, once, after the last call has returned.
 * Trust: `item` and `format` come from memory that anybody may have written. What is true is the lengths in `payload`,
 * `needs` and `results`: a processor compares every offset and size with them before it touches a byte. The bytes of
 * `payload` and `needs` may change while they are read (the writer of a ring waits for nobody): no value there may
 * decide where a processor writes or how long it runs, unless it is read once and checked. What comes of such an item
 * is discarded by the caller, who says so with `forget` in the next call.
 * Errors: 0 or a positive result is success; negative errno values are not: the item then has no result.
 * Misuse: a table without create, process or destroy, a state that is NULL, sizes and spans that cannot be are refused
 * with a sentence. After each call the caller looks at `reserved`, at words beyond the call, and at the word behind
 * each result where its slot has one: who wrote there is told so, and disabled like one who fails.
 */
#ifndef MIMIR_PROCESSOR_H
#define MIMIR_PROCESSOR_H

#include "mimir_ring_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define MIMIR_PROCESSOR_API __declspec(dllexport)
#else
#define MIMIR_PROCESSOR_API __attribute__((visibility("default")))
#endif

#define MIMIR_PROCESSOR_ABI  1u /* another number: another layout of what stands below */
#define MIMIR_PROCESSOR_MOST 4u /* needs, and results, of one processor */

typedef struct mimir_processor_input {
    const void *at;  /* 8-byte aligned; NULL: not there */
    uint64_t bytes;
} mimir_processor_input;

typedef struct mimir_processor_output {
    void *at;            /* first field, 8-byte aligned, fields all zero; the tail follows them. NULL: not wanted */
    uint64_t bytes;      /* fields and tail */
    uint64_t tail_bytes; /* set by `due`: bytes of tail that the result of this item wants */
} mimir_processor_output;

/* One item. Every word below `format` has eight bytes, so that the Java twin is a list of offsets. */
typedef struct mimir_processor_call {
    mimir_ring_descriptor item;                          /*   0 a private copy: sequence, epoch, times, sizes, flags */
    mimir_ring_format format;                            /* 128 its entry of the format table */
    mimir_processor_input payload;                       /* 384 */
    mimir_processor_input needs[MIMIR_PROCESSOR_MOST];   /* 400 results of other stages for this item, in their order */
    mimir_processor_output results[MIMIR_PROCESSOR_MOST]; /* 464 */
    uint64_t forget;      /* 560 not 0: nothing that earlier calls left in the state may be used (first item, or the
                                 one before was overwritten while it was looked at) */
    uint64_t missed;      /* 568 items of the source that were passed over since the last call */
    int64_t  span_first;  /* 576 set by `process`, audio: device time of the first sample frame that results cover */
    uint64_t span_frames; /* 584 set by `process`, audio: how many sample frames they cover; 0: just the item */
    uint64_t reserved[6]; /* 592 */
} mimir_processor_call;

typedef struct mimir_processor {
    uint32_t abi;     /* MIMIR_PROCESSOR_ABI */
    uint32_t bytes;   /* sizeof this */
    const char *name; /* as mimir_processor_find knows it */

    /* Control. Most bytes of tail that result `result` can have for items of `format`; NULL: none has a tail. */
    uint64_t (*tail_bytes)(const mimir_ring_format *format, uint32_t result);

    /*
     * Control. Makes a state for items of `format`, with all memory that it will ever need, and default parameters.
     * 0, -EINVAL (cannot work with such items), -ENOMEM, -ENOENT (a library that it would load is not here).
     */
    int (*create)(const mimir_ring_format *format, void **state);

    /* Control, before the first item. 0, -ENOENT (no such parameter), -ERANGE (not a value that it can have). */
    int (*set)(void *state, const char *parameter, double value);

    /*
     * Item. Says which results `process` will write for this item: a bit for each, bit 0 for results[0], and sets
     * their `tail_bytes`. `results[].at` is not set yet. Changes nothing in the state. Negative: as process. NULL: all,
     * always, without tails.
     */
    int (*due)(const void *state, mimir_processor_call *call);

    /*
     * Item. Looks at it and fills the results whose `at` is not NULL. 0, -EINVAL (a size does not fit the lengths or
     * the format that the state was made for; nothing was read beyond them).
     */
    int (*process)(void *state, mimir_processor_call *call);

    /* Control. Frees the state; NULL is allowed. */
    void (*destroy)(void *state);
} mimir_processor;

/* Control. The processor of that name, valid as long as the library is loaded, or NULL. */
MIMIR_PROCESSOR_API const mimir_processor *mimir_processor_find(const char *name);

MIMIR_RING_ASSERT(offsetof(mimir_processor_call, format) == 128, "call.format");
MIMIR_RING_ASSERT(offsetof(mimir_processor_call, payload) == 384, "call.payload");
MIMIR_RING_ASSERT(offsetof(mimir_processor_call, needs) == 400, "call.needs");
MIMIR_RING_ASSERT(offsetof(mimir_processor_call, results) == 464, "call.results");
MIMIR_RING_ASSERT(offsetof(mimir_processor_call, forget) == 560, "call.forget");
MIMIR_RING_ASSERT(sizeof(mimir_processor_call) == 640, "call");
MIMIR_RING_ASSERT(sizeof(mimir_processor) == 64, "processor");

#ifdef __cplusplus
}
#endif
#endif
