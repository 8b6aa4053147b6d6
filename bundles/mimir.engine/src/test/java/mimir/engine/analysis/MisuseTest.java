// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.Lease;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An analyser that does to what it is given what only the engine may do. */
class MisuseTest {
    private static final String ELSEWHERE = "results are attached and read by the thread that calls analyze, and "
            + "before it returns; hand what other threads find to the next call";

    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldNameWhoEndsTheLeaseOfItsItemAndHarmNobodyElse() {
        misuse("closer", "5", Lease::close);
        misuse("twice", "6", lease -> {
            lease.close();
            lease.close();
        });
        misuse("mover", "7", Lease::move);
        misuse("releaser", "8", lease -> {
            lease.release();
            throw new IllegalStateException("and more");
        });
        lab.offer("good", Lab::blinker);
        lab.attach("good", "cam").take("cam", 8);

        assertThat(lab.stage("good").results()).isEqualTo(8);
        assertThat(lab.host.stages()).filteredOn(stage -> !stage.name().equals("good")).hasSize(4)
                .allMatch(stage -> stage.state().equals("disabled") && stage.items() == 5 && stage.results() == 0)
                .extracting(StageStats::cause).filteredOn(cause -> !cause.endsWith("and more"))
                .allMatch(cause -> cause.endsWith(" failed 5 times in a row: it released or moved the lease of its "
                        + "item, which is the engine's; leave items as they are"));
    }

    private void misuse(String name, String threshold, Consumer<Lease> deed) {
        lab.offer(name, () -> (input, to) -> {
            to.attach(Blink.class);
            deed.accept((Lease) input.item());
        });
        lab.host.attach(name, List.of("cam"), Map.of("threshold", threshold));
    }

    @Test
    void shouldGoOnWhenSuchAnAnalyserIsCorrected() {
        var deed = new AtomicReference<Consumer<Lease>>(Lease::close);
        misuse("closer", "5", lease -> deed.get().accept(lease));
        lab.take("cam", 6);
        deed.set(lease -> { });
        lab.host.enable("closer", List.of("cam"));
        lab.take("cam", 3);

        assertThat(lab.stage("closer").state()).isEqualTo("running");
        assertThat(lab.stage("closer").results()).as("those that came while it was disabled, too").isEqualTo(4);
    }

    @Test
    void shouldAttachToTheItemInHandWhateverSomebodyWritesIntoItsDescriptor() {
        lab.offer("forger", () -> (input, to) -> {
            var mine = input.item().descriptor();
            to.attach(Blink.class).value(mine.sequence());
            mine.sequence(mine.sequence() + 1).hostTimeNs(0).shape(0, 7, 7, 0);
        });
        lab.attach("forger", "cam").take("cam", 3);

        var blinks = lab.blinks("cam");
        for (int sequence = 0; sequence < 3; sequence++) {
            assertThat(blinks.look(1, sequence)).isEqualTo(PRESENT);
            assertThat(blinks.get().value()).isEqualTo(sequence);
        }
        assertThat(lab.stage("forger").items()).isEqualTo(3);
    }

    @Test
    void shouldAttachNothingFromAnotherThreadNorLater() {
        var kept = new AtomicReference<Attacher>();
        var refusal = new AtomicReference<Throwable>();
        lab.offer("helped", () -> (input, to) -> {
            kept.set(to);
            elsewhere(() -> {
                refusal.set(Assertions.catchThrowable(() -> to.attach(Blink.class)));
                assertThatThrownBy(() -> to.span(0, 1)).hasMessage(ELSEWHERE);
                assertThatThrownBy(() -> input.attachment(Blink.class)).hasMessage(ELSEWHERE);
                assertThatThrownBy(() -> input.frame().attachment(Blink.class)).hasMessage(ELSEWHERE);
            });
        });
        lab.attach("helped", "cam").take("cam", 2);

        assertThat(refusal.get()).isInstanceOf(IllegalStateException.class).hasMessage(ELSEWHERE);
        assertThatThrownBy(() -> kept.get().attach(Blink.class)).hasMessage(ELSEWHERE);
        assertThat(lab.take("cam", 2).stage("helped").results()).isZero();
        assertThat(lab.stage("helped").failures()).isZero();
    }

