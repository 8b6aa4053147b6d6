// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counters of one reader behind a sequence lock: the reader pays two stores a step, whoever looks gets a consistent
 * set. Written by the reader's thread between {@link #begin} and {@link #end}, read by any. Single-writer.
 */
final class ReaderCounters {
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(ReaderCounters.class, "version", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    long position;
    long first;
    long carried;
    long delivered;
    long overtaken;
    long skipped;
    long mostPending;
    long torn;
    long checksumErrors;
    long bytesDelivered;
    long bytesCopied;
    Region region;
    private long version;

    void begin() {
        VERSION.setOpaque(this, version + 1);
        VarHandle.storeStoreFence(); // the odd version must be out before any counter changes
    }

    void end() {
        VERSION.setRelease(this, version + 1);
    }

    /** The next item was handed out. */
    void deliver(long bytes) {
        begin();
        position++;
        delivered++;
        bytesDelivered += bytes;
        end();
    }

    /** An item handed out was overtaken while it was read. */
    void torn(long bytes) {
        begin();
        delivered--;
        bytesDelivered -= bytes;
        overtaken++;
        torn++;
        end();
    }

    /** Items are passed over. */
    void skipTo(long next) {
        begin();
        skipped += next - position;
        position = next;
        end();
    }

    /** Items were lost to the writer. */
    void overtakenUpTo(long next) {
        begin();
        overtaken += next - position;
        position = next;
        end();
    }

    /** So many items lay unread when it looked. */
    void behind(long items) {
        if (items > mostPending) {
            begin();
            mostPending = items;
            end();
        }
    }

    void copied(long bytes) {
        begin();
        bytesCopied += bytes;
        end();
    }

    void checksumError() {
        begin();
        checksumErrors++;
        end();
    }

    ReaderStats snapshot(String name, Profile profile) {
        while (true) {
            var held = region;
            boolean retained = held != null && held.retain();
            try {
                var stats = read(name, profile, retained ? held : null);
                if (stats != null) {
                    return stats;
                }
            } finally {
                if (retained) {
                    held.release();
                }
            }
            Thread.onSpinWait();
        }
    }

    /** One try: null when the reader was in the middle of a step or changed regions. */
    private ReaderStats read(String name, Profile profile, Region held) {
        long before = (long) VERSION.getAcquire(this);
        if ((before & 1) != 0) {
            return null;
        }
        long head = held == null ? position : (long) Abi.LONG.getAcquire(held.memory, Abi.H_HEAD);
        var stats = new ReaderStats(name, profile, carried + Math.max(head, position) - first, delivered, overtaken,
                skipped,
                Math.max(head - position, 0), mostPending, torn, checksumErrors, bytesDelivered, bytesCopied);
        boolean sameRegion = held == region || held == null;
        VarHandle.loadLoadFence(); // the counters must be read before the version is looked at again
        return sameRegion && (long) VERSION.getOpaque(this) == before ? stats : null;
    }
}
