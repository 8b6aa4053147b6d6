// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import mimir.bench.NativeCode;
import mimir.bench.handoff.Observer;

/** A POSIX message queue: every event a call on both sides. */
final class QueueWire implements Wire {
    private static final int BYTES = 8 * Observer.WORDS;
    private static final long MOST = 128;
    private static final int WINDOW = 16; // two queues of ten, which is all that a process without privileges gets
    private static final MethodHandle OPEN = NativeCode.function("bench_queue_open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SEND = NativeCode.function("bench_queue_send",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle RECEIVE = NativeCode.function("bench_queue_receive",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = NativeCode.function("bench_queue_close",
            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS));

    @Override
    public Outlet outlet(Path folder, String name, Wait wait) {
        return new Queue(folder, name);
    }

    @Override
    public Inlet inlet(Path folder, String name, Wait wait) {
        return new Queue(folder, name);
    }

    @Override
    public int window() {
        return WINDOW;
    }

    /** Either end. Confined to its thread. */
    private static final class Queue implements Outlet, Inlet {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment name;
        private final MemorySegment event = arena.allocate(BYTES, 8);
        private final int queue;

        Queue(Path folder, String called) {
            name = arena.allocateFrom("/" + folder.getFileName() + "." + called);
            try {
                queue = (int) OPEN.invokeExact(name, MOST, (long) BYTES);
            } catch (Throwable e) {
                throw failed(e);
            }
            check(queue);
        }

        private static IllegalStateException failed(Throwable e) {
            return new IllegalStateException("a message queue failed", e);
        }

        private static void check(long result) {
            if (result < 0) {
                throw new IllegalStateException("a message queue failed with error " + -result);
            }
        }

        @Override
        public void put(long sequence, long timeNs) {
            event.set(JAVA_LONG, 0, sequence);
            event.set(JAVA_LONG, 8, timeNs);
            for (int word = 2; word < Observer.WORDS; word++) {
                event.set(JAVA_LONG, 8L * word, Observer.word(sequence, word));
            }
            try {
                check((long) SEND.invokeExact(queue, event, (long) BYTES));
            } catch (Throwable e) {
                throw failed(e);
            }
        }

        @Override
        public int take(Observer observer) {
            try {
                check((long) RECEIVE.invokeExact(queue, event, (long) BYTES));
            } catch (Throwable e) {
                throw failed(e);
            }
            observer.take(event.get(JAVA_LONG, 0), event.get(JAVA_LONG, 8), event.get(JAVA_LONG, 16)
                    + event.get(JAVA_LONG, 24) + event.get(JAVA_LONG, 32) + event.get(JAVA_LONG, 40)
                    + event.get(JAVA_LONG, 48) + event.get(JAVA_LONG, 56));
            return 1;
        }

        @Override
        public void await() {
            Thread.onSpinWait(); // receiving blocks
        }

        @Override
        public void close() {
            try {
                CLOSE.invokeExact(queue, name);
            } catch (Throwable e) {
                throw failed(e);
            }
            arena.close();
        }
    }
}
