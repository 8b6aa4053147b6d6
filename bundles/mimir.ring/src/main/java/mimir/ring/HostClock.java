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
    private static final long KIND_MONOTONIC_RAW = 1L << 56;
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
        try {
            long hash = 0xcbf29ce484222325L;
            for (byte b : Files.readString(BOOT_ID).strip().getBytes(StandardCharsets.US_ASCII)) {
                hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
            }
            return KIND_MONOTONIC_RAW | hash >>> 8;
        } catch (IOException noBootId) {
            return KIND_MONOTONIC_RAW; // a container without /proc/sys: hosts cannot be told apart, the kind still can
        }
    }
}
