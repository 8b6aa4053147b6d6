// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of {@code cnf/media-paths}: {@code CLASS}, {@code CLASS only METHOD…} or {@code CLASS except METHOD…},
 * where a star in the class stands for any characters.
 *
 * <p>Constructors, static initialisers and {@code toString}, {@code equals} and {@code hashCode} never run per item and
 * are left out, unless a line names them with {@code only}.
 *
 * <p>Threads: immutable.
 */
record MediaPaths(List<Entry> entries) {
    private static final Set<String> COLD = Set.of("<init>", "<clinit>", "toString", "equals", "hashCode");

    /** One line. */
    record Entry(String text, Pattern type, boolean only, Set<String> methods) {
        boolean names(String className) {
            return type.matcher(className).matches();
        }

        boolean covers(String method) {
            return only ? methods.contains(method) : !methods.contains(method) && !COLD.contains(method);
        }
    }

    static MediaPaths read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MediaPaths parse(List<String> lines) {
        return new MediaPaths(lines.stream().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(MediaPaths::entry).toList());
    }

    private static Entry entry(String line) {
        var words = List.of(line.split("\\s+"));
        if (words.size() == 2 || words.size() > 2 && !Set.of("only", "except").contains(words.get(1))) {
            throw new IllegalArgumentException("cnf/media-paths: CLASS [only|except METHOD…], not: " + line);
        }
        var type = Pattern.compile("\\Q" + words.getFirst().replace("*", "\\E.*\\Q") + "\\E");
        return new Entry(line, type, words.size() > 2 && words.get(1).equals("only"),
            Set.copyOf(words.subList(Math.min(2, words.size()), words.size())));
    }
}
