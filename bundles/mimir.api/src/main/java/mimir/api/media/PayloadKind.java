// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import mimir.ring.Descriptor;

/**
 * What a descriptor's handle names; the platform carries every kind and interprets only {@link #MEMORY} and {@link
 * #INLINE}. Immutable.
 */
public enum PayloadKind {
    /** No payload. */
    NONE,
    /** Bytes in the ring's own slab. */
    MEMORY,
    /** File descriptor or handle, and offset. */
    SHARED_FILE,
    /** DMA-BUF file descriptor and modifier. */
    DMABUF,
    /** Direct3D 12 shared handle, fence handle and fence value. */
    D3D12,
    /** Opaque texture id and the owner's cookie. */
    TEXTURE,
    /** At most 48 bytes in the descriptor itself: events. */
    INLINE;

    private static final PayloadKind[] KINDS = values();

    /** The kind of an item's payload; {@link #NONE} for a number of a later release. */
    public static PayloadKind of(Descriptor descriptor) {
        int kind = descriptor.payloadKind();
        return kind >= 0 && kind < KINDS.length ? KINDS[kind] : NONE;
    }
}
