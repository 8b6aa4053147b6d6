// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import org.osgi.annotation.versioning.ProviderType;

/** Where an analyser writes its results. Valid during {@link Analyzer#analyze} only; nothing allocates or blocks. */
@ProviderType
public interface Attacher {
    /**
     * The place of the result of this item, all zero. An item without such a call has no result of that type. Asking
     * again gives the same place. A set without an item of the first source has nothing to attach to: what is attached
     * then is given up, and counted as aborted in the ring of results.
     *
     * @throws IllegalArgumentException for a type that {@link Analysis#outputs} does not name
     * @throws IllegalStateException for another thread, and after {@link Analyzer#analyze} has returned
     */
    <T extends Attachment> T attach(Class<T> type);

    /**
     * The same for a type with a tail: the fields are all zero, the tail is as it is and must be filled as a whole.
     *
     * @throws IllegalArgumentException when the tail is longer than {@link Analyzer#tailBytes} said
     */
    <T extends Attachment> T attach(Class<T> type, long tailBytes);

    /**
     * Says that the results of this call belong to a range of sample frames, not just to the block in hand. Within an
     * epoch no range begins before the one of the results before: that is a failure of the call.
     *
     * @param firstSample device time of the first one (a count, see {@link mimir.ring.Descriptor#deviceTime})
     * @param frames how many
     * @throws IllegalArgumentException for less than one
     */
    void span(long firstSample, int frames);
}
