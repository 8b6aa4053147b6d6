// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import java.util.List;
import java.util.Optional;
import mimir.api.reservoir.Reservoir.Pin;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Windows of the reservoir that stay until somebody has used them or their time is over: some seconds before an instant
 * and some after it, as many as there is room for, overlapping as they like. While windows are kept the edge stands at
 * the begin of the earliest. Thread-safe; control threads; allocates.
 */
@ProviderType
public interface Windows {
    /**
     * Opens a window. One that cannot be kept is returned as REFUSED with the reason: it begins before the edge; or
     * with it, as far as the present rates tell, more than three quarters of the memory would be held. One that grows
     * beyond that while it fills is refused then. Does not block.
     *
     * @throws mimir.api.BadInputException when a window of this name is kept, or the request has no sense
     */
    Window open(Request request);

    /** Windows that are kept, and the newest of those that were; in the order in which they were opened. */
    List<Window> list();

    /** The newest window of a name, kept or not. */
    Optional<Window> find(String name);

    /**
     * Keeps a window beyond its time while somebody uses it; after that its time begins anew, unless it was released.
     * Does not wait until it is complete.
     *
     * @throws mimir.api.BadInputException when no window of this name is kept
     */
    Pin use(String name);

    /**
     * Lets a window go, also one that is in use: whoever uses it keeps what it has a pin on.
     *
     * @param reason why, a sentence
     * @return false when no window of this name is kept
     */
    boolean release(String name, String reason);

    /**
     * What to keep. Immutable.
     *
     * @param name at most 40 letters, digits, dots, dashes and underscores; empty for the next free one
     * @param cause why, as a person reads it
     * @param triggerNs canonical time of the instant that it is about, ns, not in the future
     * @param preNs how much before that, ns, not negative
     * @param postNs how much after it, ns, not negative
     * @param holdNs how long it is kept once it is complete and nobody uses it, ns, positive
     */
    record Request(String name, String cause, long triggerNs, long preNs, long postNs, long holdNs) {
    }
}
