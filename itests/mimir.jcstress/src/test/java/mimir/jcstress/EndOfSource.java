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

/** The state against the head: an incarnation publishes one item and ends; the end is told after that item only. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "no end in sight")
@Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "told the end, everything before it was read")
@Outcome(id = "2", expect = FORBIDDEN, desc = "told the end with an item left")
@State
public class EndOfSource {
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.EVERY);
    private static boolean live = true;
    private static volatile int opening;
    private static volatile int opened;

    /** An item and the end; at the next call another incarnation. */
    @Actor
    public void writer() {
        if (live) {
            TRACK.write();
            TRACK.end();
        } else {
            opening++;
            TRACK.begin();
            opened++;
        }
        live = !live;
    }

    /** Nothing may come after an end, as long as nobody opened the source again. */
    @Actor
    public void reader(I_Result r) {
        int before = opened;
        boolean ended = READER.ended();
        var lease = READER.next();
        boolean sameIncarnation = opening == before;
        r.r1 = !ended ? 0 : lease != null && sameIncarnation ? 2 : 1;
        if (lease != null) {
            lease.release();
        }
    }
}
