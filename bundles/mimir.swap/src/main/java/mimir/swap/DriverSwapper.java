// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import mimir.api.source.DeviceFault;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Swaps drivers, one at a time; when the new bytes do not run, the old ones are put back. Thread-safe. */
@Component
public final class DriverSwapper implements Swapper {
    private static final int MOST_REMEMBERED = 1000;

    private final BundleContext context;
    private final Workers workers;
    private final Logger log;
    private final Patience patience;
    private final Semaphore oneAtATime = new Semaphore(1); // not even a swap within a swap
    private final Map<String, DeviceFault> faults = new ConcurrentHashMap<>();
    private final RunningBytes running = new RunningBytes(); // guarded by oneAtATime
    private final List<Swapped> history = new ArrayList<>(); // guarded by history
    private long count;                                      // guarded by history

    /** In the framework of this bundle. */
    @Activate
    public DriverSwapper(BundleContext context, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger log) {
        this(context, workers, log, Patience.USUAL);
    }

    DriverSwapper(BundleContext context, Workers workers, Logger log, Patience patience) {
        this.context = context;
        this.workers = workers;
        this.log = log;
        this.patience = patience;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFault(DeviceFault fault) {
        faults.put(fault.id(), fault);
    }

    void removeFault(DeviceFault fault) {
        faults.remove(fault.id(), fault);
    }

    @Override
    public Swapped swap(String name, List<Path> files, Consumer<List<String>> stopping) {
        if (!oneAtATime.tryAcquire()) {
            throw new IllegalStateException("another swap is going on; try again when it is over");
        }
        try {
            var driver = DriverBundle.find(context, name);
            var fresh = files.isEmpty() ? running.again(driver) : SwapFiles.read(driver, files);
            var swapped = swap(driver, fresh, stopping);
            remember(swapped);
            return swapped;
        } finally {
            oneAtATime.release();
        }
    }

    private Swapped swap(DriverBundle driver, Map<String, byte[]> fresh, Consumer<List<String>> stopping) {
        var former = running.current(driver, fresh.keySet());
        var transaction = new Transaction(driver.name(), new Replacement(context, driver, workers, patience), patience,
                () -> driver.rings(context), this::faultOf);
        var swapped = transaction.run(fresh, former, stopping);
        switch (swapped.outcome()) {
            case SWAPPED -> running.remember(driver, fresh);
            case ROLLED_BACK -> running.remember(driver, former);
            case REFUSED, FAILED -> { } // what it runs on is what the framework says
        }
        return swapped;
    }

    private String faultOf(String source) {
        var fault = faults.get(source);
        return fault == null ? null : fault.sentence();
    }

    private void remember(Swapped swapped) {
        long number;
        synchronized (history) {
            if (history.size() == MOST_REMEMBERED) {
                history.removeFirst();
            }
            history.add(swapped);
            number = ++count;
        }
        log.info("swap {} of this run: {} {}{}", number, swapped.bundle(), swapped.outcome(),
                swapped.reason() == null ? "" : ": " + swapped.reason());
    }

    @Override
    public List<String> names() {
        return DriverBundle.names(context);
    }

    @Override
    public List<Swapped> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }
}
