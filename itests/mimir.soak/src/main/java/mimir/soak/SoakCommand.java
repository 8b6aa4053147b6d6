// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The command {@code mimir:soak}. Thread-safe; one proof at a time. */
@Component(service = SoakCommand.class, property = {"osgi.command.scope=mimir", "osgi.command.function=soak"})
public final class SoakCommand {
    private static final long PATIENCE_S = 2;
    private static final int EXPORTS = 5;

    private final Services services;
    private final AtomicReference<Running> running = new AtomicReference<>();

    /** A proof under way. */
    private record Running(Proof proof, Wanted wanted, Thread thread, CountDownLatch concluded) {
    }

    /** With the services that it watches. */
    @Activate
    public SoakCommand(BundleContext context, @Reference Rigs rigs, @Reference Swapper swapper,
            @Reference Rings rings, @Reference Workers workers) {
        services = new Services(context, rigs, swapper, rings, workers,
                Path.of(System.getProperty("mimir.run"), "proof", "parts"));
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
        if (wanted.proof() == null) {
            return Wanted.HELP.stripTrailing();
        }
        var proof = proof(wanted);
        var now = new Running(proof, wanted, Thread.currentThread(), new CountDownLatch(1));
        if (!running.compareAndSet(null, now)) {
            throw new IllegalStateException("another proof is going on; wait for its end");
        }
        try {
            proof.run();
            return services.ending() ? "" : conclude(now); // nobody would print what a command returns at the end
        } finally {
            now.concluded().countDown();
            if (!services.ending()) {
                running.set(null);
            }
        }
    }

    private Proof proof(Wanted wanted) {
        return switch (wanted.proof()) {
            case Wanted.SWAP -> new SwapSoak(services, builds(wanted), wanted.count());
            case Wanted.FIRE -> new FireSoak(services, builds(wanted), wanted.lasts());
            default -> new ExportSoak(services, wanted.to(), EXPORTS);
        };
    }

    /** In turns; what the sanitizer watches needs its runtime, which only the start of the process can bring. */
    private List<Build> builds(Wanted wanted) {
        boolean watched = wanted.proof().equals(Wanted.FIRE) && !MappedLibrary.named("/libasan.so").isEmpty();
        return (watched ? List.of("asan") : List.of("usual", "other")).stream()
                .map(name -> Build.read(services.parts(), name)).toList();
    }

    private static String conclude(Running run) {
        var verdict = tell(run);
        var missed = verdict.missed();
        if (!missed.isEmpty()) {
            System.out.println(verdict.text());
            throw new IllegalStateException("goals were missed: " + missed);
        }
        return verdict.text();
    }

    private static Verdict tell(Running run) {
        var verdict = new Verdict(run.proof().findings());
        if (run.wanted().json() != null) {
            verdict.write(run.wanted().json());
        }
        return verdict;
    }

    /** The platform stops: what there is so far is told, also where the proof hangs in a swap. */
    @Deactivate
    void stop() {
        var now = running.get();
        if (now == null) {
            return;
        }
        now.proof().stop();
        now.thread().interrupt();
        if (!isConcluded(now)) {
            System.err.println("The swap under way did not end; what was found before it:");
        }
        System.out.println(tell(now).text());
    }

    /** It may be this very thread that the proof runs on. */
    private static boolean isConcluded(Running now) {
        try {
            return now.concluded().await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
