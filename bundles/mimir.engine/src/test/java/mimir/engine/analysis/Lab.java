// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.media.PayloadKind;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.time.ClockMap;
import mimir.api.work.Pools;
import mimir.api.work.WorkClass;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.RingWriter;
import mimir.ring.Rings;

/** Real rings, sources that publish when the test says so, and a host over them. Confined. */
final class Lab implements AutoCloseable {
    static final long BUDGET_NS = 10_000_000_000L;

    final RingStore store = RingStore.unseen();
    final BundleRings rings = new BundleRings(store);
    final ManualPools pools = new ManualPools();
    final Times times = new Times();
    final Results results = new Results(rings);
    final List<String> warnings = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final Hosting host;
    Runnable opening = () -> { }; // when a stage opens a ring
    final Map<String, Offer> offers = new HashMap<>();
    private final Map<String, RingOwner> owners = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();

    Lab() {
        host = host(pools);
    }

    private Hosting host(Pools work) {
        return new Hosting(new Means(tapped(), work, results, times, warnings::add, (name, call) -> call.run()),
                new IdleWorkers());
    }

    private Rings tapped() {
        return new Rings() {
            @Override
            public RingOwner open(RingSpec spec, String owner) {
                opening.run();
                return rings.open(spec, owner);
            }

            @Override
            public boolean free(String identity) {
                return rings.free(identity);
            }

            @Override
            public Optional<Ring> find(String identity) {
                return rings.find(identity);
            }

            @Override
            public List<Ring> list() {
                return rings.list();
            }

            @Override
            public Optional<String> discoveryFault() {
                return rings.discoveryFault();
            }
        };
    }

    /** A camera of 32 x 32 grey pixels. */
    Lab camera(String id) {
        return open(id, Abi.ITEM_FRAME, 32);
    }

    Lab camera(String id, int width) {
        return open(id, Abi.ITEM_FRAME, width);
    }

    /** Blocks of 64 sample frames of two channels. */
    Lab microphone(String id) {
        return open(id, Abi.ITEM_AUDIO, 0);
    }

    /** Events of 32 bytes. */
    Lab button(String id) {
        return open(id, Abi.ITEM_EVENT, 1);
    }

