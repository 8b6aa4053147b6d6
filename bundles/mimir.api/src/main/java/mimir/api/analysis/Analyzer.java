// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at items and attaches what it finds. It runs beside delivery: however long it takes, no frame waits for it. The
 * engine calls one instance from one thread at a time, not always the same one, in order of the items. Declare it with
 * {@link Analysis}.
 */
@ConsumerType
public interface Analyzer extends AutoCloseable {
    /**
     * Called before the first item, and again before the first item of each epoch or format. May allocate, and may take
     * as long as it takes to load a model: items pass by meanwhile, and after a second people are told where it is. An
     * exception disables the analyser with its message.
     */
    default void begin(Stage stage) {
    }

    /**
     * Most bytes of tail that a result of this type can have on this source. Called before each {@link #begin}; when
     * what it says no longer fits, the stage begins anew with another instance and a larger ring.
     */
    default long tailBytes(Class<? extends Attachment> type, Stage stage) {
        return 0;
    }

    /**
     * Looks at one item, or one set of matched items. Must not allocate, and must keep nothing of {@code input} or of
     * what {@code results} gave. What was attached becomes visible when this returns and the item was not overtaken
     * meanwhile. An exception counts as a failure; five in a row disable the analyser with the message of the last.
     */
    void analyze(Input input, Attacher results) throws Exception;

    /** Called once when it is detached. */
    @Override
    default void close() {
    }
}
