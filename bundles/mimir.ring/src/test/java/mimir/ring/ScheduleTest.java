// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ring against a reference in plain Java, over random orders of steps. An error names its seed: {@code
 * -Dmimir.seed=N} runs that one again, {@code -Dmimir.schedules=N} runs so many.
 */
@Timeout(600)
class ScheduleTest {
    private static final long SCHEDULES = Long.getLong("mimir.schedules", 1_500);

    @Test
    void shouldDoWhatTheReferenceDoesInEveryOrderOfSteps() {
        var only = Long.getLong("mimir.seed");
        int descriptors = descriptors();
        (only == null ? LongStream.range(0, SCHEDULES) : LongStream.of(only))
                .forEach(seed -> Schedule.run(seed, PlantedFault.NONE));
        assertTrue(descriptors() < descriptors + 100, "descriptors before " + descriptors + ", now " + descriptors());
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindThePlantedFault(PlantedFault fault) {
        assertThrows(AssertionError.class, () -> LongStream.range(0, 500).forEach(seed -> Schedule.run(seed, fault)));
    }
}
