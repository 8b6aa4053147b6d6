// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Flyweight;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/** A chain of analysers on one source, called as the engine calls them, with results in plain memory. Confined. */
final class Bench implements Input, Attacher, AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<Analyzer> chain;
    private final Map<Class<?>, Attachment> places = new HashMap<>();
    private final Map<Class<?>, Attachment> attached = new HashMap<>();
    private final FrameView frame = new FrameView();
    private final AudioView audio = new AudioView();
    private Item item;
    private long missed;
    long spanFirst;
    int spanFrames;

    /** Begins all of them, in this order, with parameters that all of them know. */
    Bench(RingFormat format, Map<String, String> parameters, List<Analyzer> chain) {
        this.chain = chain;
        chain.forEach(analyzer -> analyzer.begin(new At(format, parameters)));
    }

    /** A stage on one source. Immutable. */
    record At(RingFormat format, Map<String, String> parameters) implements Stage {
        @Override
        public int sources() {
            return 1;
        }

        @Override
        public String source(int index) {
            return "lab.source";
        }

        @Override
        public RingFormat format(int index) {
            return format;
        }

        @Override
        public String parameter(String name) {
            return parameters.get(name);
        }

        @Override
        public double number(String name) {
            return Double.parseDouble(parameters.get(name));
        }
    }

    /** Prepares memory for results of a type. */
    Bench place(Class<? extends Attachment> type, long tailBytes) {
        var layout = AttachmentLayout.of(type);
        var memory = arena.allocate((layout.bytes() + tailBytes + 63) / 64 * 64, 64); // as a slot of a ring
        var view = AttachmentLayout.flyweight(type);
        ((Flyweight) view).lay(memory, 0, tailBytes);
        places.put(type, view);
        return this;
    }

    /** All stages look at it. */
    void look(Item next, long missedBefore) throws Exception {
        item = next;
        missed = missedBefore;
        spanFrames = 0;
        attached.replaceAll((type, former) -> null); // its entries stay: nothing is allocated for an item
        for (int i = 0; i < chain.size(); i++) {
            chain.get(i).analyze(this, this);
        }
    }

    /** Result for the item in hand, or null. */
    <T extends Attachment> T result(Class<T> type) {
        return type.cast(attached.get(type));
    }

    @Override
    public int sources() {
        return 1;
    }

    @Override
    public Item item(int index) {
        return item;
    }

    @Override
    public Item item() {
        return item;
    }

    @Override
    public FrameView frame(int index) {
        return frame.wrap(item);
    }

    @Override
    public FrameView frame() {
        return frame.wrap(item);
    }

    @Override
    public AudioView audio(int index) {
        return audio.wrap(item);
    }

    @Override
    public AudioView audio() {
        return audio.wrap(item);
    }

    @Override
    public <T extends Attachment> T attachment(Class<T> type) {
        return result(type);
    }

    @Override
    public long canonicalNs() {
        return item.descriptor().hostTimeNs();
    }

    @Override
    public long deadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public long missed() {
        return missed;
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type) {
        return attach(type, 0);
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type, long tailBytes) {
        var place = places.get(type);
        MemorySegment memory = place.memory();
        long fields = AttachmentLayout.of(type).bytes();
        for (long at = 0; at < fields; at++) {
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
        attached.put(type, place);
        return type.cast(place);
    }

    @Override
    public void span(long firstSample, int frames) {
        spanFirst = firstSample;
        spanFrames = frames;
    }

    @Override
    public void close() {
        chain.forEach(Analyzer::close);
        arena.close();
    }
}
