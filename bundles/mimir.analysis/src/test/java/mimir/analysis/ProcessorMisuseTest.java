// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.api.analysis.types.MotionEnergy;
import mimir.ring.Descriptor;
import mimir.ring.Item;
import mimir.ring.MappedMemory;
import mimir.ring.RingFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A native processor that breaks the rules of its header: one sentence each, as far as it shows. Confined. */
class ProcessorMisuseTest {
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final long CALL_BYTES = 704;
    private static final long RESULT = 464;
    private static final long SPAN_FRAMES = 584;
    private static final long STATE = 4096;
    private static final AtomicInteger DESTROYED = new AtomicInteger();
    private static MemorySegment table;
    private static CountDownLatch entered;
    private static CountDownLatch release;

    private final Arena arena = Arena.ofShared();
    private AnalysisLibrary library;

    /** An analyser of that processor. */
    private static final class Rogue extends NativeAnalyzer {
        Rogue(AnalysisLibrary library, Parameter... parameters) {
            super(library, "rogue", List.of(), MotionEnergy.class, parameters);
        }
    }

    @BeforeEach
    void wellBehaved() throws ReflectiveOperationException {
        DESTROYED.set(0);
        entered = new CountDownLatch(1);
        release = new CountDownLatch(1);
        table = arena.allocate(64, 8);
        table.set(I, 0, 1);
        table.set(I, 4, 64);
        function(24, "create", FunctionDescriptor.of(I, L, L));
        function(48, "process", FunctionDescriptor.of(I, L, L));
        function(56, "destroy", FunctionDescriptor.ofVoid(L));
        var find = stub("find", FunctionDescriptor.of(L, L));
        library = new AnalysisLibrary(name -> Optional.of(find), StagesLifeTest.silent());
    }

    @AfterEach
    void unload() {
        release.countDown();
        library.close();
    }

    private void function(long at, String method, FunctionDescriptor signature) throws ReflectiveOperationException {
        table.set(ValueLayout.ADDRESS, at, stub(method, signature));
    }

    private MemorySegment stub(String method, FunctionDescriptor signature) throws ReflectiveOperationException {
        MethodType type = signature.toMethodType();
        return Linker.nativeLinker().upcallStub(MethodHandles.lookup().findStatic(ProcessorMisuseTest.class, method,
                type), signature, arena);
    }

    private static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    static long find(long name) {
        return table.address();
    }

    static int create(long format, long state) {
        at(state, 8).set(L, 0, STATE);
        return 0;
    }

    static int createNothing(long format, long state) {
        return 0;
    }

    static int createNot(long format, long state) {
        return -12;
    }

    static long tailOfNothingKnown(long format, int result) {
        return -8;
    }

    static int process(long state, long call) {
        return 3; // positive: success
    }

    static int processReserved(long state, long call) {
        at(call, CALL_BYTES).set(L, 600, 1);
        return 0;
    }

    static int processBeyondTheCall(long state, long call) {
        at(call, CALL_BYTES).set(L, 640, 1);
        return 0;
    }

    static int processBeyondItsResult(long state, long call) {
        var words = at(call, CALL_BYTES);
        long bytes = words.get(L, RESULT + 8);
        at(words.get(L, RESULT), bytes + 8).set(L, bytes, 1);
        return 0;
    }

    static int processForEver(long state, long call) {
        at(call, CALL_BYTES).set(L, SPAN_FRAMES, 1L << 40);
        return 0;
    }

