// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeMemoryTest {
    private static final String TOLD = """
            Native Memory Tracking:

            -                      Code (reserved=255451KB, committed=26919KB)
                                        (malloc=7758KB tag=Code #25042) (at peak)
                                        (mmap: reserved=247692KB, committed=19160KB, at peak)
                                        (arena=1KB #1) (peak=33KB #1)

            -                        GC (reserved=69210KB, committed=69210KB)
                                        (malloc=5754KB tag=GC #6789) (peak=5759KB #6789)

            -                  Compiler (reserved=909KB, committed=909KB)
                                        (malloc=196KB tag=Compiler #903) (peak=230KB #1128)
                                        (arena=713KB #4) (peak=41200KB #9)

            -               Arena Chunk (reserved=6260KB, committed=6260KB)
                                        (malloc=6260KB tag=Arena Chunk #318) (peak=42978KB #729)

            """;

    @Test
    void shouldFindWhatOfThatIsOfMalloc() {
        assertThat(NativeMemory.givenToCompilersBytes(TOLD)).isEqualTo((7758 + 1 + 196 + 713 + 6260) * 1024L);
    }

    @Test
    void shouldFindWhatTheCompilersHave() {
        assertThat(NativeMemory.compilersBytes(TOLD)).isEqualTo((26919 + 909 + 6260) * 1024L);
    }

    @Test
    void shouldCountAllWhereTheJvmDoesNotTell() {
        var told = "Native memory tracking is not enabled\n";

        assertThat(NativeMemory.givenToCompilersBytes(told)).isZero();
        assertThat(NativeMemory.compilersBytes(told)).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldSeeWhatIsTakenFromMalloc() {
        var memory = new NativeMemory();
        long before = memory.withoutCompilersBytes();
        try (var arena = Arena.ofConfined()) {
            arena.allocate(64 << 20);

            assertThat(memory.withoutCompilersBytes()).isBetween(before + (32 << 20), before + (96 << 20));
        }
    }
}
