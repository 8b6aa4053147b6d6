// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mimir.api.source.Source;
import mimir.api.time.TruthSource;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Writes what the estimator observes of sources to a file of text, as they run: device time and host time of each item,
 * and its true time where that is told. {@code ./mimir sync-bench --observations} reads it (docs/sync.md). Confined.
 */
final class ObservationFile {
    static final String FIRST_LINE = "mimir.observations 1";
    private static final long LOOK_NS = 20_000_000;
    private static final long TELL_NS = 10_000_000_000L;

    private final Map<String, TruthSource> truths;
    private final Map<String, Integer> clocks = new HashMap<>(); // by the line that declares them
    private final StringBuilder line = new StringBuilder();
    private long items;

    /** @param truths of devices whose truth is told */
    ObservationFile(List<TruthSource> truths) {
        this.truths = truths.stream().collect(Collectors.toMap(TruthSource::id, truth -> truth, (a, b) -> a));
    }

    /**
     * Writes for so long, less when the thread is interrupted; returns what to say at the end. Blocks.
     *
     * @throws UncheckedIOException when the disk refuses; what was written until then stays
     */
    String write(Path file, List<Source> sources, long forNs, Consumer<String> progress) {
        long beginNs = HostClock.nowNs();
        var readers = sources.stream().map(source -> source.ring().reader("sync-observations", Profile.EVERY,
                Start.OLDEST)).toList();
        try (var out = Files.newBufferedWriter(WholeFile.emptyPrivate(file), StandardCharsets.US_ASCII)) {
            out.write(FIRST_LINE + "\n");
            long toldNs = beginNs;
            for (long nowNs = beginNs; nowNs < beginNs + forNs && !Thread.currentThread().isInterrupted();
                    nowNs = HostClock.nowNs()) {
                drain(readers, out);
                if (nowNs - toldNs > TELL_NS) {
                    toldNs = nowNs;
                    progress.accept(String.format(Locale.ROOT, "%d observations in %.0f of %.0f s", items,
                            (nowNs - beginNs) / 1e9, forNs / 1e9));
                }
                LockSupport.parkNanos(LOOK_NS);
            }
            drain(readers, out);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written (" + e.getMessage() + "): free some space", e);
        } finally {
            readers.forEach(RingReader::close);
        }
        return String.format(Locale.ROOT, "%d observations of %d sources in %s", items, sources.size(), file);
    }

    private void drain(List<RingReader> readers, BufferedWriter out) throws IOException {
        for (var reader : readers) {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                try {
                    item(reader.source(), lease, out);
                } finally {
                    lease.release();
                }
            }
        }
    }

    private void item(String source, Lease lease, BufferedWriter out) throws IOException {
        var item = lease.descriptor();
        if (item.deviceClock() == Descriptor.CLOCK_NONE || item.has(Descriptor.NO_TIME_INFO)) {
            return;
        }
        var truth = truths.get(source);
        long trueNs = truth == null ? TruthSource.UNKNOWN : truth.trueNs(item.epoch(), item.sequence());
        int clock = clock(source, item, lease.format(), out);
        line.setLength(0);
        line.append(clock).append(' ').append(item.epoch()).append(' ').append(item.deviceTime()).append(' ')
                .append(lease.writerHostNs());
        if (trueNs != TruthSource.UNKNOWN) {
            line.append(' ').append(trueNs);
        }
        out.append(line.append('\n'));
        items++;
    }

    /** Number of this source's clock, declared before its first item. */
    private int clock(String source, Descriptor item, RingFormat format, BufferedWriter out) throws IOException {
        boolean ticks = item.deviceClock() == Descriptor.CLOCK_TICKS;
        double hz = ticks ? format.deviceTickHz() : format.rateHz();
        var declared = hz + " " + source;
        var known = clocks.get(declared);
        if (known == null) {
            known = clocks.size();
            clocks.put(declared, known);
            out.write("clock " + known + " " + declared + "\n");
        }
        return known;
    }
}
