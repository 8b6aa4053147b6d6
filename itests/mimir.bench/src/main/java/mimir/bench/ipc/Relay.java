// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.util.concurrent.atomic.AtomicLong;
import mimir.bench.Crew;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.handoff.Lane;
import mimir.bench.handoff.Observer;

/**
 * As many events as go from a client to a server and back, one thread of the client sending and one receiving; three
 * threads on whatever cores there are. No event is lost: the client lets no more than half a ring be under way.
 * Confined: run once.
 *
 * @param wire name of the mechanism
 */
record Relay(String wire) implements Trial {
    private static final int EVENTS = 10_000_000;
    private static final int UNDER_WAY = Lane.CAPACITY / 2;
    private static final int BATCH = 64;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        long events = (long) scale.of(EVENTS / BATCH) * BATCH;
        try (var other = new Other(); var crew = new Crew();
                var there = Wires.of(wire).outlet(other.folder(), OneWay.NAME, Wire.Wait.YIELD)) {
            other.start(RoundTripOther.class, wire, Wire.Wait.YIELD.name(), Long.toString(events));
            try (var back = Wires.of(wire).inlet(other.folder(), RoundTrip.BACK, Wire.Wait.YIELD)) {
                var returned = new AtomicLong();
                long began = 0;
                long before = 0;
                crew.start("sender", () -> send(there, events, returned));
                var inOrder = new InOrder();
                while (inOrder.next < events) {
                    if (back.take(inOrder) == 0) {
                        back.await();
                    }
                    returned.setRelease(inOrder.next);
                    if (began == 0 && inOrder.next >= events / 2) {
                        before = inOrder.next; // the first half was warm-up
                        began = System.nanoTime();
                    }
                }
                results.note("rate.perS", (events - before) * 1e9 / (System.nanoTime() - began));
                crew.join();
            }
            other.join(results);
        }
    }

    private static void send(Wire.Outlet there, long events, AtomicLong returned) {
        for (long sequence = 0; sequence < events;) {
            while (sequence - returned.getAcquire() > UNDER_WAY - BATCH) {
                Thread.yield();
            }
            for (int n = 0; n < BATCH; n++) {
                there.put(sequence++, 0);
            }
            there.flush();
        }
    }

    /** Confined. */
    private static final class InOrder implements Observer {
        private long next;

        @Override
        public void take(long sequence, long timeNs, long sum) {
            if (sequence != next || sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " came instead of " + next);
            }
            next++;
        }
    }
}
