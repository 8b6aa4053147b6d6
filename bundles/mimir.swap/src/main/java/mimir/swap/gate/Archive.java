// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The entries of a jar in memory, each of which was unpacked once and found to be what the directory of the jar says.
 * Immutable.
 */
final class Archive {
    private static final int CHUNK = 1 << 14;

    private final byte[] jar;
    private final SortedMap<String, ZipEntries.Entry> entries;

    private Archive(byte[] jar, SortedMap<String, ZipEntries.Entry> entries) {
        this.jar = jar;
        this.entries = entries;
    }

    /** Looks through it; time and memory have a bound whatever it holds. */
    static Archive of(byte[] jar) throws Unsound {
        var archive = new Archive(jar, ZipEntries.read(jar));
        for (var entry : archive.entries.values()) {
            archive.unpack(entry, OutputStream.nullOutputStream());
        }
        return archive;
    }

    /** Paths of all entries, folders with a slash at their end. */
    Set<String> names() {
        return entries.keySet();
    }

    /** What an entry holds, or null when there is none. */
    byte[] content(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        var content = new ByteArrayOutputStream(entry.size());
        try {
            unpack(entry, content);
        } catch (Unsound impossible) {
            throw new IllegalStateException(name + " was sound before", impossible);
        }
        return content.toByteArray();
    }

    private void unpack(ZipEntries.Entry entry, OutputStream to) throws Unsound {
        var crc = new CRC32();
        try {
            boolean whole = entry.deflated() ? inflate(entry, crc, to) : copy(entry, crc, to);
            if (!whole || crc.getValue() != entry.crc()) {
                throw new Unsound("its entry " + entry.name() + " is damaged");
            }
        } catch (IOException memory) {
            throw new UncheckedIOException(memory);
        }
    }

    private boolean copy(ZipEntries.Entry entry, CRC32 crc, OutputStream to) throws IOException {
        crc.update(jar, entry.at(), entry.packed());
        to.write(jar, entry.at(), entry.packed());
        return entry.packed() == entry.size();
    }

    /** Ends after the bytes that the directory has told, whatever else there is. */
    private boolean inflate(ZipEntries.Entry entry, CRC32 crc, OutputStream to) throws IOException {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(jar, entry.at(), entry.packed());
            var chunk = new byte[CHUNK];
            while (!inflater.finished() && inflater.getBytesWritten() <= entry.size()) {
                int got = inflater.inflate(chunk);
                if (got == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    return false;
                }
                crc.update(chunk, 0, got);
                to.write(chunk, 0, got);
            }
            return inflater.finished() && inflater.getBytesWritten() == entry.size() && inflater.getRemaining() == 0;
        } catch (DataFormatException damaged) {
            return false;
        } finally {
            inflater.end();
        }
    }
}
