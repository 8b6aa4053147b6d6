// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.swap.TrustList;
import mimir.api.swap.Trusted;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * The one way in: a jar is read once, everything is checked on these bytes, and these bytes are installed. Nothing that
 * it does not let in can run (ADR 0010). Thread-safe; control threads; blocks on files.
 */
@Component(service = {Gate.class, TrustList.class}, immediate = true)
public final class Gate implements TrustList {
    private final Known known;
    private final Layering layering;
    private final NativeFit nativeFit;
    private final Fence fence;

    /** At the gate of this framework; what is installed now is in. */
    @Activate
    public Gate(BundleContext context, @Reference(service = LoggerFactory.class) Logger log) {
        this(context, path(context.getProperty("mimir.state")), path(context.getProperty("mimir.lock")), log::warn);
    }

    /** With the list of what is trusted in {@code state}; null keeps it in memory. */
    public Gate(BundleContext context, Path state, Path lock, Consumer<String> warn) {
        known = new Known(state, lock);
        layering = Layering.in(context);
        nativeFit = new NativeFit(Here.in(context));
        fence = new Fence(context, this::inspect, warn);
    }

    private static Path path(String property) {
        return property == null ? null : Path.of(property);
    }

    /**
     * Lets jars in that shall run as parts of one bundle.
     *
     * @param jars those that come in: the host, fragments of it, or both
     * @param installed all parts that are there already, by symbolic name; what comes in replaces its namesake
     * @return what may be installed, by symbolic name
     * @throws BadInputException when one may not: one sentence; nothing was touched
     */
    public Map<String, Verified> verify(Collection<Jar> jars, Map<String, Bundle> installed) {
        var parts = new LinkedHashMap<String, Part>();
        installed.forEach((name, bundle) -> parts.put(name, Part.of(bundle)));
        for (var jar : jars) {
            layering.check(jar);
            parts.put(jar.name(), Part.of(jar));
        }
        parts.values().stream().filter(part -> part.header().apply("Fragment-Host") == null).findFirst()
                .ifPresent(host -> nativeFit.check(host, parts.values()));
        var verified = new LinkedHashMap<String, Verified>();
        for (var jar : jars) {
            verified.put(jar.name(), verified(jar, installed.get(jar.name())));
        }
        return verified;
    }

    private Verified verified(Jar jar, Bundle running) {
        var origin = known.origin(jar, running != null && fence.hasAdmitted(running) ? running : null);
        return new Verified(jar.name(), jar.bytes(), jar.headers(), origin, jar.file());
    }

    /**
     * A bundle that the framework was given past the gate may run when its file may come in, and when it holds what the
     * framework really took.
     */
    private void inspect(Bundle bundle) {
        var file = Location.file(bundle.getLocation()).orElseThrow(() -> new BadInputException(
                "it came out of no file that can be looked at; bring it in with mimir:install FILE"));
        var jar = Jar.read(file);
        layering.check(jar);
        known.origin(jar, null);
        if (!isSame(jar, bundle)) {
            throw new BadInputException("it was not taken out of " + file + " as that is now; bring it in with"
                    + " mimir:install " + file);
        }
    }

    /** True when a bundle runs on exactly what a jar holds. */
    public boolean isSame(Jar jar, Bundle bundle) {
        return Known.isSame(jar, bundle);
    }

    /** False for a bundle that came past the gate: it cannot run. */
    public boolean hasAdmitted(Bundle bundle) {
        return fence.hasAdmitted(bundle);
    }

    /** What ran until now, to be put back if need be: it was let in before. */
    public Verified former(String name, byte[] bytes) {
        return new Verified(name, bytes, Map.of(), "ran before", null);
    }

    /** The jar that a bundle was installed from, when it still holds what the bundle runs on. */
    public Optional<Verified> running(Path file, Bundle bundle) {
        try {
            var jar = Jar.read(file);
            return Known.isSame(jar, bundle) ? Optional.of(new Verified(jar.name(), jar.bytes(), jar.headers(),
                    "ran before", null)) : Optional.empty();
        } catch (BadInputException another) {
            return Optional.empty(); // a build is writing it anew; what runs is in the framework's cache
        }
    }

    /** Installs a bundle; it is not started. */
    public Bundle install(String location, Verified part) throws BundleException {
        return fence.install(location, part);
    }

    /** Updates a bundle. */
    public void update(Bundle bundle, Verified part) throws BundleException {
        fence.update(bundle, part);
    }

    @Override
    public Trusted trust(String fileOrHash) {
        return known.trust(fileOrHash);
    }

    @Override
    public Trusted forget(String which) {
        return known.forget(which);
    }

    @Override
    public List<Trusted> trusted() {
        return known.trusted();
    }

    /** Without it nothing is kept out any more. */
    @Deactivate
    public void close() {
        fence.close();
    }
}
