// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.reflect.Proxy;
import mimir.api.work.Pools;
import mimir.api.work.Workers;
import org.osgi.service.log.Logger;

/** The threads and the pools of the engine without a framework; what they log goes nowhere. Thread-safe. */
public final class BareWork {
    private static final String OWNER = "mimir.bench";

    private final Workers workers;
    private final Pools pools;

    /** With the policy of this system. */
    public BareWork() {
        var silent = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? Boolean.FALSE : null);
        var threads = new Threads(silent);
        workers = new BundleWorkers(OWNER, threads);
        pools = new BundlePools(OWNER, new PoolSet(silent, threads));
    }

    /** Starts threads. */
    public Workers workers() {
        return workers;
    }

    /** Opens strands. */
    public Pools pools() {
        return pools;
    }
}
