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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The {@link Workers} of one bundle: what it leaves running when it goes is asked to stop. Thread-safe. */
@Component(scope = ServiceScope.BUNDLE)
public final class BundleWorkers implements Workers {
    private final Threads threads;
    private final Set<Worker> mine = ConcurrentHashMap.newKeySet();
    private final Set<Adopted> adopted = ConcurrentHashMap.newKeySet();

    /** Over the threads of this process. */
    @Activate
    public BundleWorkers(@Reference Threads threads) {
        this.threads = threads;
    }

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        return threads.start(name, workClass, media, worker -> {
            mine.add(worker);
            try {
                task.run(worker);
            } finally {
                mine.remove(worker);
            }
        });
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
        adopted.forEach(Adopted::close);
        mine.forEach(worker -> threads.stop((JavaWorker) worker, "its bundle is gone"));
    }
}
