// SPDX-License-Identifier: Apache-2.0
/*
 * The gate of LOSSLESS readers: a writer that may wait, and readers that take a seat, publish their position and give
 * the seat back, or stall and lose it. docs/ring-abi.md, "Lossless". One slot is enough: what counts is the distance of
 * the writer from its limit. Two seats in the hints page, or one that both want (SHARED_SEAT).
 *
 * Holds: who has a seat is not overtaken, not even while it joins; nobody waits for ever (a lost wake-up of the writer
 * is an invalid end state); a reader that is dead costs no more than its eviction; an evicted reader that wakes up
 * again does no harm to whoever sits there now.
 *
 * verify
 * verify SHARED_SEAT
 * find FAULT_SCAN_WITHOUT_FENCE  the writer looks for seats while its head stands in the store buffer
 * find FAULT_JOIN_WITHOUT_FENCE  the reader looks at head again while its token stands in the store buffer
 * find FAULT_JOIN_LOOKS_ONCE     the reader starts at the head that it saw before it had its seat
 * find FAULT_LEAVE_SILENT        a reader gives its seat back and wakes nobody
 * find FAULT_IDLE_SILENT         a reader that finds nothing new keeps its position to itself
 * find FAULT_PUBLISH_NO_FENCE    it looks whether the writer waits while its position stands in the store buffer
 * find FAULT_PARK_NO_FENCE       the writer looks at positions while "I wait" stands in the store buffer
 * find FAULT_PARK_WITHOUT_LOOK   the writer parks without looking again
 * find FAULT_ROOM_LOADED_LATE    the word to sleep on is loaded after the last look
 * find FAULT_WAITS_CLEARED_LATE  the reader clears "I wait" after it changed the word
 * find FAULT_ROOM_UNCHANGED      the reader wakes without changing the word
 * find FAULT_POSITION_EARLY      the position may be seen before the item was read: its release weakened
 * find FAULT_LIMIT_EQUAL SHARED_SEAT ITEMS=4  full when the limit is reached, not when it fell below
 * find FAULT_NO_EVICTION         the writer waits for the dead
 * find FAULT_SEAT_FREED SHARED_SEAT  eviction frees the seat of a reader that lives
 * find FAULT_SEAT_SHOWN_EARLY SHARED_SEAT  a seat is taken while the position there is still another reader's
 * long ITEMS=3
 */
#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef SLOTS
#define SLOTS 1
#endif
#define FREE  0
#define GONE  9 /* evicted: free again when its reader says so */
#define HELD  8 /* reserved: its position is not there yet; in the code the same as evicted */

#define HEAD     0
#define TOKEN    1
#define POSITION 3
#define WAITS    5
#define ROOM     6
#define CELLS    7

#define WRITER  0
#define WRITERS 3
#define DEPTH   3
#include "memory.pml"

#ifdef SHARED_SEAT
#define SEATS 1
#define seat  0
#else
#define SEATS 2
#define seat  me
#endif

byte claims;      /* one more than the newest position claimed */
bit asleep, done; /* of the writer */
bit stalled[2];   /* readers that died, or that a scheduler forgot */
bit late[SEATS];  /* the patience with a seat has run out, at the item that the writer waits for */

#define mine(me) (mem[TOKEN + seat] == (me) + 1)
#define taken(the_seat) (mem[TOKEN + (the_seat)] != FREE && mem[TOKEN + (the_seat)] < HELD)

inline scan() {
    low = p;
    s = 0;
    do
    :: s < SEATS ->
        if
        :: taken(s) ->
            d_step {
                if
                :: mem[POSITION + s] < low -> low = mem[POSITION + s]
                :: else
                fi
            }
        :: else
        fi;
        s++
    :: else -> break
    od;
    atomic { limit = low + SLOTS; low = 0; s = 0 }
}

#ifdef FAULT_LIMIT_EQUAL
#define full (p == limit)
#else
#define full (p >= limit)
#endif

#define holds(the_seat) (taken(the_seat) && mem[POSITION + (the_seat)] + SLOTS <= p)

/* It loses patience with a seat only while one who stalls sits there, and takes the seat from whoever does then. */
inline lose_patience(the_seat) {
    d_step { holds(the_seat) && !late[the_seat] && stalled[mem[TOKEN + the_seat] - 1] -> late[the_seat] = 1 }
}

inline evict(the_seat) {
    d_step {
        holds(the_seat) && late[the_seat] ->
        assert(stalled[mem[TOKEN + the_seat] - 1]);
#ifdef FAULT_SEAT_FREED
        mem[TOKEN + the_seat] = FREE
#else
        mem[TOKEN + the_seat] = GONE
#endif
    }
}

/* The count of an item ends with it, and where a look finds that a seat does not hold it up. */
inline forget_count(the_seat) {
    d_step { late[the_seat] = 0 }
}

