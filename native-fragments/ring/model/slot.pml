// SPDX-License-Identifier: Apache-2.0
/*
 * The sequence lock of a slot: claim, fill, commit, abort and batch against readers that may be overtaken at any load.
 * docs/ring-abi.md, "Writing" and "Reading". Two slots and ITEMS positions: each slot is written at least twice.
 *
 * An item is two words here, one of the descriptor and one of the payload, that are seen separately from the generation
 * and from each other. A reader's loads for one item may happen in every order that its fences allow: it makes all of
 * them, then judges. -DJAVA leaves out the first load of the generation, which mimir.ring does not need (head's acquire
 * stands for it) and the C reader makes.
 *
 * Readers write nothing here, so one of them, of either profile, stands for any number; -DREADERS_2 -DITEMS=3 runs two.
 *
 * Holds: what was released as whole is one item, the right one; nobody is called overtaken who is not; every position
 * is accounted for; a reader never finds a slot older than head promises.
 *
 * verify
 * verify JAVA
 * find FAULT_NO_FENCE_AFTER_MARK   the item may be seen before the odd generation: the writer's release fence
 * find FAULT_HEAD_RELAXED          head may be seen before the generation
 * find FAULT_LOOK_RELAXED          the reader's look at head holds no later load back
 * find FAULT_LOOK_RELAXED JAVA
 * find FAULT_NO_FENCE_AFTER_COPY   the second look at the generation may come before the copy: the first acquire fence
 * find FAULT_NO_SECOND_LOOK        the copied descriptor is believed unchecked
 * find FAULT_NO_FENCE_AFTER_USE    the last look may come before the payload was read: the second acquire fence
 * find FAULT_NO_THIRD_LOOK         a lease that was torn is taken for whole
 * find FAULT_PARITY_ONLY           the generation says "committed", nobody asks which item
 * find FAULT_ABORT_RESTORES        abort gives the slot its old generation back
 * long READERS_2 ITEMS=3
 */
#define SLOTS   2
#ifndef ITEMS
#define ITEMS   4
#endif
#define GENERATION 0
#define DESCRIPTOR 2
#define PAYLOAD    4
#define HEAD       6

#define CELLS   7
#define WRITERS 1
#define DEPTH   5
#include "memory.pml"

#define writing(p)   (2 * (p) + 1)
#define committed(p) (2 * (p) + 2)
#define word(p)      ((p) + 1)
#define GARBAGE      99

byte claims; /* one more than the newest position claimed */

proctype writer() {
    byte p;
    bit batched, aborted;
    do
    :: p < ITEMS ->
        claims = p + 1;
        store(0, GENERATION + p % SLOTS, writing(p));
#ifndef FAULT_NO_FENCE_AFTER_MARK
        fence(0);
#endif
        if
        :: !aborted -> /* a part is written, then the device gives up: the slot stays marked */
            store(0, PAYLOAD + p % SLOTS, GARBAGE);
            aborted = 1;
#ifdef FAULT_ABORT_RESTORES
            if
            :: p >= SLOTS -> store_release(0, GENERATION + p % SLOTS, committed(p - SLOTS))
            :: else
            fi
#endif
        :: true ->
            store(0, DESCRIPTOR + p % SLOTS, word(p));
            store(0, PAYLOAD + p % SLOTS, word(p));
            /* Twice secured: were this one relaxed, the release of head would still stand between item and reader. */
            store_release(0, GENERATION + p % SLOTS, committed(p));
            p++;
            if
            :: p < ITEMS && !batched -> batched = 1 /* a batch of two: one head for both */
            :: true ->
                batched = 0;
#ifdef FAULT_HEAD_RELAXED
                store(0, HEAD, p)
#else
                store_release(0, HEAD, p)
#endif
            fi
        fi
    :: else -> break
    od
}

