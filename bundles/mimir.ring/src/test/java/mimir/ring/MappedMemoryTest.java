// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What making pages and giving them back costs those who do neither. */
@Timeout(60)
class MappedMemoryTest {
    private static final long MUCH = 256L << 20;
    private static final int MOST_ROUNDS = 20;
    private static final long MARGIN = 192;
    private static final int NO_HUGE_PAGES = 15; // MADV_NOHUGEPAGE

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger mapped = new AtomicInteger();
    private final AtomicLong longestNs = new AtomicLong();

    @Test
    void shouldLetOthersMapMemoryWhilePagesAreMade() throws Exception {
        assertOthersMap(() -> shareOfTheLongestWait(memory -> memory.populate(0, MUCH)));
    }

    /** One call that holds the address space does so in every round; a thread that waits for a processor, in many. */
    private void assertOthersMap(DoubleSupplier share) throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            var mapping = threads.submit(this::mapAndMap);
            var shares = new ArrayList<Double>();
            do {
                shares.add(share.getAsDouble());
            } while (shares.getLast() >= 0.5 && shares.size() < MOST_ROUNDS);
            over.set(true);
            mapping.get();
            assertThat(shares.getLast()).as("longest wait over all that it took, in rounds " + shares).isLessThan(0.5);
        }
    }

    @Test
    void shouldLetOthersMapMemoryWhilePagesAreGivenBack() throws Exception {
        assertOthersMap(() -> {
            var memory = MappedMemory.anonymous(MUCH);
            Posix.madvise(memory.segment().address(), MUCH, NO_HUGE_PAGES); // many, so that it takes a while
            memory.populate(0, MUCH);
            return shareOfTheLongestWait(memory, MappedMemory::close);
        });
    }

    private void mapAndMap() {
        while (!over.get()) {
            long began = System.nanoTime();
            mapAndGiveBack();
            longestNs.accumulateAndGet(System.nanoTime() - began, Math::max);
            mapped.incrementAndGet();
        }
    }

    /** Made in one go, whoever maps meanwhile waits until all are made. */
    private double shareOfTheLongestWait(Consumer<MappedMemory> deed) {
        try (var memory = MappedMemory.anonymous(MUCH)) {
            return shareOfTheLongestWait(memory, deed);
        }
    }

    private double shareOfTheLongestWait(MappedMemory memory, Consumer<MappedMemory> deed) {
        awaitMapped(100);
        longestNs.set(0);
        long began = System.nanoTime();
        deed.accept(memory);
        long tookNs = System.nanoTime() - began;
        awaitMapped(2); // the one that waits is counted when it is over
        return (double) longestNs.get() / tookNs;
    }

    private void awaitMapped(int more) {
        int seen = mapped.get();
        while (mapped.get() - seen < more) {
            Thread.onSpinWait();
        }
    }

    private static void mapAndGiveBack() {
        var place = Posix.mmap(0, 4096, Posix.PROT_NONE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS, -1);
        assertThat(place.failed()).isFalse();
        Posix.munmap(place.value(), 4096);
    }

    /** Below 64 KiB the JVM copies, above it the C library does, but for what lies in a file. */
    @ParameterizedTest
    @CsvSource({"8192, false", "65536, false", "614400, false", "614400, true"})
    void shouldTakeInAndGiveOutAPayloadAsItIs(int bytes, boolean onFile, @TempDir Path directory) {
        var sent = new byte[bytes];
        new Random(bytes).nextBytes(sent);
        var memory = MappedMemory.anonymous(2 * MARGIN + bytes);
        try (var store = new RingStore(onFile ? Map.of("dir", directory.toString()) : Map.of());
                var owner = store.open(Fixture.spec("test.frames", bytes), "test");
                var source = MappedMemory.anonymous(MARGIN + bytes);
                var reader = owner.ring().reader("reader", Profile.EVERY, Start.OLDEST)) {
            source.segment().asSlice(MARGIN).copyFrom(MemorySegment.ofArray(sent));
            owner.writer().claim();
            owner.writer().copyIn(source, MARGIN, 0, bytes);
            assertThatThrownBy(() -> owner.writer().copyIn(source, 0, 1, owner.writer().capacityBytes()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> owner.writer().copyIn(source, MARGIN + 1, 0, bytes))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            owner.writer().descriptor().shape(1, 16, 16, bytes);
            owner.writer().commit();
            var lease = reader.next();

            assertThat(lease.copyOut(memory, MARGIN)).isEqualTo(bytes);
            assertHolds(memory, sent);
            assertThatThrownBy(() -> lease.copyOut(memory, 2 * MARGIN + 1)).isInstanceOf(
                    IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> lease.copyOut(memory, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            memory.close();
            assertThatThrownBy(() -> lease.copyOut(memory, MARGIN)).isInstanceOf(IllegalStateException.class);
            lease.release();
            assertThat(reader.stats().copiedPerDelivered()).isEqualTo(1.0);
        }
    }

    private static void assertHolds(MappedMemory memory, byte[] sent) {
        var all = memory.segment();
        assertThat(all.asSlice(MARGIN, sent.length).mismatch(MemorySegment.ofArray(sent))).isEqualTo(-1);
        assertThat(all.asSlice(0, MARGIN).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        assertThat(all.asSlice(MARGIN + sent.length).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }

    @Test
    void shouldMakePagesOfAnyPartOfTheMemory() {
        try (var memory = MappedMemory.anonymous(5L << 20)) {
            memory.populate(4096, (5L << 20) - 2 * 4096);
            memory.populate((2L << 20) - 4096, 4096);
            memory.populate((5L << 20) - 4096, 4096);
            memory.populate(0, 0);
        }
    }
}
