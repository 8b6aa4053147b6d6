// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;

/** The windows that are kept while somebody exports them; the earliest decides. Thread-safe. */
final class Pins {
    private final ReservoirLog log;
    private final List<Window> windows = new ArrayList<>(); // guarded by this

    Pins(ReservoirLog log) {
        this.log = log;
    }

    /** See {@link Reservoir#pin}. */
    synchronized Reservoir.Pin pin(long fromNs) {
        long newest = log.end() - 1;
        var window = new Window(fromNs);
        windows.add(window);
        if (!log.pinFrom(earliest())) {
            window.close();
            throw new BadInputException("the window begins before the edge of the reservoir, which is "
                    + (log.index.key(newest) - log.edge()) / 1_000_000 + " ms back; ask for a shorter one");
        }
        long bytes = log.bytesFrom(log.search(fromNs));
        long most = log.capacityBytes() / 4 * 3;
        if (bytes > most) {
            window.close();
            throw new BadInputException("the window holds " + (bytes >> 20)
                    + " MiB, but at most three quarters of the reservoir's log, " + (most >> 20)
                    + " MiB, can be pinned; ask for a shorter one or give the reservoir more");
        }
        if (!log.hasRoomFrom(log.search(earliest()))) {
            window.close();
            throw new BadInputException("the reservoir has no room now to copy the " + (bytes >> 20)
                    + " MiB of the window before their rings overwrite them; ask for a shorter one, or again when"
                    + " windows that were let go of have gone past the edge");
        }
        return window;
    }

    /** Bytes of the log that may not go now. */
    synchronized long bytes() {
        return windows.isEmpty() ? 0 : log.bytesFrom(log.search(earliest()));
    }

    private long earliest() {
        return windows.stream().mapToLong(window -> window.fromNs).min().orElse(Long.MAX_VALUE);
    }

    private synchronized void remove(Window window) {
        if (windows.remove(window)) {
            log.pinFrom(earliest());
        }
    }

    /** Thread-safe. */
    private final class Window implements Reservoir.Pin {
        private final long fromNs;

        Window(long fromNs) {
            this.fromNs = fromNs;
        }

        @Override
        public void close() {
            remove(this);
        }
    }
}
