// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What analysers attached to the items of one source, so that a view can be asked for it: {@code
 * frame.attachment(Motion.class)}. Had from {@code mimir.api.analysis.Attachments}; confined to one thread.
 */
@ProviderType
public interface Attached extends AutoCloseable {
    /**
     * The result of an item; null when it is not there, or not yet. Valid until the next call with the same type;
     * allocates at the first call with a type only; does not block.
     */
    <T> T of(Item item, Class<T> type);

    /** True as long as nothing that this handed out last, of any type, has been overwritten. */
    boolean intact();

    @Override
    void close();
}