    static int processLate(long state, long call) {
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException ended) {
            return -4;
        }
        return 0;
    }

    static void destroy(long state) {
        DESTROYED.incrementAndGet();
    }

    private void look(Parameter... parameters) throws Exception {
        try (var studio = new Studio(Studio.PICTURES, null);
                var bench = new Bench(Studio.PICTURES, Map.of("threshold", "5"),
                    List.of(new Rogue(library, parameters))).place(MotionEnergy.class, 0);
                var lease = studio.square(1, 5, 5)) {
            bench.look(lease, 0);
        }
    }

    private static void assertSentence(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessage(sentence);
    }

    @Test
    void shouldTakeWhatIsPositiveForSuccess() throws Exception {
        look();
        assertThat(DESTROYED).hasValue(1);
    }

    @Test
    void shouldCallNoFunctionThatIsNotThere() {
        for (long missing : new long[] {24, 48, 56}) {
            var kept = table.get(ValueLayout.ADDRESS, missing);
            table.set(ValueLayout.ADDRESS, missing, MemorySegment.NULL);
            assertSentence(this::look, "the native processor rogue lacks create, process or destroy; fill its "
                    + "mimir_processor and build it anew");
            table.set(ValueLayout.ADDRESS, missing, kept);
        }
        assertSentence(() -> look(new Parameter("threshold", 0, 10)), "the analyser rogue does not take threshold=5.0 "
                + "(error 2); install host and fragment of the same build");
    }

    @Test
    void shouldWorkWithNoStateThatWasNotMade() throws Exception {
        function(24, "createNothing", FunctionDescriptor.of(I, L, L));
        assertSentence(this::look, "the native processor rogue made no state and says that it did; let its create "
                + "return -EINVAL or -ENOMEM then");
        function(24, "createNot", FunctionDescriptor.of(I, L, L));
        assertSentence(this::look, "the analyser rogue cannot work here (error 12, no memory); free some");
        assertThat(DESTROYED).hasValue(0);
    }

    @Test
    void shouldReserveNoMemoryOfAnAbsurdSize() throws Exception {
        function(16, "tailOfNothingKnown", FunctionDescriptor.of(L, L, I));
        var rogue = new Rogue(library);
        assertSentence(() -> rogue.tailBytes(MotionEnergy.class, new Bench.At(Studio.PICTURES, Map.of())),
                "the native processor rogue wants 18446744073709551608 bytes for a result, and a result has 1073741824 "
                + "at most; correct its tail_bytes");
    }

    @Test
    void shouldTellWhoWritesBeyondWhatItWasGiven() throws Exception {
        for (var function : List.of("processReserved", "processBeyondTheCall", "processBeyondItsResult")) {
            function(48, function, FunctionDescriptor.of(I, L, L));
            assertSentence(this::look, "the native processor rogue has written beyond what it was given; correct it, "
                    + "and restart Mimir, whose memory it may have spoilt");
        }
        assertThat(DESTROYED).as("each state is ended").hasValue(3);
    }

    @Test
    void shouldBelieveNoSpanThatCannotBe() throws Exception {
        function(48, "processForEver", FunctionDescriptor.of(I, L, L));
        assertSentence(this::look, "the native processor rogue says that its results cover 1099511627776 sample "
                + "frames; correct span_frames");
    }

    @Test
    void shouldEndAStateOnlyWhenItsLateCallHasReturned() throws Exception {
        function(48, "processLate", FunctionDescriptor.of(I, L, L));
        var late = Thread.ofPlatform().start(() -> {
            try {
                look();
            } catch (Exception ended) {
                throw new IllegalStateException(ended);
            }
        });
        entered.await();
        library.close();
        assertThat(DESTROYED).as("a call goes on").hasValue(0);
        release.countDown();
        late.join();

        assertThat(DESTROYED).hasValue(1);
    }

    /** The same item elsewhere. Immutable. */
    private record Moved(Item item, MappedMemory to) implements Item {
        @Override
        public Descriptor descriptor() {
            return item.descriptor();
        }

        @Override
        public RingFormat format() {
            return item.format();
        }

        @Override
        public MemorySegment memory() {
            return to.segment().asReadOnly();
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long length() {
            return item.length();
        }

        @Override
        public boolean intact() {
            return true;
        }
    }

    private void lookAt(MappedMemory memory) {
        try (var studio = new Studio(Studio.PICTURES, null);
                var bench = new Bench(Studio.PICTURES, Map.of(), List.of(new Rogue(library))).place(MotionEnergy.class,
                        0);
                var lease = studio.square(1, 5, 5)) {
            bench.look(new Moved(lease, memory), 0);
        } catch (Exception ended) {
            throw new IllegalStateException(ended.getMessage(), ended);
        }
    }

    /** The reservoir may stop while a late joiner looks at what it holds. */
    @Test
    void shouldKeepTheMemoryOfItsItemUntilItsCallHasReturned() throws Exception {
        function(48, "processLate", FunctionDescriptor.of(I, L, L));
        var memory = MappedMemory.anonymous(1 << 20);
        var late = Thread.ofPlatform().start(() -> lookAt(memory));
        entered.await();
        assertThatThrownBy(memory::close).as("C is looking at it").isInstanceOf(IllegalStateException.class);
        release.countDown();
        late.join();

        memory.close();
        function(48, "process", FunctionDescriptor.of(I, L, L));
        assertThatThrownBy(() -> lookAt(memory)).as("C is not called").isInstanceOf(IllegalStateException.class);
    }
}
