// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.Arrays;
import java.util.Map;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentState;
import mimir.api.media.Attached;
import mimir.ring.Item;

/** The results of one source for one view; a reader for each type that was asked for. Confined. */
final class AttachedResults implements Attached {
    private static final long ANYBODY = -1;
    private static final long NOBODY = 0; // no thread has this id

    private final Results results;
    private final String source;
    private final Map<String, String> given;
    private Class<?>[] types = {};
    private ResultReader<?>[] readers = {};
    private boolean torn; // something that was handed out and is not in hand any more
    private long only = ANYBODY;

    /**
     * Of all types.
     *
     * @param given see {@link Results#open}
     */
    AttachedResults(Results results, String source, Map<String, String> given) {
        this.results = results;
        this.source = source;
        this.given = given;
    }

    @Override
    public <T> T of(Item item, Class<T> type) {
        if (only != ANYBODY && only != Thread.currentThread().threadId()) {
            throw Outputs.elsewhere();
        }
        var reader = reader(type);
        torn |= isTorn(reader);
        var state = reader.look(item);
        return state == AttachmentState.PRESENT || state == AttachmentState.LATE ? type.cast(reader.get()) : null;
    }

    private ResultReader<?> reader(Class<?> type) {
        for (int i = 0; i < types.length; i++) {
            if (types[i] == type) {
                return readers[i];
            }
        }
        return more(type);
    }

    private ResultReader<?> more(Class<?> type) {
        var reader = results.open(source, type.asSubclass(Attachment.class), given);
        types = Arrays.copyOf(types, types.length + 1);
        readers = Arrays.copyOf(readers, readers.length + 1);
        types[types.length - 1] = type;
        readers[readers.length - 1] = reader;
        return reader;
    }

    /** From now on answers this thread only, until {@link #close}; nobody before the first call. */
    void answer(Thread one) {
        only = one == null ? NOBODY : one.threadId();
    }

    /** Lets go of what was found, so that {@link #sound} speaks of the next item only. */
    void forget() {
        torn = false;
        for (var reader : readers) {
            reader.forget();
        }
    }

    /**
     * True when nothing that was handed out since {@link #forget} was overwritten before it was let go of: one who asks
     * for a type twice has read the first answer, too.
     */
    boolean sound() {
        return !torn && intact();
    }

    @Override
    public boolean intact() {
        for (var reader : readers) {
            if (isTorn(reader)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTorn(ResultReader<?> reader) {
        return reader.get() != null && !reader.intact();
    }

    @Override
    public void close() {
        for (var reader : readers) {
            reader.close();
        }
    }
}