    @Test
    void shouldShowResultsAsTheyWereWhateverIsWrittenIntoKeptMemory() {
        var kept = new AtomicReference<MemorySegment>();
        lab.offer("keeper", () -> (input, to) -> {
            var blink = to.attach(Blink.class);
            kept.compareAndSet(null, blink.memory());
            blink.value(input.item().descriptor().sequence());
        });
        lab.attach("keeper", "cam").take("cam", 200);
        kept.get().fill((byte) -1);

        var blinks = lab.blinks("cam");
        assertThat(blinks.next()).isTrue();
        for (long found = 1; blinks.next(); found++) {
            assertThat(blinks.get().value()).isEqualTo(blinks.sequence());
            assertThat(found).isLessThan(200);
        }
        assertThat(kept.get().byteSize()).as("of the fields, and not of the ring").isEqualTo(16);
        lab.take("cam");
        assertThat(blinks.next()).isTrue();
        assertThat(blinks.get().first()).as("a field that was not written").isZero();
        lab.host.detach("keeper", List.of("cam"));
        assertThatThrownBy(() -> kept.get().fill((byte) -1)).isInstanceOf(IllegalStateException.class);
    }

    /** Keeps the memory of its first result, whose tail ends with 7. */
    private static final class TailKeeper implements Analyzer {
        private MemorySegment kept;
        private long keptTail;

        @Override
        public long tailBytes(Class<? extends Attachment> type, Stage stage) {
            return 64;
        }

        @Override
        public void analyze(Input input, Attacher to) {
            var blink = to.attach(Blink.class, 64);
            if (kept == null) {
                kept = blink.memory();
                keptTail = blink.tailOffset();
            }
            blink.memory().set(ValueLayout.JAVA_BYTE, blink.tailOffset() + 63, (byte) 7);
        }
    }

    private void assertTailsAreWhole(int results) {
        var blinks = lab.blinks("cam");
        for (int sequence = 0; sequence < results; sequence++) {
            assertThat(blinks.look(1, sequence)).isEqualTo(PRESENT);
            var memory = blinks.get().memory();
            assertThat(memory.get(ValueLayout.JAVA_BYTE, blinks.get().tailOffset() + 63)).isEqualTo((byte) 7);
            assertThat(memory.isReadOnly()).isTrue();
        }
    }

    @Test
    void shouldShowTailsAsTheyWereWhateverIsWrittenIntoKeptMemory() {
        var keeper = new TailKeeper();
        lab.offer("keeper", () -> keeper);
        lab.attach("keeper", "cam").take("cam", 3);
        keeper.kept.fill((byte) -1);
        lab.take("cam");
        keeper.kept.fill((byte) -1);

        assertTailsAreWhole(4);
    }

    @Test
    void shouldTakeTheMemoryOfTailsThatAreWrittenInPlaceAwayWithTheStage() {
        var keeper = new TailKeeper();
        lab.offerInPlace("keeper", () -> keeper);
        lab.attach("keeper", "cam").take("cam");
        keeper.kept.set(ValueLayout.JAVA_BYTE, keeper.keptTail + 63, (byte) 9);
        assertThat(lab.blinks("cam").look(1, 0)).isEqualTo(PRESENT);
        var blinks = lab.blinks("cam");
        blinks.look(1, 0);
        assertThat(blinks.get().memory().get(ValueLayout.JAVA_BYTE, blinks.get().tailOffset() + 63)).as("its own")
                .isEqualTo((byte) 9);
        keeper.kept.set(ValueLayout.JAVA_BYTE, keeper.keptTail + 63, (byte) 7);
        lab.host.detach("keeper", List.of("cam"));
        lab.attach("keeper", "cam").take("cam");

        assertThatThrownBy(() -> keeper.kept.fill((byte) -1)).as("somebody else may write there now")
                .isInstanceOf(IllegalStateException.class);
        assertTailsAreWhole(2);
    }

    private static void elsewhere(Runnable call) throws InterruptedException {
        var failed = new AtomicReference<Throwable>();
        var thread = new Thread(call);
        thread.setUncaughtExceptionHandler((any, thrown) -> failed.set(thrown));
        thread.start();
        thread.join();
        if (failed.get() != null) {
            throw new AssertionError(failed.get());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5L << 20, 2L << 30, 1L << 40, Long.MAX_VALUE})
    void shouldNotGiveAwayTheMemoryOfTheMachineForResults(long bytes) {
        lab.offer("greedy", () -> new Analyzer() {
            @Override
            public long tailBytes(Class<? extends Attachment> type, Stage stage) {
                return bytes;
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class, bytes);
            }
        });

        assertThatThrownBy(() -> lab.attach("greedy", "cam")).isInstanceOf(BadInputException.class)
                .hasMessage("greedy wants " + bytes + " bytes of tail for each test.blink@1 of cam; its results may "
                        + "take 256 MiB in all, correct its tailBytes");
        assertThat(lab.host.stages()).isEmpty();
        assertThat(lab.closed).containsExactly("greedy");
    }
}
