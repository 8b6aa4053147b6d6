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

/** A LATEST reader against what was surely published before it looked: it may never go back behind that. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing new")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "an item at least as new as the newest that was told")
@Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "overtaken in mid-read, and told so")
@Outcome(id = "3", expect = FORBIDDEN, desc = "called whole, but words of two items")
@Outcome(id = "4", expect = FORBIDDEN, desc = "older than what was published before the look")
@State
public class NewestItem {
    private static final int OLD = 4;
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.LATEST);
    private static volatile long told = -1;

    /** Publishes, then says so. */
    @Actor
    public void writer() {
        told = TRACK.write();
    }

    /** Looks at what was told, then for the newest item. */
    @Actor
    public void reader(I_Result r) {
        long least = told;
        var lease = READER.next();
        if (lease == null) {
            r.r1 = Track.NOTHING;
            return;
        }
        boolean newest = lease.descriptor().sequence() >= least;
        int worth = Track.judge(lease);
        r.r1 = newest ? worth : OLD;
    }
}
