// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import mimir.api.work.Pools;
import mimir.api.work.Workers;
import org.osgi.service.log.Logger;

/** The real pools and workers without a framework, for tests of those who use them. Thread-safe. */
public final class LiveWork implements AutoCloseable {
    private final Threads threads;
    private final PoolSet set;
    private final BundlePools pools;
    private final BundleWorkers workers;

    /** With the threads of this system. */
    public LiveWork(Logger log) {
        threads = new Threads(log, new LinuxPolicy());
        set = new PoolSet(log, threads);
        pools = new BundlePools("test", set);
        workers = new BundleWorkers("test", threads);
    }

    /** See {@link Pools}. */
    public Pools pools() {
        return pools;
    }

    /** See {@link Workers}. */
    public Workers workers() {
        return workers;
    }

    @Override
    public void close() {
        pools.close();
        set.close();
        workers.close();
        threads.close();
    }
}
