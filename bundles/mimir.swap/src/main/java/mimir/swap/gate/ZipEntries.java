// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the directory of a zip, and believes nothing in it: readers that look elsewhere than the framework does must
 * not be shown something else. Confined to one call.
 */
final class ZipEntries {
    static final int MOST_ENTRIES = 10_000;
    static final long MOST_UNPACKED = 256L << 20;
    /** Classes and libraries shrink to a third, text to a tenth. */
    static final int MOST_RATIO = 100;
    private static final long SMALL = 16L << 20; // a zip bomb that unpacks to less harms nobody

    private static final int END = 22;
    private static final int HEAD = 46;
    private static final int LOCAL = 30;
    private static final int LONGEST_COMMENT = 0xffff;

    private final byte[] jar;
    private final ByteBuffer bytes;
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /**
     * One entry.
     *
     * @param head where its local header begins
     * @param at where its packed bytes begin
     */
    record Entry(String name, boolean deflated, long crc, int packed, int size, int head, int at) {
    }

    private ZipEntries(byte[] jar) {
        this.jar = jar;
        bytes = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** By path. */
    static SortedMap<String, Entry> read(byte[] jar) throws Unsound {
        var zip = new ZipEntries(jar);
        try {
            zip.directory();
            zip.checkSizes();
            zip.checkPlaces();
        } catch (IndexOutOfBoundsException outside) {
            throw new Unsound("it is cut off or damaged");
        }
        return Collections.unmodifiableSortedMap(zip.entries);
    }

    private void directory() throws Unsound {
        int end = end();
        int count = u16(end + 10);
        long at = u32(end + 16);
        if (u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != count || at + u32(end + 12) != end) {
            throw new Unsound("its directory is not where it says");
        }
        if (count > MOST_ENTRIES) {
            throw new Unsound("it has " + count + " entries, more than " + MOST_ENTRIES);
        }
        int next = (int) at;
        for (int i = 0; i < count; i++) {
            next = entry(next);
        }
        if (next != end) {
            throw new Unsound("its directory does not end where it says");
        }
    }

    /** The end record is the last thing in a zip. */
    private int end() throws Unsound {
        for (int at = jar.length - END; at >= Math.max(0, jar.length - END - LONGEST_COMMENT); at--) {
            if (bytes.getInt(at) == 0x06054b50 && at + END + u16(at + 20) == jar.length) {
                return at;
            }
        }
        throw new Unsound("it is no zip or is cut off");
    }

    private int entry(int at) throws Unsound {
        if (bytes.getInt(at) != 0x02014b50) {
            throw new Unsound("its directory is damaged");
        }
        int nameLength = u16(at + 28);
        var name = name(at + HEAD, nameLength);
        int method = u16(at + 10);
        if ((u16(at + 8) & 1) != 0 || method != 0 && method != 8) {
            throw new Unsound("its entry " + name + " is encrypted or packed in a way that no jar is");
        }
        if ((u32(at + 38) >>> 28) == 0xa) {
            throw new Unsound("its entry " + name + " is a link");
        }
        int head = offset(at + 42);
        var entry = new Entry(name, method == 8, u32(at + 16), offset(at + 20), size(name, at + 24), head,
                head + LOCAL + u16(head + 26) + u16(head + 28));
        checkLocal(entry, at + HEAD, nameLength);
        if (entries.put(name, entry) != null) {
            throw new Unsound("its entry " + name + " is there twice");
        }
        return at + HEAD + nameLength + u16(at + 30) + u16(at + 32);
    }

    /** The header in front of the packed bytes is what readers of streams see. */
    private void checkLocal(Entry entry, int name, int length) throws Unsound {
        int local = entry.head() + LOCAL;
        if (bytes.getInt(entry.head()) != 0x04034b50
                || !Arrays.equals(jar, name, name + length, jar, local, local + u16(entry.head() + 26))) {
            throw new Unsound("its entry " + entry.name() + " has another name inside");
        }
    }

    private String name(int at, int length) throws Unsound {
        if (at + length > jar.length) {
            throw new IndexOutOfBoundsException(at);
        }
        var name = new String(jar, at, length, StandardCharsets.UTF_8);
        var shown = name.replaceAll("\\p{Cntrl}", "?");
        boolean odd = name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.contains(":")
                || !shown.equals(name) || ("/" + name + "/").contains("/../") || name.contains("//");
        if (odd) {
            throw new Unsound("its entry '" + shown + "' has a path that leads out of a jar");
        }
        if (name.equalsIgnoreCase("META-INF/MANIFEST.MF") && !name.equals("META-INF/MANIFEST.MF")) {
            throw new Unsound("its manifest is called " + name);
        }
        return name;
    }

    private int size(String name, int at) throws Unsound {
        long size = u32(at);
        if (size > MOST_UNPACKED) {
            throw new Unsound("its entry " + name + " unpacks to " + (size >> 20) + " MiB, more than "
                    + (MOST_UNPACKED >> 20));
        }
        return (int) size;
    }

    private void checkSizes() throws Unsound {
        long unpacked = entries.values().stream().mapToLong(Entry::size).sum();
        if (unpacked > MOST_UNPACKED) {
            throw new Unsound("it unpacks to " + (unpacked >> 20) + " MiB, more than " + (MOST_UNPACKED >> 20));
        }
        if (unpacked > SMALL && unpacked / MOST_RATIO > jar.length) {
            throw new Unsound("it unpacks to " + unpacked / jar.length + " times its size, more than " + MOST_RATIO);
        }
    }

    /** Entries that share bytes are the other kind of bomb. */
    private void checkPlaces() throws Unsound {
        int free = 0;
        for (var entry : entries.values().stream().sorted(Comparator.comparingInt(Entry::head)).toList()) {
            long behind = (long) entry.at() + entry.packed();
            if (entry.head() < free || behind > jar.length) {
                throw new Unsound("its entry " + entry.name() + " lies across another");
            }
            free = (int) behind;
        }
    }

    private int offset(int at) {
        long value = u32(at);
        if (value > jar.length) {
            throw new IndexOutOfBoundsException(at);
        }
        return (int) value;
    }

    private int u16(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    private long u32(int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }
}
