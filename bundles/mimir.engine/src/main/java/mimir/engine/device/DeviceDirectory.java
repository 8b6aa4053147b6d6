// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.source.Control;
import mimir.api.source.Controls;
import mimir.api.source.DeviceFault;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.Source;
import mimir.engine.rig.Loaded;
import mimir.engine.rig.RigLoader;
import mimir.engine.rig.Wishes;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Knows the devices by the names that people give them, stops and starts single ones, and remembers what was set of
 * each (docs/rigs.md). It is there before any device, so that what is remembered is set before the first item.
 * Thread-safe.
 */
@Component(service = Devices.class, immediate = true)
public final class DeviceDirectory implements Devices {
    /** Property of the framework: the folder for what is kept from run to run. */
    private static final String STATE = "mimir.state";

    private final RigLoader rigs;
    private final Logger log;
    private final AliasFile file;
    private final Settings settings = new Settings();
    private final Map<Object, Published> sources = new ConcurrentHashMap<>(); // by service.id: keeps no driver's object
    private final Map<Object, Fault> faults = new ConcurrentHashMap<>();
    private final Map<String, Settable> settables = new ConcurrentHashMap<>();
    private final Map<String, Object> turns = new ConcurrentHashMap<>(); // who sets, and who comes again, by identity

    private volatile String told = ""; // the last that was wrong with the file

    private record Published(Present present, String driver) {
    }

    private record Fault(String id, String driver, String sentence) {
    }

    private record Settable(Controls controls, DeviceIdentity identity) {
    }

    /** With the state folder of this user, if the launcher told one. */
    @Activate
    public DeviceDirectory(BundleContext context, @Reference RigLoader rigs,
            @Reference(service = LoggerFactory.class) Logger log) {
        this(rigs, context.getProperty(STATE) == null ? null : Path.of(context.getProperty(STATE)), log);
    }

    DeviceDirectory(RigLoader rigs, Path folder, Logger log) {
        this.rigs = rigs;
        this.log = log;
        this.file = new AliasFile(folder);
    }

    @Override
    public List<Device> list() {
        var all = new TreeMap<String, Device>();
        var rig = rigs.loaded();
        var names = new TreeMap<String, List<String>>();
        aliases().stream().filter(Alias::here).forEach(alias ->
                names.computeIfAbsent(alias.source(), id -> new ArrayList<>()).add(alias.name()));
        sources.values().forEach(one -> all.put(one.present().id(), new Device(one.present().id(),
                names.getOrDefault(one.present().id(), List.of()), one.driver(), one.present().device(),
                one.present().identity(), State.RUNNING, "")));
        if (rig != null) {
            rig.drivers().forEach((id, driver) -> all.computeIfAbsent(id, absent -> absent(rig, id, driver, names)));
        }
        return List.copyOf(all.values());
    }

    private Device absent(Loaded rig, String id, String driver, Map<String, List<String>> names) {
        var fault = faults.values().stream().filter(one -> one.id().equals(id)).findFirst();
        var state = rig.stopped().contains(id) ? State.STOPPED : fault.isPresent() ? State.FAULTY : State.ABSENT;
        var cause = switch (state) {
            case FAULTY -> fault.orElseThrow().sentence();
            case ABSENT -> rigs.hasDriver(driver) ? "its driver " + driver + " has not published it; the log says why"
                    : "its driver " + driver + " does not run; 'lb " + driver + "' shows its state";
            default -> "";
        };
        return new Device(id, names.getOrDefault(id, List.of()), driver, "", DeviceIdentity.NONE, state, cause);
    }

    /** All that a word can mean; a device that does not run tells nothing of itself. */
    private List<Present> present() {
        var all = new TreeMap<String, Present>();
        var rig = rigs.loaded();
        if (rig != null) {
            rig.drivers().keySet().forEach(id -> all.put(id, new Present(id, "", DeviceIdentity.NONE)));
        }
        sources.values().forEach(one -> all.put(one.present().id(), one.present()));
        return List.copyOf(all.values());
    }

