// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The kinds of number that a field may hold, little endian wherever they lie. Immutable. */
enum Scalar {
    BYTE(byte.class, "int8_t", ValueLayout.JAVA_BYTE),
    SHORT(short.class, "int16_t", ValueLayout.JAVA_SHORT_UNALIGNED),
    INT(int.class, "int32_t", ValueLayout.JAVA_INT_UNALIGNED),
    LONG(long.class, "int64_t", ValueLayout.JAVA_LONG_UNALIGNED),
    FLOAT(float.class, "float", ValueLayout.JAVA_FLOAT_UNALIGNED),
    DOUBLE(double.class, "double", ValueLayout.JAVA_DOUBLE_UNALIGNED);

    private final Class<?> kind;
    private final String inC;
    private final ValueLayout layout;

    Scalar(Class<?> kind, String inC, ValueLayout layout) {
        this.kind = kind;
        this.inC = inC;
        this.layout = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    /** The one of a Java type, or null when a field cannot hold that. */
    static Scalar find(Class<?> kind) {
        for (var scalar : values()) {
            if (scalar.kind == kind) {
                return scalar;
            }
        }
        return null;
    }

    /** The same of a type that must be one. */
    static Scalar of(Class<?> kind) {
        var found = find(kind);
        if (found == null) {
            throw new IllegalArgumentException("a field holds byte, short, int, long, float or double, not "
                    + kind.getTypeName());
        }
        return found;
    }

    Class<?> kind() {
        return kind;
    }

    /** Type of a member of a C structure. */
    String inC() {
        return inC;
    }

    /** Size and natural alignment. */
    long bytes() {
        return layout.byteSize();
    }

    /** Name of the constant of {@link ValueLayout} that reaches it at any address. */
    String layoutName() {
        return this == BYTE ? "JAVA_BYTE" : "JAVA_" + name() + "_UNALIGNED";
    }

    /** {@code ValueLayout.OfInt} and so on. */
    Class<?> layoutType() {
        return switch (this) {
            case BYTE -> ValueLayout.OfByte.class;
            case SHORT -> ValueLayout.OfShort.class;
            case INT -> ValueLayout.OfInt.class;
            case LONG -> ValueLayout.OfLong.class;
            case FLOAT -> ValueLayout.OfFloat.class;
            case DOUBLE -> ValueLayout.OfDouble.class;
        };
    }

    /** The value at an offset. */
    Number value(MemorySegment memory, long offset) {
        return (Number) layout.varHandle().get(memory, offset);
    }
}
