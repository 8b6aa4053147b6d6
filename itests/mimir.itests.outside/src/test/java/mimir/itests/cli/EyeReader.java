// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import mimir.ring.Checksum;
import mimir.ring.DropReason;
import mimir.ring.ForeignRing;
import mimir.ring.ForeignRings;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingStats;
import mimir.ring.Start;

/**
 * Reads every frame of an emulated camera in place, from another process than the platform's, and compares each bit
 * with what the model of that camera sends as its frame of that number. Confined.
 */
final class EyeReader implements AutoCloseable {
    private static final MethodHandle CHECK = Linker.nativeLinker().downcallHandle(
            SymbolLookup.libraryLookup(Twins.LIBRARY, Arena.global()).findOrThrow("mimir_twin_check"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private static final int STEADY_FRAMES = 12;

    private final int identity;
    private final ForeignRing ring;
    private final RingReader reader;
    private int epoch;
    private long newest = -1;
    private long frames;
    private long framesOfEpoch;
    private long holes;
    private long inRow;

    /** Of the source {@code eye.IDENTITY}, from now on. */
    EyeReader(Path manifests, int identity) {
        this.identity = identity;
        ring = new ForeignRings(manifests).open("eye." + identity);
        reader = ring.reader("bits", Profile.EVERY, Start.NOW);
        epoch = ring.stats().epoch();
    }

    /** Reads what is there; fails at the first frame that is not as its camera sent it. */
    void read() {
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            int ofEpoch = lease.descriptor().epoch();
            var checksum = lease.verify();
            long number = check(lease);
            if (lease.release()) {
                assertEquals(Checksum.RIGHT, checksum, this::toString);
                assertTrue(number >= 0, () -> this + ": a frame after number " + newest + " of epoch " + epoch
                        + " is not what the camera sent");
                take(ofEpoch, number);
            }
        }
    }

    private long check(Lease lease) {
        try {
            var payload = lease.memory().asSlice(lease.offset(), lease.length());
            return (long) CHECK.invokeExact(payload, lease.length(), identity);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private void take(int ofEpoch, long number) {
        if (ofEpoch != epoch) {
            assertTrue(ofEpoch > epoch, () -> this + " went back to epoch " + ofEpoch);
            epoch = ofEpoch;
            newest = -1;
            framesOfEpoch = 0;
            inRow = 0;
        }
        assertTrue(number > newest, () -> this + ": number " + number + " came after " + newest);
        long passedOver = newest < 0 ? 0 : number - newest - 1;
        holes += passedOver;
        inRow = passedOver == 0 ? inRow + 1 : 0;
        newest = number;
        frames++;
        framesOfEpoch++;
    }

    /** True when so many frames of an epoch, and of none after it, were read. */
    boolean has(int wantedEpoch, int wantedFrames) {
        read();
        assertTrue(epoch <= wantedEpoch, () -> this + " is in epoch " + epoch + " already");
        return epoch == wantedEpoch && framesOfEpoch >= wantedFrames;
    }

    /** True when so many frames of an epoch came without a hole: then the driver knows the step of its clock. */
    boolean isSteady(int wantedEpoch) {
        return has(wantedEpoch, STEADY_FRAMES) && inRow >= STEADY_FRAMES;
    }

    /** Counts from here on, except for what {@link #overtaken} says. */
    void begin() {
        read();
        frames = 0;
        holes = 0;
    }

    int epoch() {
        return epoch;
    }

    long frames() {
        return frames;
    }

    /** Numbers that were passed over within epochs. */
    long holes() {
        return holes;
    }

    /** Frames that came too fast for this reader; no loss of the platform. */
    long overtaken() {
        assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
        return reader.stats().overtaken();
    }

    RingStats stats() {
        return ring.stats();
    }

    /** What the source lost for a reason, since it was made. */
    long lost(DropReason reason) {
        return stats().droppedAtSource().getOrDefault(reason, 0L);
    }

    @Override
    public String toString() {
        return "eye." + identity;
    }

    @Override
    public void close() {
        reader.close();
        ring.close();
    }
}
