// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The {@link Workers} of one bundle: what it leaves running when it goes is stopped and named. Thread-safe. */
@Component(scope = ServiceScope.BUNDLE)
public final class BundleWorkers extends OfBundle implements Workers {
    private final Threads threads;
    private final Set<Adopted> adopted = ConcurrentHashMap.newKeySet();

    /** Over the threads of this process, for the bundle that asks. */
    @Activate
    public BundleWorkers(ComponentContext context, @Reference Threads threads) {
        this(context.getUsingBundle().getSymbolicName(), threads);
    }

    BundleWorkers(String owner, Threads threads) {
        super(owner);
        this.threads = threads;
    }

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        checkThere("start no worker " + name);
        return threads.start(this, name, workClass, media, task);
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        var account = threads.adopt(name, tid, workClass, items);
        adopted.add(account);
        return () -> {
            adopted.remove(account);
            account.close();
        };
    }

    @Override
    public List<ThreadStats> threads() {
        return threads.stats();
    }

    /** The bundle is gone. */
    @Deactivate
    void close() {
        leave();
        adopted.forEach(Adopted::close);
        threads.stopOf(this);
    }
}
