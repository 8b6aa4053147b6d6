// SPDX-License-Identifier: Apache-2.0
/*
 * Falling asleep and being woken: one writer, the platform, which rings the same bell, and two readers that share a
 * mark. docs/ring-abi.md, "Sleeping". Memory is weak in its stores (memory.pml): without full fences a mark or a head
 * can still stand in a store buffer while its process looks at the other word.
 *
 * Holds: nobody sleeps for ever while there is something to read (a lost wake-up is an invalid end state), the doorbell
 * changes for a mark only (each mark costs one ring at most) or for the platform.
 *
 * A writer looks at the mark, and pays the fence before it, only once a reader has said that it may sleep. The item that
 * it is publishing meanwhile may miss that word while its head stands in the store buffer. So the first sleep is a short
 * one: here it lasts until the stores are out that stood in the buffer when the word came out.
 *
 * verify                  both readers have said long ago that they sleep
 * verify ANNOUNCE ALONE   one that says so now
 * verify NEAR ITEMS=1     one of them sleeps by the futex of the writer's process, with a mark of its own
 * verify COUNT ITEMS=3
 * find FAULT_NO_FENCE_BEFORE_WAITERS  the writer looks at the mark while its head stands in the store buffer
 * find FAULT_NO_FENCE_AFTER_MARK      the reader looks at head while its mark stands in the store buffer
 * find FAULT_NO_SECOND_LOOK           the reader sleeps without looking again after it marked itself
 * find FAULT_BELL_LOADED_LATE         the doorbell is loaded after the mark was set: its acquire weakened
 * find FAULT_FIRST_SLEEP_LONG ANNOUNCE ALONE  the first sleep has no bound
 * find FAULT_NOT_ANNOUNCED ANNOUNCE ALONE  the reader sleeps without a word
 * find FAULT_ONE_MARK_LOOKED_AT NEAR  the writer looks at the second mark only where the first was not set
 * find FAULT_CLEAR_AFTER_BELL         the writer clears the mark after it changed the doorbell
 * find FAULT_CLEAR_RELAXED            the clearing may leave after the doorbell's change: both weakened
 * find FAULT_BELL_UNCHANGED           the writer wakes without changing the doorbell
 * find FAULT_MARK_NEVER_CLEARED COUNT ITEMS=3  each later item rings again
 * long ANNOUNCE            both say so now
 * long NEAR
 * long NEAR ANNOUNCE
 * long ITEMS=3
 */
#ifndef ITEMS
#define ITEMS 2
#endif
#if defined(COUNT) || defined(ALONE)
#define READERS 1
#else
#define READERS 2
#endif

#define HEAD     0
#define WAITERS  1
#define DOORBELL 2
#define ATTENTION 3 /* what the platform rings for: an end, a successor */
#define MAY_SLEEP 4
#define NEAR_WAITERS 5
#define CELLS    6
#ifdef NEAR
#define mark_of(me) (me == 0 -> WAITERS : NEAR_WAITERS)
#else
#define mark_of(me) WAITERS
#endif

#define WRITER   0
#define FIRST_READER 1
#define WRITERS  (1 + READERS)
#define DEPTH    2
#include "memory.pml"

bit asleep[READERS];
#ifdef COUNT
byte marks, rings;
#define count_mark() marks++
#define count_ring() rings++; assert(rings <= marks)
#else
#define count_mark() skip
#define count_ring() skip
#endif

/* The system compares and falls asleep in one step. */
inline futex_wait(me, seen) {
    atomic {
        if
        :: mem[DOORBELL] == seen -> asleep[me] = 1
        :: else
        fi
    };
    !asleep[me]
}

inline futex_wake() {
    d_step { asleep[0] = 0; asleep[READERS - 1] = 0 }
}

/* A read-modify-write with release or more: all own stores before it are out. */
inline ring_bell(who) {
    atomic { fence(who); mem[DOORBELL]++ }
}

inline clear_mark(who) {
#ifdef FAULT_CLEAR_RELAXED
    store(who, WAITERS, 0)
#else
    atomic { fence(who); mem[WAITERS] = 0 }
#endif
}

