// SPDX-License-Identifier: Apache-2.0
package mimir.api.recording;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens windows of the reservoir by themselves: when an event comes, or when what an analyser finds rises above a
 * threshold. Each opens a window of its own; they may overlap. Thread-safe; control threads; allocates.
 */
@ProviderType
public interface Triggers {
    /**
     * From now on an item of a source of events opens a window.
     *
     * @param source identity of the source
     * @param event the number in the first four bytes of its payload, little endian, or the text that its payload is up
     * to its first zero; empty for every item
     * @throws mimir.api.BadInputException when the source was never seen, or sends no events
     */
    Trigger onEvent(String source, String event, Span span);

    /**
     * From now on a window is opened when a field of a result rises above a threshold. As long as it stays above
     * nothing more is opened.
     *
     * @param type of the results, such as {@code mimir.motion@1}
     * @param field its name; one of several values has its index behind a dot, from 0: {@code peak.0}
     * @throws mimir.api.BadInputException when nothing of that type was attached to the source, or it has no such field
     */
    Trigger onResult(String source, String type, String field, double above, Span span);

    /** All triggers, in the order in which they were made. */
    List<Trigger> list();

    /** Takes a trigger away; the windows that it opened stay. False when there is none of this name. */
    boolean remove(String name);

    /**
     * How long the windows are. Immutable.
     *
     * @param preNs before the item, ns
     * @param postNs after it, ns
     * @param holdNs how long each is kept once it is complete, ns
     */
    record Span(long preNs, long postNs, long holdNs) {
    }

    /**
     * A trigger, as it is at one instant. Immutable.
     *
     * @param name by which people call it
     * @param when what opens a window, as a person reads it
     * @param span how long the windows are
     * @param seen items or results that it has looked at
     * @param missed of those that came, how many were gone before it looked
     * @param opened windows
     * @param refused windows that could not be kept
     * @param last name of the newest window, or why it was refused; empty before the first
     */
    record Trigger(String name, String when, Span span, long seen, long missed, long opened, long refused,
            String last) {
    }
}
