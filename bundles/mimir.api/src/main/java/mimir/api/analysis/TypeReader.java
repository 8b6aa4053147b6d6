// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the layout of an interface, or says in one sentence why it has none. Confined to one thread. */
final class TypeReader {
    private static final long MOST_BYTES = 64 << 10;
    private static final Pattern TYPE_NAME = Pattern.compile("[a-z][a-z0-9.-]{0,39}");
    private static final Pattern FIELD_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,63}");
    private static final Set<String> TAKEN = Set.of("memory", "offset", "tailOffset", "tailBytes", "lay");

    private final Class<?> type;

    TypeReader(Class<?> type) {
        this.type = type;
    }

    AttachmentLayout layout() {
        var declared = declared();
        try {
            var methods = Arrays.stream(type.getMethods()).filter(TypeReader::isTypes).toList();
            var getters = getters(methods);
            var fields = place(getters);
            var setters = getters.stream().map(getter -> setter(getter, methods)).toList();
            methods.stream().filter(method -> Modifier.isAbstract(method.getModifiers()))
                    .filter(method -> !getters.contains(method) && !setters.contains(method)).findFirst()
                    .ifPresent(method -> {
                        throw fault("has a method that is no field: " + method.getName() + "; mark the getter with"
                                + " @Field, or give the method a body");
                    });
            return new AttachmentLayout(declared.name(), declared.version(), bytes(fields), fields);
        } catch (LinkageError | TypeNotPresentException missing) {
            throw fault("uses a class that its bundle does not see: " + missing.getMessage() + "; import its package");
        }
    }

    private AttachmentType declared() {
        if (!type.isInterface() || type.isAnnotation()) {
            throw fault("is not an interface; make it one whose methods are its fields");
        }
        if (!Attachment.class.isAssignableFrom(type)) {
            throw fault("does not extend " + Attachment.class.getName()
                    + " of this platform; its bundle must import that package, not contain it");
        }
        var declared = type.getAnnotation(AttachmentType.class);
        if (declared == null) {
            throw fault("has no name and version; mark it with @AttachmentType");
        }
        if (!TYPE_NAME.matcher(declared.name()).matches()) {
            throw fault("is called '" + declared.name() + "'; a name has at most 40 lower case letters, digits, '.' and"
                    + " '-', a letter first");
        }
        if (declared.version() < 1) {
            throw fault("has version " + declared.version() + "; count versions from 1");
        }
        return declared;
    }

    /** The methods of {@link Attachment} come with the flyweight, if nobody declared them once more. */
    private static boolean isTypes(Method method) {
        return method.getDeclaringClass() != Attachment.class;
    }

    private List<Method> getters(List<Method> methods) {
        var marked = methods.stream().filter(method -> method.isAnnotationPresent(Field.class))
                .sorted(Comparator.comparingInt(TypeReader::order)).toList();
        if (marked.isEmpty()) {
            throw fault("has no field; mark at least one getter with @Field");
        }
        var names = new HashSet<String>();
        for (int i = 0; i < marked.size(); i++) {
            var getter = marked.get(i);
            checkName(getter.getName(), names);
            checkGetter(getter);
            if (i > 0 && order(marked.get(i - 1)) == order(getter)) {
                throw fault("has two fields of order " + order(getter) + ": " + marked.get(i - 1).getName() + " and "
                        + getter.getName() + "; give each its own");
            }
        }
        return marked;
    }

    private void checkName(String name, Set<String> names) {
        if (!FIELD_NAME.matcher(name).matches()) {
            throw fault("has a field called " + name
                    + "; a name has at most 64 letters, digits and '_' of ASCII, a letter first, for C");
        }
        if (TAKEN.contains(name)) {
            throw fault("has a field called " + name + ", which every attachment has already; call it something else");
        }
        if (!names.add(CNames.member(name))) {
            throw fault("has two fields that are called " + CNames.member(name)
                    + " in C; rename one of them");
        }
    }

    private void checkGetter(Method getter) {
        var field = "has a field " + getter.getName() + " ";
        if (!Modifier.isAbstract(getter.getModifiers())) {
            throw fault(field + "whose getter has a body; leave the body out");
        }
        if (Scalar.find(getter.getReturnType()) == null) {
            throw fault(field + "of type " + getter.getReturnType().getTypeName()
                    + "; a field is byte, short, int, long, float or double");
        }
        if (length(getter) < 1) {
            throw fault(field + "of length " + length(getter) + "; a field has at least one value");
        }
        if (!Arrays.equals(getter.getParameterTypes(), index(getter))) {
            throw fault(field + "of length " + length(getter) + " whose getter must be " + signature(getter, false));
        }
    }

    private Method setter(Method getter, List<Method> methods) {
        var parameters = new ArrayList<Class<?>>(List.of(index(getter)));
        parameters.add(getter.getReturnType());
        return methods.stream()
                .filter(method -> method.getName().equals(getter.getName()) && method.getReturnType() == void.class
                        && Modifier.isAbstract(method.getModifiers())
                        && List.of(method.getParameterTypes()).equals(parameters))
                .findFirst().orElseThrow(() -> fault("has a field " + getter.getName()
                        + " without its setter; add " + signature(getter, true)));
    }

    private static Class<?>[] index(Method getter) {
        return length(getter) > 1 ? new Class<?>[] {int.class} : new Class<?>[] {};
    }

    private static String signature(Method getter, boolean setter) {
        var kind = getter.getReturnType().getTypeName();
        var index = length(getter) > 1 ? "int index" : "";
        var value = setter ? kind + " value" : "";
        var between = index.isEmpty() || value.isEmpty() ? "" : ", ";
        return (setter ? "void" : kind) + " " + getter.getName() + "(" + index + between + value + ")";
    }

    private List<AttachmentLayout.Field> place(List<Method> getters) {
        var fields = new ArrayList<AttachmentLayout.Field>();
        long at = 0;
        for (var getter : getters) {
            long bytes = Scalar.of(getter.getReturnType()).bytes();
            at = alignUp(at, bytes);
            fields.add(new AttachmentLayout.Field(getter.getName(), getter.getReturnType(), length(getter), at,
                    getter.getAnnotation(Field.class).unit()));
            at += bytes * length(getter);
            if (at > MOST_BYTES) {
                throw fault("has more than " + MOST_BYTES + " bytes of fields with " + getter.getName()
                        + "; put what is long into the tail");
            }
        }
        return fields;
    }

    private static long bytes(List<AttachmentLayout.Field> fields) {
        var last = fields.getLast();
        return alignUp(last.offset() + Scalar.of(last.kind()).bytes() * last.length(), Long.BYTES);
    }

    private static long alignUp(long offset, long alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }

    private static int order(Method getter) {
        return getter.getAnnotation(Field.class).order();
    }

    private static int length(Method getter) {
        return getter.getAnnotation(Field.class).length();
    }

    private IllegalArgumentException fault(String what) {
        return new IllegalArgumentException("the attachment type " + type.getName() + " " + what);
    }
}