#ifdef NEAR
/* Both marks are looked at, each is cleared by itself; one ring of the bell, and each futex only if its mark was set. */
inline publish_and_wake() {
    store_release(WRITER, HEAD, p);
    if
    :: mem[MAY_SLEEP] == 0 -> goto published
    :: else -> skip
    fi;
    fence(WRITER);
    atomic { fence(WRITER); near = mem[NEAR_WAITERS]; mem[NEAR_WAITERS] = 0 };
#ifdef FAULT_ONE_MARK_LOOKED_AT
    far = mem[WAITERS] && !near;
#else
    far = mem[WAITERS];
#endif
    if
    :: far -> clear_mark(WRITER)
    :: else
    fi;
    if
    :: near || far -> ring_bell(WRITER)
    :: else
    fi;
    if
    :: near -> asleep[1] = 0
    :: else
    fi;
    if
    :: far -> asleep[0] = 0
    :: else
    fi;
    d_step { near = 0; far = 0 };
published:
    skip
}
#else
inline publish_and_wake() {
    store_release(WRITER, HEAD, p);
    if
    :: mem[MAY_SLEEP] == 0 -> goto published
    :: else -> skip
    fi;
#ifndef FAULT_NO_FENCE_BEFORE_WAITERS
    fence(WRITER);
#endif
    if
    :: mem[WAITERS] != 0 ->
        d_step { count_ring() };
#ifdef FAULT_CLEAR_AFTER_BELL
        ring_bell(WRITER);
        clear_mark(WRITER);
#else
#ifndef FAULT_MARK_NEVER_CLEARED
        clear_mark(WRITER);
#endif
#ifdef FAULT_CLEAR_RELAXED
        atomic { mem[DOORBELL]++ }; /* relaxed as well: it overtakes the clearing */
#else
#ifndef FAULT_BELL_UNCHANGED
        ring_bell(WRITER);
#endif
#endif
#endif
        futex_wake()
    :: else -> skip
    fi;
published:
    skip
}
#endif

proctype writer() {
    byte p;
#ifdef NEAR
    bit near, far;
#endif
    do
    :: p < ITEMS ->
        p++;
        publish_and_wake()
    :: else -> break
    od
}

/* Rings whether or not somebody is marked. */
proctype platform() {
    mem[ATTENTION] = 1; /* it looks at nothing, and each of its steps waits for the one before: no buffer */
    mem[NEAR_WAITERS] = 0;
    mem[WAITERS] = 0;
    mem[DOORBELL]++;
    futex_wake()
}

#define something (mem[HEAD] > p || (mem[ATTENTION] && !told))

proctype reader(byte me) {
    byte p, seen;
    bit told, said, calm;
#ifndef ANNOUNCE
    said = 1; calm = 1;
#endif
    do
    :: p == ITEMS && told -> break
    :: else ->
        if
        :: something -> skip
        :: else ->
#ifndef FAULT_NOT_ANNOUNCED
            if
            :: !said -> store(FIRST_READER + me, MAY_SLEEP, 1); fence(FIRST_READER + me); said = 1
            :: else
            fi;
#endif
#ifdef FAULT_BELL_LOADED_LATE
            atomic { store(FIRST_READER + me, mark_of(me), 1); count_mark() };
            fence(FIRST_READER + me);
            seen = mem[DOORBELL];
#else
            seen = mem[DOORBELL];
            atomic { store(FIRST_READER + me, mark_of(me), 1); count_mark() };
#ifndef FAULT_NO_FENCE_AFTER_MARK
            fence(FIRST_READER + me);
#endif
#endif
            if
#ifndef FAULT_NO_SECOND_LOOK
            :: something -> skip
#endif
            :: else ->
#ifndef FAULT_FIRST_SLEEP_LONG
                if
                :: !calm -> fence(WRITER); calm = 1
                :: else -> futex_wait(me, seen)
                fi
#else
                futex_wait(me, seen)
#endif
            fi
        fi;
        d_step {
            if
            :: mem[ATTENTION] -> told = 1
            :: else
            fi;
            p = mem[HEAD];
            seen = 0
        }
    od
}

init {
    atomic {
#ifndef ANNOUNCE
        mem[MAY_SLEEP] = 1;
#endif
        run drain(WRITER);
        run drain(FIRST_READER);
        run writer();
        run platform();
        run reader(0);
#if READERS > 1
        run drain(FIRST_READER + 1);
        run reader(1)
#endif
    }
}
