// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.apache.felix.framework.Felix;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/**
 * The framework with the bundles of some folders, and what the launcher tells them.
 *
 * <p>Once every bundle is started, two services stand in the registry:
 * <ul>
 * <li>{@code java.lang.Object} with {@code launcher.arguments} (String[]) and {@code launcher.ready=true}, the
 * convention of bnd's own launcher, so that a bundle need not know which of the two started it;
 * <li>{@link IntConsumer} with {@code mimir.exit=true}: {@code accept(code)} asks for a clean stop of the process with
 * that exit code. It returns at once, may be called on any thread and more than once; the first code counts.
 * </ul>
 *
 * <p>Threads: confined to the main thread until started; {@link #stop} may then be called on another.
 */
final class Platform {
    private final CompletableFuture<Integer> exit;
    private final Framework framework;
    private volatile ServiceRegistration<IntConsumer> exitService;

    /** @param told framework properties that bundles ask for, such as {@code mimir.state} */
    Platform(Path cache, Map<String, String> told, CompletableFuture<Integer> exit) {
        this.exit = exit;
        this.framework = new Felix(configuration(cache, told));
    }

    private static Map<String, Object> configuration(Path cache, Map<String, String> told) {
        var configuration = new HashMap<String, Object>(told);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.resolve("framework").toString());
        configuration.put("felix.cache.locking", "false"); // the folder is this process's own
        // Nothing here makes bundle URLs out of text, and Felix would need Unsafe for it (docs/adr/0002-launcher.md).
        configuration.put("felix.service.urlhandlers", "false");
        // What there is to resolve is little: to hand it to threads and back takes longer than to do it.
        configuration.put("felix.resolver.parallelism", "1");
        configuration.put("org.osgi.service.log.admin.loglevel", "INFO"); // else only warnings are made at all
        configuration.put("felix.log.logger", new FrameworkLog());
        return configuration;
    }

    void start(List<Path> folders, KnownJars known, String[] arguments) throws LaunchException {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new LaunchException("The framework does not start: " + Console.oneLine(e.getMessage()));
        }
        var context = framework.getBundleContext();
        LogRelay.attach(context);
        LogGate.attach(context);
        // The framework may also be stopped from within, e.g. by the command `stop 0`.
        SynchronousBundleListener whenStopping = event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle() == framework) {
                exit.complete(0);
            }
        };
        context.addBundleListener(whenStopping);
        new BundleFolder(folders, known).startAll(framework);
        exitService = context.registerService(IntConsumer.class, exit::complete, properties("mimir.exit", true));
        var told = properties("launcher.arguments", arguments.clone());
        told.put("launcher.ready", true);
        context.registerService(Object.class, new Object(), told);
    }

    /** Stops every bundle and then the framework; false if that took longer than the limit. */
    boolean stop(long limitMs) {
        tellBundles();
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

    /** Who works for this process learns first that it ends; the framework would tell bundles by name, backwards. */
    private void tellBundles() {
        var service = exitService;
        try {
            if (service != null) {
                service.unregister();
            }
        } catch (IllegalStateException stopped) {
            exitService = null; // the framework was stopped from within
        }
    }

    private static Dictionary<String, Object> properties(String name, Object value) {
        var properties = new Hashtable<String, Object>();
        properties.put(name, value);
        return properties;
    }
}
