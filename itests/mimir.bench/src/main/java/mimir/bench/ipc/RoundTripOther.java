// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.nio.file.Path;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.handoff.Observer;

/** The server of {@link RoundTrip} and {@link Relay}: sends on what it takes. Confined to the main thread. */
final class RoundTripOther {
    private RoundTripOther() {
    }

    /** Arguments: folder, mechanism, way of waiting, events. */
    public static void main(String[] words) {
        try {
            var folder = Path.of(words[0]);
            var wire = Wires.of(words[1]);
            var wait = Wire.Wait.valueOf(words[2]);
            long events = Long.parseLong(words[3]);
            var results = new Results();
            try (var inlet = wire.inlet(folder, OneWay.NAME, wait);
                    var outlet = wire.outlet(folder, RoundTrip.BACK, wait)) {
                System.out.println(Other.READY);
                var meter = new Meter();
                relay(inlet, outlet, events);
                results.note("server.sleepsPerOp", (double) meter.sleeps() / events);
                results.lines().forEach(System.out::println);
            }
        } catch (RuntimeException e) {
            System.out.println("failed " + e);
        }
        System.exit(0);
    }

    private static void relay(Wire.Inlet inlet, Wire.Outlet outlet, long events) {
        var forward = new Forward(outlet);
        while (forward.last < events - 1) {
            if (inlet.take(forward) == 0) {
                inlet.await();
            } else {
                outlet.flush();
            }
        }
    }

    /** Confined. */
    private static final class Forward implements Observer {
        private final Wire.Outlet outlet;
        private long last = -1;

        Forward(Wire.Outlet outlet) {
            this.outlet = outlet;
        }

        @Override
        public void take(long sequence, long timeNs, long sum) {
            last = sequence;
            outlet.put(sequence, timeNs);
        }
    }
}
