// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A result where it lies: fixed fields, and a tail of bytes where the type has one. Types extend this with an interface
 * whose methods are its fields, see {@link AttachmentType}; the flyweight behind it is made by {@link
 * AttachmentLayout}. Confined to the thread that got it; no method allocates or blocks.
 */
@ConsumerType
public interface Attachment {
    /** Memory that holds it: writable for the analyser that attaches it, else read-only. */
    MemorySegment memory();

    /** Byte offset of the first field in {@link #memory}. */
    long offset();

    /** Byte offset of the tail in {@link #memory}. */
    long tailOffset();

    /** Bytes of the tail; 0 for types without one. */
    long tailBytes();
}
