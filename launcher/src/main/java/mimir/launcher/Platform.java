// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework with the bundles of one folder, and what the launcher tells them.
 *
 * <p>Once every bundle is started, two services stand in the registry:
 * <ul>
 * <li>{@code java.lang.Object} with {@code launcher.arguments} (String[]) and {@code launcher.ready=true}, the convention of
 * bnd's own launcher, so that a bundle need not know which of the two started it;
 * <li>{@link IntConsumer} with {@code mimir.exit=true}: {@code accept(code)} asks for a clean stop of the process with that exit
 * code. It returns at once, may be called on any thread and more than once; the first code counts.
 * </ul>
 *
 * <p>Threads: confined to the main thread until started; {@link #stop} may then be called on another.
 */
final class Platform {
    /** Felix's words: missing requirement [NAME [ID](R ID)] NAMESPACE; (FILTER). */
    private static final Pattern MISSING = Pattern.compile("missing requirement \\[(\\S+) [^]]*\\][^]]*\\] (\\S+); ([^\\s\\]]+)");

    private final CompletableFuture<Integer> exit;
    private final Framework framework;

    Platform(Path cache, CompletableFuture<Integer> exit) {
        this.exit = exit;
        this.framework = new Felix(configuration(cache));
    }

    private static Map<String, Object> configuration(Path cache) {
        var configuration = new HashMap<String, Object>();
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.resolve("framework").toString());
        configuration.put("felix.cache.locking", "false"); // the folder is this process's own
        configuration.put("felix.service.urlhandlers", "false"); // nothing here opens bundle URLs from text; see ADR 0002
        configuration.put("felix.log.logger", new FrameworkLog());
        return configuration;
    }

    void start(Path folder, String[] arguments) throws LaunchException {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new LaunchException("The framework does not start: " + Console.oneLine(e.getMessage()));
        }
        var context = framework.getBundleContext();
        LogRelay.attach(context);
        // The framework may also be stopped from within, e.g. by the command `stop 0`.
        SynchronousBundleListener whenStopping = event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
                exit.complete(0);
            }
        };
        context.addBundleListener(whenStopping);
        startAll(install(folder));
        context.registerService(IntConsumer.class, exit::complete, properties("mimir.exit", true));
        var told = properties("launcher.arguments", arguments.clone());
        told.put("launcher.ready", true);
        context.registerService(Object.class, new Object(), told);
    }

    /** Stops every bundle and then the framework; false if that took longer than the limit. */
    boolean stop(long limitMs) {
        try {
            framework.stop();
            return framework.waitForStop(limitMs).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            Console.say("The framework does not stop: " + Console.oneLine(e.getMessage()));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Bundle> install(Path folder) throws LaunchException {
        var bundles = new ArrayList<Bundle>();
        for (var jar : jars(folder)) {
            try {
                // A file: location is what lets `mimir:swap NAME` read the same bytes again.
                bundles.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
            } catch (BundleException e) {
                throw new LaunchException(jar + " is no bundle (" + Console.oneLine(e.getMessage()) + "): build Mimir anew.");
            }
        }
        return bundles;
    }

    private static List<Path> jars(Path folder) throws LaunchException {
        try (var entries = Files.list(folder)) {
            var jars = entries.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            if (jars.isEmpty()) {
                throw new LaunchException("No bundles in " + folder + ": start Mimir by its script, which builds them.");
            }
            return jars;
        } catch (IOException e) {
            throw new LaunchException("The folder of bundles, " + folder + ", cannot be read (" + e.getMessage() + ").");
        }
    }

    private void startAll(List<Bundle> bundles) throws LaunchException {
        framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
        var failures = new ArrayList<String>();
        for (var bundle : bundles) {
            try {
                if (isFragment(bundle)) {
                    requireResolved(bundle);
                } else {
                    bundle.start();
                }
            } catch (BundleException e) {
                failures.add("Bundle " + bundle.getSymbolicName() + " does not start: " + reason(e));
            }
        }
        if (!failures.isEmpty()) {
            throw new LaunchException(failures);
        }
    }

    /** The innermost missing requirement of a chain of them, else the words of the root cause. */
    private static String reason(BundleException failure) {
        var message = Console.oneLine(failure.getMessage());
        String innermost = null;
        for (var match = MISSING.matcher(message); match.find();) {
            innermost = match.group(1) + " lacks " + match.group(2) + " " + match.group(3);
        }
        return innermost != null ? innermost : Console.oneLine(Console.rootOf(failure).getMessage());
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static void requireResolved(Bundle fragment) throws BundleException {
        if (fragment.getState() == Bundle.INSTALLED) {
            throw new BundleException("its host " + fragment.getHeaders().get(Constants.FRAGMENT_HOST)
                + " is not there or cannot take it", BundleException.RESOLVE_ERROR);
        }
    }

    private static Dictionary<String, Object> properties(String name, Object value) {
        var properties = new Hashtable<String, Object>();
        properties.put(name, value);
        return properties;
    }
}
