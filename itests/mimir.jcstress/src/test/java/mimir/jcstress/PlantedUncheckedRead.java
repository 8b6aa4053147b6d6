// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A planted fault: {@link TornRead} by a reader that does not ask whether its lease was whole. It must be found. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing to read")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "every word is the item's")
@Outcome(id = "3", expect = FORBIDDEN, desc = "words of two items")
@State
public class PlantedUncheckedRead {
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.EVERY);
    private static Lease held;

    /** Runs ahead. */
    @Actor
    public void writer() {
        for (int i = 0; i < 8; i++) {
            TRACK.write();
        }
    }

    /** Believes what it took a call ago. */
    @Actor
    public void reader(I_Result r) {
        r.r1 = held == null ? Track.NOTHING : Track.sameWords(held) ? Track.WHOLE : Track.WRONG;
        if (held != null) {
            held.release();
        }
        held = READER.next();
    }
}