    @Override
    public List<String> named(String word) {
        var here = new TreeMap<String, String>();
        var away = new TreeMap<String, String>();
        for (var alias : aliases()) {
            if (alias.here()) {
                here.put(alias.name(), alias.source());
            } else {
                var serial = alias.identity().serial();
                away.put(alias.name(), alias.source() + (serial.isEmpty() ? "" : " with serial number " + serial));
            }
        }
        return new NameBook(present(), here, away).named(word);
    }

    @Override
    public List<Alias> aliases() {
        var present = present();
        var all = new TreeMap<String, Alias>();
        kept().forEach((name, was) -> {
            var now = Present.meant(was.id(), was.identity(), present);
            all.put(name, new Alias(name, now.map(Present::id).orElse(was.id()), was.identity(), true,
                    now.isPresent()));
        });
        var rig = rigs.loaded();
        if (rig != null) {
            rig.aliases().forEach((name, id) -> all.put(name, new Alias(name, id, identity(id), false, true)));
        }
        return List.copyOf(all.values());
    }

    /** A damaged file costs the aliases, and nothing else. */
    private Map<String, Present> kept() {
        try {
            return file.all();
        } catch (IllegalStateException damaged) {
            if (!damaged.getMessage().equals(told)) {
                told = damaged.getMessage();
                log.warn("{}", told);
            }
            return Map.of();
        }
    }

    private DeviceIdentity identity(String id) {
        return sources.values().stream().filter(one -> one.present().id().equals(id)).findFirst()
                .map(one -> one.present().identity()).orElse(DeviceIdentity.NONE);
    }

    @Override
    public String alias(String word, String name) {
        var id = one(word);
        if (!Wishes.isName(name)) {
            throw new BadInputException("'" + name + "' cannot be an alias: give a letter or digit, then letters,"
                    + " digits, . - or _, at most 63 in all");
        }
        if (present().stream().anyMatch(one -> one.id().equals(name))) {
            throw new BadInputException(name + " is the id of a source; give the alias another name");
        }
        file.change(all -> all.put(name, new Present(id, "", identity(id))));
        var rig = rigs.loaded();
        if (rig != null) {
            rig.aliases().remove(name);
        }
        return id;
    }

    @Override
    public void removeAlias(String name) {
        var rig = rigs.loaded();
        boolean ofRig = rig != null && rig.aliases().remove(name) != null;
        if (!ofRig || file.all().containsKey(name)) {
            file.change(all -> {
                if (all.remove(name) == null) {
                    throw new BadInputException("there is no alias '" + name + "'; alias --list shows those that are");
                }
            });
        }
    }

    @Override
    public void stop(String id, Duration atMost) {
        rigs.stop(id, atMost);
    }

    @Override
    public void start(String id, Duration atMost) {
        rigs.start(id, atMost);
    }

    @Override
    public List<Control> controls(String id) {
        var settable = settables.get(id);
        if (settable == null && sources.values().stream().noneMatch(one -> one.present().id().equals(id))) {
            throw new BadInputException(id + " does not run; start " + id + " starts it if it was stopped");
        }
        return settable == null ? List.of() : settable.controls().read();
    }

    @Override
    public List<Control> set(String id, Map<String, String> values) {
        var known = byName(controls(id));
        var parsed = new LinkedHashMap<String, Object>();
        values.forEach((name, text) -> {
            if (!known.containsKey(name)) {
                throw new BadInputException(id + " has no control '" + name + "'; it has "
                        + (known.isEmpty() ? "none" : String.join(", ", known.keySet())));
            }
            parsed.put(name, known.get(name).parse(text));
        });
        synchronized (turn(id)) { // what the former incarnation took is kept before the next one is told what to set
            var settable = settables.get(id);
            if (settable == null) {
                throw new IllegalStateException(id + " went away just now; look for it with sources");
            }
            settable.controls().write(parsed);
            settings.keep(id, settable.identity(), parsed, claimed());
            return settable.controls().read();
        }
    }

