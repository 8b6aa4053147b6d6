// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.driver.sim.ScenarioReader;
import mimir.engine.analysis.Declaration;
import mimir.engine.analysis.DeclarationReader;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;

/**
 * An analyser on a test bench: the engine's own hosting, rings and views, without a framework, without threads and as
 * fast as the analyser is. What it declares is read from its {@link mimir.api.analysis.Analysis}.
 *
 * <pre>{@code
 * var run = AnalyzerBench.of(BlinkAnalyzer::new)
 *         .frames(640, 480, PixelFormat.YUYV, 60, (n, picture) -> picture.fill((byte) n))
 *         .parameter("threshold", "4").run(300);
 * assertEquals(0, run.bytesPerItem());
 * assertEquals(List.of(), AnalyzerBench.of(BlinkAnalyzer::new).check());
 * }</pre>
 *
 * <p>Sources are given in the order of the analyser's inputs; where none is given, it gets noise of a format that it
 * takes. All items of a bench have the same times in every run, beginning with a full hour. Confined to one thread; all
 * methods may block and allocate.
 */
public final class AnalyzerBench {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int CHECKED = 600;
    private static final double RECORDED_FPS = 30;

    final Supplier<? extends Analyzer> subject;
    final Declaration declaration;
    final long startNs = (HostClock.nowNs() / HOUR_NS + 2) * HOUR_NS; // no deadline passes while a test runs
    final List<Supplier<? extends Analyzer>> others = new ArrayList<>();
    private final List<Reel.Maker> sources = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    /** Makes the payload of items. */
    @FunctionalInterface
    public interface Content {
        /**
         * Fills one item.
         *
         * @param number of the item, from 0
         * @param payload its bytes: a picture tightly packed, or the samples of one channel after the other, 32-bit
         * floats; holds something old
         */
        void fill(long number, MemorySegment payload);
    }

    private AnalyzerBench(Supplier<? extends Analyzer> subject) {
        this.subject = subject;
        this.declaration = declaration(subject);
    }

    static Declaration declaration(Supplier<? extends Analyzer> maker) {
        try (var sample = maker.get()) {
            return DeclarationReader.of(sample.getClass());
        }
    }

    /**
     * A bench for an analyser.
     *
     * @param subject makes an instance as the platform would, once for each source and run: {@code Blink::new}
     */
    public static AnalyzerBench of(Supplier<? extends Analyzer> subject) {
        return new AnalyzerBench(subject);
    }

    /** The next source is a camera whose pictures somebody makes. */
    public AnalyzerBench frames(int width, int height, PixelFormat format, int rateHz, Content pictures) {
        var packed = format.packed(width, height, 0, rateHz, 1, 0);
        return source(() -> new MadeReel(packed, false, pictures));
    }

    /** The next source is an audio interface whose samples somebody makes. */
    public AnalyzerBench sound(int channels, int blockFrames, int rateHz, Content blocks) {
        var planar = SampleFormat.F32_PLANAR.planar(channels, blockFrames, rateHz);
        return source(() -> new MadeReel(planar, true, blocks));
    }

    /**
     * The next source, or with several inputs as many of them as there are, is what a folder holds: numbered JPEG or
     * PNG files, at 30 a second, or WAV files. It begins anew after its end; of a long one the first 512 MiB are
     * played.
     *
     * @throws BadInputException when the folder holds nothing that the next input takes
     */
    public AnalyzerBench recording(Path folder) {
        var kind = nextKind();
        for (var maker : TapeReel.makers(folder, RECORDED_FPS, kind.equals("audio"))) {
            if (sources.size() < inputs().size() && nextKind().equals(kind)) {
                source(maker);
            }
        }
        return this;
    }

    /**
     * The next source is a simulated device with the items, faults and content that {@code mimir.driver.sim} would
     * give: see docs/scenario.md.
     *
     * @param json the {@code scenario} member of a rig's entry
     * @throws BadInputException when it is none
     */
    public AnalyzerBench scenario(String json) {
        var kind = nextKind().equals("audio") ? ScenarioReader.AUDIO : ScenarioReader.CAMERA;
        var scenario = ScenarioReader.read(id(sources.size()), kind, json);
        return source(() -> new ScenarioReel(scenario, startNs));
    }

    private AnalyzerBench source(Reel.Maker maker) {
        if (sources.size() == inputs().size()) {
            throw new BadInputException("analyser " + declaration.name() + " takes " + inputs().size()
                    + " sources; leave one out");
        }
        sources.add(maker);
        return this;
    }

    private List<Declaration.Take> inputs() {
        if (!declaration.fault().isEmpty()) {
            throw new BadInputException("analyser " + declaration.name() + " cannot be used: " + declaration.fault());
        }
        return declaration.inputs();
    }

    private String nextKind() {
        return inputs().get(Math.min(sources.size(), inputs().size() - 1)).kind();
    }

    /** A value that differs from what is declared. */
    public AnalyzerBench parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** Another analyser that attaches what this one needs. */
    public AnalyzerBench after(Supplier<? extends Analyzer> other) {
        others.add(other);
        return this;
    }

    /**
     * Runs a new instance over the first items of its sources, after it has run over them once to warm up.
     *
     * @param items how many of the first source
     * @throws BadInputException when it cannot be attached; the sentence says why
     */
    public AnalyzerRun run(int items) {
        inputs();
        try (var warmUp = new Session(this, startNs, Watch.measuring(declaration, items))) {
            warmUp.play(items, Long.MAX_VALUE);
        }
        try (var session = new Session(this, startNs, Watch.measuring(declaration, items))) {
            session.play(items, Long.MAX_VALUE);
            return session.outcome();
        }
    }

    /**
     * Looks for everything that an analyser must not do: allocate after warm-up, keep what it was handed, take longer
     * than its budget, attach what it does not declare, throw, fall over gaps, epochs or formats, give another result
     * the second time. Takes a few seconds.
     *
     * @return what it does wrong, a sentence each; empty when it is a good citizen
     * @throws BadInputException when the bench itself is not right: another source, a missing analyser
     */
    public List<String> check() {
        return declaration.fault().isEmpty() ? new Conformance(this, CHECKED).faults()
                : List.of(declaration.name() + " cannot be used: " + declaration.fault());
    }

    static String id(int source) {
        return "bench." + (source + 1);
    }

    Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }

    /** All sources; noise where none was given. */
    List<Reel.Maker> sources() {
        var all = new ArrayList<>(sources);
        for (int i = all.size(); i < inputs().size(); i++) {
            all.add(noise(inputs().get(i)));
        }
        return all;
    }

    private Reel.Maker noise(Declaration.Take take) {
        return switch (take.kind()) {
            case "audio" -> noise(SampleFormat.F32_PLANAR.planar(8, 64, 192_000), true);
            case "frame" -> {
                var pixels = take.format().isEmpty() ? PixelFormat.YUYV : PixelFormat.valueOf(take.format());
                yield noise(pixels.packed(640, 480, 0, 60, 1, 0), false);
            }
            default -> throw new BadInputException("analyser " + declaration.name() + " takes " + take
                    + ", and the bench has frames and sound only; test it in the platform");
        };
    }

    static Reel.Maker noise(RingFormat format, boolean sound) {
        return () -> new MadeReel(format, sound, sound ? Noise::sound : Noise::picture);
    }
}
