// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.reflect.Proxy;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Windows;
import mimir.api.source.Source;
import mimir.api.work.Workers;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import org.osgi.service.log.Logger;

/** The reservoir with its threads and without a framework. Thread-safe. */
public final class BareReservoir implements AutoCloseable {
    private final RollingReservoir reservoir;

    /** With a budget that it makes present however long that takes. */
    public BareReservoir(long budgetBytes, Workers workers, Logger log) {
        var config = (Settings.Config) Proxy.newProxyInstance(Settings.class.getClassLoader(),
                new Class<?>[] {Settings.Config.class}, (proxy, method, arguments) -> budgetBytes);
        reservoir = new RollingReservoir(config, workers, log);
        reservoir.begin();
    }

    /** As the service. */
    public Reservoir reservoir() {
        return reservoir;
    }

    /** As the service. */
    public Windows windows() {
        return reservoir;
    }

    /** A source is there. */
    public void add(Ring ring, RingFormat format) {
        reservoir.addSource(new Published(ring, format));
    }

    @Override
    public void close() {
        reservoir.close();
    }

    /** Immutable. */
    private record Published(Ring ring, RingFormat format) implements Source {
        @Override
        public String id() {
            return ring.identity();
        }

        @Override
        public String device() {
            return id();
        }

        @Override
        public String driver() {
            return "mimir.bench";
        }
    }
}
