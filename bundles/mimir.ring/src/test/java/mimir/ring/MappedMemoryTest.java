// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What making pages costs those who do not make them. */
@Timeout(60)
class MappedMemoryTest {
    private static final long MUCH = 512L << 20;
    private static final int SOME = 16; // in one go it is one, those before the pages are begun not counted

    @Test
    void shouldLetOthersMapMemoryWhilePagesAreMade() throws Exception {
        var made = new AtomicBoolean();
        var mapped = new AtomicInteger();
        try (var memory = MappedMemory.anonymous(MUCH); var threads = Executors.newSingleThreadExecutor()) {
            var mapping = threads.submit(() -> {
                while (!made.get()) {
                    mapAndGiveBack();
                    mapped.incrementAndGet();
                }
            });
            memory.populate(0, 4096); // the first call of all is a long one
            while (mapped.get() < 1000) {
                Thread.onSpinWait();
            }
            int before = mapped.get();
            memory.populate(0, MUCH);
            int meanwhile = mapped.get() - before;
            made.set(true);
            mapping.get();
            assertThat(meanwhile).isGreaterThan(SOME);
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
