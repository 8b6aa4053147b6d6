// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import mimir.api.source.DeviceFault;
import mimir.api.source.Source;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.swap.gate.Gate;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.Logger;

/** A real framework in this process, with a ring store for drivers and a swapper over it. Confined to a test. */
public final class TestFramework {
    private final Framework framework;
    private final RingStore store = new RingStore(Map.of());
    private final DriverSwapper swapper;
    private final Gate gate;
    private final Workers workers;
    private final Patience patience;

    public TestFramework(Path folder, Workers workers, Duration most) throws BundleException {
        this.workers = workers;
        this.patience = new Patience(most, Duration.ofSeconds(10), most, most, most, most);
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString(),
                "felix.service.urlhandlers", "false",
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "mimir.ring,mimir.api.source"));
        framework.start();
        var context = framework.getBundleContext();
        context.registerService(RingStore.class, store, null);
        var logger = (Logger) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> null);
        gate = new Gate(context, null, JarMaker.LOCK, warning -> { });
        swapper = new DriverSwapper(new Means(context, gate, workers, logger, new Components(null), null),
                folder, patience);
        context.addServiceListener(event -> {
            if (context.getService(event.getServiceReference()) instanceof DeviceFault fault) {
                if (event.getType() == ServiceEvent.REGISTERED) {
                    swapper.addFault(fault);
                } else if (event.getType() == ServiceEvent.UNREGISTERING) {
                    swapper.removeFault(fault);
                }
            }
        });
    }

    public Workers workers() {
        return workers;
    }

    public Patience patience() {
        return patience;
    }

    public DriverSwapper swapper() {
        return swapper;
    }

    public Gate gate() {
        return gate;
    }

    public RingStore store() {
        return store;
    }

    public Framework system() {
        return framework;
    }

    /** Installs a jar under a location of its own, and takes the file away. */
    public Bundle install(JarMaker maker) throws IOException, BundleException {
        var file = Files.createTempFile("bundle", ".jar");
        try {
            return install("given:" + file.getFileName(), maker.write(file));
        } finally {
            Files.delete(file);
        }
    }

    /** Installs a jar where it lies. */
    public Bundle install(Path file) throws BundleException {
        return install(file.toUri().toString(), file);
    }

    private Bundle install(String location, Path file) throws BundleException {
        try {
            return gate.install(location, gate.former("installed", Files.readAllBytes(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Takes a source's identity away from the driver, as another driver would. */
    AutoCloseable take(String id) {
        var format = new RingFormat(1, 0, 8, 8, 60, 1, List.of(0L), List.of(8), 64, 0);
        return store.open(new RingSpec(id, Abi.ITEM_FRAME, 60, 64, format, RingSpec.Writer.JAVA), "thief");
    }

    /** Identities of the sources that are published now. */
    Set<String> sources() throws Exception {
        var context = framework.getBundleContext();
        return context.getServiceReferences(Source.class, null).stream().map(reference ->
                context.getService(reference).id()).collect(Collectors.toSet());
    }

    List<String> states() {
        return Arrays.stream(framework.getBundleContext().getBundles()).skip(1).map(bundle ->
                bundle.getSymbolicName() + " " + bundle.getState()).toList();
    }

    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
        store.close();
    }

    /** Workers whose tasks run within their start, or, for a driver that hangs, never, or on threads of their own. */
    public record TestWorkers(boolean runs, boolean aside) implements Workers {
        public TestWorkers(boolean runs) {
            this(runs, false);
        }

        @Override
        public Worker start(String name, WorkClass workClass, boolean media, Task task) {
            var worker = (Worker) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Worker.class},
                    (proxy, method, arguments) -> method.getReturnType() == boolean.class ? runs : null);
            if (aside) {
                Thread.ofPlatform().daemon().name(name).start(() -> run(task, worker));
            } else if (runs) {
                run(task, worker);
            }
            return worker;
        }

        private static void run(Task task, Worker worker) {
            try {
                task.run(worker);
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
            return () -> { };
        }

        @Override
        public List<ThreadStats> threads() {
            return List.of();
        }
    }
}
