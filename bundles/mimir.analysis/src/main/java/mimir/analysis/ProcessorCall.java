// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import mimir.api.analysis.Attachment;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;

/**
 * {@code mimir_processor_call}: one item, told to C. Confined to the thread that makes the call; nothing but the making
 * allocates.
 *
 * <pre>
 *    0          128          384          400          464                  560    568    576        584         640
 *    +----------+------------+------------+------------+--------------------+------+------+----------+-----------+
 *    |descriptor|format entry|payload:    |needs[4]:   |results[4]: address,|forget|missed|span first|span frames|
 *    |          |            |address,    |address,    |bytes, tail bytes   |      |      |          |reserved   |
 *    |          |            |bytes       |bytes       |                    |      |      |          |           |
 *    +----------+------------+------------+------------+--------------------+------+------+----------+-----------+
 * </pre>
 *
 * What lies behind the words that C may write is looked at after each call: reserved words, eight words beyond the
 * call, and the word behind each result where its slot has one.
 */
final class ProcessorCall {
    /** Needs, and results, of one processor. */
    static final int MOST = 4;
    /** Bytes of a format entry. */
    static final long FORMAT_BYTES = 256;

    private static final long FORMAT = 128;
    private static final long PAYLOAD = 384;
    private static final long NEEDS = 400;
    private static final long NEED_BYTES = 16;
    private static final long RESULTS = 464;
    private static final long RESULT_BYTES = 24;
    private static final long FORGET = 560;
    private static final long MISSED = 568;
    private static final long SPAN_FIRST = 576;
    private static final long SPAN_FRAMES = 584;
    private static final long RESERVED = 592;
    private static final long BYTES = 640;
    private static final long GUARDED = BYTES + 64;
    private static final long GUARD = 0x4d69_6d69_7220_2121L;
    private static final long LINE = 64; // slots of rings are whole lines
    private static final long PLANE_OFFSETS = 32;
    private static final long STRIDES = 64;
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;

    private final MemorySegment memory;
    private final MemorySegment[] guarded = new MemorySegment[MOST]; // where a result's guard lies, or null
    private final long[] guards = new long[MOST];
    private final MemorySegment[] needs = new MemorySegment[MOST]; // what needs lie in, the call itself for none
    private MemorySegment payload;

    ProcessorCall(Arena arena) {
        memory = arena.allocate(GUARDED, Long.BYTES);
        payload = memory;
        Arrays.fill(needs, memory);
        for (long at = BYTES; at < GUARDED; at += Long.BYTES) {
            memory.set(L, at, GUARD);
        }
    }

    /** False when the processor has written where it may not, as far as that shows. */
    boolean sound() {
        for (long at = RESERVED; at < GUARDED; at += Long.BYTES) {
            if (memory.get(L, at) != (at < BYTES ? 0 : GUARD)) {
                return false;
            }
        }
        for (int i = 0; i < MOST; i++) {
            if (guarded[i] != null && guarded[i].get(L, guards[i]) != GUARD) {
                return false;
            }
        }
        return true;
    }

    /** For the processor; valid as long as the arena. */
    long address() {
        return memory.address();
    }

    /** The place of the format entry. */
    MemorySegment format() {
        return memory.asSlice(FORMAT, FORMAT_BYTES);
    }

    /** Writes {@code mimir_ring_format}. */
    static void format(MemorySegment entry, RingFormat format) {
        entry.fill((byte) 0);
        entry.set(I, 0, 1);
        entry.set(I, 4, format.code());
        entry.set(I, 8, format.planeOffsets().size());
        entry.set(I, 12, format.colour());
        entry.set(I, 16, format.width());
        entry.set(I, 20, format.height());
        entry.set(I, 24, format.rateNumerator());
        entry.set(I, 28, format.rateDenominator());
        for (int plane = 0; plane < format.planeOffsets().size(); plane++) {
            entry.set(L, PLANE_OFFSETS + 8L * plane, format.planeOffsets().get(plane));
            entry.set(I, STRIDES + 4L * plane, format.strideBytes().get(plane));
        }
        entry.set(L, 80, format.payloadBytes());
        entry.set(L, 88, format.deviceTickHz());
    }

    /** The item, where its payload lies, and how long it is there. */
    void item(Descriptor descriptor, MemorySegment in, long offset, long bytes) {
        descriptor.copyTo(memory, 0);
        payload = in;
        memory.set(L, PAYLOAD, in.address() + offset);
        memory.set(L, PAYLOAD + 8, bytes);
        memory.set(L, SPAN_FRAMES, 0);
    }

    void need(int index, Attachment attachment, long fieldBytes) {
        needs[index] = attachment.memory();
        memory.set(L, NEEDS + index * NEED_BYTES, attachment.memory().address() + attachment.offset());
        memory.set(L, NEEDS + index * NEED_BYTES + 8, fieldBytes + attachment.tailBytes());
    }

    /** The memory that the payload lies in; it has to be there as long as the processor works. */
    MemorySegment payload() {
        return payload;
    }

    /** The same of a need; some other memory that is there where there is none. */
    MemorySegment need(int index) {
        return needs[index];
    }

    /** The call is over, and so is what this knows of anybody's memory. */
    void letGo() {
        payload = memory;
        Arrays.fill(needs, memory);
    }

    /** Bytes of tail that the processor wants for a result. */
    long tailBytes(int index) {
        return memory.get(L, RESULTS + index * RESULT_BYTES + 16);
    }

    void result(int index, Attachment attachment, long fieldBytes) {
        memory.set(L, RESULTS + index * RESULT_BYTES, attachment.memory().address() + attachment.offset());
        memory.set(L, RESULTS + index * RESULT_BYTES + 8, fieldBytes + attachment.tailBytes());
        guard(index, attachment.memory(), attachment.offset() + fieldBytes + attachment.tailBytes());
    }

    /** Between the end of a result and that of its last line there is nothing of anybody's. */
    private void guard(int index, MemorySegment of, long end) {
        boolean room = end % LINE != 0 && end % Long.BYTES == 0 && end + Long.BYTES <= of.byteSize();
        var now = room ? of : null;
        if (guarded[index] != now) {
            guarded[index] = now;
        }
        guards[index] = end;
        if (room) {
            of.set(L, end, GUARD);
        }
    }

    void noResult(int index) {
        guarded[index] = null;
        memory.set(L, RESULTS + index * RESULT_BYTES, 0);
        memory.set(L, RESULTS + index * RESULT_BYTES + 8, 0);
        memory.set(L, RESULTS + index * RESULT_BYTES + 16, 0);
    }

    void history(boolean forget, long missed) {
        memory.set(L, FORGET, forget ? 1 : 0);
        memory.set(L, MISSED, missed);
    }

    /** Device time of the first sample frame that the results cover. */
    long spanFirst() {
        return memory.get(L, SPAN_FIRST);
    }

    /** Sample frames that the results cover; 0: just the item. Too many for anything are more than an int can say. */
    long spanFrames() {
        return memory.get(L, SPAN_FRAMES);
    }
}