    private Lab open(String id, int kind, int width) {
        var format = kind == Abi.ITEM_AUDIO ? SampleFormat.F32_PLANAR.planar(2, 64, 192_000)
                : PixelFormat.GREY.packed(width, 32, 0, 60, 1, 0);
        var owner = store.open(new RingSpec(id, kind, kind == Abi.ITEM_AUDIO ? 3000 : 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        owners.put(id, owner);
        host.addSource(new KnownSource(id, owner.ring(), kind, format, true));
        return this;
    }

    /** The driver of a source goes; its ring stays. */
    Lab unplug(String id) {
        host.removeSource(id);
        owners.remove(id).close();
        return this;
    }

    /** Leaves out items, as a device that lost them. */
    Lab skip(String id, long items) {
        sequences.merge(id, items, Long::sum);
        return this;
    }

    Lab publish(String id) {
        return publish(id, HostClock.nowNs());
    }

    Lab publish(String id, long hostNs) {
        var owner = owners.get(id);
        var format = owner.ring().format(owner.formatId());
        var writer = owner.writer();
        long sequence = sequences.merge(id, 1L, Long::sum) - 1;
        writer.memory().set(ValueLayout.JAVA_BYTE, writer.claim(), (byte) sequence);
        writer.descriptor().sequence(sequence).hostTimeNs(hostNs)
                .deviceTime(Descriptor.CLOCK_COUNTER, format.code() == 257 ? sequence * 64 : sequence)
                .shape(owner.formatId(), format.width(), format.height(), format.payloadBytes());
        writer.commit();
        return this;
    }

    /** Publishes a frame that lies elsewhere: only its handle is here. */
    Lab publishTexture(String id, long texture) {
        var owner = owners.get(id);
        var format = owner.ring().format(owner.formatId());
        owner.writer().claim();
        owner.writer().descriptor().sequence(sequences.merge(id, 1L, Long::sum) - 1).hostTimeNs(HostClock.nowNs())
                .shape(owner.formatId(), format.width(), format.height(), format.payloadBytes())
                .payload(PayloadKind.TEXTURE.ordinal(), texture, 1, 2);
        owner.writer().commit();
        return this;
    }

    /** Publishes, and lets everybody look at it at once. */
    Lab take(String id) {
        publish(id);
        return run();
    }

    Lab take(String id, int times) {
        for (int i = 0; i < times; i++) {
            take(id);
        }
        return this;
    }

    /** Tells all stages and runs until all have come to rest. */
    Lab run() {
        owners.keySet().forEach(id -> {
            if (host.feeds().feed(id) != null) {
                host.feeds().feed(id).look();
            }
        });
        pools.run();
        return this;
    }

    /** One that takes every frame and makes {@link Blink}. */
    Offer offer(String name, Supplier<Analyzer> made) {
        return offer(name, Profile.EVERY, BUDGET_NS, List.of("frame"), List.of(Blink.class), List.of(), made);
    }

    Offer offer(String name, Profile profile, long budgetNs, List<String> inputs, List<Class<?>> outputs,
            List<Class<?>> needs, Supplier<Analyzer> made) {
        return offer(name, profile, budgetNs, inputs, outputs, needs, false, made);
    }

    /** The same as {@link #offer(String, Supplier)}, which writes its tails where they are read. */
    Offer offerInPlace(String name, Supplier<Analyzer> made) {
        return offer(name, Profile.EVERY, BUDGET_NS, List.of("frame"), List.of(Blink.class), List.of(), true, made);
    }

    private Offer offer(String name, Profile profile, long budgetNs, List<String> inputs, List<Class<?>> outputs,
            List<Class<?>> needs, boolean inPlace, Supplier<Analyzer> made) {
        var properties = Map.of("mimir.analysis.inPlace", inPlace,
                "mimir.analysis.name", name, "mimir.analysis.inputs", inputs.toArray(String[]::new),
                "mimir.analysis.outputs", outputs.toArray(Class<?>[]::new), "mimir.analysis.needs",
                needs.toArray(Class<?>[]::new), "mimir.analysis.profile", profile.name(), "mimir.analysis.workClass",
                WorkClass.HIGH.name(), "mimir.analysis.budgetMicros", budgetNs / 1000, "mimir.analysis.parameters",
                new String[] {"threshold=4"}, "mimir.analysis.toleranceMicros", 2_000L);
        var declaration = DeclarationReader.read(properties, name, "bundle.of." + name, Class::forName);
        var offer = new Offer(declaration, new Offer.Instances() {
            @Override
            public Analyzer make() {
                return made.get();
            }

            @Override
            public void giveBack(Analyzer analyzer) {
                closed.add(name);
            }
        });
        host.addOffer(offer);
        offers.put(name, offer);
        return offer;
    }

    /** Attaches {@link Blink} with the item's sequence and first byte. */
    static Analyzer blinker() {
        return (input, to) -> {
            var blink = to.attach(Blink.class);
            blink.value(input.item().descriptor().sequence());
            blink.first(input.item().memory().get(ValueLayout.JAVA_BYTE, input.item().offset()));
        };
    }

    Lab attach(String name, String... sources) {
        host.attach(name, List.of(sources), Map.of());
        return this;
    }

    /** The ring of a source. */
    Ring ring(String id) {
        return owners.get(id).ring();
    }

    StageStats stage(String name) {
        return host.stages().stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
    }

    ResultReader<Blink> blinks(String source) {
        return (ResultReader<Blink>) results.reader(source, Blink.class);
    }

    /** Publishes frames of a source without an object for each. */
    Publisher writer(String id) {
        return new Publisher(owners.get(id));
    }

    /** See {@link #writer}. Confined. */
    static final class Publisher {
        private final RingOwner owner;
        private final RingWriter writer;
        private long sequence;

        Publisher(RingOwner owner) {
            this.owner = owner;
            this.writer = owner.writer();
        }

        void publish(long hostNs) {
            writer.memory().set(ValueLayout.JAVA_BYTE, writer.claim(), (byte) sequence);
            writer.descriptor().sequence(sequence).hostTimeNs(hostNs).deviceTime(Descriptor.CLOCK_COUNTER, sequence)
                    .shape(owner.formatId(), 32, 32, 1024);
            sequence++;
            writer.commit();
        }
    }

    /** Lets every stage look, without the doorbell. */
    void nudgeAll(long hostNs) {
        for (int i = 0; i < pools.strands.size(); i++) {
            pools.strands.get(i).ready(hostNs);
        }
        pools.run();
    }

    /** Shows a measurement in the log of the build. */
    void note(String text, Object... values) {
        System.getLogger("cost").log(System.Logger.Level.INFO, String.format(text, values));
    }

    /** Canonical time of a source runs ahead of host time. */
    void shift(String source, long ns) {
        times.maps(id -> id.equals(source) ? new ClockMap(id, 1, 0, 0, ns, 1e7, 0, "test") : null);
    }

    @Override
    public void close() {
        host.close();
        owners.values().forEach(RingOwner::close);
        store.close();
    }
}
