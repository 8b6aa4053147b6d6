// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Profile;
import mimir.ring.RingReader;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Seats against the writer's look at them: a reader joins, reads a little or all, leaves and joins again, beside a
 * writer that asks for room and goes as far as it may.
 */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing to read")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the next item, whole")
@Outcome(id = "2", expect = FORBIDDEN, desc = "overtaken, with a seat")
@Outcome(id = "3", expect = FORBIDDEN, desc = "called whole, but words of two items")
@Outcome(id = "4", expect = FORBIDDEN, desc = "not the next item")
@Outcome(id = "5", expect = ACCEPTABLE_INTERESTING, desc = "took a seat")
@State
public class LosslessGate {
    private static final int OUT_OF_ORDER = 4;
    private static final int JOINED = 5;
    private static final int CALLS_A_SEAT = 97;
    private static final Track TRACK = Track.ofEvents();
    private static RingReader reader;
    private static long expected;
    private static int calls;

    /** Writes while there is room, a batch at a time, faster than the reader reads. */
    @Actor
    public void writer() {
        TRACK.writeWhatFits(64);
    }

    /** Takes a few, or everything that is there; now and then it gives its seat back. */
    @Actor
    public void reader(I_Result r) {
        if (calls++ % CALLS_A_SEAT == 0) {
            if (reader != null) {
                reader.close();
            }
            reader = TRACK.reader(Profile.LOSSLESS);
            expected = -1;
            r.r1 = JOINED;
            return;
        }
        for (int i = calls % 7 == 0 ? Integer.MAX_VALUE : 3; i > 0 && r.r1 <= Track.WHOLE; i--) {
            var lease = reader.next();
            if (lease == null) {
                return;
            }
            boolean next = expected < 0 || lease.descriptor().sequence() == expected;
            expected = lease.descriptor().sequence() + 1;
            int worth = Track.judge(lease);
            r.r1 = next ? worth : OUT_OF_ORDER;
        }
    }
}
