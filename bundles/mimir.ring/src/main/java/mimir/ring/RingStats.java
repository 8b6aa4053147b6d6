// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.List;
import java.util.Map;

/**
 * What a ring holds and what its source did, at one instant. Immutable.
 *
 * @param identity source identity
 * @param itemKind {@link Abi#ITEM_FRAME} and so on
 * @param state {@link Abi#STATE_LIVE} and so on
 * @param owner who owns the identity now, or null
 * @param epoch epoch of the source
 * @param regionId the current region
 * @param slotCount slots in it
 * @param slotPayloadBytes payload bytes that a slot holds
 * @param regionBytes memory of the region
 * @param published items committed by all incarnations
 * @param payloadWritten payload bytes committed by all incarnations
 * @param payloadCopied of these, bytes that reached the ring by a copy
 * @param woken wake calls that the writer paid in the current region
 * @param evicted LOSSLESS readers that held the writer up in the current region and lost their seat
 * @param lastCommitNs host time of the newest item, ns; 0 when there is none
 * @param droppedAtSource items lost before the ring, by reason; reasons that never happened are left out
 * @param formats format table; the id of a format is its index plus one
 * @param readers the open readers
 */
public record RingStats(String identity, int itemKind, int state, String owner, int epoch, long regionId, int slotCount,
        long slotPayloadBytes, long regionBytes, long published, long payloadWritten, long payloadCopied, long woken,
        long evicted, long lastCommitNs, Map<DropReason, Long> droppedAtSource, List<RingFormat> formats,
        List<ReaderStats> readers) {

    /** Lists and maps are copied. */
    public RingStats {
        droppedAtSource = Map.copyOf(droppedAtSource);
        formats = List.copyOf(formats);
        readers = List.copyOf(readers);
    }

    /** The same account after the memory was lost: ended, with the readers as they are now. */
    RingStats ended(List<ReaderStats> readersNow) {
        return new RingStats(identity, itemKind, Abi.STATE_ENDED, owner, epoch, regionId, slotCount, slotPayloadBytes,
                regionBytes, published, payloadWritten, payloadCopied, woken, evicted, lastCommitNs, droppedAtSource,
                formats, readersNow);
    }

    /** {@link #state} as a word. */
    public String stateLabel() {
        return switch (state) {
            case Abi.STATE_LIVE -> "live";
            case Abi.STATE_ENDED -> "ended";
            case Abi.STATE_SUCCEEDED -> "succeeded";
            case Abi.STATE_PARKED -> "parked";
            case Abi.STATE_WRITER_GONE -> "writer gone";
            default -> "new";
        };
    }
}
