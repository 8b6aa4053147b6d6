// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.ring.Descriptor;

/** Where one analyser writes. Single-writer: the stage's strand. */
final class Outputs implements Attacher, AutoCloseable {
    private final Output[] outputs;
    private long caller; // id of the thread that is in analyze; 0: none is
    private boolean spanned;
    private long firstSample;
    private int sampleFrames;
    private int lastEpoch; // of the results that were shown last, and the first sample frame of their span
    private long lastFirst;

    Outputs(List<Output> outputs) {
        this.outputs = outputs.toArray(Output[]::new);
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type) {
        return attach(type, 0);
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type, long tailBytes) {
        check();
        for (var output : outputs) {
            if (output.type == type) {
                return type.cast(output.claim(tailBytes));
            }
        }
        throw foreign(type);
    }

    /** A thread that the analyser made could attach to whatever item comes next, or while this one is shown. */
    private void check() {
        if (Thread.currentThread().threadId() != caller) {
            throw elsewhere();
        }
    }

    static IllegalStateException elsewhere() {
        return new IllegalStateException("results are attached and read by the thread that calls analyze, and before "
                + "it returns; hand what other threads find to the next call");
    }

    private static IllegalArgumentException foreign(Class<?> type) {
        return new IllegalArgumentException("type " + type.getName()
                + " is not among the outputs of this analyser; add it to its @Analysis");
    }

    @Override
    public void span(long first, int frames) {
        check();
        if (frames < 1) {
            throw new IllegalArgumentException("a span of " + frames + " sample frames; name one at least");
        }
        spanned = true;
        firstSample = first;
        sampleFrames = frames;
    }

    /** Before an item. */
    void begin() {
        caller = Thread.currentThread().threadId();
        spanned = false;
    }

    /** The call has come back. */
    void end() {
        caller = 0;
    }

    /** Shows what was attached to an item. Returns whether there was anything. */
    boolean commit(Descriptor item, boolean sound, long nowNs, boolean late) {
        long first = spanned ? firstSample : item.deviceTime();
        if (spanned && item.epoch() == lastEpoch && first < lastFirst) { // nobody would find them by sample any more
            throw new IllegalArgumentException("a span that begins at sample frame " + first + " after one that began "
                    + "at " + lastFirst + "; name spans in the order of their first sample frames");
        }
        int frames = spanned ? sampleFrames : sound ? item.height() : 0;
        boolean any = false;
        for (var output : outputs) {
            any |= output.commit(item, first, frames, nowNs, late);
        }
        if (any) {
            lastEpoch = item.epoch();
            lastFirst = first;
        }
        return any;
    }

    void abort() {
        for (var output : outputs) {
            output.abort();
        }
    }

    /** True when the tails that the analyser wants at a place find room. */
    boolean fit(Analyzer analyzer, Place place) {
        for (var output : outputs) {
            if (!output.fits(Math.max(0, analyzer.tailBytes(output.type, place)))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (var output : outputs) {
            output.close();
        }
    }

    void park() {
        for (var output : outputs) {
            output.park();
        }
    }
}
