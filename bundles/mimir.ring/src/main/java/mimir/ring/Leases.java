// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** The leases of one reader, made once and used again and again. Confined to the reader's thread. */
final class Leases {
    private static final int MOST = 8;

    private final RingReader reader;
    private final Lease[] leases = new Lease[MOST];

    Leases(RingReader reader) {
        this.reader = reader;
        for (int i = 0; i < MOST; i++) {
            leases[i] = new Lease(reader);
        }
    }

    /**
     * One that is not open.
     *
     * @throws IllegalStateException when all are
     */
    Lease free() {
        for (var lease : leases) {
            if (!lease.isOpen()) {
                return lease;
            }
        }
        throw new IllegalStateException("all " + MOST + " leases of reader " + reader.name()
                + " are open; release one first");
    }

    boolean anyOpen() {
        for (var lease : leases) {
            if (lease.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /** The oldest item that the writer must leave alone: of the open leases on items read, else {@code next}. */
    long oldest(long next) {
        long oldest = next;
        for (var lease : leases) {
            if (lease.isOpen() && !lease.peeked()) {
                oldest = Math.min(oldest, lease.position());
            }
        }
        return oldest;
    }

    void revoke() {
        for (var lease : leases) {
            lease.revoke();
        }
    }
}
