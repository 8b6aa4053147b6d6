// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapper;
import mimir.api.swap.TrustList;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The command {@code mimir:soak}. Thread-safe; one proof at a time. */
@Component(service = SoakCommand.class, property = {"osgi.command.scope=mimir", "osgi.command.function=soak"})
public final class SoakCommand {
    private static final long PATIENCE_S = 2;

    private final Rigs rigs;
    private final Swapper swapper;
    private final Rings rings;
    private final Workers workers;
    private final TrustList trust;
    private final AtomicReference<Running> running = new AtomicReference<>();

    /** A proof under way. */
    private record Running(SwapSoak soak, Wanted wanted, CountDownLatch concluded) {
    }

    /** With the services that it watches. */
    @Activate
    public SoakCommand(@Reference Rigs rigs, @Reference Swapper swapper, @Reference Rings rings,
            @Reference Workers workers, @Reference TrustList trust) {
        this.rigs = rigs;
        this.swapper = swapper;
        this.rings = rings;
        this.workers = workers;
        this.trust = trust;
    }

    /**
     * Runs what the words say. Blocks until it is over.
     *
     * @return the table
     * @throws mimir.api.BadInputException for words that cannot be read
     * @throws IllegalStateException when a goal was missed; the table is printed before
     */
    public String soak(String... words) {
        var wanted = Wanted.of(List.of(words));
        if (wanted.help()) {
            return Wanted.HELP.stripTrailing();
        }
        var parts = Path.of(System.getProperty("mimir.run"), "proof", "parts");
        var builds = List.of(Build.read(parts, "usual"), Build.read(parts, "other"));
        var soak = new SwapSoak(rigs, swapper, rings, workers, parts.resolve("rig.json"), builds,
                wanted.count());
        var now = new Running(soak, wanted, new CountDownLatch(1));
        if (!running.compareAndSet(null, now)) {
            throw new IllegalStateException("another proof is going on; wait for its end");
        }
        var files = builds.stream().flatMap(build -> build.files().stream()).distinct().toList();
        try (var _ = new Permit(trust, files)) {
            soak.run();
            return conclude(now);
        } finally {
            now.concluded().countDown();
            running.set(null);
        }
    }

    private static String conclude(Running run) {
        var account = run.soak().account();
        if (run.wanted().json() != null) {
            account.write(run.wanted().json());
        }
        var missed = account.rows().stream().filter(row -> !row.met()).map(Row::name).collect(Collectors.joining("; "));
        if (!missed.isEmpty()) {
            System.out.println(account.text());
            throw new IllegalStateException("goals were missed: " + missed);
        }
        return account.text().stripTrailing();
    }

    /** The platform stops: what there is so far is told. */
    @Deactivate
    void stop() throws InterruptedException {
        var now = running.get();
        if (now == null) {
            return;
        }
        now.soak().stop();
        if (!now.concluded().await(PATIENCE_S, TimeUnit.SECONDS)) {
            System.err.println("The swap under way did not end; what was found before it:");
            System.out.println(conclude(now));
        }
    }
}