/* What must have been loaded before. The loads: head, generation, copy, generation again, payload, generation again. */
#ifdef FAULT_LOOK_RELAXED
#define AFTER_LOOK true
#else
#define AFTER_LOOK got_head
#endif
#ifdef JAVA
#define AFTER_TAKE AFTER_LOOK
#else
#define AFTER_TAKE (AFTER_LOOK && got_first)
#endif
#ifdef FAULT_NO_FENCE_AFTER_COPY
#define AFTER_COPY AFTER_TAKE
#else
#define AFTER_COPY (AFTER_TAKE && got_copy)
#endif
#ifdef FAULT_NO_FENCE_AFTER_USE
#define AFTER_USE (AFTER_COPY && got_second)
#else
#define AFTER_USE (AFTER_COPY && got_second && got_use)
#endif

#ifdef FAULT_PARITY_ONLY
#define holds(g) (g % 2 == 0)
#else
#define holds(g) (g == committed(p))
#endif

proctype reader(bit latest) {
    byte p, delivered, overtaken, skipped;
    byte head, first, copy, second, use, third;
    bit got_head, got_first, got_copy, got_second, got_use, got_third;
    do
    :: p == ITEMS -> break
    :: p < ITEMS ->
        if
        :: latest -> /* its position comes from the head it loaded, so nothing can be loaded before */
            d_step {
                mem[HEAD] > p;
                head = mem[HEAD];
                got_head = 1;
                skipped = skipped + head - 1 - p;
                p = head - 1
            }
        :: else
        fi;
        do
        :: d_step { !got_head -> head = mem[HEAD]; got_head = 1 }
#ifdef JAVA
        :: d_step { AFTER_LOOK && !got_first -> first = committed(p); got_first = 1 }
#else
        :: d_step { AFTER_LOOK && !got_first -> first = mem[GENERATION + p % SLOTS]; got_first = 1 }
#endif
        :: d_step { AFTER_TAKE && !got_copy -> copy = mem[DESCRIPTOR + p % SLOTS]; got_copy = 1 }
        :: d_step { AFTER_COPY && got_first && !got_second -> second = mem[GENERATION + p % SLOTS]; got_second = 1 }
        :: d_step { AFTER_COPY && !got_use -> use = mem[PAYLOAD + p % SLOTS]; got_use = 1 }
        :: d_step { AFTER_USE && got_second && !got_third -> third = mem[GENERATION + p % SLOTS]; got_third = 1 }
        :: got_head && got_first && got_copy && got_second && got_use && got_third -> break
        od;
        skip; /* no loop may end in a d_step */
        d_step {
            if
            :: head <= p -> skip /* nothing new */
            :: else ->
#ifndef FAULT_PARITY_ONLY
                assert(first >= committed(p)); /* head said that it is there */
#endif
                if
#ifdef FAULT_NO_SECOND_LOOK
                :: holds(first) ->
#else
                :: holds(first) && holds(second) ->
#endif
                    assert(copy == word(p));
#ifndef FAULT_NO_THIRD_LOOK
                    if
                    :: holds(third) -> assert(use == word(p)); delivered++
                    :: else -> assert(claims > p + SLOTS); overtaken++
                    fi;
#else
                    assert(use == word(p));
                    delivered++;
#endif
                    p++
                :: else ->
                    assert(claims > p + SLOTS);
                    /* three quarters of the ring behind the head, one further at least */
                    if
                    :: head - SLOTS * 3 / 4 > p + 1 -> overtaken = overtaken + head - SLOTS * 3 / 4 - p;
                        p = head - SLOTS * 3 / 4
                    :: else -> overtaken++; p++
                    fi
                fi
            fi;
            got_head = 0; got_first = 0; got_copy = 0; got_second = 0; got_use = 0; got_third = 0;
            head = 0; first = 0; copy = 0; second = 0; use = 0; third = 0
        }
    od;
    assert(delivered + overtaken + skipped == ITEMS)
}

init {
    atomic {
        run drain(0);
        run writer();
#ifdef READERS_2
        run reader(0);
        run reader(1)
#else
        if
        :: run reader(0)
        :: run reader(1)
        fi
#endif
    }
}
