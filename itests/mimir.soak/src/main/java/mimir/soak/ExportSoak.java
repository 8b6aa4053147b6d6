// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import mimir.api.recording.Exporter;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.ring.HostClock;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Exports windows of fifteen seconds of six cameras and eight channels at 192 kHz while all of them go on, each between
 * two plain writes of as many bytes to the same folder. Confined to the thread that runs it; {@link #stop} may be
 * called by any.
 */
final class ExportSoak implements Proof, Findings {
    private static final String RIG = "six-cameras";
    private static final String BUDGET = Long.toString(7L << 30);
    private static final long S = 1_000_000_000L;
    private static final long WINDOW_NS = 15 * S;
    private static final long HOLD_NS = 120 * S;
    private static final long LOOK_NS = 20_000_000;
    private static final Duration COME = Duration.ofSeconds(60);
    private static final Duration GO = Duration.ofSeconds(30);
    private static final long ENOUGH = 6L << 30; // for a window, and for what comes while it is written
    private static final long PAGES_NS = 600 * S;
    private static final long TELL_NS = 10 * S;
    private static final double MIB = 1 << 20;

    private final Services services;
    private final Path folder;
    private final int rounds;
    private final List<Round> done = new ArrayList<>(); // guarded by this
    private Account before;                             // guarded by this
    private Account after;                              // guarded by this
    private long refused;                               // guarded by this
    private volatile boolean stopping;

    /** Of one round: what was written, how long that took, and the bare disk before and after it for as much, mean. */
    private record Round(long bytes, long missing, double seconds, double plainSeconds, double extraMiB) {
        double ratio() {
            return plainSeconds / seconds;
        }
    }

    /** What the rings have lost so far. Immutable. */
    private record Account(long dropped, long overtaken) {
        static Account of(Services services) {
            long dropped = 0;
            long overtaken = 0;
            for (var ring : services.rings().list()) {
                var stats = ring.stats();
                dropped += stats.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
                overtaken += stats.readers().stream().filter(reader -> reader.name().equals("reservoir"))
                        .mapToLong(reader -> reader.overtaken() + reader.checksumErrors()).sum();
            }
            return new Account(dropped, overtaken);
        }
    }

    /** @param folder on the disk that is to take it */
    ExportSoak(Services services, Path folder, int rounds) {
        this.services = services;
        this.folder = folder;
        this.rounds = rounds;
    }

    @Override
    public void run() {
        services.rigs().load(RIG, Map.of("budget", BUDGET));
        try {
            services.rigs().awaitSources(COME);
            var reservoir = service(Reservoir.class);
            awaitDepth(reservoir);
            var sizes = export(0, List.of()); // the first one warms everything up and counts for nothing
            awaitWhole(reservoir);
            synchronized (this) {
                before = Account.of(services);
                refused = -reservoir.stats().refused();
            }
            for (int round = 1; round <= rounds && goesOn(); round++) {
                sizes = export(round, sizes);
            }
            synchronized (this) {
                after = Account.of(services);
                refused += reservoir.stats().refused();
            }
        } finally {
            if (goesOn()) {
                services.rigs().unload(GO);
            }
        }
    }

    private boolean goesOn() {
        return !stopping && !services.ending();
    }

    private <T> T service(Class<T> type) {
        var context = services.context();
        return context.getService(reference(context, type));
    }

    private static <T> ServiceReference<T> reference(BundleContext context, Class<T> type) {
        for (long end = System.nanoTime() + COME.toNanos(); System.nanoTime() < end;) {
            var reference = context.getServiceReference(type);
            if (reference != null) {
                return reference;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        throw new IllegalStateException("nobody offers " + type.getName());
    }

    /** There is room for a window beside what comes while it is written, and fifteen seconds have passed. */
    private void awaitDepth(Reservoir reservoir) {
        long told = System.nanoTime();
        long end = told + PAGES_NS;
        while (goesOn()) {
            var stats = reservoir.stats();
            if (stats.presentBytes() >= ENOUGH && stats.depthS() * S > WINDOW_NS + S) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("this machine has made " + (stats.presentBytes() >> 20)
                        + " MiB in ten minutes; try again when it has less to do");
            }
            if (System.nanoTime() - told > TELL_NS) {
                told = System.nanoTime();
                System.err.println((stats.presentBytes() >> 20) + " MiB of the reservoir are there");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** What was lost while everything warmed up belongs to none of the windows that count. */
    private void awaitWhole(Reservoir reservoir) {
        long end = System.nanoTime() + 2 * (COME.toNanos() + WINDOW_NS);
        while (goesOn() && reservoir.sources().stream().anyMatch(source -> lately(reservoir, source))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("items are lost all the time; this machine is too busy");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static boolean lately(Reservoir reservoir, String source) {
        long now = HostClock.nowNs();
        return reservoir.missing(source, now - WINDOW_NS, now).total() > 0;
    }

    private double plain(int round, List<Long> sizes) {
        return round == 0 ? 0 : new PlainWrite().measure(services.workers(), folder, sizes) / (double) S;
    }

    /** Returns the sizes of the files, for the next plain write. */
    private List<Long> export(int round, List<Long> sizes) {
        double before = plain(round, sizes);
        var window = service(Windows.class).open(new Windows.Request("", "a proof", HostClock.nowNs(), WINDOW_NS, 0,
                HOLD_NS));
        if (window.state() == Window.State.REFUSED) {
            throw new IllegalStateException(window.reason());
        }
        List<Exported> files;
        double seconds;
        double extra;
        try (var memory = new MostMemory(services.workers(), service(Reservoir.class))) {
            long begin = System.nanoTime();
            files = service(Exporter.class).exportWindow(window.name(), List.of(), folder, System.err::println);
            seconds = (System.nanoTime() - begin) / (double) S;
            extra = memory.mostExtraBytes() / MIB;
        }
        files.stream().filter(file -> file.file() != null).forEach(file -> delete(file.file()));
        long bytes = files.stream().mapToLong(Exported::bytes).sum();
        if (round > 0) {
            double plain = (before + plain(round, sizes)) / 2;
            var one = new Round(bytes, files.stream().mapToLong(Exported::missing).sum(), seconds, plain, extra);
            System.err.println("round " + round + ": " + one);
            synchronized (this) {
                done.add(one);
            }
        }
        return files.stream().map(Exported::bytes).filter(size -> size > 0).toList();
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public Findings findings() {
        return this;
    }

    @Override
    public String proof() {
        return "export";
    }

    @Override
    public synchronized List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.add(Row.least("exports of 15 s", done.size(), rounds, ""));
        rows.add(Row.least("bytes a second against a plain write to the same folder, median",
                median(done.stream().map(Round::ratio).sorted().toList()), 0.8, ""));
        rows.add(Row.most("items that sources lost meanwhile", after == null ? 0 : after.dropped() - before.dropped(),
                0, ""));
        rows.add(Row.most("items that the reservoir lost, found wrong or had no room for",
                after == null ? 0 : after.overtaken() - before.overtaken() + refused, 0, ""));
        rows.add(Row.most("items missing in the files", done.stream().mapToLong(Round::missing).sum(), 0, ""));
        rows.add(Row.most("memory beside what was there before, most",
                done.stream().mapToDouble(Round::extraMiB).max().orElse(0), 16, "MiB"));
        return rows;
    }

    private static double median(List<Double> sorted) {
        return sorted.isEmpty() ? 0 : (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    @Override
    public synchronized Map<String, Double> figures() {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("export, MB/s, median", median(done.stream().map(round -> round.bytes() / round.seconds() / 1e6)
                .sorted().toList()));
        figures.put("plain write, MB/s, median", median(done.stream().map(round ->
                round.bytes() / round.plainSeconds() / 1e6).sorted().toList()));
        return figures;
    }

    @Override
    public synchronized Map<String, Object> details() {
        return Map.of("rounds", done.stream().map(round -> Map.of("bytes", round.bytes(), "missing", round.missing(),
                "seconds", round.seconds(), "plainSeconds", round.plainSeconds(), "extraMiB", round.extraMiB()))
                .toList());
    }
}
