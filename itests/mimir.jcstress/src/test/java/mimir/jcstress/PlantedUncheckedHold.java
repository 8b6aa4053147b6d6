// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Profile;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A planted fault: {@link KeptItem} by somebody who does not ask whether the item is still there. It must be found. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing is kept")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "every word is the item's")
@Outcome(id = "3", expect = FORBIDDEN, desc = "words of two items")
@State
public class PlantedUncheckedHold {
    private static final Track TRACK = new Track();
    private static final Kept KEPT = new Kept(TRACK.reader(Profile.EVERY));

    /** Runs ahead. */
    @Actor
    public void writer() {
        for (int i = 0; i < 8; i++) {
            TRACK.write();
        }
    }

    /** Believes what it kept a call ago. */
    @Actor
    public void reader(I_Result r) {
        r.r1 = KEPT.isEmpty() ? Track.NOTHING : KEPT.sameWords() ? Track.WHOLE : Track.WRONG;
        KEPT.next();
    }
}
