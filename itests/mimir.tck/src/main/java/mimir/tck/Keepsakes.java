// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Stage;

/** Looks through all that an analyser holds for what it must not keep. Confined. */
final class Keepsakes {
    private static final int MOST = 20_000;

    private final Predicate<Object> forbidden;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Held> left = new ArrayDeque<>();
    private final Set<String> found = new LinkedHashSet<>();

    /** Something, and the field by which it is held. */
    private record Held(Object value, String field) {
    }

    private Keepsakes(Predicate<Object> forbidden) {
        this.forbidden = forbidden;
    }

    /** What it keeps that must not be kept, and where: {@code a FrameView in its field last}. */
    static Set<String> of(Object analyzer, Predicate<Object> forbidden) {
        var look = new Keepsakes(forbidden);
        look.enter(analyzer, analyzer.getClass().getSimpleName());
        while (!look.left.isEmpty() && look.seen.size() < MOST) {
            look.open(look.left.poll());
        }
        return look.found;
    }

    private void enter(Object value, String field) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Class<?>
                || !seen.add(value)) {
            return;
        }
        if (forbidden.test(value)) {
            var name = name(value);
            found.add(("AI".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name + " in " + field);
        } else {
            left.add(new Held(value, field));
        }
    }

    private static String name(Object value) {
        return switch (value) {
            case MemorySegment memory -> "MemorySegment";
            case GuardedItem item -> "Item";
            case GuardedInput input -> "Input";
            case GuardedAttacher attacher -> "Attacher";
            case Stage stage -> "Stage";
            case Attachment attachment -> attachment.getClass().getInterfaces()[0].getSimpleName();
            default -> value.getClass().getSimpleName();
        };
    }

    private void open(Held held) {
        switch (held.value()) {
            case Collection<?> many -> many.forEach(one -> enter(one, held.field()));
            case Map<?, ?> map -> map.forEach((key, value) -> {
                enter(key, held.field());
                enter(value, held.field());
            });
            case Optional<?> maybe -> enter(maybe.orElse(null), held.field());
            case AtomicReference<?> reference -> enter(reference.get(), held.field());
            case Object[] array -> {
                for (var one : array) {
                    enter(one, held.field());
                }
            }
            default -> fields(held);
        }
    }

    private void fields(Held held) {
        for (Class<?> type = held.value().getClass(); type != null && type.getModule() != Object.class.getModule()
                && !type.isArray(); type = type.getSuperclass()) {
            for (var field : type.getDeclaredFields()) {
                if (!field.getType().isPrimitive() && field.trySetAccessible()) {
                    enter(value(field, held.value()), type.getSimpleName() + "." + field.getName());
                }
            }
        }
    }

    private static Object value(Field field, Object owner) {
        try {
            return field.get(Modifier.isStatic(field.getModifiers()) ? null : owner);
        } catch (IllegalAccessException refused) {
            throw new IllegalStateException("a field cannot be read: " + field, refused);
        }
    }
}
