// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the compiled classes of the media paths and says every instruction that has no place there.
 *
 * <p>Threads: confined.
 */
final class MediaPathCheck {
    /** The one class that may copy: it counts every byte. */
    private static final String COPIES = "mimir.ring.Copies";

    private final List<String> offences = new ArrayList<>();

    private MediaPathCheck() {
    }

    /** Checks classes, bytes by binary name, and that each line of the list still names one of them. */
    static List<String> offences(MediaPaths paths, Map<String, byte[]> classes) {
        var check = new MediaPathCheck();
        for (var entry : paths.entries()) {
            var named = classes.keySet().stream().filter(entry::names).sorted().toList();
            if (named.isEmpty()) {
                check.offences.add("cnf/media-paths names no class: " + entry.text());
            }
            named.forEach(name -> check.scan(entry, name, ClassFile.of().parse(classes.get(name))));
        }
        return check.offences.stream().distinct().toList();
    }

    private void scan(MediaPaths.Entry entry, String name, ClassModel type) {
        for (var method : type.methods()) {
            if (entry.covers(enclosing(method.methodName().stringValue()))) {
                scan(name, method);
            }
        }
    }

    /** A lambda belongs to the method that it is written in. */
    private static String enclosing(String method) {
        if (!method.startsWith("lambda$")) {
            return method;
        }
        var name = method.substring("lambda$".length(), method.lastIndexOf('$'));
        return switch (name) {
            case "new" -> "<init>";
            case "static" -> "<clinit>";
            default -> name;
        };
    }

    private void scan(String type, MethodModel method) {
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            report(type, method, 0, MediaRule.LOCK);
        }
        var code = method.code().map(CodeModel::elementList).orElse(List.of());
        int line = 0;
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof LineNumber number) {
                line = number.line();
            } else if (code.get(i) instanceof Instruction instruction) {
                int at = line;
                var rest = code.subList(i, code.size());
                MediaRule.brokenBy(instruction).filter(rule -> !isAllowed(rule, type, rest))
                    .ifPresent(rule -> report(type, method, at, rule));
            }
        }
    }

    private static boolean isAllowed(MediaRule rule, String type, List<CodeElement> rest) {
        return rule == MediaRule.COPY && type.equals(COPIES) || rule == MediaRule.CONCATENATION && isThrown(rest);
    }

    /** A message on its way into an exception is no part of the path: straight on, the next jump is a throw. */
    private static boolean isThrown(List<CodeElement> rest) {
        return rest.stream().filter(e -> e instanceof ThrowInstruction || e instanceof BranchInstruction
            || e instanceof ReturnInstruction || e instanceof LabelTarget).findFirst()
            .filter(ThrowInstruction.class::isInstance).isPresent();
    }

    private void report(String type, MethodModel method, int line, MediaRule rule) {
        offences.add(type + "." + method.methodName().stringValue() + (line == 0 ? "" : " (line " + line + ")") + " "
            + rule.reason);
    }
}
