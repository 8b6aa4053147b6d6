// SPDX-License-Identifier: Apache-2.0
/*
 * Weak memory for the models of this folder; Promela alone knows only sequential consistency.
 *
 * Stores: each process has a buffer, which a process of its own empties. A plain or relaxed store may leave it before
 * older ones to other cells, a release store only as the oldest; one cell never sees two stores of a process turned
 * round. Loads: a process reads memory while its own stores still stand in the buffer. That is C11 and Java on machines
 * that show a store to all others at once (x86, ARMv8, RISC-V), without speculation of values. Loads that may pass one
 * another are written as such in the model that needs them.
 *
 * A model says CELLS, WRITERS (processes with a buffer) and DEPTH, then includes this file.
 */
#define PLAIN   0
#define RELEASE 1

typedef Store {
    byte cell;
    byte value;
    bit order
}
typedef Buffer {
    Store store[DEPTH];
    byte stores
}

byte mem[CELLS];
Buffer buffer[WRITERS];

inline put(who, the_cell, the_value, the_order) {
    d_step {
        buffer[who].stores < DEPTH ->
        buffer[who].store[buffer[who].stores].cell = the_cell;
        buffer[who].store[buffer[who].stores].value = the_value;
        buffer[who].store[buffer[who].stores].order = the_order;
        buffer[who].stores++
    }
}

#define store(who, the_cell, the_value)         put(who, the_cell, the_value, PLAIN)
#define store_release(who, the_cell, the_value) put(who, the_cell, the_value, RELEASE)

/* All stores before it are out: what a release fence does to stores, and a full fence to stores and later loads. */
#define fence(who) (buffer[who].stores == 0)

/* May store `at` leave? */
#define alone(who, at) \
    ((at < 1 || buffer[who].store[at].cell != buffer[who].store[0].cell) && \
     (at < 2 || buffer[who].store[at].cell != buffer[who].store[1 % DEPTH].cell) && \
     (at < 3 || buffer[who].store[at].cell != buffer[who].store[2 % DEPTH].cell) && \
     (at < 4 || buffer[who].store[at].cell != buffer[who].store[3 % DEPTH].cell))
#define leaves(who, at) \
    (at < buffer[who].stores && (at == 0 || (buffer[who].store[at].order == PLAIN && alone(who, at))))

inline leave(who, at) {
    mem[buffer[who].store[at].cell] = buffer[who].store[at].value;
    i = at;
    do
    :: i + 1 < buffer[who].stores ->
        buffer[who].store[i].cell = buffer[who].store[i + 1].cell;
        buffer[who].store[i].value = buffer[who].store[i + 1].value;
        buffer[who].store[i].order = buffer[who].store[i + 1].order;
        i++
    :: else -> break
    od;
    buffer[who].stores--;
    buffer[who].store[buffer[who].stores].cell = 0;
    buffer[who].store[buffer[who].stores].value = 0;
    buffer[who].store[buffer[who].stores].order = 0;
    i = 0
}

proctype drain(byte who) {
    byte i;
end:
    do
    :: d_step { leaves(who, 0) -> leave(who, 0) }
#if DEPTH > 1
    :: d_step { leaves(who, 1) -> leave(who, 1) }
#endif
#if DEPTH > 2
    :: d_step { leaves(who, 2) -> leave(who, 2) }
#endif
#if DEPTH > 3
    :: d_step { leaves(who, 3) -> leave(who, 3) }
#endif
#if DEPTH > 4
    :: d_step { leaves(who, 4) -> leave(who, 4) }
#endif
    od
}
