// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Offsets of every structure in a ring region, the Java twin of {@code mimir_ring_abi.h}; {@code docs/ring-abi.md}
 * draws them. Each offset is in bytes from the start of its structure. A test asserts every size and offset equal to C.
 * Immutable.
 */
public final class Abi {
    /** First eight bytes of a region: {@code MIMRRING}. */
    public static final long MAGIC = 0x474E4952524D494DL;
    /** First eight bytes of a hints page: {@code IMRHINTS}. */
    public static final long HINTS_MAGIC = 0x53544E4948524D49L;
    /** Readers refuse another major. */
    public static final int MAJOR = 1;
    /** A newer minor only uses reserved bytes. */
    public static final int MINOR = 0;
    /** Bytes of the header. */
    public static final int HEADER_BYTES = 4096;
    /** Least stride of format table entries. */
    public static final int FORMAT_BYTES = 256;
    /** Least stride of descriptor slots. */
    public static final int SLOT_BYTES = 128;
    /** Bytes of the hints page. */
    public static final int HINTS_BYTES = 4096;
    /** Counters in {@code header.drops}. */
    public static final int DROP_REASONS = 16;
    /** Bytes of the source identity, with its final NUL. */
    public static final int NAME_BYTES = 128;

    /** {@code header.item_kind}. */
    public static final int ITEM_FRAME = 1;
    /** {@code header.item_kind}. */
    public static final int ITEM_AUDIO = 2;
    /** {@code header.item_kind}. */
    public static final int ITEM_EVENT = 3;
    /** {@code header.item_kind}: what an analyser found in the items of another ring. */
    public static final int ITEM_RESULT = 4;

    /** {@code format.code} of results: {@code width} is the version of the type, {@code height} the bytes of fields. */
    public static final int FORMAT_ATTACHMENT = 1025;

    /** {@code header.state}: a writer owns the region. */
    public static final int STATE_LIVE = 1;
    /** {@code header.state}: the writer is gone, the items stay. */
    public static final int STATE_ENDED = 2;
    /** {@code header.state}: drain, then follow {@code header.successor}. */
    public static final int STATE_SUCCEEDED = 3;
    /** {@code header.state}: a native writer did not stop; mapped for ever. */
    public static final int STATE_PARKED = 4;
    /** Never in a header: what a reader in another process calls LIVE when the writing process is gone. */
    public static final int STATE_WRITER_GONE = -1;

    /** {@code descriptor.payload_kind}: bytes in the region's own slab. */
    public static final int PAYLOAD_MEMORY = 1;
    /** {@code descriptor.payload_kind}: at most {@link #INLINE_BYTES} bytes in the descriptor itself, for events. */
    public static final int PAYLOAD_INLINE = 6;
    /** Payload that fits a descriptor. */
    public static final int INLINE_BYTES = 48;

    static final int BACKING_MEMFD = 1;
    static final int BACKING_FILE = 2;
    static final int BACKING_ANONYMOUS = 3;

    static final long H_MAGIC = 0;
    static final long H_ABI_MAJOR = 8;
    static final long H_ABI_MINOR = 10;
    static final long H_HEADER_BYTES = 12;
    static final long H_REGION_BYTES = 16;
    static final long H_REGION_ID = 24;
    static final long H_HOST_CLOCK_ID = 32;
    static final long H_SOURCE_ID = 40;
    static final long H_ITEM_KIND = 44;
    static final long H_SLOT_COUNT = 48;
    static final long H_SLOT_BYTES = 52;
    static final long H_SLOTS_OFFSET = 56;
    static final long H_PAYLOAD_OFFSET = 64;
    static final long H_PAYLOAD_STRIDE = 72;
    static final long H_FORMAT_OFFSET = 80;
    static final long H_FORMAT_CAPACITY = 84;
    static final long H_FORMAT_BYTES = 88;
    static final long H_BACKING = 92;
    static final long H_PREDECESSOR = 96;
    static final long H_CREATED_NS = 104;
    static final long H_NAME = 128;
    static final long H_HEAD = 256;
    static final long H_DOORBELL = 264;
    static final long H_STATE = 268;
    static final long H_EPOCH = 272;
    static final long H_FORMAT_COUNT = 276;
    static final long H_PAYLOAD_WRITTEN = 280;
    static final long H_PAYLOAD_COPIED = 288;
    static final long H_LAST_COMMIT_NS = 296;
    static final long H_SUCCESSOR = 304;
    static final long H_WOKEN = 312;
    static final long H_EVICTED = 320;
    static final long H_DROPS = 384;

    static final long F_FORMAT_ID = 0;
    static final long F_CODE = 4;
    static final long F_PLANES = 8;
    static final long F_COLOUR = 12;
    static final long F_WIDTH = 16;
    static final long F_HEIGHT = 20;
    static final long F_RATE_NUM = 24;
    static final long F_RATE_DEN = 28;
    static final long F_PLANE_OFFSET = 32;
    static final long F_STRIDE_BYTES = 64;
    static final long F_PAYLOAD_BYTES = 80;
    static final long F_DEVICE_TICK_HZ = 88;

    static final long D_GENERATION = 0;
    static final long D_SEQUENCE = 8;
    static final long D_EPOCH = 16;
    static final long D_SOURCE_ID = 20;
    static final long D_HOST_TIME_NS = 24;
    static final long D_DEVICE_TIME = 32;
    static final long D_DEVICE_CLOCK = 40;
    static final long D_FORMAT_ID = 44;
    static final long D_WIDTH = 48;
    static final long D_HEIGHT = 52;
    static final long D_PAYLOAD_BYTES = 56;
    static final long D_PAYLOAD_KIND = 64;
    static final long D_CRC32C = 68;
    static final long D_FLAGS = 72;
    static final long D_GAP_ITEMS = 76;
    static final long D_HANDLE = 80;

    static final long W_MAGIC = 0;
    static final long W_REGION_ID = 8;
    static final long W_WAITERS = 128;
    static final long W_MAY_SLEEP = 132;
    static final long W_ROOM = 256;
    static final long W_WRITER_WAITS = 260;
    static final long W_SEATS = 512;

    static final long S_TOKEN = 0;
    static final long S_POSITION = 8;

    static final ValueLayout.OfLong LE_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt LE_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort LE_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Access to an aligned 64-bit word at (segment, offset), mode chosen at the call. */
    static final VarHandle LONG = LE_LONG.varHandle();
    /** Access to an aligned 32-bit word at (segment, offset), mode chosen at the call. */
    static final VarHandle INT = LE_INT.varHandle();

    private Abi() {
    }

    /** Generation of a slot whose item {@code position} is being written. */
    static long writing(long position) {
        return 2 * position + 1;
    }

    /** Generation of a slot whose item {@code position} is committed. */
    static long committed(long position) {
        return 2 * position + 2;
    }

    static long getLong(MemorySegment memory, long offset) {
        return memory.get(LE_LONG, offset);
    }

    static int getInt(MemorySegment memory, long offset) {
        return memory.get(LE_INT, offset);
    }

    static void putLong(MemorySegment memory, long offset, long value) {
        memory.set(LE_LONG, offset, value);
    }

    static void putInt(MemorySegment memory, long offset, int value) {
        memory.set(LE_INT, offset, value);
    }
}
