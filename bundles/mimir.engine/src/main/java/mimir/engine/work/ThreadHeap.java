// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The part of malloc's memory that serves one thread. When a collection stops a thread, the JVM walks the stack of that
 * thread in it and asks malloc for its notes; where malloc has not used a page before, the thread waits for the system
 * to make one. Media threads have such pages made when they begin.
 */
final class ThreadHeap {
    /** More than the JVM's notes need, and less than what malloc gives back to the system or maps apart (128 KiB). */
    static final long TOUCHED_BYTES = 64 << 10;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MH$malloc = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("malloc"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MH$free = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private ThreadHeap() {
    }

    /** Has {@link #TOUCHED_BYTES} made for the calling thread; takes some tens of microseconds, holds nothing after. */
    static void touch() {
        try {
            var taken = (MemorySegment) MH$malloc.invokeExact(TOUCHED_BYTES);
            if (taken.address() != 0) { // else there is none left, and whoever needs some will say so
                taken.reinterpret(TOUCHED_BYTES).fill((byte) 1);
                MH$free.invokeExact(taken);
            }
        } catch (Throwable failure) {
            throw new IllegalStateException("malloc could not be called", failure);
        }
    }
}
