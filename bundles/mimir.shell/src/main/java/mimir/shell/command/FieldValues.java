// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mimir.api.analysis.AttachmentLayout.Field;

/** Values of fields as numbers, and as people read them. Immutable. */
final class FieldValues {
    /** Of a field of many values so many stand in a line. */
    private static final int SHOWN = 4;
    private static final MathContext DIGITS = new MathContext(5);
    private static final int SMALLEST = 6;
    private static final int LARGEST = 9;

    private FieldValues() {
    }

    /** A Number, or a list of them. */
    static Object of(Field field, MemorySegment memory, long offset) {
        return field.length() == 1 ? field.value(memory, offset, 0)
                : IntStream.range(0, field.length()).mapToObj(index -> field.value(memory, offset, index)).toList();
    }

    /** Five digits of a broken number, all of a whole one, the first few of many. */
    static String text(Object value) {
        return switch (value) {
            case List<?> many when many.size() > SHOWN -> many.stream().limit(SHOWN).map(FieldValues::text)
                    .collect(Collectors.joining(" ")) + " … of " + many.size();
            case List<?> few -> few.stream().map(FieldValues::text).collect(Collectors.joining(" "));
            case Float number -> broken(number);
            case Double number -> broken(number);
            default -> String.valueOf(value);
        };
    }

    private static String broken(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == 0) {
            return "0";
        }
        var rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
        int magnitude = rounded.precision() - rounded.scale();
        return magnitude > -SMALLEST && magnitude <= LARGEST ? rounded.toPlainString() : rounded.toString();
    }
}
