// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Profile;
import mimir.ring.RingReader;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The generation against the head: the writer never comes round, so the slot that head promises holds its item. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing to read")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the next item, whole")
@Outcome(id = "2", expect = FORBIDDEN, desc = "called torn, but nobody touched the slot")
@Outcome(id = "3", expect = FORBIDDEN, desc = "called whole, but words of two items")
@Outcome(id = "4", expect = FORBIDDEN, desc = "not the next item: an old one, or one was left out")
@State
public class StaleGeneration {
    private static final int ROOM = 32;
    private static final int OUT_OF_ORDER = 4;
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.EVERY);
    private static long written;
    private static long expected;
    private static volatile long read;

    /** Waits, by doing nothing, while half of the ring is unread. */
    @Actor
    public void writer() {
        if (written - read < ROOM) {
            TRACK.write();
            written++;
        }
    }

    /** Takes one. */
    @Actor
    public void reader(I_Result r) {
        var lease = READER.next();
        if (lease == null) {
            r.r1 = Track.NOTHING;
            return;
        }
        boolean next = lease.descriptor().sequence() == expected;
        int worth = Track.judge(lease);
        r.r1 = next ? worth : OUT_OF_ORDER;
        expected++;
        read = expected;
    }
}
