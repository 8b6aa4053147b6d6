// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import mimir.api.BadInputException;

/**
 * One thing of a device that can be set while it runs, and the value that it has. Immutable.
 *
 * @param name as people type it: {@code exposure}
 * @param type what its values are
 * @param least smallest value; of numbers only, as {@code most}
 * @param most largest value
 * @param unit of its values: {@code us}, {@code dB}; empty when it has none
 * @param choices the values of a {@link Type#CHOICE}; empty for others
 * @param value what the device has: Boolean, Long, Double or String, by the type
 * @param about one line for help
 */
public record Control(String name, Type type, double least, double most, String unit, List<String> choices,
        Object value, String about) {
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d{1,18}(\\.\\d{0,18})?|\\.\\d{1,18})");

    /** What the values of a control are, and their class. Immutable. */
    public enum Type {
        /** Boolean; people type on or off. */
        FLAG,
        /** Long. */
        WHOLE,
        /** Double. */
        NUMBER,
        /** String, one of {@link Control#choices}. */
        CHOICE
    }

    /** The list is copied. */
    public Control {
        choices = List.copyOf(choices);
    }

    /** On or off. */
    public static Control flag(String name, boolean value, String about) {
        return new Control(name, Type.FLAG, 0, 1, "", List.of(), value, about);
    }

    /** A whole number. */
    public static Control whole(String name, long least, long most, String unit, long value, String about) {
        return new Control(name, Type.WHOLE, least, most, unit, List.of(), value, about);
    }

    /** A number. */
    public static Control number(String name, double least, double most, String unit, double value, String about) {
        return new Control(name, Type.NUMBER, least, most, unit, List.of(), value, about);
    }

    /** One of some words. */
    public static Control choice(String name, List<String> choices, String value, String about) {
        return new Control(name, Type.CHOICE, 0, 0, "", choices, value, about);
    }

    /** The values that it takes, for people: {@code 100 to 16666 us}, {@code on or off}. */
    public String range() {
        var suffix = unit.isEmpty() ? "" : " " + unit;
        return switch (type) {
            case FLAG -> "on or off";
            case CHOICE -> String.join(", ", choices);
            case WHOLE, NUMBER -> shown(least) + " to " + shown(most) + suffix;
        };
    }

    /** The value as people read and type it. */
    public String text() {
        return switch (value) {
            case Boolean flag -> flag ? "on" : "off";
            case Double number -> shown(number);
            default -> value.toString();
        };
    }

    /**
     * The value that somebody typed.
     *
     * @throws BadInputException with one sentence that tells the range
     */
    public Object parse(String text) {
        var value = switch (type) {
            case FLAG -> switch (text.toLowerCase(Locale.ROOT)) {
                case "on", "true", "yes", "1" -> (Object) true;
                case "off", "false", "no", "0" -> false;
                default -> text;
            };
            case WHOLE -> WHOLE.matcher(text).matches() ? (Object) Long.valueOf(text) : text;
            case NUMBER -> NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
            case CHOICE -> text;
        };
        return check(value);
    }

    /**
     * A value of the right class and within the range; a Long passes for a Double.
     *
     * @throws BadInputException with one sentence that tells the range
     */
    public Object check(Object given) {
        var fitting = type == Type.NUMBER && given instanceof Long whole ? (Object) whole.doubleValue() : given;
        boolean right = switch (type) {
            case FLAG -> fitting instanceof Boolean;
            case WHOLE -> fitting instanceof Long whole && whole >= least && whole <= most;
            case NUMBER -> fitting instanceof Double number && number >= least && number <= most;
            case CHOICE -> fitting instanceof String word && choices.contains(word);
        };
        if (!right) {
            var shown = given instanceof Double number ? shown(number) : given;
            throw new BadInputException(name + " cannot be '" + shown + "': give "
                    + (type == Type.FLAG || type == Type.CHOICE ? "" : type == Type.WHOLE ? "a whole number, "
                    : "a number, ") + (type == Type.CHOICE ? "one of " : "") + range());
        }
        return fitting;
    }

    private static String shown(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number)
                : Double.toString(number);
    }
}
