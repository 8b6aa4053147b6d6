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
import org.openjdk.jcstress.infra.results.Z_Result;

/** The counters of a reader against somebody who looks at them: they are of one instant, so nothing is missing. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "published = delivered + overtaken + skipped + pending")
@Outcome(id = "false", expect = FORBIDDEN, desc = "counters of two instants")
@State
public class ReaderCounters {
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.EVERY);

    /** Publishes and reads by turns, slower than it writes. */
    @Actor
    public void reader() {
        TRACK.write();
        TRACK.write();
        var lease = READER.next();
        if (lease != null) {
            lease.release();
        }
    }

    /** Looks. */
    @Actor
    public void looker(Z_Result r) {
        r.r1 = READER.stats().conserved();
    }
}
