// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Headers that mean harm: refused with a sentence, or sound in every part; and Java and C refuse the same ones. */
@Timeout(600)
class HostileHeaderTest {
    private static final int INPUTS = 200_000;
    private static final Path NATIVE = Path.of(System.getProperty("mimir.root"), "native-fragments", "ring");
    private static final long REGION_BYTES = 64 << 10;
    private static final long[] EIGHT = {Abi.H_MAGIC, Abi.H_REGION_BYTES, Abi.H_REGION_ID, Abi.H_SLOTS_OFFSET,
            Abi.H_PAYLOAD_OFFSET, Abi.H_PAYLOAD_STRIDE, Abi.H_PAYLOAD_STRIDE, Abi.H_SLOTS_OFFSET};
    private static final long[] FOUR = {Abi.H_HEADER_BYTES, Abi.H_SLOT_COUNT, Abi.H_SLOT_BYTES, Abi.H_FORMAT_OFFSET,
            Abi.H_FORMAT_CAPACITY, Abi.H_FORMAT_BYTES, Abi.H_STATE, Abi.H_SLOT_COUNT};

    @TempDir
    Path scratch;

    private final HostileBytes hostile = new HostileBytes();

    /** Layouts that are all sound: the usual one, wide strides, no payload, no formats, parts in another order. */
    private void writeSound(MemorySegment memory) {
        memory.asSlice(0, 512).fill((byte) 0);
        boolean wide = hostile.random.nextBoolean();
        int slots = 2 << hostile.random.nextInt(4);
        int slotBytes = wide ? 192 : Abi.SLOT_BYTES;
        int formats = hostile.random.nextInt(3);
        long stride = 64L * hostile.random.nextInt(4);
        long first = Abi.HEADER_BYTES + (long) formats * 320;
        boolean payloadFirst = hostile.random.nextBoolean();
        long slotsOffset = payloadFirst ? first + stride * slots : first;
        Abi.putLong(memory, Abi.H_MAGIC, Abi.MAGIC);
        memory.set(Abi.LE_SHORT, Abi.H_ABI_MAJOR, (short) Abi.MAJOR);
        Abi.putInt(memory, Abi.H_HEADER_BYTES, Abi.HEADER_BYTES);
        Abi.putLong(memory, Abi.H_REGION_BYTES, first + slots * (slotBytes + stride));
        Abi.putLong(memory, Abi.H_REGION_ID, 7);
        Abi.putInt(memory, Abi.H_SLOT_COUNT, slots);
        Abi.putInt(memory, Abi.H_SLOT_BYTES, slotBytes);
        Abi.putLong(memory, Abi.H_SLOTS_OFFSET, slotsOffset);
        Abi.putLong(memory, Abi.H_PAYLOAD_OFFSET, payloadFirst ? first : first + (long) slots * slotBytes);
        Abi.putLong(memory, Abi.H_PAYLOAD_STRIDE, stride);
        Abi.putInt(memory, Abi.H_FORMAT_OFFSET, Abi.HEADER_BYTES);
        Abi.putInt(memory, Abi.H_FORMAT_CAPACITY, formats);
        Abi.putInt(memory, Abi.H_FORMAT_BYTES, wide ? 320 : Abi.FORMAT_BYTES);
        Abi.putInt(memory, Abi.H_STATE, Abi.STATE_LIVE);
    }

    private void spoil(MemorySegment memory) {
        for (int changes = hostile.random.nextInt(4); changes > 0; changes--) {
            switch (hostile.random.nextInt(8)) {
                case 0 -> hostile.changeSomewhere(memory, 0, 512);
                case 1 -> hostile.change(memory, hostile.random.nextLong(512), 1);
                case 2 -> hostile.change(memory, Abi.H_ABI_MAJOR, 2);
                case 3, 4 -> hostile.change(memory, EIGHT[hostile.random.nextInt(EIGHT.length)], 8);
                default -> hostile.change(memory, FOUR[hostile.random.nextInt(FOUR.length)], 4);
            }
        }
    }

