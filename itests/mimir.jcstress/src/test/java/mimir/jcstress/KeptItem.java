// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Profile;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An item that is kept where it is, its lease long released, while the writer goes round. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing is kept")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole, and every word is the item's")
@Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "the writer came, and it is told so")
@Outcome(id = "3", expect = FORBIDDEN, desc = "called whole, but words of two items")
@State
public class KeptItem {
    private static final Track TRACK = new Track();
    private static final Kept KEPT = new Kept(TRACK.reader(Profile.EVERY));

    /** Runs ahead. */
    @Actor
    public void writer() {
        for (int i = 0; i < 8; i++) {
            TRACK.write();
        }
    }

    /** Judges what it kept a call ago. */
    @Actor
    public void reader(I_Result r) {
        boolean same = KEPT.sameWords();
        r.r1 = KEPT.isEmpty() ? Track.NOTHING : !KEPT.holds() ? Track.TORN : same ? Track.WHOLE : Track.WRONG;
        KEPT.next();
    }
}
