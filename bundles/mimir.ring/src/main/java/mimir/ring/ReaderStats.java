// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/**
 * What a reader did, at one instant between two of its steps. Immutable.
 *
 * @param name name of the reader
 * @param profile its profile
 * @param published items published since where it began
 * @param delivered items handed out and not found torn
 * @param overtaken items lost because the reader was too slow, torn ones included
 * @param skipped items passed over by {@link Profile#LATEST}
 * @param pending items published and not yet read
 * @param mostPending the most items that lay unread when it looked for the next one: how near it came to losing some
 * @param torn leases overtaken while they were open; part of {@code overtaken}
 * @param checksumErrors payloads whose checksum was wrong
 * @param bytesDelivered payload bytes of the delivered items
 * @param bytesCopied payload bytes that the reader copied
 */
public record ReaderStats(String name, Profile profile, long published, long delivered, long overtaken, long skipped,
        long pending, long mostPending,
        long torn, long checksumErrors, long bytesDelivered, long bytesCopied) {

    /** The conservation law: what was published is delivered, dropped for a reason, or pending. */
    public boolean conserved() {
        return published == delivered + overtaken + skipped + pending;
    }

    /** Bytes copied for each byte delivered; 0 for readers in place. */
    public double copiedPerDelivered() {
        return bytesDelivered == 0 ? 0 : (double) bytesCopied / bytesDelivered;
    }
}
