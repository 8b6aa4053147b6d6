// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.AttachmentLayout;
import mimir.api.reservoir.Retention;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Rings;
import mimir.ring.Start;

/**
 * Where the results of one type on one source lie, made with one set of parameters: as long as the engine lives, or
 * until its ring is freed. Thread-safe.
 */
final class ResultHome {
    private static final long START_NS = System.nanoTime() - 1;

    final String identity;
    final String source;
    final AttachmentLayout layout;
    private volatile Ring ring;
    private volatile int generation;
    private volatile Progress progress;
    private volatile long endedNs;

    /**
     * A home without results.
     *
     * @param suffix of parameters that differ, or empty
     */
    ResultHome(String source, AttachmentLayout layout, String suffix) {
        this.identity = identity(source, layout.id(), suffix);
        this.source = source;
        this.layout = layout;
    }

    static String identity(String source, String typeId, String suffix) {
        return source + "/" + typeId + suffix;
    }

    /** A stage writes here from now on, or another one; its ring may be another region. */
    void opened(Ring now, Progress by) {
        ring = now;
        progress = by;
        generation++; // control threads only, under the lock of the host
    }

    /** Nobody writes here any more; what there is stays. */
    void ended(Progress by) {
        if (progress == by) {
            endedNs = System.nanoTime() - START_NS;
            progress = null;
        }
    }

    /** When the last stage ended here, ns since some start; 0 before the first end. */
    long endedNs() {
        return endedNs;
    }

    /** Reads what lies here; null when nothing does, or nothing any more. */
    synchronized RingReader reader() {
        var now = ring;
        return now == null ? null : now.reader("results", Profile.EVERY, Start.OLDEST);
    }

    /**
     * Gives the memory back, where nobody writes and nobody reads; false when it stays.
     *
     * @param retention is told, and lets go of the ring soon after; null where there is none
     */
    synchronized boolean free(Rings rings, Retention retention) {
        if (written() || ring == null) {
            return false;
        }
        if (retention != null) {
            retention.letGo(ring);
        }
        if (!rings.free(identity)) {
            return false;
        }
        ring = null;
        generation++;
        return true;
    }

    /** False for results of the declared parameters, of which there cannot be many. */
    boolean isOfParameters() {
        return !identity.equals(identity(source, layout.id(), ""));
    }

    /** Null as long as there was never a result, and when they were freed. */
    Ring ring() {
        return ring;
    }

    /** Changes when the ring was opened anew: readers look again which region it has. */
    int generation() {
        return generation;
    }

    boolean written() {
        return progress != null;
    }

    boolean pending(int epoch, long sequence) {
        var now = progress;
        return now != null && now.pending(epoch, sequence);
    }

    boolean pendingSample(int epoch, long sample) {
        var now = progress;
        return now != null && now.pendingSample(epoch, sample);
    }
}
