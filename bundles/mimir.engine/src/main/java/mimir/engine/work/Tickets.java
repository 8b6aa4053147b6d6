// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One ticket for each strand in the queue of a pool; a thread takes a strand only with a ticket. One word holds both
 * the threads that wait, a bit each, and the tickets that nobody waited for, and never both are there at once. So a
 * ticket goes either to a thread that waits, which its giver then wakes, or to the next thread that asks: no wake is
 * lost, and none is in vain. Thread-safe; nothing allocates or blocks.
 */
final class Tickets {
    /** Most threads that can wait. */
    static final int THREADS = 32;

    private static final VarHandle WORD;
    private static final long ONE = 1L << THREADS; // above it: tickets; below: a bit for each thread that waits
    private static final long WAITING = ONE - 1;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Tickets.class, "word", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long word; // through WORD only

    /** Gives a ticket: to the thread that is returned and must be woken, or, -1, to whoever asks next. */
    int give() {
        while (true) {
            long seen = (long) WORD.getVolatile(this);
            long first = Long.lowestOneBit(seen & WAITING);
            if (WORD.compareAndSet(this, seen, first == 0 ? seen + ONE : seen ^ first)) {
                return first == 0 ? -1 : Long.numberOfTrailingZeros(first);
            }
        }
    }

    /** Takes a ticket; false when there is none: then the thread waits as long as {@link #waits} says so. */
    boolean take(int thread) {
        while (true) {
            long seen = (long) WORD.getVolatile(this);
            boolean there = seen >>> THREADS != 0;
            if (WORD.compareAndSet(this, seen, there ? seen - ONE : seen | 1L << thread)) {
                return there;
            }
        }
    }

    /** True until the thread is given a ticket. */
    boolean waits(int thread) {
        return ((long) WORD.getVolatile(this) & 1L << thread) != 0;
    }

    /** The thread waits no more; false when it was given a ticket meanwhile. */
    boolean leave(int thread) {
        long bit = 1L << thread;
        return ((long) WORD.getAndBitwiseAnd(this, ~bit) & bit) != 0;
    }
}
