// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.work.Strand;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.Start;

/**
 * An analyser at its sources, with all that it holds: instance, readers, rings, strand. Usable without a framework.
 * Confined to control threads that hold the lock of the host, or to one thread where there is no host.
 */
public final class RunningStage {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration LITTLE = Duration.ofMillis(50);
    private static final String OWNER = "mimir.engine";
    private static final long LEAST_ROOM = 256L << 20;

    private final Means means;
    private final Function<String, ReservoirCursor> history;
    private final Offer offer;
    private final List<KnownSource> sources;
    private final String suffix;
    private final Map<String, String> given;
    private final Progress progress = new Progress();
    private final List<Inlet> inlets = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private final AttachedResults attached;
    private final Analyzer analyzer;
    private final List<Long> tails;
    private final Map<String, String> values;
    private Outputs writing;
    private StageLoop loop;
    private Strand strand;

    private RunningStage(Means means, Birth birth, Map<String, String> given,
            Function<String, ReservoirCursor> history) {
        this.history = history;
        this.means = means;
        this.offer = birth.offer();
        this.sources = birth.sources();
        this.suffix = Declaration.suffix(birth.differing());
        this.values = new TreeMap<>(offer.declaration().parameters());
        this.values.putAll(birth.differing());
        this.given = Map.copyOf(given);
        this.attached = new AttachedResults(means.results(), sources.getFirst().id(), this.given);
        this.analyzer = birth.born().analyzer();
        this.tails = birth.born().tails();
    }

    /**
     * Gives an analyser that was made all that it needs; it looks at items from now on, when it is nudged.
     *
     * @param given where the results lie that it needs, by type: of who was attached for it, and of nobody else, whom
     * others may attach with other parameters
     * @param history the items of a source to begin with, or null for those from now on
     * @throws RuntimeException with a sentence when that cannot be; nothing is held then, and the analyser is to be
     * ended
     */
    static RunningStage start(Means means, Birth birth, Map<String, String> given, StageCounts counts,
            Function<String, ReservoirCursor> history) {
        var stage = new RunningStage(means, birth, given, history);
        try {
            stage.open(counts);
            return stage;
        } catch (RuntimeException | LinkageError refused) {
            stage.outputs.forEach(Output::close);
            stage.outputs.forEach(output -> means.results().ended(output.home, output.ring()));
            stage.inlets.forEach(Inlet::close);
            throw refused;
        }
    }

    private void open(StageCounts counts) {
        var declaration = offer.declaration();
        refuseMuch(declaration.outputs());
        for (int i = 0; i < tails.size(); i++) {
            outputs.add(output(declaration.outputs().get(i), tails.get(i)));
        }
        // after the rings, which take tens of milliseconds: what is published meanwhile would be late from the start
        for (int i = 0; i < sources.size(); i++) {
            inlets.add(inlet(sources.get(i), i == 0));
        }
        var place = new Place(declaration.name(), sources.stream().map(KnownSource::id).toList(),
                inlets.stream().map(Inlet::format).toList(), values);
        var source = sources.getFirst().id();
        var needs = declaration.needs().stream().map(layout -> means.results().open(source, layout,
                AttachmentLayout.plain(layout), given)).toList();
        var matcher = new Matcher(inlets, declaration.toleranceNs(), declaration.budgetNs());
        writing = new Outputs(outputs);
        loop = new StageLoop(place, analyzer, matcher, attached, writing, needs, progress, counts,
                declaration.budgetNs());
        strand = means.pools().trial(declaration.name() + " " + String.join(" ", place.sourceIds()),
                declaration.workClass(), declaration.budgetNs(), loop);
        loop.on(strand);
        progress.running(true);
        outputs.forEach(output -> means.results().opened(output.home, output.ring(), progress));
        means.results().changed();
    }

    private Output output(Declaration.Made made, long tail) {
        var first = sources.getFirst();
        refuseLong(ResultHome.identity(first.id(), made.layout().id(), suffix));
        var home = means.results().home(first.id(), made.layout(), suffix);
        var spec = spec(home.identity, Abi.ITEM_RESULT, ResultDescriptor.format(made.layout(), tail));
        return new Output(made, home, means.rings().open(spec, OWNER), tail, offer.declaration().inPlace());
    }

    /** A native writer's ring: C may write results, and must never meet a file that somebody cut. */
    private RingSpec spec(String identity, int itemKind, RingFormat format) {
        return new RingSpec(identity, itemKind, sources.getFirst().itemsPerSecond(), format.payloadBytes(), format,
                RingSpec.Writer.NATIVE);
    }

