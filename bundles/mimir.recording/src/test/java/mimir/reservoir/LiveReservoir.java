// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.reflect.Proxy;
import mimir.api.reservoir.Reservoir;
import mimir.api.source.Source;
import mimir.recording.TestWorkers;
import mimir.ring.Ring;
import org.osgi.service.log.Logger;

/** The reservoir as it is, with threads of its own and one source. Thread-safe. */
public final class LiveReservoir implements AutoCloseable {
    private final RollingReservoir reservoir;

    /** With a budget of this many bytes. */
    public LiveReservoir(long budgetBytes, Ring ring) {
        reservoir = new RollingReservoir(answering(Settings.Config.class, budgetBytes), new TestWorkers(),
                answering(Logger.class, null));
        reservoir.addSource((Source) Proxy.newProxyInstance(Source.class.getClassLoader(),
                new Class<?>[] {Source.class}, (source, method, words) ->
                        method.getName().equals("ring") ? ring : ring.identity()));
        reservoir.begin();
    }

    private static <T> T answering(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, words) -> answer));
    }

    /** As the service. */
    public Reservoir reservoir() {
        return reservoir;
    }

    @Override
    public void close() {
        reservoir.close();
    }
}