    private Object turn(String id) {
        return turns.computeIfAbsent(id, first -> new Object());
    }

    private static Map<String, Control> byName(List<Control> controls) {
        return controls.stream().collect(Collectors.toMap(Control::name, control -> control, (one, other) -> one,
                LinkedHashMap::new));
    }

    private List<String> claimed() {
        var rig = rigs.loaded();
        return rig == null ? List.of() : List.copyOf(rig.drivers().keySet());
    }

    @Override
    public String rig() {
        var rig = rigs.loaded();
        if (rig == null) {
            throw new IllegalStateException("no rig is loaded; load one first");
        }
        var ids = new TreeSet<>(rig.drivers().keySet());
        var names = new TreeMap<String, String>();
        aliases().stream().filter(alias -> alias.here() && ids.contains(alias.source()))
                .forEach(alias -> names.put(alias.name(), alias.source()));
        var controls = new TreeMap<String, Map<String, Object>>();
        for (var id : ids) {
            var values = settables.containsKey(id) ? values(id) : settings.of(id, DeviceIdentity.NONE, ids);
            if (!values.isEmpty()) {
                controls.put(id, values);
            }
        }
        return rig.text(names, controls);
    }

    private Map<String, Object> values(String id) {
        var values = new LinkedHashMap<String, Object>();
        controls(id).forEach(control -> values.put(control.name(), control.value()));
        return values;
    }

    /** Sets what the rig says or what was set before. Runs while the driver registers the device. */
    private void restore(Controls controls, DeviceIdentity identity) {
        var id = controls.id();
        var rig = rigs.loaded();
        var wished = rig == null ? Optional.<Map<String, Object>>empty() : rig.controlsOnce(id);
        var known = byName(controls.read());
        var values = new LinkedHashMap<String, Object>();
        wished.orElseGet(() -> settings.of(id, identity, claimed())).forEach((name, value) -> {
            try {
                if (!known.containsKey(name)) {
                    throw new BadInputException("it has no control '" + name + "'");
                }
                values.put(name, known.get(name).check(value));
            } catch (BadInputException changed) {
                log.warn("{}: {} is left as it is: {}", id, name, changed.getMessage());
            }
        });
        if (!values.isEmpty()) {
            controls.write(values);
            settings.keep(id, identity, values, claimed());
        }
    }

    @Reference(service = Source.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(Source source, Map<String, Object> properties) {
        sources.put(properties.get(Constants.SERVICE_ID), new Published(new Present(source.id(), source.device(),
                DeviceIdentity.of(properties::get)), source.driver()));
    }

    void updatedSource(Source source, Map<String, Object> properties) {
        addSource(source, properties);
    }

    void removeSource(Map<String, Object> properties) {
        sources.remove(properties.get(Constants.SERVICE_ID));
    }

    @Reference(service = DeviceFault.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addFault(DeviceFault fault, Map<String, Object> properties) {
        faults.put(properties.get(Constants.SERVICE_ID), new Fault(fault.id(), fault.driver(), fault.sentence()));
    }

    void removeFault(Map<String, Object> properties) {
        faults.remove(properties.get(Constants.SERVICE_ID));
    }

    @Reference(service = Controls.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addControls(Controls controls, Map<String, Object> properties) {
        var identity = DeviceIdentity.of(properties::get);
        synchronized (turn(controls.id())) {
            try {
                restore(controls, identity);
            } catch (RuntimeException refused) {
                log.warn("{}: its controls could not be set again: {}", controls.id(), refused.getMessage());
            }
            settables.put(controls.id(), new Settable(controls, identity));
        }
    }

    /** It is at another port. */
    void updatedControls(Controls controls, Map<String, Object> properties) {
        settables.put(controls.id(), new Settable(controls, DeviceIdentity.of(properties::get)));
    }

    void removeControls(Controls controls) {
        settables.computeIfPresent(controls.id(), (id, now) -> now.controls() == controls ? null : now);
    }
}
