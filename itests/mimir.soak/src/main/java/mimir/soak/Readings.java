// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.lang.foreign.ValueLayout;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Two readers that are nearly always in the middle of something: one looks a frame over and over again as long as it
 * stays whole, one sleeps at the doorbell of a source that rings 3,000 times a second and falls silent when it goes.
 * Confined to one thread each.
 */
final class Readings {
    private static final int LOOKS = 40;
    private static final long WAIT_NS = 200_000_000;

    private final RingReader looking;
    private final RingReader waiting;
    private long sum;

    Readings(Ring camera, Ring audio) {
        looking = camera.reader("soak-looking", Profile.LATEST, Start.NOW);
        waiting = audio.reader("soak-waiting", Profile.LATEST, Start.NOW);
    }

    /** Reads a frame word for word, for about as long as it takes to have the driver swapped. */
    boolean look() {
        var lease = looking.next();
        if (lease == null) {
            return false;
        }
        for (int look = 0; look < LOOKS && lease.intact(); look++) {
            sum += sum(lease);
        }
        lease.release();
        return true;
    }

    private static long sum(Lease lease) {
        var memory = lease.memory();
        long sum = 0;
        for (long at = lease.offset(); at < lease.offset() + lease.length(); at += Long.BYTES) {
            sum += memory.get(ValueLayout.JAVA_LONG, at);
        }
        return sum;
    }

    /** Sleeps until there is something, and takes all of it. */
    boolean await() {
        waiting.await(WAIT_NS);
        var lease = waiting.next();
        if (lease != null) {
            sum += lease.descriptor().sequence();
            lease.release();
        }
        return lease != null;
    }

    void close() {
        looking.close();
        waiting.close();
    }
}
