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
import mimir.api.work.Workers;
import mimir.swap.Newcomer;
import mimir.swap.Patience;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Jar;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/** Brings one host and its fragments in, through the gate. Thread-safe; control threads. */
record Installation(BundleContext context, Gate gate, Swapper swapper, Workers workers, Patience patience) {

    /** Symbolic name of the bundle that a jar runs as, or in. */
    static String host(Jar jar) {
        return jar.host().isEmpty() ? jar.name() : jar.host();
    }

    /** Jars by the symbolic name of their host. */
    static Map<String, List<Jar>> byHost(Collection<Jar> jars) {
        var groups = new TreeMap<String, List<Jar>>();
        for (var jar : jars) {
            jar.checkHeaders();
            groups.computeIfAbsent(host(jar), host -> new ArrayList<>()).add(jar);
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
            makeRoom(there.get());
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
        } catch (BundleException | InterruptedException | IllegalStateException failure) {
            return takenOut(host, jars, installed.values(), failure);
        }
    }

    private Deployed takenOut(String host, List<Jar> jars, Collection<Bundle> installed, Exception failure) {
        var why = host + " does not start: " + sentence(failure);
        boolean misfit = failure instanceof BundleException known && known.getType() == BundleException.RESOLVE_ERROR;
        try {
            for (var bundle : installed) {
                new Newcomer(bundle, workers, patience).takeOut();
            }
            return deployed(host, Outcome.REFUSED, jars, why + (misfit ? "; build it against this Mimir"
                    : "; correct it, nothing of it is left here"));
        } catch (BundleException | InterruptedException | IllegalStateException stays) {
            return deployed(host, Outcome.FAILED, jars, why + "; nor can it be taken out (" + sentence(stays)
                    + "), so restart the platform");
        }
    }

    /** It never ran: what came past the gate makes room for what comes by it. */
    private void makeRoom(Bundle refused) {
        try {
            refused.uninstall();
        } catch (BundleException stays) {
            throw new IllegalStateException(refused.getSymbolicName() + " came past the gate and cannot be taken out ("
                    + sentence(stays) + "); restart the platform", stays);
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

    private void start(Bundle host, Collection<Bundle> parts) throws BundleException, InterruptedException {
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class).resolveBundles(parts);
        new Newcomer(host, workers, patience).start();
        for (var part : parts) {
            if (part.getState() == Bundle.INSTALLED) {
                throw new BundleException(part.getSymbolicName() + " does not attach to it");
            }
        }
    }

    private static String sentence(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return "the platform stops";
        }
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