    @Test
    void shouldRefuseWithASentenceOrBeSound(TestReporter reporter) {
        reporter.publishEntry("seed", Long.toString(hostile.seed));
        int accepted = 0;
        int inputs = HostileBytes.times(INPUTS);
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(REGION_BYTES, 4096);
            for (int input = 0; input < inputs; input++) {
                writeSound(memory);
                spoil(memory);
                accepted += isAccepted(memory, input) ? 1 : 0;
            }
        }
        assertTrue(accepted > inputs / 20 && accepted < inputs, accepted + " accepted, seed " + hostile.seed);
    }

    private boolean isAccepted(MemorySegment memory, int input) {
        try {
            requireSound(Geometry.read(memory), memory, input);
            return true;
        } catch (RingException refused) {
            assertTrue(HostileBytes.isOneSentence(refused.getMessage()), () -> refused + " at " + hostile.at(input));
            return false;
        } catch (RuntimeException other) {
            throw new AssertionError(hostile.at(input), other);
        }
    }

    private record Part(BigInteger from, BigInteger to) {
        static Part of(long from, long count, long each) {
            var start = BigInteger.valueOf(from);
            return new Part(start, start.add(BigInteger.valueOf(count).multiply(BigInteger.valueOf(each))));
        }

        boolean isEmpty() {
            return from.equals(to);
        }
    }

    /** By other means than the code under test: numbers without an end. */
    private void requireSound(Geometry g, MemorySegment memory, int input) {
        var parts = LongStream.of(0).boxed().flatMap(none -> List.of(Part.of(0, 1, Abi.HEADER_BYTES),
                Part.of(g.slotsOffset(), g.slotCount(), g.slotBytes()),
                Part.of(g.payloadOffset(), g.slotCount(), g.payloadStride()),
                Part.of(g.formatOffset(), g.formatCapacity(), g.formatBytes())).stream())
                .filter(part -> !part.isEmpty()).toList();
        var end = BigInteger.valueOf(Math.min(g.regionBytes(), memory.byteSize()));
        for (var part : parts) {
            assertTrue(part.from.signum() >= 0 && part.to.compareTo(part.from) > 0 && part.to.compareTo(end) <= 0
                    && part.from.longValue() % 64 == 0, () -> g + " at " + hostile.at(input));
            for (var other : parts) {
                assertTrue(part == other || part.to.compareTo(other.from) <= 0 || other.to.compareTo(part.from) <= 0,
                        () -> g + " at " + hostile.at(input));
            }
        }
        assertTrue(g.slotCount() > 1 && g.slotBytes() >= Descriptor.BYTES && g.slotBytes() % 64 == 0
                && g.payloadStride() % 64 == 0, () -> g + " at " + hostile.at(input));
    }

    @Test
    void shouldRefuseWhatCRefusesAndNothingElse(TestReporter reporter) throws Throwable {
        reporter.publishEntry("seed", Long.toString(hostile.seed));
        int inputs = HostileBytes.times(INPUTS / 2);
        try (var arena = Arena.ofConfined()) {
            var check = checkInC(arena);
            var memory = arena.allocate(REGION_BYTES, 4096);
            var geometry = arena.allocate(256, 8);
            for (int input = 0; input < inputs; input++) {
                writeSound(memory);
                spoil(memory);
                int c = (int) check.invokeExact(memory, REGION_BYTES, geometry);
                assertEquals(c == 0, isAccepted(memory, input), hostile.at(input));
            }
        }
    }

    private MethodHandle checkInC(Arena arena) throws Exception {
        var library = scratch.resolve("layout.so");
        var compiler = new ProcessBuilder("gcc", "-std=c11", "-shared", "-fPIC", "-O1", "-I",
                NATIVE.resolve("include").toString(), "-o", library.toString(),
                NATIVE.resolve("src/layout.c").toString()).redirectErrorStream(true).start();
        var said = new String(compiler.getInputStream().readAllBytes());
        assertEquals(0, compiler.waitFor(), said);
        var address = SymbolLookup.libraryLookup(library, arena).findOrThrow("mimir_ring_check");
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    }
}
