// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.source.DeviceFault;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Verified;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Swaps drivers and analysers, one at a time; if the new bytes do not run, the old ones are put back. Thread-safe. */
@Component
public final class DriverSwapper implements Swapper {
    private static final String GOES_ON = "nobody waits for it any more, but it goes on to its end; mimir:swaps tells"
            + " the outcome";
    private static final Duration END = Duration.ofSeconds(2);

    private final Means means;
    private final BundleContext context;
    private final Ledger ledger;
    private final Patience patience;
    private final Semaphore oneAtATime = new Semaphore(1); // not even a swap within a swap
    private final Map<String, DeviceFault> faults = new ConcurrentHashMap<>();
    private final RunningBytes running; // guarded by oneAtATime

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile Analyzers analyzers;

    /** In the framework of this bundle. */
    @Activate
    public DriverSwapper(BundleContext context, @Reference Gate gate, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger log, @Reference ServiceComponentRuntime runtime,
            @Reference ConfigurationAdmin admin) {
        this(new Means(context, gate, workers, log, new Components(runtime), admin), folder(context), Patience.USUAL);
    }

    DriverSwapper(Means means, Path folder, Patience patience) {
        this.means = means;
        this.context = means.context();
        this.running = new RunningBytes(means.gate());
        this.ledger = new Ledger(means.log(), new Journal(folder, means.log()::warn));
        this.patience = patience;
    }

    /** Where what outlives this run is kept; else in the framework's cache, which goes with it. */
    private static Path folder(BundleContext context) {
        var state = context.getProperty("mimir.state");
        return state == null ? context.getDataFile("").toPath() : Path.of(state);
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
        return alone(() -> {
            var account = Account.of("swap");
            var driver = Swappable.find(context, name);
            return prepared(account, driver, fresh(driver, files, account), stopping);
        });
    }

    /** Checks on this thread; what they lead to comes to its end, and only then is it another's turn. */
    private <T> T alone(Supplier<Supplier<T>> checks) {
        takeTurn();
        Errand<T> errand;
        try {
            var checked = checks.get();
            errand = new Errand<>(means.workers(), "transaction", () -> {
                try {
                    return checked.get();
                } finally {
                    oneAtATime.release();
                }
            });
        } catch (RuntimeException | Error refused) {
            oneAtATime.release();
            throw refused;
        }
        return errand.result(GOES_ON);
    }

    private void takeTurn() {
        if (!oneAtATime.tryAcquire()) {
            throw new IllegalStateException("another swap is going on; try again when it is over");
        }
    }

    /** What is refused here is in the journal, too: somebody wanted it to run. */
    private Map<String, Verified> fresh(Swappable driver, List<Path> files, Account account) {
        try {
            return fresh(driver, files);
        } catch (BadInputException refused) {
            ledger.refused(account, driver.name(), refused.getMessage());
            throw refused;
        }
    }

    private Map<String, Verified> fresh(Swappable driver, List<Path> files) {
        return files.isEmpty() ? running.again(driver) : SwapFiles.read(means.gate(), driver, files);
    }

    private Supplier<Swapped> prepared(Account account, Swappable driver, Map<String, Verified> fresh,
            Consumer<Plan> stopping) {
        var former = running.current(driver);
        var replacement = new Replacement(means, driver, patience);
        var transaction = transaction(driver, replacement);
        var plan = transaction.plan(parts(driver, former, fresh));
        if (plan.refusal() == null) {
            stopping.accept(plan);
        }
        return () -> {
            var swapped = transaction.run(plan, fresh, former);
            remember(swapped, replacement.driver(), fresh, former);
            ledger.swapped(account, swapped, plan.parts(), transaction.parked(), transaction.stepsMs());
            return swapped;
        };
    }

    private void remember(Swapped swapped, Swappable driver, Map<String, Verified> fresh,
            Map<String, Verified> former) {
        switch (swapped.outcome()) {
            case SWAPPED -> running.remember(driver, fresh);
            case ROLLED_BACK -> running.remember(driver, former);
            case REFUSED, FAILED -> { } // what it runs on is what the framework says
        }
    }

    private Transaction transaction(Swappable driver, Replacement replacement) {
        var broken = means.components().faults(driver.host()).keySet();
        return new Transaction(driver, replacement, patience, () -> replacement.driver().rings(context),
                source -> fault(source, replacement.driver(), broken), this::configured, stages(driver));
    }

    private Set<String> configured() {
        return means.admin() == null ? Set.of() : DeviceRestart.devices(means.admin()).keySet();
    }

    private static List<Plan.Part> parts(Swappable driver, Map<String, Verified> former, Map<String, Verified> fresh) {
        return driver.parts().entrySet().stream().map(part -> {
            var now = former.get(part.getKey());
            var next = fresh.getOrDefault(part.getKey(), now);
            var version = part.getValue().getVersion().toString();
            return new Plan.Part(part.getKey(), version, now.sha256(),
                    next.headers().getOrDefault(Constants.BUNDLE_VERSION, version), next.sha256());
        }).toList();
    }

    @Override
    public Plan plan(String name, List<Path> files) {
        takeTurn();
        try {
            var driver = Swappable.find(context, name);
            var fresh = fresh(driver, files);
            var transaction = transaction(driver, new Replacement(means, driver, patience));
            return transaction.plan(parts(driver, running.current(driver), fresh));
        } finally {
            oneAtATime.release();
        }
    }

    @Override
    public Swapped restart(String source) {
        return alone(() -> () -> {
            var account = Account.of("restart");
            var restarted = new DeviceRestart(means, patience, faults::get).run(source);
            ledger.restarted(account, restarted);
            return restarted;
        });
    }

    private StageWatch stages(Swappable bundle) {
        return new StageWatch(analyzers, bundle.name(), source -> Swappable.published(context, source));
    }

    /** Why a source cannot come, or null; what was broken before the swap is no reason. */
    private String fault(String source, Swappable driver, Set<String> brokenBefore) {
        var device = faults.get(source);
        return device != null ? device.sentence()
                : means.components().faults(driver.host()).entrySet().stream()
                .filter(fault -> !brokenBefore.contains(fault.getKey())).map(Map.Entry::getValue).findFirst()
                .orElse(null);
    }

    @Override
    public List<String> names() {
        return Swappable.names(context);
    }

    @Override
    public List<Swapped> history() {
        return ledger.history();
    }

    @Override
    public List<String> journal() {
        return ledger.lines();
    }

    /** Lets a swap that goes on come to its end; no other begins here. */
    @Deactivate
    void close() throws InterruptedException {
        oneAtATime.tryAcquire(END.toNanos(), TimeUnit.NANOSECONDS);
    }
}
