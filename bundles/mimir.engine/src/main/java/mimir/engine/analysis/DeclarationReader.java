// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;

/** Reads what {@link Analysis} declares, out of the properties of a component or from the class itself. Confined. */
public final class DeclarationReader {
    private static final List<String> KINDS = List.of("frame", "audio", "event");
    private static final long MOST_MEBIBYTES = 1 << 20;
    private static final long MOST_MICROS = 3_600_000_000L;

    /** Loads classes by name as the analyser's own bundle sees them. */
    public interface Classes {
        /** The class. */
        Class<?> load(String name) throws ClassNotFoundException;
    }

    private final Map<String, ?> properties;
    private final Classes classes;

    private DeclarationReader(Map<String, ?> properties, Classes classes) {
        this.properties = properties;
        this.classes = classes;
    }

    /**
     * From the properties of a component.
     *
     * @param label what to call it where it has no sound name
     * @return a declaration, with a fault where something is wrong with it
     */
    public static Declaration read(Map<String, ?> properties, String label, String bundle, Classes classes) {
        var reader = new DeclarationReader(properties, classes);
        var name = label;
        try {
            name = reader.name();
            return reader.declaration(name, bundle);
        } catch (IllegalArgumentException wrong) {
            return Declaration.faulty(name, bundle, wrong.getMessage());
        } catch (LinkageError unsound) {
            return Declaration.faulty(name, bundle, "a class that it names cannot be linked (" + unsound.getMessage()
                    + "); build it against this release of mimir.api");
        }
    }

    /** From the annotation of a class, where there is no framework that would read it. */
    public static Declaration of(Class<? extends Analyzer> type) {
        var analysis = type.getAnnotation(Analysis.class);
        if (analysis == null) {
            return Declaration.faulty(type.getSimpleName(), "", type.getName()
                    + " has no annotation @Analysis; add one");
        }
        var properties = new TreeMap<String, Object>();
        for (var method : Analysis.class.getDeclaredMethods()) {
            try {
                properties.put(Analysis.PREFIX_ + method.getName(), method.invoke(analysis));
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("an annotation could not be read: " + type.getName(), impossible);
            }
        }
        return read(properties, type.getSimpleName(), "", name -> Class.forName(name, false, type.getClassLoader()));
    }

    private Declaration declaration(String name, String bundle) {
        var inputs = texts("inputs", "frame").stream().map(this::take).toList();
        var outputs = texts("outputs").stream().map(this::type)
                .map(type -> new Declaration.Made(type, AttachmentLayout.of(type))).toList();
        var needs = texts("needs").stream().map(type -> AttachmentLayout.of(type(type))).toList();
        var workClass = constant(WorkClass.class, "workClass", WorkClass.NORMAL);
        long budget = number("budgetMicros", 10_000);
        long heap = number("heapMebibytes", 64);
        long tolerance = number("toleranceMicros", 5_000);
        require(!inputs.isEmpty(), "inputs are missing; name one, such as frame");
        require(!outputs.isEmpty(), "outputs are missing; name the types that it attaches");
        require(outputs.stream().map(made -> made.layout().id()).distinct().count() == outputs.size(),
                "outputs name a type twice; name each once");
        require(workClass != WorkClass.CRITICAL, "workClass is CRITICAL, which has no pool; use HIGH or a lower one");
        require(budget > 0 && budget <= MOST_MICROS, "budgetMicros is " + budget + "; give 1 to " + MOST_MICROS
                + ", an hour");
        require(heap > 0 && heap <= MOST_MEBIBYTES, "heapMebibytes is " + heap + "; give 1 to " + MOST_MEBIBYTES);
        require(tolerance >= 0 && tolerance <= MOST_MICROS, "toleranceMicros is " + tolerance + "; give 0 to "
                + MOST_MICROS + ", an hour");
        var profile = constant(Profile.class, "profile", Profile.LATEST);
        require(profile != Profile.LOSSLESS || inputs.stream().allMatch(take -> take.kind().equals("event")),
                "profile is LOSSLESS, which only events can be read with; use EVERY");
        return new Declaration(name, bundle, inputs, outputs, needs, workClass, budget * 1_000, heap << 20,
                flag("inPlace"), profile, tolerance * 1_000, parameters(), "");
    }

    private String name() {
        var texts = texts("name");
        require(texts.size() == 1, "mimir.analysis.name is missing; put @Analysis on the component");
        require(texts.getFirst().matches("[a-z0-9-]+"), "its name '" + texts.getFirst()
                + "' must consist of lower case letters, digits and -; rename it");
        return texts.getFirst();
    }

    private Declaration.Take take(String text) {
        var parts = text.split(":", 2);
        var format = parts.length == 2 ? parts[1] : "";
        require(KINDS.contains(parts[0]), "input '" + text + "' is unknown; name one of " + String.join(", ", KINDS));
        require(format.isEmpty() || parts[0].equals("frame") && names(PixelFormat.values()).contains(format)
                || parts[0].equals("audio") && names(SampleFormat.values()).contains(format),
                "input '" + text + "' names no format of " + parts[0] + "; leave it out or correct it");
        return new Declaration.Take(parts[0], format);
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private Class<? extends Attachment> type(String name) {
        try {
            var type = classes.load(name);
            require(Attachment.class.isAssignableFrom(type), name
                    + " is no type of attachment; let it extend mimir.api.analysis.Attachment");
            return type.asSubclass(Attachment.class);
        } catch (ClassNotFoundException missing) {
            throw new IllegalArgumentException("its bundle has no class " + name
                    + "; let the bundle contain or import it", missing);
        }
    }

    private Map<String, String> parameters() {
        var parameters = new TreeMap<String, String>();
        for (var text : texts("parameters")) {
            int sign = text.indexOf('=');
            require(sign != 0, "parameter '" + text + "' has no name; write NAME" + text);
            require(sign > 0, "parameter '" + text + "' has no default; write " + text + "=VALUE");
            parameters.put(text.substring(0, sign), text.substring(sign + 1));
        }
        return parameters;
    }

    private List<String> texts(String property, String... usual) {
        return switch (properties.get(Analysis.PREFIX_ + property)) {
            case null -> List.of(usual);
            case String one -> List.of(one);
            case Class<?> one -> List.of(one.getName());
            case Object[] many -> texts(Arrays.asList(many));
            case List<?> many -> texts(many);
            case Object other -> throw new IllegalArgumentException(property + " is no text: " + other);
        };
    }

    private static List<String> texts(List<?> many) {
        var texts = new ArrayList<String>();
        many.forEach(one -> texts.add(one instanceof Class<?> type ? type.getName() : String.valueOf(one)));
        return texts;
    }

    private boolean flag(String property) {
        return Boolean.parseBoolean(String.valueOf(properties.get(Analysis.PREFIX_ + property)));
    }

    private long number(String property, long usual) {
        var value = properties.get(Analysis.PREFIX_ + property);
        try {
            return value == null ? usual : value instanceof Number number ? number.longValue()
                    : Long.parseLong(value.toString());
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(property + " is '" + value + "'; give a whole number", none);
        }
    }

    private <E extends Enum<E>> E constant(Class<E> type, String property, E usual) {
        var value = properties.get(Analysis.PREFIX_ + property);
        for (var constant : type.getEnumConstants()) {
            if (value != null && constant.name().equals(value.toString())) {
                return constant;
            }
        }
        require(value == null, property + " is '" + value + "'; name one of "
                + String.join(", ", names(type.getEnumConstants())));
        return usual;
    }

    private static void require(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
