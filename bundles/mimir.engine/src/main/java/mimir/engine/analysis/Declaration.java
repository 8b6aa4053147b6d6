// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;

/**
 * What an analyser says of itself. Immutable.
 *
 * @param inputs one for each source
 * @param outputs types that it attaches
 * @param needs types that must be there before
 * @param heapBytes what it may allocate in a second
 * @param inPlace it writes results with a tail where others read them
 * @param parameters names and defaults
 * @param fault why it cannot be used, in a sentence; empty when it can
 */
public record Declaration(String name, String bundle, List<Take> inputs, List<Made> outputs,
        List<AttachmentLayout> needs, WorkClass workClass, long budgetNs, long heapBytes, boolean inPlace,
        Profile profile, long toleranceNs, Map<String, String> parameters, String fault) {
    private static final double MOST_EXACT = 1L << 53; // whole numbers up to here are themselves as double

    /**
     * What one input takes.
     *
     * @param kind {@code frame}, {@code audio} or {@code event}
     * @param format the only one that will do, or empty
     */
    public record Take(String kind, String format) {
        @Override
        public String toString() {
            return format.isEmpty() ? kind : kind + ":" + format;
        }
    }

    /**
     * A type that is attached.
     *
     * @param type null in {@link Declaration#lasting}
     */
    public record Made(Class<? extends Attachment> type, AttachmentLayout layout) {
    }

    /** Lists and maps are copied. */
    public Declaration {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        needs = List.copyOf(needs);
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    /** One that cannot be used. */
    static Declaration faulty(String name, String bundle, String fault) {
        return new Declaration(name, bundle, List.of(), List.of(), List.of(), WorkClass.NORMAL, 0, 0, false,
                Profile.LATEST, 0, Map.of(), fault);
    }

    /** The same without classes: who keeps it while the bundle is gone keeps nothing of the bundle. */
    Declaration lasting() {
        return new Declaration(name, bundle, inputs, outputs.stream().map(made -> new Made(null, made.layout()))
                .toList(), needs, workClass, budgetNs, heapBytes, inPlace, profile, toleranceNs, parameters, fault);
    }

    boolean makes(String typeId) {
        return outputs.stream().anyMatch(made -> made.layout().id().equals(typeId));
    }

    /**
     * Only what differs from the defaults, in order of name; numbers in one way of writing, for the same value is
     * computed once.
     *
     * @throws BadInputException for a name that is not declared, and for a text where the default is a number
     */
    Map<String, String> differing(Map<String, String> given) {
        var differing = new TreeMap<String, String>();
        given.forEach((parameter, value) -> {
            var usual = parameters.get(parameter);
            if (usual == null) {
                throw new BadInputException("analyser " + name + " has no parameter '" + parameter + "'; "
                        + (parameters.isEmpty() ? "it has none" : "it has " + String.join(", ", parameters.keySet())));
            }
            if (isNumber(usual) && !isNumber(value)) {
                throw new BadInputException("parameter " + parameter + " of analyser " + name + " cannot be '" + value
                        + "'; give a number, such as " + usual);
            }
            var plain = isNumber(usual) ? plain(value) : value;
            if (!plain.equals(isNumber(usual) ? plain(usual) : usual)) {
                differing.put(parameter, plain);
            }
        });
        return differing;
    }

    private static boolean isNumber(String value) {
        try {
            return Double.isFinite(Double.parseDouble(value));
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private static String plain(String number) {
        double value = Double.parseDouble(number);
        if (Math.abs(value) >= MOST_EXACT) {
            return number.strip();
        }
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** {@code ?a=1&b=2}, or nothing where all is as declared. */
    static String suffix(Map<String, String> differing) {
        return differing.isEmpty() ? "" : differing.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + escaped(entry.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    /** A text that holds the signs between parameters is no other set of parameters. */
    private static String escaped(String value) {
        return value.replace("%", "%25").replace("&", "%26");
    }

    Analyzers.Kind kind() {
        return new Analyzers.Kind(name, bundle, inputs.stream().map(Take::toString).toList(),
                outputs.stream().map(made -> made.layout().id()).toList(),
                needs.stream().map(AttachmentLayout::id).toList(), workClass, budgetNs, profile, parameters, fault);
    }
}
