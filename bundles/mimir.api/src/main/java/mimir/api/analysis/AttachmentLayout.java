// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * How the fields of an {@link AttachmentType} lie: in their order, naturally aligned, the whole a multiple of 8 bytes;
 * a tail follows at once. Immutable.
 *
 * @param name see {@link AttachmentType#name}
 * @param version see {@link AttachmentType#version}
 * @param bytes of all fields
 * @param fields in order
 */
public record AttachmentLayout(String name, int version, long bytes, List<Field> fields) {
    private static final ClassValue<AttachmentLayout> LAYOUTS = new ClassValue<>() {
        @Override
        protected AttachmentLayout computeValue(Class<?> type) {
            return new TypeReader(type).layout();
        }
    };
    private static final ClassValue<FlyweightMaker> MAKERS = new ClassValue<>() {
        @Override
        protected FlyweightMaker computeValue(Class<?> type) {
            return FlyweightMaker.of(type, LAYOUTS.get(type));
        }
    };

    /** The list is copied. */
    public AttachmentLayout {
        fields = List.copyOf(fields);
    }

    /**
     * The layout of a type, found once per class. Any thread.
     *
     * @throws IllegalArgumentException when the interface is no sound type: one sentence that names it and the field at
     * fault
     */
    public static AttachmentLayout of(Class<? extends Attachment> type) {
        return LAYOUTS.get(type);
    }

    /** The same of a class that need not be a type. */
    static AttachmentLayout ofAny(Class<?> type) {
        return LAYOUTS.get(type);
    }

    /**
     * A new attachment of a type; it is a {@link Flyweight} too, to be laid over memory first. Its accessors cost as
     * much as if they had been written by hand. The class behind it is made once, in the class loader and the package
     * of the type, and goes with them: it keeps no bundle alive. Any thread; allocates.
     *
     * @throws IllegalArgumentException as {@link #of}, or when no class can be made next to the type
     */
    public static <T extends Attachment> T flyweight(Class<T> type) {
        return type.cast(MAKERS.get(type).make());
    }

    /** A new attachment that gives memory and tail only, for a layout whose type is gone; a {@link Flyweight} too. */
    public static Attachment plain(AttachmentLayout layout) {
        return new PlainFlyweight(layout);
    }

    /** Name and version: {@code mimir.motion@1}. */
    public String id() {
        return name + "@" + version;
    }

    /**
     * A C11 header, complete in itself: a structure of the same layout, constants for name, version and size, and
     * assertions of its size and of every offset. Builds get it from {@link CHeader}. Allocates.
     */
    public String header() {
        return CHeader.text(List.of(this));
    }

    /**
     * One field. Immutable.
     *
     * @param name of its methods
     * @param kind {@code byte}, {@code short}, {@code int}, {@code long}, {@code float} or {@code double}
     * @param length values
     * @param offset bytes from the first field
     * @param unit see {@link mimir.api.analysis.Field#unit}
     */
    public record Field(String name, Class<?> kind, int length, long offset, String unit) {
        private static final int SHOWN = 16;

        /**
         * One of the values, of the field's own kind. Allocates.
         *
         * @param memory that holds the attachment
         * @param offset of its first field, see {@link Attachment#offset}
         * @param index which, from 0
         * @throws IndexOutOfBoundsException where the field has not so many
         */
        public Number value(MemorySegment memory, long offset, int index) {
            var scalar = Scalar.of(kind);
            return scalar.value(memory, offset + this.offset + Objects.checkIndex(index, length) * scalar.bytes());
        }

        /**
         * The value, without its unit, as people read it; of several values the first 16, separated by blanks, and how
         * many there are. Allocates.
         *
         * @param memory that holds the attachment
         * @param offset of its first field, see {@link Attachment#offset}
         */
        public String text(MemorySegment memory, long offset) {
            var text = new StringBuilder();
            for (int i = 0; i < Math.min(length, SHOWN); i++) {
                text.append(i == 0 ? "" : " ").append(value(memory, offset, i));
            }
            return length > SHOWN ? text + " … of " + length : text.toString();
        }
    }
}
