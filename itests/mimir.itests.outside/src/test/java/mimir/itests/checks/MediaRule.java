// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the code of a media path may not do, each rule with the reason that its offender reads.
 *
 * <p>Threads: immutable.
 */
enum MediaRule {
    ARRAY("allocates an array; media live in the ring's own memory"),
    COPY("copies in bulk; only mimir.ring.Copies may, because it counts"),
    BOXING("boxes a number, which allocates"),
    CONCATENATION("builds a string, which allocates; give errors a method of their own"),
    LOCK("takes a lock; a media path never waits for another thread"),
    SLEEP("sleeps; waiting is the worker's"),
    QUEUE("asks a concurrent queue for its size; rings tell their lag from their indices"),
    JSON("touches JSON, which is for configuration and reports"),
    LOG("logs or prints; count it, and let a control thread tell");

    private static final Set<Opcode> ARRAYS = Set.of(Opcode.NEWARRAY, Opcode.ANEWARRAY, Opcode.MULTIANEWARRAY);
    private static final Set<String> BOXES = Set.of("Boolean", "Byte", "Character", "Short", "Integer", "Long", "Float",
        "Double");
    private static final Set<String> JSON_ROOTS = Set.of("com.fasterxml.", "jakarta.json.", "org.json.");
    private static final Set<String> LOG_ROOTS = Set.of("org.osgi.service.log.", "java.util.logging.",
        "java.lang.System$Logger", "java.io.PrintStream");

    final String reason;

    MediaRule(String reason) {
        this.reason = reason;
    }

    /** The rule that the instruction breaks, if one. */
    static Optional<MediaRule> brokenBy(Instruction instruction) {
        if (ARRAYS.contains(instruction.opcode())) {
            return Optional.of(ARRAY);
        }
        if (instruction.opcode() == Opcode.MONITORENTER) {
            return Optional.of(LOCK);
        }
        return switch (instruction) {
            case InvokeDynamicInstruction call when isConcatenation(call) -> Optional.of(CONCATENATION);
            case InvokeInstruction call -> brokenByCall(call);
            default -> Optional.empty();
        };
    }

    private static boolean isConcatenation(InvokeDynamicInstruction call) {
        return call.bootstrapMethod().owner().displayName().equals("StringConcatFactory");
    }

    private static Optional<MediaRule> brokenByCall(InvokeInstruction call) {
        var owner = call.owner().asInternalName().replace('/', '.');
        var name = call.name().stringValue();
        var type = call.typeSymbol();
        return Stream.of(
            isCopy(owner, name, type) ? COPY : null,
            isBoxing(owner, name, type) ? BOXING : null,
            owner.equals("java.lang.StringBuilder") || owner.equals("java.lang.String") && name.equals("format")
                ? CONCATENATION : null,
            owner.startsWith("java.util.concurrent.locks.") && name.matches("(try)?[lL]ock.*|await.*") ? LOCK : null,
            owner.equals("java.lang.Object") && name.equals("wait") ? LOCK : null,
            owner.equals("java.lang.Thread") && name.equals("sleep") ? SLEEP : null,
            isQueue(owner) && (name.equals("size") || name.equals("isEmpty")) ? QUEUE : null,
            startsWithAny(owner, JSON_ROOTS) ? JSON : null,
            startsWithAny(owner, LOG_ROOTS) ? LOG : null)
            .filter(rule -> rule != null).findFirst();
    }

    private static boolean isCopy(String owner, String name, MethodTypeDesc type) {
        return switch (owner) {
            case "java.lang.System" -> name.equals("arraycopy");
            case "java.util.Arrays" -> name.startsWith("copyOf");
            case "java.lang.foreign.MemorySegment" -> Set.of("copy", "copyFrom", "toArray").contains(name);
            default -> name.equals("clone") && owner.startsWith("[")
                || owner.matches("java\\.nio\\.\\w*Buffer") && Set.of("put", "get").contains(name) && takesMany(type);
        };
    }

    private static boolean takesMany(MethodTypeDesc type) {
        return type.parameterList().stream().anyMatch(p -> p.isArray() || p.displayName().endsWith("Buffer"));
    }

    private static boolean isBoxing(String owner, String name, MethodTypeDesc type) {
        return name.equals("valueOf") && owner.startsWith("java.lang.") && BOXES.contains(owner.substring(10))
            && type.parameterType(0).isPrimitive();
    }

    private static boolean isQueue(String owner) {
        return owner.matches("java\\.util\\.(concurrent\\.\\w*|)(Queue|Deque)") || owner.startsWith("org.jctools.");
    }

    private static boolean startsWithAny(String owner, Set<String> roots) {
        return roots.stream().anyMatch(owner::startsWith);
    }
}
