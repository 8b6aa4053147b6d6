// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** An item that is looked at out of turn, where the writer will be next, and held from one call to the next. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "overtaken before it was found")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "whole, the item of that position, and every word is its")
@Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "overtaken in mid-read, and told so")
@Outcome(id = "3", expect = FORBIDDEN, desc = "another item's descriptor, or called whole, but words of two")
@State
public class PeekedRead {
    private static final Track TRACK = new Track();
    private static final RingReader READER = TRACK.reader(Profile.EVERY);
    private static Lease held;
    private static int calls;

    /** Runs ahead. */
    @Actor
    public void writer() {
        for (int i = 0; i < 8; i++) {
            TRACK.write();
        }
    }

    /** Judges what it found a call ago. */
    @Actor
    public void reader(I_Result r) {
        r.r1 = held == null ? Track.NOTHING : Track.judge(held);
        long asked = READER.oldest() + (calls++ & 15);
        held = READER.peek(asked);
        boolean other = held != null && held.descriptor().sequence() != asked; // positions are numbers in this ring
        if (other || READER.broken()) {
            r.r1 = Track.WRONG;
        }
    }
}
