// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The host clock of every descriptor: CLOCK_MONOTONIC_RAW in ns, which no time service slews. Thread-safe.
 */
public final class HostClock {
    private static final int CLOCK_MONOTONIC_RAW = 4;
    /** Kind of clock: CLOCK_MONOTONIC_RAW. */
    public static final int MONOTONIC_RAW = 1;
    /** Kind of clock: QueryPerformanceCounter, which a helper under wine reads. */
    public static final int QPC = 2;

    private static final int KIND_SHIFT = 56;
    private static final ThreadLocal<MemorySegment> TIMESPEC = ThreadLocal.withInitial(() ->
            Arena.ofAuto().allocate(16, 8));
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private HostClock() {
    }

    /**
     * Now, in ns since an arbitrary start (the boot). Any thread; does not block; allocates at a thread's first call
     * only.
     */
    public static long nowNs() {
        var timespec = TIMESPEC.get();
        Posix.clock(CLOCK_MONOTONIC_RAW, timespec.address());
        return timespec.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + timespec.get(ValueLayout.JAVA_LONG, 8);
    }

    /**
     * {@code header.host_clock_id} of this machine since its boot: the kind in the top byte, below it FNV-1a of the
     * boot id.
     */
    public static long id() {
        return Here.ID;
    }

    /**
     * The id of another clock: of its kind, and of a text that only this host since its boot has, its boot id if it
     * can be had.
     *
     * @param kind {@link #MONOTONIC_RAW}, {@link #QPC}, or another one from 1 to 127
     */
    public static long id(int kind, String host) {
        if (kind < 1 || kind > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("kinds of clocks go from 1 to 127: " + kind);
        }
        long hash = 0xcbf29ce484222325L;
        for (byte b : host.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return (long) kind << KIND_SHIFT | hash >>> 8;
    }

    /** Read once. */
    private static final class Here {
        static final long ID = read();

        private static long read() {
            try {
                return id(MONOTONIC_RAW, Files.readString(BOOT_ID).strip());
            } catch (IOException noBootId) {
                return (long) MONOTONIC_RAW << KIND_SHIFT; // a container without /proc/sys: the kind can still be told
            }
        }
    }
}
