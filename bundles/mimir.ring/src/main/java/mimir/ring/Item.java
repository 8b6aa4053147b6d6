// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One item where it lies: in a ring (a {@link Lease}) or in the reservoir (its cursor). Typed views are laid over this.
 * Confined to the thread that reads it; no method allocates or blocks.
 */
@ProviderType
public interface Item {
    /** What is known about the item: a private, consistent copy. */
    Descriptor descriptor();

    /** The entry of the format table that the descriptor names. */
    RingFormat format();

    /**
     * Memory that holds the payload, read-only. A ring that Java writes may lie in a file ({@code rings.dir}); when
     * somebody cuts that file, an access throws {@link InternalError}: treat it as the end of the source. Do not hand
     * such memory to {@code java.util.zip}; {@link Lease#verify} is safe.
     */
    MemorySegment memory();

    /** Byte offset of the payload in {@link #memory}. */
    long offset();

    /** Bytes of the payload. */
    long length();

    /**
     * True as long as the payload has not been overwritten; ask again after reading, and discard the result when it is
     * false.
     */
    boolean intact();
}