inline wait_for_room() {
#ifndef FAULT_ROOM_LOADED_LATE
    seen = mem[ROOM];
#endif
    store(WRITER, WAITS, 1);
#ifndef FAULT_PARK_NO_FENCE
    fence(WRITER);
#endif
#ifndef FAULT_PARK_WITHOUT_LOOK
    scan();
#endif
#ifdef FAULT_ROOM_LOADED_LATE
    seen = mem[ROOM];
#endif
    if
    :: !full -> skip
    :: else ->
        atomic {
            if
            :: mem[ROOM] == seen -> asleep = 1
            :: else
            fi
        };
        if
        :: !asleep
#ifndef FAULT_NO_EVICTION
        :: lose_patience(0) -> asleep = 0
        :: evict(0) -> asleep = 0
#ifndef SHARED_SEAT
        :: lose_patience(1) -> asleep = 0
        :: evict(1) -> asleep = 0
#endif
#endif
        fi
    fi;
    store(WRITER, WAITS, 0);
    seen = 0
}

proctype writer() {
    byte p, limit, low, s, seen;
    limit = SLOTS;
    do
    :: p == ITEMS -> break
    :: p < ITEMS && !full ->
        claims = p + 1;
        forget_count(0);
#ifndef SHARED_SEAT
        forget_count(1);
#endif
        p++;
        store_release(WRITER, HEAD, p)
    :: p < ITEMS && full ->
#ifndef FAULT_SCAN_WITHOUT_FENCE
        fence(WRITER);
#endif
        scan();
        if
        :: full -> wait_for_room(); scan()
        :: else
        fi
    od;
    fence(WRITER);
    done = 1
}

/* Clears the mark, changes the word, wakes: whoever set the mark before has loaded the former word. */
inline wake_writer() {
    if
    :: mem[WAITS] != 0 ->
#ifdef FAULT_WAITS_CLEARED_LATE
        mem[ROOM]++;
        asleep = 0;
        mem[WAITS] = 0
#else
        atomic {
            if
            :: mem[WAITS] != 0 -> mem[WAITS] = 0; mine_to_wake = 1
            :: else
            fi
        };
        if
        :: mine_to_wake ->
            mine_to_wake = 0;
#ifndef FAULT_ROOM_UNCHANGED
            mem[ROOM]++;
#endif
            asleep = 0
        :: else
        fi
#endif
    :: else
    fi
}

inline publish() {
    if
    :: mine(me) ->
        store_release(1 + me, POSITION + seat, p);
#ifndef FAULT_PUBLISH_NO_FENCE
        fence(1 + me);
#endif
        wake_writer()
    :: else
    fi
}

inline join() {
#ifdef SHARED_SEAT
#ifdef FAULT_SEAT_SHOWN_EARLY
    atomic { mem[TOKEN + seat] == FREE -> mem[TOKEN + seat] = me + 1 };
#else
    atomic { mem[TOKEN + seat] == FREE -> mem[TOKEN + seat] = HELD };
#endif
#endif
    p = mem[HEAD];
    store_release(1 + me, POSITION + seat, p);
#ifndef FAULT_SEAT_SHOWN_EARLY /* let the exchange be as weak as a store */
    store_release(1 + me, TOKEN + seat, me + 1);
#endif
#ifndef FAULT_JOIN_WITHOUT_FENCE
    fence(1 + me);
#endif
#ifndef FAULT_JOIN_LOOKS_ONCE
    p = mem[HEAD];
#endif
    store_release(1 + me, POSITION + seat, p) /* whom it may have stopped for a moment, its next position wakes */
}

inline leave_seat() {
    fence(1 + me);
    if
    :: mine(me) || mem[TOKEN + seat] == GONE -> mem[TOKEN + seat] = FREE
    :: else
    fi;
#ifndef FAULT_LEAVE_SILENT
    wake_writer()
#endif
}

/* It stops for as long as it likes, or for ever. */
inline may_stall() {
    if
    :: me == 1 && !stalled[me] ->
        stalled[me] = 1;
        if
        :: true -> goto dead
#ifdef SHARED_SEAT
        :: true -> skip /* wakes up, and may be evicted at its very next step */
#else
        :: mem[TOKEN + seat] != me + 1 -> skip /* wakes up, evicted */
#endif
        fi
    :: true
    fi
}

#define kept (!mine(me) || claims <= p + SLOTS)

proctype reader(byte me) {
    byte p;
    bit mine_to_wake;
end_without_seat:
    join();
    do
    :: mem[HEAD] > p ->
        assert(kept);
#ifdef FAULT_POSITION_EARLY
        p++;
        publish();
        p--;
#endif
        may_stall();
        assert(kept); /* the item is read */
        p++;
#ifndef FAULT_POSITION_EARLY
        if
        :: publish()
        :: me == 0 /* not each time */
        fi
#endif
    :: mem[HEAD] <= p && !done ->
#ifndef FAULT_IDLE_SILENT
        publish();
#endif
        (mem[HEAD] > p || done)
    :: mem[HEAD] <= p && done -> break
    :: me == 1 -> break /* has seen enough */
    od;
    leave_seat();
dead:
    skip
}

init {
    atomic {
        run drain(WRITER);
        run drain(1);
        run drain(2);
        run writer();
        run reader(0);
        run reader(1)
    }
}
