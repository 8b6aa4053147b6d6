// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.util.Locale;
import java.util.Set;

/** What types and fields are called in C. Immutable. */
final class CNames {
    /** Words of C11 and C++ that are none of Java's. */
    private static final Set<String> WORDS = Set.of("alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand",
            "bitor", "bool", "compl", "const_cast", "constexpr", "decltype", "delete", "dynamic_cast", "explicit",
            "export", "extern", "friend", "inline", "mutable", "namespace", "noexcept", "not", "not_eq", "nullptr",
            "operator", "or", "or_eq", "register", "reinterpret_cast", "restrict", "signed", "sizeof", "static_assert",
            "static_cast", "struct", "template", "thread_local", "typedef", "typeid", "typename", "union", "unsigned",
            "using", "virtual", "wchar_t", "xor", "xor_eq", "errno", "linux", "unix");

    private CNames() {
    }

    /** {@code meanLevel} is {@code mean_level}; a word of the language gets a {@code _} behind it. */
    static String member(String field) {
        var name = field.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_").toLowerCase(Locale.ROOT);
        return WORDS.contains(name) ? name + "_" : name;
    }

    /** {@code mimir.motion-energy} version 1 is {@code mimir_motion_energy_v1}. */
    static String structure(AttachmentLayout layout) {
        return layout.name().replaceAll("[.-]", "_") + "_v" + layout.version();
    }

    /** The same in capitals, for constants. */
    static String constant(AttachmentLayout layout) {
        return structure(layout).toUpperCase(Locale.ROOT);
    }
}
