// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Flyweight;

/**
 * A result as it was read, copied out of its ring. Immutable.
 *
 * @param key whose result it is
 * @param value laid over the copy
 * @param bytes the copy: fields and tail
 */
record Outcome(Key key, Class<? extends Attachment> type, Attachment value, MemorySegment bytes) {

    /** An item of the first source. */
    record Key(int epoch, long sequence) {
    }

    /** Of the result that a reader found; null when it was overwritten meanwhile. */
    static <T extends Attachment> Outcome of(AttachmentReader<T> reader, Class<T> type) {
        var found = reader.get();
        long fields = AttachmentLayout.of(type).bytes();
        var bytes = MemorySegment.ofArray(new long[(int) ((fields + found.tailBytes() + 7) / Long.BYTES)]);
        MemorySegment.copy(found.memory(), found.offset(), bytes, 0, fields);
        MemorySegment.copy(found.memory(), found.tailOffset(), bytes, fields, found.tailBytes());
        var value = AttachmentLayout.flyweight(type);
        ((Flyweight) value).lay(bytes.asReadOnly(), 0, found.tailBytes());
        var key = new Key(reader.epoch(), reader.sequence());
        return reader.intact() ? new Outcome(key, type, value, bytes) : null;
    }

    /** True when another result says the same of an item with the same sequence. */
    boolean same(Outcome other) {
        return type == other.type && key.sequence() == other.key.sequence() && bytes.mismatch(other.bytes) < 0;
    }
}
