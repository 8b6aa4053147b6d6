// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployer;
import mimir.api.swap.Swapper;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.swap.Errand;
import mimir.swap.Patience;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Jar;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Brings bundles in, for people and out of the folder {@code load}: framework property {@code mimir.load}, else below
 * {@code mimir.state}; none where neither is set. Thread-safe.
 */
@Component(immediate = true)
public final class Deployments implements Deployer {
    private static final Duration EACH = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(2);
    private static final int MOST_REMEMBERED = 1000;

    private final Installation installation;
    private final Workers workers;
    private final Logger log;
    private final List<Deployed> history = new ArrayList<>(); // guarded by itself
    private final Worker worker;
    private volatile LoadFolder folder;
    private String complaint; // of the worker only: what was said of the folder last

    /** Begins to watch. */
    @Activate
    public Deployments(BundleContext context, @Reference Gate gate, @Reference Swapper swapper,
            @Reference Workers workers, @Reference(service = LoggerFactory.class) Logger log) {
        this.log = log;
        this.workers = workers;
        this.installation = new Installation(context, gate, swapper, workers, Patience.USUAL);
        usual(context).ifPresent(path -> {
            try {
                watch(path);
            } catch (BadInputException unsafe) {
                log.warn("no jar comes in by itself: {}", unsafe.getMessage());
            }
        });
        // NORMAL: what a driver starts inherits its class
        this.worker = workers.start("load", WorkClass.NORMAL, false, this::run);
    }

    private static Optional<Path> usual(BundleContext context) {
        var named = context.getProperty("mimir.load");
        var state = context.getProperty("mimir.state");
        return named != null ? Optional.of(Path.of(named))
                : Optional.ofNullable(state).map(path -> Path.of(path, "load"));
    }

    private void run(Worker self) {
        while (!self.stopping()) {
            var now = folder;
            if (now != null) {
                look(now);
            }
            self.pause(EACH.toNanos());
        }
    }

    private void look(LoadFolder now) {
        try {
            now.look(System.nanoTime());
            complaint = null;
        } catch (IOException | RuntimeException failure) {
            now.settled().countDown();
            var sentence = now.path() + " is not looked at: " + failure.getMessage();
            if (!sentence.equals(complaint)) {
                log.warn(sentence);
            }
            complaint = sentence;
        }
    }

    @Override
    public void watch(Path path) {
        OwnFolder.make(path);
        folder = new LoadFolder(path.toAbsolutePath().normalize(), installation, this::remember);
        if (worker != null) {
            worker.wake();
        }
    }

    @Override
    public Optional<Path> folder() {
        return Optional.ofNullable(folder).map(LoadFolder::path);
    }

    @Override
    public boolean settle(Duration atMost) {
        try {
            var now = folder;
            return now == null || now.settled().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stops) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<Deployed> install(List<Path> files) {
        var groups = Installation.byHost(files.stream().map(Jar::read).toList());
        return new Errand<>(workers, "install", () -> bring(groups)).result("nobody waits for it any more, but it goes"
                + " on to its end; mimir:deploys tells the outcome");
    }

    private List<Deployed> bring(Map<String, List<Jar>> groups) {
        var done = new ArrayList<Deployed>();
        groups.forEach((host, jars) -> {
            var deployed = installation.bring(host, jars);
            remember(deployed);
            done.add(deployed);
        });
        return done;
    }

    private void remember(Deployed deployed) {
        synchronized (history) {
            if (history.size() == MOST_REMEMBERED) {
                history.removeFirst();
            }
            history.add(deployed);
        }
        if (deployed.reason() == null) {
            log.info("{} {}", deployed.bundle(), word(deployed));
        } else {
            log.warn("{} {}: {}", deployed.bundle(), word(deployed), deployed.reason());
        }
    }

    private static String word(Deployed deployed) {
        return deployed.outcome().name().toLowerCase().replace('_', '-');
    }

    @Override
    public List<Deployed> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    @Deactivate
    void close() {
        worker.stop(END);
    }
}
