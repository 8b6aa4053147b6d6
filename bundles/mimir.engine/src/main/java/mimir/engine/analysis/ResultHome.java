// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.AttachmentLayout;
import mimir.ring.Ring;

/** Where the results of one type on one source lie, for as long as the engine lives. Thread-safe. */
final class ResultHome {
    final String identity;
    final String source;
    final AttachmentLayout layout;
    private volatile Ring ring;
    private volatile int generation;
    private volatile Progress progress;

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
            progress = null;
        }
    }

    /** Null as long as there was never a result. */
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
