// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryTest {
    @Test
    void shouldReadBackWhatARegionSays() {
        try (var ring = new Fixture()) {
            assertEquals(Geometry.of(64, Fixture.PAYLOAD), Geometry.read(ring.owner.region()));
        }
    }

    @Test
    void shouldNameBothVersionsWhenTheyDiffer() {
        try (var ring = new Fixture(); var arena = Arena.ofConfined()) {
            var copy = copy(ring, arena);
            copy.set(Abi.LE_SHORT, Abi.H_ABI_MAJOR, (short) 7);

            var refused = assertThrows(RingException.class, () -> Geometry.read(copy));
            assertEquals("the ring was written with ABI 7.0, this reader knows 1.0; use the same release on both sides",
                    refused.getMessage());
        }
    }

    @Test
    void shouldReadWhatANewerMinorVersionWrote() {
        try (var ring = new Fixture(); var arena = Arena.ofConfined()) {
            var copy = copy(ring, arena);
            copy.set(Abi.LE_SHORT, Abi.H_ABI_MINOR, (short) 9);

            assertEquals(Geometry.of(64, Fixture.PAYLOAD), Geometry.read(copy));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,15,64", "1,60,64", "1,187,128", "2,375,1024", "2,3000,2048", "3,1,4096", "3,20000,16384"})
    void shouldHoldHalfASecondAndNeverLessThanPromised(int kind, double itemsPerSecond, int slots) {
        assertEquals(slots, new RingSpec("test", kind, itemsPerSecond, Fixture.PAYLOAD, Fixture.format(Fixture.PAYLOAD),
                RingSpec.Writer.JAVA).slotCount());
    }

    @ParameterizedTest
    @CsvSource({"1,60,0.5,64,1.067", "1,60,2,128,1.067", "1,60,3,256,1.067", "2,3000,2,8192,0.683",
        "2,750,2,2048,1.365", "1,10,10,128,6.4", "3,1000,10,16384,4.096", "3,1000000,10,1048576,0.524",
        "4,10,10,128,12.8"})
    void shouldLastAsLongAsAskedFor(int kind, double itemsPerSecond, double seconds, int slots, double least) {
        var spec = new RingSpec("test", kind, itemsPerSecond, Fixture.PAYLOAD, Fixture.format(Fixture.PAYLOAD),
                RingSpec.Writer.JAVA);
        assertEquals(slots, spec.slotCount(seconds));
        assertEquals(least, spec.seconds(), 0.001);
    }

    @ParameterizedTest
    @CsvSource({"0,0,MIMRRING", "12,64,header of another size", "48,3,slot count 3", "48,-2147483648,slot count",
        "52,100,slots of 100", "56,64,outside", "56,2147483584,outside", "64,2147483584,outside", "64,12352,overlap",
        "72,63,outside", "80,8192,overlap", "80,64,format table", "84,99999,format table", "88,128,format table",
        "268,0,not complete"})
    void shouldBelieveNothingThatLeadsOut(long offset, int value, String part) {
        try (var ring = new Fixture(); var arena = Arena.ofConfined()) {
            var copy = copy(ring, arena);
            copy.set(Abi.LE_INT, offset, value);

            var message = assertThrows(RingException.class, () -> Geometry.read(copy)).getMessage();
            assertTrue(message.startsWith("this is not a sound Mimir ring: it ") && message.contains(part), message);
        }
    }

    /** They would fit; a reader counts no further, and neither does C. */
    @ParameterizedTest
    @CsvSource({"48, 2097152, slot count", "84, 4097, format table"})
    void shouldRefuseMoreThanAReaderCounts(long offset, int value, String part) {
        long bytes = 1L << 30;
        try (var ring = new Fixture(); var large = MappedMemory.anonymous(bytes)) {
            var memory = large.segment();
            memory.asSlice(0, Abi.HEADER_BYTES).copyFrom(ring.owner.region().asSlice(0, Abi.HEADER_BYTES));
            Abi.putLong(memory, Abi.H_REGION_BYTES, bytes);
            Abi.putLong(memory, Abi.H_SLOTS_OFFSET, 2L << 20);
            Abi.putLong(memory, Abi.H_PAYLOAD_STRIDE, 64);
            Abi.putLong(memory, Abi.H_PAYLOAD_OFFSET, bytes / 2);
            assertEquals(64, Geometry.read(memory).slotCount());
            memory.set(Abi.LE_INT, offset, value);

            var message = assertThrows(RingException.class, () -> Geometry.read(memory)).getMessage();
            assertTrue(message.contains(part), message);
        }
    }

    private static MemorySegment copy(Fixture ring, Arena arena) {
        var copy = arena.allocate(ring.owner.region().byteSize(), 64);
        return copy.copyFrom(ring.owner.region());
    }
}
