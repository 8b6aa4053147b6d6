// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What making pages and giving them back costs those who do neither. */
@Timeout(60)
class MappedMemoryTest {
    private static final long MUCH = 256L << 20;
    private static final int ROUNDS = 5;
    private static final int NO_HUGE_PAGES = 15; // MADV_NOHUGEPAGE

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger mapped = new AtomicInteger();
    private final AtomicLong longestNs = new AtomicLong();

    @Test
    void shouldLetOthersMapMemoryWhilePagesAreMade() throws Exception {
        assertOthersMap(() -> shareOfTheLongestWait(memory -> memory.populate(0, MUCH)));
    }

    /** One call that holds the address space does so in every round; a thread that waits for a processor, in some. */
    private void assertOthersMap(DoubleSupplier share) throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            var mapping = threads.submit(this::mapAndMap);
            var shares = DoubleStream.generate(share).limit(ROUNDS).sorted().boxed().toList();
            over.set(true);
            mapping.get();
            assertThat(shares.getFirst()).as("longest wait over all that it took, least of " + shares).isLessThan(0.5);
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
