// SPDX-License-Identifier: Apache-2.0
package mimir.bench.wake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mimir.bench.handoff.Observer;

/** The cheapest publication that Java allows, eight words and a release, then {@code unpark} for each who waits. */
final class UnparkWakeful implements Wakeful {
    private static final VarHandle HEAD;
    private static final int SLOTS = 4096;
    private static final long TENTH_NS = 100_000_000;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(UnparkWakeful.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[][] slots = new long[SLOTS][Observer.WORDS];
    private final List<Parking> receivers = new ArrayList<>();
    private long head;

    @Override
    public void publish(long sequence) {
        var event = slots[(int) sequence & SLOTS - 1];
        event[0] = sequence;
        for (int word = 2; word < Observer.WORDS; word++) {
            event[word] = Observer.word(sequence, word);
        }
        HEAD.setRelease(this, sequence + 1);
        for (int i = 0; i < receivers.size(); i++) {
            LockSupport.unpark(receivers.get(i).thread);
        }
    }

    @Override
    public Receiver receiver() {
        var receiver = new Parking();
        receivers.add(receiver);
        return receiver;
    }

    @Override
    public void close() {
        receivers.clear();
    }

    /** Confined to its thread, but for {@link #end}. */
    private final class Parking implements Receiver {
        private volatile Thread thread;
        private long seen;
        private long sum;

        @Override
        public void await() {
            if (thread == null) {
                thread = Thread.currentThread();
            }
            if ((long) HEAD.getAcquire(UnparkWakeful.this) == seen) {
                LockSupport.parkNanos(UnparkWakeful.this, TENTH_NS);
            }
            long now = (long) HEAD.getAcquire(UnparkWakeful.this);
            for (; seen < now; seen++) {
                sum += slots[(int) seen & SLOTS - 1][0];
            }
        }

        @Override
        public void end() {
            LockSupport.unpark(thread);
        }

        @Override
        public String toString() {
            return "sum of sequences " + sum;
        }
    }
}
