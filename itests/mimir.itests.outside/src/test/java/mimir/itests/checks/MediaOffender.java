// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/**
 * One offence against the media rules per method; it is only compiled and read, never run.
 *
 * <p>Threads: confined.
 */
final class MediaOffender {
    private final byte[] allowedInAConstructor = new byte[1];

    byte[] newArray() {
        return new byte[2];
    }

    Object[] newObjects() {
        return new Object[2];
    }

    int[][] newGrid() {
        return new int[2][2];
    }

    void copySegment(MemorySegment from, MemorySegment to) {
        to.copyFrom(from);
    }

    void copyArray(byte[] from, byte[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }

    void putBuffer(ByteBuffer to) {
        to.put(allowedInAConstructor);
    }

    Object box(long value) {
        return value;
    }

    String concatenate(int value) {
        return "value=" + value;
    }

    int synchronize() {
        synchronized (this) {
            return allowedInAConstructor[0];
        }
    }

    synchronized int synchronizedWhole() {
        return allowedInAConstructor[0];
    }

    void lock(Lock lock) {
        lock.lock();
    }

    void sleep() throws InterruptedException {
        Thread.sleep(1);
    }

    int pollSize(ConcurrentLinkedQueue<String> queue) {
        return queue.size();
    }

    boolean pollEmpty(Queue<String> queue) {
        return queue.isEmpty();
    }

    Supplier<byte[]> inLambda() {
        return () -> new byte[2];
    }

    void messageOfAnException(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("value=" + value);
        }
    }

    void print() {
        System.out.println();
    }
}
