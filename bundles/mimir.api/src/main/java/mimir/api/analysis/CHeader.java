// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the C header of attachment types, for builds: what C code writes with it, Java reads through the interfaces.
 * A type {@code lab.blink} of version 2 with a field {@code meanLevel} is {@code struct lab_blink_v2} with a member
 * {@code mean_level}. Confined to one thread.
 *
 * <pre>{@code
 * java -cp mimir.api.jar:mimir.ring.jar:osgi.annotation.jar:CLASSES mimir.api.analysis.CHeader OUTPUT.h lab.Blink …
 * }</pre>
 */
public final class CHeader {
    private static final int USAGE = 2;
    private static final String INCLUDES = """
            #include <stddef.h>
            #include <stdint.h>

            #ifndef MIMIR_ATTACHMENT_ASSERT
            #ifdef __cplusplus
            #define MIMIR_ATTACHMENT_ASSERT static_assert
            #else
            #define MIMIR_ATTACHMENT_ASSERT _Static_assert
            #endif
            #endif
            """;

    private CHeader() {
    }

    /**
     * Writes one header for all types. Ends the process: 0, or 2 after a sentence on standard error.
     *
     * @param args the file, then names of interfaces that the class path holds
     */
    public static void main(String[] args) {
        try {
            if (args.length < 2) {
                throw new IllegalArgumentException("give the file to write and the names of interfaces:"
                        + " OUTPUT.h class…");
            }
            write(Path.of(args[0]), Arrays.stream(args).skip(1).map(CHeader::layout).toList());
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(USAGE);
        }
    }

    private static AttachmentLayout layout(String type) {
        try {
            return AttachmentLayout.ofAny(Class.forName(type, false, CHeader.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new IllegalArgumentException("there is no class " + type
                    + " on the class path; compile it first, and give its name as Java prints it", missing);
        }
    }

    /** Leaves a file alone that is right already, so that nothing is compiled again. */
    private static void write(Path file, List<AttachmentLayout> layouts) {
        var text = text(layouts);
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                if (file.toAbsolutePath().getParent() != null) {
                    Files.createDirectories(file.toAbsolutePath().getParent());
                }
                Files.writeString(file, text);
            }
        } catch (IOException refused) {
            throw new IllegalArgumentException("the header " + file + " cannot be written (" + refused.getMessage()
                    + "); name another file", refused);
        }
    }

    /** The header of some types. */
    static String text(List<AttachmentLayout> layouts) {
        var names = new HashSet<String>();
        for (var layout : layouts) {
            if (!names.add(CNames.structure(layout))) {
                throw new IllegalArgumentException("two types are called " + CNames.structure(layout)
                        + " in C; write one header for each");
            }
        }
        var ids = layouts.stream().map(AttachmentLayout::id).collect(Collectors.joining(", "));
        var guard = layouts.stream().map(CNames::constant).collect(Collectors.joining("_", "", "_H"));
        return "/* Generated from the Java interfaces of " + ids + ": change those. */\n#ifndef " + guard + "\n#define "
                + guard + "\n\n" + INCLUDES
                + layouts.stream().map(CHeader::structure).collect(Collectors.joining()) + "\n#endif\n";
    }

    private static String structure(AttachmentLayout layout) {
        var name = CNames.structure(layout);
        var constant = CNames.constant(layout);
        var text = new StringBuilder();
        text.append("\n#define ").append(constant).append("_NAME    \"").append(layout.name()).append("\"\n");
        text.append("#define ").append(constant).append("_VERSION ").append(layout.version()).append("\n");
        text.append("#define ").append(constant).append("_BYTES   ").append(layout.bytes()).append("\n\n");
        text.append("/* ").append(layout.id()).append(", ").append(layout.bytes())
                .append(" bytes; a tail begins right behind. Little endian. */\n");
        text.append("typedef struct ").append(name).append(" {\n").append(members(layout)).append("} ").append(name)
                .append(";\n\n");
        text.append("MIMIR_ATTACHMENT_ASSERT(sizeof(").append(name).append(") == ").append(layout.bytes())
                .append(", \"").append(layout.id()).append("\");\n");
        for (var field : layout.fields()) {
            var member = CNames.member(field.name());
            text.append("MIMIR_ATTACHMENT_ASSERT(offsetof(").append(name).append(", ").append(member).append(") == ")
                    .append(field.offset()).append(", \"").append(layout.id()).append(' ').append(member)
                    .append("\");\n");
        }
        return text.toString();
    }

    private static String members(AttachmentLayout layout) {
        var text = new StringBuilder();
        long at = 0;
        for (var field : layout.fields()) {
            var scalar = Scalar.of(field.kind());
            pad(text, at, field.offset());
            text.append("    ").append(scalar.inC()).append(' ').append(CNames.member(field.name()))
                    .append(field.length() > 1 ? "[" + field.length() + "]" : "").append("; /* ")
                    .append(field.offset()).append(", in ").append(comment(field.unit())).append(" */\n");
            at = field.offset() + scalar.bytes() * field.length();
        }
        pad(text, at, layout.bytes());
        return text.toString();
    }

    /** A name that begins with no letter is no field's. */
    private static void pad(StringBuilder text, long from, long to) {
        if (to > from) {
            text.append("    uint8_t _pad").append(from).append('[').append(to - from).append("];\n");
        }
    }

    /** A unit that neither ends the comment nor begins another. */
    private static String comment(String unit) {
        return unit.replaceAll("\\p{Cntrl}", " ").replace("*/", "* /").replace("/*", "/ *");
    }
}
