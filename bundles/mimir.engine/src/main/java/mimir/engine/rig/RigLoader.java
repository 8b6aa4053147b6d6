// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import mimir.api.BadInputException;
import mimir.api.rig.Rigs;
import mimir.api.source.DeviceFault;
import mimir.api.source.Driver;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.Abi;
import mimir.ring.Rings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Loads rigs (docs/rigs.md): read, checked with the drivers, then configured as a whole or not at all. Thread-safe. */
@Component(service = {Rigs.class, RigLoader.class})
public final class RigLoader implements Rigs {
    private static final String SHELF = "META-INF/rigs";
    private static final Duration DRIVER_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CHANGE_PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_NS = 2_000_000;

    private final Map<String, URL> shelf;
    private final Predicate<String> installed;
    private final Predicate<String> writing;
    private final Configurations configurations; // guarded by this
    private final Logger log;
    private final Registered registered = new Registered();
    private final LastRig last; // written under the lock of this

    /**
     * With the rigs of this bundle. Devices that run now belong to the rig that a former life of it has loaded; what
     * does not run of such a rig is taken away.
     */
    @Activate
    public RigLoader(BundleContext context, @Reference ConfigurationAdmin admin, @Reference LastRig last,
            @Reference Rings rings, @Reference(service = LoggerFactory.class) Logger log) throws IOException {
        this(shelf(context), name -> isInstalled(context, name), id -> isWritten(rings, id), admin, last, log);
    }

    RigLoader(Map<String, URL> shelf, Predicate<String> installed, Predicate<String> writing,
            ConfigurationAdmin admin, LastRig last, Logger log) throws IOException {
        this.shelf = shelf;
        this.installed = installed;
        this.writing = writing;
        this.configurations = new Configurations(admin);
        this.log = log;
        this.last = last;
        var former = last.get();
        if (former == null || former.wanted().stream().noneMatch(writing)) {
            last.set(null);
            configurations.deleteAll();
        }
    }

    private static boolean isInstalled(BundleContext context, String name) {
        return Arrays.stream(context.getBundles()).anyMatch(bundle -> name.equals(bundle.getSymbolicName()));
    }

    private static boolean isWritten(Rings rings, String id) {
        return rings.find(id).filter(ring -> ring.stats().state() == Abi.STATE_LIVE).isPresent();
    }

    private static Map<String, URL> shelf(BundleContext context) {
        var shelf = new TreeMap<String, URL>();
        for (var url : Collections.list(context.getBundle().findEntries(SHELF, "*.json", false))) {
            var file = url.getPath();
            shelf.put(file.substring(file.lastIndexOf('/') + 1, file.length() - ".json".length()), url);
        }
        return shelf;
    }

    @Override
    public List<String> names() {
        return List.copyOf(shelf.keySet());
    }

    @Override
    public synchronized Rig load(String nameOrFile, Map<String, String> variables) {
        var text = RigText.find(nameOrFile, shelf);
        var plan = Plan.of(text, RigSpec.read(text, variables), this::driver);
        plan.spec().wishes().check(text, plan.ids());
        var left = takeAway(CHANGE_PATIENCE);
        if (!left.isEmpty()) {
            throw new IllegalStateException("the former rig's " + String.join(", ", left) + " did not go within "
                    + CHANGE_PATIENCE.toSeconds() + " s; stop their driver or start Mimir anew");
        }
        last.set(Loaded.of(plan)); // before its devices come: their controls are set as they do
        configure(text, last.get());
        return last.get().rig();
    }

    private void configure(RigText text, Loaded next) {
        try {
            configurations.write(next.plan(), next.stopped());
        } catch (IOException | RuntimeException failure) {
            last.set(null);
            deleteDevices();
            throw new IllegalStateException(text.label() + " could not be configured (" + failure.getMessage()
                    + "); nothing of it was kept, start Mimir anew", failure);
        }
    }

    private void deleteDevices() {
        try {
            configurations.deleteDevices();
        } catch (IOException refused) {
            throw new IllegalStateException("the devices could not be taken away (" + refused.getMessage()
                    + "); stop Mimir to be rid of them", refused);
        }
    }

    /** Drivers may still be starting; one that is not even installed is not waited for. */
    private Driver driver(RigText text, RigSpec.Entry entry) {
        var name = entry.driver();
        long patience = installed.test(name) ? DRIVER_PATIENCE.toNanos() : 0;
        return registered.await(patience, () -> registered.driver(name)).orElseThrow(() -> {
            var known = registered.drivers();
            return text.fault(entry.place() + ".driver", "there is no driver '" + name + "'; "
                    + (known.isEmpty() ? "no driver runs, start one" : "name one of " + String.join(", ", known)));
        });
    }

