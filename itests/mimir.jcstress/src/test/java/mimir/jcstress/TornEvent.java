// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.ValueLayout;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * An event in its slot: the copy that a reader takes, with those after it, is all that it ever sees, so it is whole or
 * none. Read from where the writer will be next, by somebody who begins anew each time, and peeked at there.
 */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "nothing to read, or overtaken before it was found")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "every word is the event's")
@Outcome(id = "3", expect = FORBIDDEN, desc = "words of two events, or a reader that calls the ring broken")
@State
public class TornEvent {
    private static final Track TRACK = new Track();
    private static final RingReader PEEKING = TRACK.reader(Profile.EVERY);
    private static int calls;

    /** Runs ahead. */
    @Actor
    public void writer() {
        for (int i = 0; i < 32; i++) {
            TRACK.writeInline();
        }
    }

    /** Takes some in order, or one out of turn. */
    @Actor
    public void reader(I_Result r) {
        if (calls++ % 16 != 0) {
            r.r1 = judge(PEEKING, PEEKING.peek(PEEKING.oldest() + (calls & 15)));
            return;
        }
        try (var anew = TRACK.reader(Profile.EVERY)) {
            for (int i = 0; i < 32 && r.r1 != Track.WRONG; i++) {
                r.r1 = judge(anew, anew.next());
            }
        }
    }

    private static int judge(RingReader reader, Lease lease) {
        if (lease == null) {
            return reader.broken() ? Track.WRONG : Track.NOTHING;
        }
        boolean whole = whole(lease);
        lease.release();
        return whole ? Track.WHOLE : Track.WRONG;
    }

    private static boolean whole(Lease lease) {
        long expected = lease.descriptor().sequence();
        boolean same = true;
        for (long word = 0; word < lease.length(); word += Long.BYTES) {
            same &= lease.memory().get(ValueLayout.JAVA_LONG, lease.offset() + word) == expected;
        }
        return same;
    }
}
