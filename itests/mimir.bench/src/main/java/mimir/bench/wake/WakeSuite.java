// SPDX-License-Identifier: Apache-2.0
package mimir.bench.wake;

import java.util.ArrayList;
import java.util.List;
import mimir.bench.Case;
import mimir.ring.Waiting;

/** What it costs a publisher that others sleep, or look on. Immutable. */
public final class WakeSuite {
    private static final String NAME = "wake";
    private static final long SLEEP_NS = 100_000;
    private static final long LOOK_NS = 20_000;
    private static final int BURST = 16;

    private WakeSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (int sleepers : new int[] {1, 3}) {
            cases.add(new Case(NAME, "mimir.sleepers." + sleepers, () ->
                    new PublishCost(() -> new DoorbellWakeful(Waiting.DOORBELL), sleepers, SLEEP_NS, 1)));
            cases.add(new Case(NAME, "unpark.sleepers." + sleepers, () ->
                    new PublishCost(UnparkWakeful::new, sleepers, SLEEP_NS, 1)));
        }
        for (int awake : new int[] {1, 8}) {
            cases.add(new Case(NAME, "mimir.awake." + awake, () ->
                    new PublishCost(() -> new DoorbellWakeful(Waiting.YIELD), awake, LOOK_NS, BURST)));
        }
        return cases;
    }
}