    @Override
    public void awaitSources(Duration atMost) {
        var rig = need();
        var outcome = registered.await(atMost.toNanos(), () -> outcome(rig)).orElseGet(() -> late(rig, atMost));
        if (!outcome.isEmpty()) {
            throw new IllegalStateException(outcome);
        }
    }

    /** The sentence of a fault, an empty one when all is well, or nothing yet. */
    private Optional<String> outcome(Loaded rig) {
        if (last.get() != rig) {
            return Optional.of("rig " + rig.name() + " was taken away while its sources were awaited; load it again");
        }
        return outcome(rig.wanted());
    }

    private Optional<String> outcome(List<String> ids) {
        var fault = registered.fault(ids);
        if (fault.isPresent()) {
            return Optional.of(fault.get().id() + ": " + fault.get().sentence());
        }
        return registered.missing(ids).isEmpty() ? Optional.of("") : Optional.empty();
    }

    private String late(Loaded rig, Duration atMost) {
        return String.join(", ", registered.missing(rig.wanted())) + " of rig " + rig.name() + " did not come within "
                + atMost.toMillis() + " ms; the log says what their driver met";
    }

    @Override
    public Optional<Rig> current() {
        return Optional.ofNullable(last.get()).map(Loaded::rig);
    }

    @Override
    public synchronized void unload(Duration atMost) {
        var left = takeAway(atMost);
        if (!left.isEmpty()) {
            log.warn("{} did not go within {} ms; their driver is still stopping them", String.join(", ", left),
                    atMost.toMillis());
        }
    }

    /** Those that are still there at the end: a device takes its source away first and stops writing then. */
    private List<String> takeAway(Duration atMost) {
        var rig = last.get();
        if (rig == null) {
            return List.of();
        }
        last.set(null);
        registered.look();
        deleteDevices();
        return awaitGone(rig.plan().ids(), atMost);
    }

    private List<String> awaitGone(List<String> ids, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        registered.await(atMost.toNanos(), () -> Optional.of(ids).filter(all -> registered.present(all).isEmpty()));
        while (ids.stream().anyMatch(writing) && deadline - System.nanoTime() > 0) {
            registered.await(LOOK_NS, Optional::empty); // the end of a ring is told to its readers only
        }
        return ids.stream().filter(id -> writing.test(id) || registered.present(List.of(id)).contains(id)).toList();
    }

    /** The rig that is loaded, or null. Any thread. */
    public Loaded loaded() {
        return last.get();
    }

    private Loaded need() {
        var rig = last.get();
        if (rig == null) {
            throw new IllegalStateException("no rig is loaded; load one first");
        }
        return rig;
    }

    /** True when the driver has registered. Any thread. */
    public boolean hasDriver(String name) {
        return registered.driver(name).isPresent();
    }

    /** As {@link mimir.api.rig.Devices#stop}. */
    public synchronized void stop(String id, Duration atMost) {
        var rig = need();
        var device = rig.device(id);
        if (!rig.stopped().add(id)) {
            throw new BadInputException(id + " is stopped already; start " + id + " lets it go on");
        }
        change(id, () -> configurations.delete(device));
        if (!awaitGone(List.of(id), atMost).isEmpty()) {
            throw new IllegalStateException(id + " did not go within " + atMost.toMillis()
                    + " ms; swap " + device.driver() + " ends a device that hangs");
        }
    }

    /** As {@link mimir.api.rig.Devices#start}. */
    public synchronized void start(String id, Duration atMost) {
        var rig = need();
        var device = rig.device(id);
        if (!rig.stopped().remove(id)) {
            throw new BadInputException(id + " is not stopped; sources tells how it does");
        }
        change(id, () -> configurations.write(rig.name(), device));
        var ids = List.of(id);
        var outcome = registered.await(atMost.toNanos(), () -> outcome(ids)).orElse(id + " did not come within "
                + atMost.toMillis() + " ms; the log says what its driver met");
        if (!outcome.isEmpty()) {
            throw new IllegalStateException(outcome);
        }
    }

    /** Something done to a configuration. */
    private interface Change {
        void make() throws IOException;
    }

    private void change(String id, Change change) {
        try {
            change.make();
        } catch (IOException refused) {
            throw new IllegalStateException("the configuration of " + id + " could not be changed ("
                    + refused.getMessage() + "); start Mimir anew", refused);
        }
    }

    Registered registered() {
        return registered;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDriver(Driver driver) {
        registered.addDriver(driver);
    }

    void removeDriver(Driver driver) {
        registered.removeDriver(driver);
    }

    /** Only the reference: nothing here keeps a driver's object. */
    @Reference(service = Source.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(ServiceReference<Source> source) {
        registered.addSource(source, (String) source.getProperty(SourceProperties.ID));
    }

    void removeSource(ServiceReference<Source> source) {
        registered.removeSource(source);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFault(DeviceFault fault) {
        registered.addFault(fault);
    }

    void removeFault(DeviceFault fault) {
        registered.removeFault(fault);
    }
}
