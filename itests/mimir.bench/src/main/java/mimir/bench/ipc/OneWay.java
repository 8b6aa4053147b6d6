// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import mimir.bench.Meter;
import mimir.bench.Pace;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * Events, or bursts of them, from this process to another one at a beat, or as fast as they go. Confined: run once.
 *
 * @param wire name of the mechanism
 * @param waiting how both sides wait
 * @param bursts how often something is sent
 * @param burst events that are sent together
 * @param periodNs the beat; 0: as fast as they go
 */
record OneWay(String wire, Wire.Wait waiting, int bursts, int burst, long periodNs) implements Trial {
    static final String NAME = "bench.there";

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int count = scale.of(bursts);
        try (var other = new Other(); var outlet = Wires.of(wire).outlet(other.folder(), NAME, waiting)) {
            other.start(OneWayOther.class, wire, waiting.name(), Integer.toString(count), Integer.toString(burst));
            var meter = new Meter();
            long began = System.nanoTime();
            send(outlet, count, meter);
            results.note("sent.perS", (double) count * burst * 1e9 / (System.nanoTime() - began));
            double share = meter.share();
            results.note("sender.sleepsPerOp", 2.0 * meter.sleeps() / ((double) count * burst));
            if (waiting == Wire.Wait.SPIN) {
                results.spun("sender", share);
            }
            other.join(results);
        }
    }

    private void send(Wire.Outlet outlet, int count, Meter meter) {
        var pace = new Pace(periodNs);
        long sequence = 0;
        for (int i = 0; i < count; i++) {
            if (i == count / 2) {
                meter.settle();
            }
            if (periodNs > 0) {
                pace.await();
            }
            long now = periodNs > 0 || i == 0 ? System.nanoTime() : 0;
            for (int n = 0; n < burst; n++) {
                outlet.put(sequence++, now);
            }
            outlet.flush();
        }
    }
}
