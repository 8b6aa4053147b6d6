// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.felix.framework.Felix;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * The log as the platform has it: the log service in a framework, the launcher's gate and relay, and its file, which is
 * kept whole here. Confined, but for the loggers.
 */
public final class BareLog implements AutoCloseable {
    private static final Pattern MISSING = Pattern.compile(
            ".* WARN +\\S+: (\\d+) entries (of this bundle )?are missing here.*");
    private static final long PATIENCE_MS = 5_000;
    private static final long QUIET_NS = 50_000_000;

    private final Path folder;
    private final LogFile file;
    private final Framework framework;
    private final LogGate gate;

    /** Starts all of it. Blocks meanwhile. */
    public BareLog() {
        try {
            folder = Files.createTempDirectory("mimir-bench-log-");
            Files.createFile(log());
            file = new LogFile(log(), Long.MAX_VALUE);
            Console.keep(file);
            framework = new Felix(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString(),
                    "felix.service.urlhandlers", "false", "org.osgi.service.log.admin.loglevel", "INFO",
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.osgi.service.log;version=1.5.0"));
            framework.start();
            LogRelay.attach(framework.getBundleContext());
            gate = LogGate.attach(framework.getBundleContext());
            var service = Class.forName("org.apache.felix.log.Activator").getProtectionDomain().getCodeSource();
            framework.getBundleContext().installBundle(service.getLocation().toURI().toString()).start();
        } catch (IOException | BundleException | ReflectiveOperationException | URISyntaxException e) {
            throw new IllegalStateException("there is no log service", e);
        }
    }

    private Path log() {
        return folder.resolve("bench.log");
    }

    /** A logger of the service. */
    public Logger logger(String name) {
        var context = framework.getBundleContext();
        return context.getService(context.getServiceReference(LoggerFactory.class)).getLogger(name);
    }

    /**
     * Waits until nothing more comes, for some seconds at most, and ends the log. Returns how many entries with this
     * text it kept, and how many of all it told to be missing.
     */
    public long[] end(String text) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        long size;
        do {
            size = log().toFile().length();
            LockSupport.parkNanos(QUIET_NS);
        } while (size != log().toFile().length() && System.nanoTime() < until);
        gate.tellRest();
        file.close();
        try (var lines = Files.lines(log())) {
            var count = new long[2];
            lines.forEach(line -> {
                count[0] += line.contains(text) ? 1 : 0;
                var missing = MISSING.matcher(line);
                count[1] += missing.matches() ? Long.parseLong(missing.group(1)) : 0;
            });
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws Exception {
        Console.keep(null);
        file.close();
        framework.stop();
        framework.waitForStop(PATIENCE_MS);
        try (var files = Files.walk(folder)) {
            for (var each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
