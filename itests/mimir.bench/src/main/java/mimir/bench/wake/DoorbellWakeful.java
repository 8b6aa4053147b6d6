// SPDX-License-Identifier: Apache-2.0
package mimir.bench.wake;

import mimir.bench.EventRing;
import mimir.bench.handoff.MimirLane;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingWriter;
import mimir.ring.Start;
import mimir.ring.Waiting;

/** Our ring: one call wakes all who sleep. */
final class DoorbellWakeful implements Wakeful {
    private static final long TENTH_NS = 100_000_000;

    private final EventRing ring = new EventRing("bench.wake");
    private final RingWriter writer = ring.owner().writer();
    private final Waiting waiting;

    DoorbellWakeful(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public void publish(long sequence) {
        MimirLane.publish(writer, sequence, 0);
    }

    @Override
    public Receiver receiver() {
        var reader = ring.owner().ring().reader("bench", Profile.EVERY, Start.NOW, waiting);
        return new Receiver() {
            @Override
            public void await() {
                reader.await(TENTH_NS);
                Lease lease = reader.next();
                while (lease != null) {
                    lease.release();
                    lease = reader.next();
                }
            }

            @Override
            public void end() {
                reader.wake();
            }
        };
    }

    @Override
    public void close() {
        ring.close();
    }
}
