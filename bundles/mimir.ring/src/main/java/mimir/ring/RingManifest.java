// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Where other processes find the ring of one source: a small file of {@code key=value} lines that the platform writes
 * beside nothing but its like (docs/ring-abi.md, "Discovery"). Immutable.
 *
 * @param identity of the source
 * @param owner bundle that owns it, for people
 * @param regionId of the region; a mapping with another one is not it
 * @param holder process whose descriptors these are
 * @param writer process that writes; most of the time the same
 * @param regionFd descriptor of the region in the holder
 * @param file the region's file in {@code rings.dir}, or null
 * @param hintsFd descriptor of the hints page in the holder
 */
record RingManifest(String identity, String owner, long regionId, ProcessMark holder, ProcessMark writer, int regionFd,
        Path file, int hintsFd) {
    static final int MOST_BYTES = 8192;
    private static final String FIRST = "mimir.ring=1";

    String text() {
        var text = new StringBuilder(FIRST);
        line(text, "identity", escape(identity));
        line(text, "owner", escape(owner));
        line(text, "region", HexFormat.of().toHexDigits(regionId));
        line(text, "holder", holder.pid() + " " + holder.startTicks());
        line(text, "writer", writer.pid() + " " + writer.startTicks());
        line(text, "region_fd", Integer.toString(regionFd));
        if (file != null) {
            line(text, "file", escape(file.toString()));
        }
        line(text, "hints_fd", Integer.toString(hintsFd));
        return text.append('\n').toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append('\n').append(key).append('=').append(value);
    }

    /** @throws RingException when it is none; the sentence says what is wrong */
    static RingManifest parse(String text) {
        var lines = text.split("\n");
        if (!lines[0].equals(FIRST)) {
            throw new RingException("not a manifest of this release: it begins with '" + lines[0] + "'");
        }
        var values = new HashMap<String, String>();
        for (var line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        try {
            var file = values.get("file");
            return new RingManifest(unescape(value(values, "identity")), unescape(value(values, "owner")),
                    HexFormat.fromHexDigitsToLong(value(values, "region")), mark(value(values, "holder")),
                    mark(value(values, "writer")), Integer.parseInt(value(values, "region_fd")),
                    file == null ? null : Path.of(unescape(file)), Integer.parseInt(value(values, "hints_fd")));
        } catch (IllegalArgumentException unreadable) {
            throw new RingException("not a sound manifest: " + unreadable.getMessage());
        }
    }

    private static String value(Map<String, String> values, String key) {
        var value = values.get(key);
        if (value == null) {
            throw new RingException("not a sound manifest: it has no " + key);
        }
        return value;
    }

    private static ProcessMark mark(String text) {
        var words = text.split(" ");
        if (words.length != 2) {
            throw new RingException("not a sound manifest: '" + text + "' is no process");
        }
        return new ProcessMark(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** Control characters and % become %XX, so that a value is one line whatever it holds. */
    private static String escape(String value) {
        var text = new StringBuilder();
        value.chars().forEach(c -> {
            if (c < ' ' || c == 0x7f || c == '%') {
                text.append('%').append(HexFormat.of().toHexDigits((byte) c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }

    private static String unescape(String text) {
        var value = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '%') {
                value.append((char) HexFormat.fromHexDigits(text, at + 1, Math.min(at + 3, text.length())));
                at += 2;
            } else {
                value.append(text.charAt(at));
            }
        }
        return value.toString();
    }

    byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }
}
