// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** What sources really send: rate, steadiness and losses after a warm-up, and how they are connected. Thread-safe. */
final class ProbeCommand implements Command {
    private static final String USUAL_FOR = "5s";
    private static final String USUAL_WARM_UP = "2s";
    private static final long TELL_NS = 2_000_000_000;
    private static final long LOOK_NS = 10_000_000;

    /** A source and what it did. */
    private record Row(Source source, DeviceIdentity identity, String link, ProbeMeter.Figures figures) {
        double askedHz() {
            var format = source.format();
            return source instanceof AudioSource ? format.rateHz() / format.height() : format.rateHz();
        }
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "source", row -> row.source().id()),
            Column.of("ASKED Hz", "askedHz", Row::askedHz),
            Column.of("MEASURED Hz", "measuredHz", row -> row.figures().measuredHz()),
            Column.of("p50 ms", "intervalP50Ms", row -> row.figures().p50Ms()),
            Column.of("p95 ms", "intervalP95Ms", row -> row.figures().p95Ms()),
            Column.of("p99 ms", "intervalP99Ms", row -> row.figures().p99Ms()),
            Column.of("WORST ms", "intervalMostMs", row -> row.figures().mostMs()),
            Column.hidden("rateP50Hz", row -> rate(row.figures().p50Ms())),
            Column.hidden("rateP95Hz", row -> rate(row.figures().p95Ms())),
            Column.hidden("rateP99Hz", row -> rate(row.figures().p99Ms())),
            Column.of("ITEMS", "items", row -> row.figures().items()),
            Column.of("MISSING", "missing", row -> row.figures().missing()),
            Column.of("BREAKS", "breaks", row -> row.figures().breaks()),
            new Column<>("MB/s", "bytesPerS", row -> row.figures().bytesPerS(), bytes ->
                    Column.plain((Double) bytes / 1e6)),
            Column.of("WARM-UP Hz", "warmUpHz", row -> row.figures().warmHz()),
            Column.hidden("warmUpItems", row -> row.figures().warmItems()),
            Column.hidden("warmUpMissing", row -> row.figures().warmMissing()),
            Column.of("PATH", "path", row -> told(row.identity().path())),
            Column.of("LINK", "link", row -> told(row.link())));

    private final Services services;

    ProbeCommand(Services services) {
        this.services = services;
    }

    /** The rate that an interval means. */
    private static Double rate(Double intervalMs) {
        return intervalMs == null || intervalMs <= 0 ? null : Double.valueOf(1000 / intervalMs);
    }

    private static String told(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("probe", "what sources really send: rate, intervals, losses; and how they are connected",
                "[SOURCE]", 0, 1,
                Option.value("--for", "DURATION", "how long to measure; " + USUAL_FOR + " when left out"),
                Option.value("--warm-up", "DURATION", "what comes before is told apart; " + USUAL_WARM_UP
                        + " when left out"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var sources = sources(given.arguments());
        long beginNs = HostClock.nowNs();
        long warmNs = beginNs + Durations.parse("--warm-up", given.value("--warm-up", USUAL_WARM_UP)).toNanos();
        long endNs = warmNs + Durations.parse("--for", given.value("--for", USUAL_FOR)).toNanos();
        var taps = new ArrayList<Tap>();
        try {
            sources.forEach(source -> taps.add(new Tap(source, new ProbeMeter(warmNs, endNs))));
            watch(taps, new Progress(progress, taps.size(), beginNs, endNs), endNs);
            return answer(taps, given.has("--json"), HostClock.nowNs() - endNs);
        } finally {
            taps.forEach(tap -> tap.reader.close());
        }
    }

    private List<Source> sources(List<String> words) {
        var all = services.all(Source.class).stream().sorted(Comparator.comparing(Source::id)).toList();
        if (all.isEmpty()) {
            throw new IllegalStateException("no source is published; sources says what does not run, and why");
        }
        if (words.isEmpty()) {
            return all;
        }
        var named = SourceWords.named(services, words.getFirst());
        var chosen = all.stream().filter(source -> named.contains(source.id())).toList();
        if (chosen.isEmpty()) {
            throw new BadInputException("there is no source '" + words.getFirst() + "'"
                    + Names.thereAre(all.stream().map(Source::id).toList()));
        }
        return chosen;
    }

    /** Until the end, or until somebody has had enough; what was seen until then is told all the same. */
    private static void watch(List<Tap> taps, Progress progress, long endNs) {
        while (HostClock.nowNs() < endNs && !Thread.currentThread().isInterrupted()) {
            taps.forEach(Tap::drain);
            progress.tell(HostClock.nowNs());
            LockSupport.parkNanos(Math.min(LOOK_NS, Math.max(1, endNs - HostClock.nowNs())));
        }
        taps.forEach(Tap::drain);
    }

    private Answer answer(List<Tap> taps, boolean json, long lateNs) {
        var rows = taps.stream().map(tap -> row(tap.source, tap.meter.figures())).toList();
        var answer = json ? Json.answer(LISTING.values(rows)) : Answer.of(LISTING.table(rows));
        if (lateNs < 0) {
            return answer.failed(String.format(Locale.ROOT, "probe was stopped %.1f s before its end", -lateNs / 1e9));
        }
        var silent = rows.stream().filter(row -> row.figures().items() == 0).map(row -> row.source().id()).toList();
        return silent.isEmpty() ? answer : answer.failed(String.join(", ", silent)
                + " sent nothing after the warm-up; sources says why");
    }

    private Row row(Source source, ProbeMeter.Figures figures) {
        var told = services.properties(Source.class).stream()
                .filter(one -> source.id().equals(one.get(SourceProperties.ID))).findFirst().orElse(Map.of());
        var link = told.get(SourceProperties.LINK) instanceof String text ? text : "";
        return new Row(source, DeviceIdentity.of(told::get), link, figures);
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return option == null ? SourceWords.candidates(services) : List.of();
    }

    /** A source, its meter, and the reader between them. Confined. */
    private static final class Tap {
        private final Source source;
        private final ProbeMeter meter;
        private final RingReader reader;

        Tap(Source source, ProbeMeter meter) {
            this.source = source;
            this.meter = meter;
            reader = source.ring().reader("probe", Profile.EVERY, Start.NOW);
        }

        void drain() {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                meter.take(lease.descriptor());
                lease.release();
            }
        }
    }

    /** Says how far it is, when it takes long. Confined. */
    private static final class Progress {
        private final Consumer<String> say;
        private final int sources;
        private final long beginNs;
        private final long endNs;
        private long nextNs;

        Progress(Consumer<String> say, int sources, long beginNs, long endNs) {
            this.say = say;
            this.sources = sources;
            this.beginNs = beginNs;
            this.endNs = endNs;
            nextNs = endNs - beginNs > TELL_NS ? beginNs : Long.MAX_VALUE;
        }

        void tell(long nowNs) {
            if (nowNs >= nextNs) {
                say.accept(String.format(Locale.ROOT, "probing %s: %.0f of %.0f s",
                        sources == 1 ? "1 source" : sources + " sources",
                        (nowNs - beginNs) / 1e9, (endNs - beginNs) / 1e9));
                nextNs += TELL_NS;
            }
        }
    }
}
