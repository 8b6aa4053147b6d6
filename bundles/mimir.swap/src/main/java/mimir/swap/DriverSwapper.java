// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import mimir.api.analysis.Analyzers;
import mimir.api.source.DeviceFault;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Verified;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Swaps drivers and analysers, one at a time; if the new bytes do not run, the old ones are put back. Thread-safe. */
@Component
public final class DriverSwapper implements Swapper {
    private static final int MOST_REMEMBERED = 1000;

    private final BundleContext context;
    private final Gate gate;
    private final Workers workers;
    private final Logger log;
    private final Patience patience;
    private final Semaphore oneAtATime = new Semaphore(1); // not even a swap within a swap
    private final Map<String, DeviceFault> faults = new ConcurrentHashMap<>();
    private final RunningBytes running; // guarded by oneAtATime
    private final List<Swapped> history = new ArrayList<>(); // guarded by history
    private long count;                                      // guarded by history

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile Analyzers analyzers;

    /** In the framework of this bundle. */
    @Activate
    public DriverSwapper(BundleContext context, @Reference Gate gate, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger log) {
        this(context, gate, workers, log, Patience.USUAL);
    }

    DriverSwapper(BundleContext context, Gate gate, Workers workers, Logger log, Patience patience) {
        this.context = context;
        this.gate = gate;
        this.running = new RunningBytes(gate);
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
    public Swapped swap(String name, List<Path> files, Consumer<Plan> stopping) {
        if (!oneAtATime.tryAcquire()) {
            throw new IllegalStateException("another swap is going on; try again when it is over");
        }
        try {
            var driver = Swappable.find(context, name);
            var fresh = files.isEmpty() ? running.again(driver) : SwapFiles.read(gate, driver, files);
            var swapped = swap(driver, fresh, stopping);
            remember(swapped);
            return swapped;
        } finally {
            oneAtATime.release();
        }
    }

    private Swapped swap(Swappable driver, Map<String, Verified> fresh, Consumer<Plan> stopping) {
        var former = running.current(driver, fresh.keySet());
        var transaction = new Transaction(driver, new Replacement(context, gate, driver, workers, patience), patience,
                () -> driver.rings(context), this::faultOf, stages(driver));
        var swapped = transaction.run(fresh, former, stopping);
        switch (swapped.outcome()) {
            case SWAPPED -> running.remember(driver, fresh);
            case ROLLED_BACK -> running.remember(driver, former);
            case REFUSED, FAILED -> { } // what it runs on is what the framework says
        }
        return swapped;
    }

    private StageWatch stages(Swappable bundle) {
        return new StageWatch(analyzers, bundle.name(), source -> Swappable.published(context, source));
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
        return Swappable.names(context);
    }

    @Override
    public List<Swapped> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }
}
