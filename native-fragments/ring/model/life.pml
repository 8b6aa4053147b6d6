// SPDX-License-Identifier: Apache-2.0
/*
 * The life of a source: a writer that ends or is killed in a claim, then nothing, or a further incarnation in the same
 * region, or a successor region that readers follow to. docs/ring-abi.md, "Life of a region". Two readers drain, a
 * third process looks into the format table. The generations of slots are slot.pml's business, sleeping doorbell.pml's.
 *
 * Holds: nobody is told an end before the last item committed ahead of that end; who follows finds the successor
 * complete, and has read everything of its predecessor; an entry of the format table is complete once it is counted;
 * a successor of a writer that died in a claim leaves no position out; all readers reach the end.
 *
 * verify
 * find FAULT_END_RELAXED         the end may be seen before the last item
 * find FAULT_STATE_LOOK_RELAXED  the reader's last look at head may come before its look at the state
 * find FAULT_NO_LAST_LOOK        the reader does not look at head again after it found the end
 * find FAULT_SUCCESSOR_LATE      the state says "succeeded" before the successor is named
 * find FAULT_SUCCEEDED_RELAXED   the state may be seen before the successor is named and made
 * find FAULT_FOLLOW_UNDRAINED    the reader follows as soon as there is a successor
 * find FAULT_FORMAT_RELAXED      an entry may be counted before it is complete
 * find FAULT_COUNT_LOOK_RELAXED  the entry may be loaded before the count
 * find FAULT_SKIP_CLAIMED        the next incarnation leaves out the position that the dead writer had claimed
 * long ITEMS=4
 */
#ifndef ITEMS
#define ITEMS 2 /* of the first incarnation, at most */
#endif
#define LIVE      1
#define SUCCEEDED 2
#define ENDED     3 /* the first time */
#define ENDED_AGAIN 4 /* one value in memory, two here: so that it is known which end a reader was told */

#define HEAD      0 /* two regions: old and new */
#define STATE     2
#define SUCCESSOR 4
#define MADE      5 /* the header of the new region */
#define ENTRY     6
#define COUNT     7
#define CELLS     8

#define WRITERS 1
#define DEPTH   4
#include "memory.pml"

byte committed[2]; /* items that the writers of a region published */
byte owed[5];      /* of these, before the end with this value of state */
bit finished;      /* nothing will change any more */

inline commit(region) {
    committed[region]++;
    store_release(0, HEAD + region, next)
}

inline end(region, value) {
    owed[value] = committed[region];
#ifdef FAULT_END_RELAXED
    store(0, STATE + region, value)
#else
    store_release(0, STATE + region, value)
#endif
}

inline succeed() {
    store(0, MADE, 1);
#ifdef FAULT_SUCCESSOR_LATE
    store_release(0, STATE, SUCCEEDED);
    store_release(0, SUCCESSOR, 1);
#else
    store(0, SUCCESSOR, 1);
#ifdef FAULT_SUCCEEDED_RELAXED
    store(0, STATE, SUCCEEDED);
#else
    store_release(0, STATE, SUCCEEDED);
#endif
#endif
    next = 1;
    commit(1);
    end(1, ENDED_AGAIN)
}

inline revive() {
    fence(0); /* the next incarnation attaches: it loads head */
    next = mem[HEAD];
#ifdef FAULT_SKIP_CLAIMED
    if
    :: claimed -> next++
    :: else
    fi;
#endif
    store(0, ENTRY, 1);
#ifdef FAULT_FORMAT_RELAXED
    store(0, COUNT, 1);
#else
    store_release(0, COUNT, 1);
#endif
    store_release(0, STATE, LIVE);
    next++;
    commit(0);
    end(0, ENDED_AGAIN)
}

/* The writers and the owner of the identity: one after the other, so one process. */
proctype source() {
    byte next;
    bit claimed;
    do
    :: next < ITEMS ->
        claimed = 1; /* and killed here, or it goes on */
        if
        :: true -> break
        :: true -> claimed = 0; next++; commit(0)
        fi
    :: break
    od;
    if
    :: end(0, ENDED); revive()
    :: end(0, ENDED); succeed()
    :: succeed() /* moved while it was live */
    :: end(0, ENDED)
    fi;
    fence(0);
    assert(committed[0] == mem[HEAD] && committed[1] == mem[HEAD + 1]);
    finished = 1
}

inline follow() {
    assert(p == committed[0]);
    assert(mem[SUCCESSOR] == 1);
    assert(mem[MADE] == 1);
    region = 1;
    p = 0
}

proctype reader() {
    byte region, p, state, head;
    do
    :: mem[HEAD + region] > p -> p++
#ifdef FAULT_FOLLOW_UNDRAINED
    :: region == 0 && mem[STATE] == SUCCEEDED -> follow()
#endif
    :: mem[HEAD + region] == p && mem[STATE + region] != LIVE ->
#ifdef FAULT_STATE_LOOK_RELAXED
        head = p; /* what it saw when it came here */
        state = mem[STATE + region];
#else
        state = mem[STATE + region];
#ifdef FAULT_NO_LAST_LOOK
        head = p;
#else
        head = mem[HEAD + region];
#endif
#endif
        if
        :: head != p || state == LIVE -> skip
        :: head == p && state >= ENDED ->
            assert(p >= owed[state]);
            if /* told the end; it stays for what may come */
            :: finished && mem[HEAD + region] == p && mem[STATE + region] == state -> break
            :: mem[HEAD + region] != p || mem[STATE + region] != state
            fi
        :: head == p && state == SUCCEEDED ->
            follow()
        fi;
        state = 0;
        head = 0
    od;
    assert(p == committed[region])
}

/* Looks at the table without having an item: stats, and readers of another process. */
proctype looker() {
    bit count, entry, got_count, got_entry;
    do
    :: d_step { !got_count -> count = mem[COUNT]; got_count = 1 }
#ifdef FAULT_COUNT_LOOK_RELAXED
    :: d_step { !got_entry -> entry = mem[ENTRY]; got_entry = 1 }
#else
    :: d_step { got_count && !got_entry -> entry = mem[ENTRY]; got_entry = 1 }
#endif
    :: got_count && got_entry -> break
    od;
    assert(!count || entry)
}

init {
    mem[STATE] = LIVE;
    mem[STATE + 1] = LIVE;
    atomic {
        run drain(0);
        run source();
        run reader();
        run reader();
        run looker()
    }
}