    /** Rings have all their memory from the beginning: a tail of a wrong size would take that of the whole machine. */
    private void refuseMuch(List<Declaration.Made> outputs) {
        var first = sources.getFirst();
        long most = Math.max(LEAST_ROOM, 4 * spec(first.id(), first.itemKind(), first.format()).regionBytes());
        long all = 0;
        for (int i = 0; i < outputs.size(); i++) {
            long tail = tails.get(i);
            all += tail > most ? tail : spec(first.id(), Abi.ITEM_RESULT,
                    ResultDescriptor.format(outputs.get(i).layout(), tail)).regionBytes();
            if (all < 0 || all > most) {
                throw new BadInputException(offer.declaration().name() + " wants " + tail + " bytes of tail for each "
                        + outputs.get(i).layout().id() + " of " + first.id() + "; its results may take "
                        + (most >> 20) + " MiB in all, correct its tailBytes");
            }
        }
    }

    private static void refuseLong(String identity) {
        if (identity.getBytes(StandardCharsets.UTF_8).length >= Abi.NAME_BYTES) {
            throw new BadInputException("the results would be called " + identity
                    + ", which is too long for a ring; give shorter parameters");
        }
    }

    private Inlet inlet(KnownSource source, boolean first) {
        var profile = sources.size() == 1 ? offer.declaration().profile() : Profile.EVERY; // sets choose for themselves
        Supplier<RingReader> ring = () -> source.ring().reader(offer.declaration().name(), profile, Start.NOW);
        var items = history.apply(source.id());
        var reader = ring.get();
        var format = source.format();
        try (var newest = reader.peek(reader.end() - 1)) {
            if (newest != null) {
                format = newest.format(); // the source may send something else by now than when it came
            }
            if (newest != null && first && items == null) {
                // what was published before gets no result from this stage: nobody shall wait for one
                var item = newest.descriptor();
                progress.reach(item.epoch(), item.sequence(), item.deviceTime() + Math.max(0, item.height() - 1));
            }
        }
        var last = items == null || !first ? null : attachedLast();
        if (items != null) {
            reader.close(); // it would be overtaken while the past is looked at
        }
        return new Inlet(source.id(), source.itemKind(), items == null ? reader : null,
                items == null ? null : new Past(items, ring, last), format, means.times(), first ? attached : null,
                profile);
    }

    /** Who begins in the past computes nothing twice, and keys ascend: it begins after what a former life attached. */
    private Descriptor attachedLast() {
        Descriptor last = null;
        for (var output : outputs) {
            var newest = means.results().newest(output.ring());
            boolean later = newest != null && (last == null || ResultDescriptor.compare(newest,
                    ResultDescriptor.epoch(last), last.sequence()) > 0);
            last = later ? newest : last;
        }
        if (last != null) {
            progress.reach(ResultDescriptor.epoch(last), last.sequence(),
                    last.deviceTime() + Math.max(0, ResultDescriptor.sampleFrames(last) - 1));
        }
        return last;
    }

    Offer offer() {
        return offer;
    }

    StageLoop loop() {
        return loop;
    }

    Strand strand() {
        return strand;
    }

    /** Account of the reader of the first source; null as long as the stage looks at its past. */
    ReaderStats reader() {
        return inlets.getFirst().stats();
    }

    /** What the first source was before that; null for nothing. */
    Past past() {
        return inlets.getFirst().past();
    }

    /** The source whose memory is gone, or null. */
    String brokenSource() {
        return inlets.stream().filter(Inlet::broken).map(inlet -> inlet.source).findFirst().orElse(null);
    }

    Analyzer analyzer() {
        return analyzer;
    }

    /**
     * Ends all but the analyser itself: results stay readable. Blocks for a second at most, and not for one that is
     * known to be stuck.
     *
     * @return false when the analyser did not come back; its rings are left to it, and {@link #finish} is to be called
     * again and again
     */
    boolean close() {
        loop.stop();
        boolean ended = strand.close(strand.stats().stuck() ? LITTLE : PATIENCE);
        for (var output : outputs) {
            output.home.ended(progress);
        }
        if (ended) {
            writing.close();
            loop.close();
            outputs.forEach(output -> means.results().ended(output.home, output.ring()));
        } else {
            writing.park();
        }
        means.results().changed();
        loop.tell();
        return ended;
    }

    /** Frees what an analyser held that did not come back, once it has. False when it still has not. */
    boolean finish() {
        boolean ended = strand.close(Duration.ZERO);
        if (ended) {
            loop.close();
        }
        return ended;
    }
}
