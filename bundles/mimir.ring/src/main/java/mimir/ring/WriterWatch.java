// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Tells whether a process still runs by a handle of the system (pidfd), never by what stands in shared memory.
 * Thread-safe until closed; the region that it belongs to closes it after its last reader.
 */
final class WriterWatch implements AutoCloseable {
    private static final short POLLIN = 1;

    final ProcessMark process;
    private final MemorySegment pollfd = Arena.ofAuto().allocate(8, 8);
    private final int pidfd;
    private final boolean neverThere;

    WriterWatch(ProcessMark process) {
        this.process = process;
        pidfd = Posix.pidfdOpen(process.pid());
        // the handle first: whom it holds cannot change while the start time is compared
        neverThere = !process.alive();
        pollfd.set(ValueLayout.JAVA_INT, 0, pidfd);
        pollfd.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    }

    /** True once the process has ended. One system call (a short file on kernels before 5.3). */
    boolean gone() {
        return neverThere || (pidfd >= 0 ? Posix.pollNow(pollfd.address()) : !process.alive());
    }

    @Override
    public void close() {
        if (pidfd >= 0) {
            Posix.close(pidfd);
        }
    }
}
