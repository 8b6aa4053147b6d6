// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentReader;
import mimir.engine.analysis.Declaration;
import mimir.engine.analysis.Hosting;
import mimir.engine.analysis.Means;
import mimir.engine.analysis.Offer;
import mimir.engine.analysis.Results;
import mimir.engine.analysis.Times;
import mimir.ring.BundleRings;
import mimir.ring.RingStore;

/** One run: the engine's hosting over sources that publish item after item on the caller's thread. Confined. */
final class Session implements AutoCloseable {
    private static final int LEAST_ITEMS = 8;
    private static final int MOST_LOST = 100_000;

    private final AnalyzerBench bench;
    private final Watch watch;
    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final BenchPools pools = new BenchPools();
    private final BenchWorkers workers = new BenchWorkers();
    private final Results results = new Results(rings);
    private final List<String> warnings = new ArrayList<>();
    private final Hosting host = new Hosting(new Means(rings, pools, results, new Times(), warnings::add,
            (name, call) -> call.run()), workers);
    private final List<Feeder> feeders = new ArrayList<>();
    private final List<Reader<?>> readers = new ArrayList<>();
    private final List<Outcome.Key> published = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    /** Reads one type of result. Confined. */
    private record Reader<T extends Attachment>(Class<T> type, AttachmentReader<T> reader) {
        void takeAll(List<Outcome> outcomes) {
            while (reader.next()) {
                var outcome = Outcome.of(reader, type);
                if (outcome != null) {
                    outcomes.add(outcome);
                }
            }
        }
    }

    /** With all attached; nothing was published yet. */
    Session(AnalyzerBench bench, long startNs, Watch watch) {
        this.bench = bench;
        this.watch = watch;
        try {
            open(startNs);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    private void open(long startNs) {
        int source = 0;
        for (var maker : bench.sources()) {
            var feeder = new Feeder(AnalyzerBench.id(source++), rings, maker, startNs);
            feeders.add(feeder);
            host.addSource(feeder.source());
        }
        for (var other : bench.others) {
            host.addOffer(offer(AnalyzerBench.declaration(other), other));
        }
        host.addOffer(offer(bench.declaration, () -> new WatchedAnalyzer(bench.subject.get(), watch)));
        host.attach(bench.declaration.name(), ids(), bench.parameters());
        bench.declaration.outputs().forEach(made -> readers.add(reader(made.type())));
    }

    private List<String> ids() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < feeders.size(); i++) {
            ids.add(AnalyzerBench.id(i));
        }
        return ids;
    }

    private <T extends Attachment> Reader<T> reader(Class<T> type) {
        return new Reader<>(type, results.reader(AnalyzerBench.id(0), type));
    }

    private static Offer offer(Declaration declaration, Supplier<? extends Analyzer> maker) {
        return new Offer(declaration, new Offer.Instances() {
            @Override
            public Analyzer make() {
                return maker.get();
            }

            @Override
            public void giveBack(Analyzer analyzer) {
                // it was closed, and belongs to nobody else
            }
        });
    }

    Feeder first() {
        return feeders.getFirst();
    }

    /** Starts all devices anew at an instant: an epoch begins. */
    void restart(long atNs) {
        feeders.forEach(feeder -> feeder.restart(atNs));
    }

    /** Starts all devices anew, the first one with something else. */
    void change(Reel.Maker other, long atNs) {
        feeders.subList(1, feeders.size()).forEach(feeder -> feeder.restart(atNs));
        first().change(other, atNs);
        host.addSource(first().source());
    }

    /**
     * Publishes so many items of the first source, and what others have until then; each is looked at before the next.
     *
     * @param patienceNs after that time eight items are enough
     * @throws BadInputException when a source loses everything
     */
    void play(int items, long patienceNs) {
        long begin = System.nanoTime();
        int lost = 0;
        for (int done = 0; done < items && (done < LEAST_ITEMS || System.nanoTime() - begin < patienceNs);) {
            var next = feeders.stream().min(Comparator.comparingLong(Feeder::dueNs)).orElseThrow();
            if (!next.publish()) {
                lost = expectSome(lost + 1);
                continue;
            }
            lost = 0;
            look();
            if (next == first()) {
                published.add(next.published());
                done++;
            }
        }
        workers.turn("analysis");
        look();
    }

    private static int expectSome(int lost) {
        if (lost > MOST_LOST) {
            throw new BadInputException("the sources lost " + MOST_LOST + " items in a row; correct the scenario");
        }
        return lost;
    }

    private void look() {
        pools.run();
        readers.forEach(reader -> reader.takeAll(outcomes));
    }

    AnalyzerRun outcome() {
        var cause = host.stages().stream().filter(stage -> stage.name().equals(bench.declaration.name()))
                .filter(stage -> !stage.state().equals("running")).map(stage -> stage.cause()).findFirst().orElse("");
        return new AnalyzerRun(published, outcomes, watch, cause);
    }

    /** What was said when analysers were taken away. */
    List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        readers.forEach(reader -> reader.reader().close());
        host.close();
        feeders.forEach(Feeder::close);
        store.close();
    }
}
