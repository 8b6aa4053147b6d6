// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A library as it is mapped into this process now: its file has lost its name, so it is read from memory. Immutable.
 *
 * @param build the name that the library exports as {@code mimir_sim_build}
 * @param code its machine code, as mapped
 */
record MappedLibrary(String build, byte[] code) {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String MARK = "mimir_sim_build=";

    /** A line of the map. */
    private record Piece(long from, long to, boolean executable, boolean readable, String file) {
        /** {@code 7f00-7f10 r-xp 00001000 00:2a 4711 /path (deleted)} */
        static Piece of(String line) {
            var words = line.split(" +", 6);
            var range = words[0].split("-");
            return new Piece(Long.parseUnsignedLong(range[0], 16), Long.parseUnsignedLong(range[1], 16),
                    words[1].charAt(2) == 'x', words[1].charAt(0) == 'r', words[4] + " " + words[5]);
        }
    }

    /** All libraries whose file has a name that holds this; control thread, reads the process's own memory. */
    static List<MappedLibrary> named(String part) {
        Map<String, List<Piece>> files = new LinkedHashMap<>();
        try (var lines = Files.lines(MAPS)) {
            lines.filter(line -> line.contains(part)).map(Piece::of).filter(Piece::readable)
                    .forEach(piece -> files.computeIfAbsent(piece.file(), file -> new ArrayList<>()).add(piece));
            try (var memory = new RandomAccessFile("/proc/self/mem", "r")) {
                return files.values().stream().map(pieces -> of(pieces, memory)).toList();
            }
        } catch (IOException refused) {
            throw new UncheckedIOException("the mapped libraries cannot be read", refused);
        }
    }

    private static MappedLibrary of(List<Piece> pieces, RandomAccessFile memory) {
        var build = "";
        var code = new byte[0];
        for (var piece : pieces) {
            var bytes = read(piece, memory);
            if (piece.executable()) {
                code = bytes;
            } else if (build.isEmpty()) {
                build = buildIn(bytes);
            }
        }
        return new MappedLibrary(build, code);
    }

    private static byte[] read(Piece piece, RandomAccessFile memory) {
        try {
            var bytes = new byte[(int) (piece.to() - piece.from())];
            memory.seek(piece.from());
            memory.readFully(bytes);
            return bytes;
        } catch (IOException gone) {
            return new byte[0]; // unmapped meanwhile: then it is no longer one of those that are mapped
        }
    }

    private static String buildIn(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int from = text.indexOf(MARK);
        return from < 0 ? "" : text.substring(from + MARK.length(), text.indexOf('\0', from));
    }
}
