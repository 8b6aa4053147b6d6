// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployed.Outcome;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Jar;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/** Brings one host and its fragments in, through the gate. Thread-safe; control threads. */
record Installation(BundleContext context, Gate gate, Swapper swapper) {

    /** Jars by the symbolic name of their host. */
    static Map<String, List<Jar>> byHost(Collection<Jar> jars) {
        var groups = new TreeMap<String, List<Jar>>();
        for (var jar : jars) {
            jar.checkHeaders();
            groups.computeIfAbsent(jar.host().isEmpty() ? jar.name() : jar.host(), host -> new ArrayList<>()).add(jar);
        }
        return groups;
    }

    /**
     * Installs and starts a host, or swaps it where it is already.
     *
     * @throws BadInputException when one of the jars may not come in; nothing was touched
     * @throws IllegalStateException when it cannot be done now
     */
    Deployed bring(String host, List<Jar> jars) {
        var there = find(host);
        if (there.isPresent() && !gate.hasAdmitted(there.get())) {
            uninstall(List.of(there.get())); // it never ran: what came past the gate makes room for what comes by it
            there = Optional.empty();
        }
        if (there.isEmpty()) {
            return install(host, jars);
        }
        return isThere(jars) ? deployed(host, Outcome.UNCHANGED, jars, null) : swap(host, jars);
    }

    private Deployed swap(String host, List<Jar> jars) {
        var swapped = swapper.swap(host, jars.stream().map(Jar::file).toList());
        return deployed(host, switch (swapped.outcome()) {
            case SWAPPED -> Outcome.SWAPPED;
            case ROLLED_BACK -> Outcome.ROLLED_BACK;
            case REFUSED -> Outcome.REFUSED;
            case FAILED -> Outcome.FAILED;
        }, jars, swapped.outcome() == Swapped.Outcome.SWAPPED ? null : swapped.reason());
    }

    private boolean isThere(List<Jar> jars) {
        return jars.stream().allMatch(jar -> find(jar.name()).filter(bundle -> gate.isSame(jar, bundle)).isPresent());
    }

    private Optional<Bundle> find(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst();
    }

    private Deployed install(String host, List<Jar> jars) {
        if (jars.stream().noneMatch(jar -> jar.name().equals(host))) {
            throw new BadInputException(jars.getFirst().file() + " is a fragment of " + host
                    + ", which is not here; bring that in with it");
        }
        checkNames(jars);
        var verified = gate.verify(jars, Map.of());
        var installed = new LinkedHashMap<String, Bundle>();
        try {
            for (var jar : jars) {
                installed.put(jar.name(), gate.install(location(jar), verified.get(jar.name())));
            }
            start(installed.get(host), installed.values());
            return deployed(host, Outcome.INSTALLED, jars, null);
        } catch (BundleException failure) {
            uninstall(installed.values());
            return deployed(host, Outcome.REFUSED, jars, host + " does not start: " + sentence(failure)
                    + "; build it against this Mimir");
        }
    }

    private static void checkNames(List<Jar> jars) {
        var files = new TreeMap<String, Jar>();
        for (var jar : jars) {
            var other = files.put(jar.name(), jar);
            if (other != null) {
                throw new BadInputException(other.file() + " and " + jar.file() + " are both " + jar.name()
                        + "; leave one of them out");
            }
        }
    }

    /** The file itself, so that a swap without files reads it again; unless that stands for another bundle already. */
    private String location(Jar jar) {
        var location = jar.file().toAbsolutePath().normalize().toUri().toString();
        return context.getBundle(location) == null ? location : location + "#" + jar.sha256();
    }

    private void start(Bundle host, Collection<Bundle> parts) throws BundleException {
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).resolveBundles(parts);
        host.start();
        for (var part : parts) {
            if (part.getState() == Bundle.INSTALLED) {
                throw new BundleException(part.getSymbolicName() + " does not attach to it");
            }
        }
    }

    private static void uninstall(Collection<Bundle> bundles) {
        for (var bundle : bundles) {
            try {
                bundle.uninstall();
            } catch (BundleException stays) {
                throw new IllegalStateException(bundle.getSymbolicName() + " did not start, and cannot be taken out ("
                        + sentence(stays) + "); restart the platform", stays);
            }
        }
    }

    private static String sentence(BundleException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.strip().replaceAll("\\s+", " ");
    }

    private static Deployed deployed(String host, Outcome outcome, List<Jar> jars, String reason) {
        return new Deployed(Instant.now(), host, outcome, jars.stream().map(Jar::file).toList(), reason);
    }
}
