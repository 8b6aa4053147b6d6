// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What every attachment that {@link AttachmentLayout} makes implements as well: it can be laid over memory again and
 * again. For the engine and for tests; analysers and readers get theirs laid. Confined to one thread; nothing
 * allocates or blocks.
 */
@ProviderType
public interface Flyweight extends Attachment {
    /**
     * Lays it over other memory. Nothing is checked here: every access to a field is, by the memory itself.
     *
     * @param memory read-only memory makes the setters throw {@link IllegalArgumentException}
     * @param offset of the first field in it, bytes; need not be aligned
     * @param tailBytes bytes that follow the fields
     */
    void lay(MemorySegment memory, long offset, long tailBytes);
}
