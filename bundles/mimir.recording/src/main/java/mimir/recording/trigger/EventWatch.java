// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Abi;

/** Items of a source of events, all or those of one code or name. */
final class EventWatch implements Watch {
    private static final Pattern CODE = Pattern.compile("-?\\d{1,10}");
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ReservoirCursor cursor;
    private final String cause;
    private final Long code;
    private final byte[] text;
    private final MemorySegment inline = MemorySegment.ofArray(new byte[Abi.INLINE_BYTES]);

    /** @param cursor over all that comes from now on */
    EventWatch(ReservoirCursor cursor, String source, String event) {
        this.cursor = cursor;
        this.cause = event.isEmpty() ? "an event of " + source : "event " + event + " of " + source;
        this.code = CODE.matcher(event).matches() ? Long.valueOf(event) : null;
        this.text = event.isEmpty() || code != null ? null : event.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long look(Happened happened) {
        long items = 0;
        while (cursor.next()) {
            items++;
            boolean fits = fits();
            if (fits && cursor.intact()) {
                happened.at(cursor.canonicalNs(), cause);
            }
        }
        return items;
    }

    private boolean fits() {
        boolean inDescriptor = cursor.descriptor().payloadKind() == Abi.PAYLOAD_INLINE;
        long bytes = inDescriptor ? Math.min(Abi.INLINE_BYTES, cursor.descriptor().payloadBytes()) : cursor.length();
        for (int word = 0; inDescriptor && word < Abi.INLINE_BYTES / Long.BYTES; word++) {
            inline.set(LONG, (long) word * Long.BYTES, cursor.descriptor().inline(word));
        }
        var memory = inDescriptor ? inline : cursor.memory();
        long at = inDescriptor ? 0 : cursor.offset();
        if (code != null) {
            return bytes >= Integer.BYTES
                    && (memory.get(INT, at) == code || Integer.toUnsignedLong(memory.get(INT, at)) == code);
        }
        return text == null || isText(memory, at, bytes);
    }

    /** Bytes beyond the text begin with a zero, or there are none. */
    private boolean isText(MemorySegment memory, long at, long bytes) {
        return bytes >= text.length
                && MemorySegment.mismatch(memory, at, at + text.length, MemorySegment.ofArray(text), 0,
                text.length) < 0
                && (bytes == text.length || memory.get(ValueLayout.JAVA_BYTE, at + text.length) == 0);
    }

    @Override
    public long missed() {
        return cursor.overtaken();
    }

    @Override
    public void close() {
        // a cursor holds nothing
    }
}
