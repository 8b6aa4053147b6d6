// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * What a shared library exports: the dynamic symbols of an ELF file, the export table of a PE file. Every place is
 * compared with the file's size, every number with a bound. Confined to one call.
 */
final class LibrarySymbols {
    private static final int MOST_SYMBOLS = 1 << 16;
    private static final int MOST_SECTIONS = 1 << 12;
    private static final int LONGEST_NAME = 1 << 12;
    private static final Set<Integer> DEFINED_FOR_ALL = Set.of(1, 2, 10); // global, weak, unique

    private final ByteBuffer bytes;
    private final Set<String> names = new HashSet<>();

    private LibrarySymbols(byte[] library) {
        bytes = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Names of the functions and variables that others may look up in a library for such a machine. */
    static Set<String> of(byte[] library, Here here) throws Unsound {
        var symbols = new LibrarySymbols(library);
        boolean windows = here.systems().stream().anyMatch(name -> name.startsWith("win"));
        boolean arm = here.processors().contains("aarch64");
        try {
            if (windows) {
                symbols.pe(arm ? 0xaa64 : 0x8664);
            } else {
                symbols.elf(arm ? 183 : 62);
            }
        } catch (IndexOutOfBoundsException outside) {
            throw new Unsound("is cut off or damaged");
        }
        return symbols.names;
    }

    private void elf(int machine) throws Unsound {
        if (bytes.limit() < 64 || bytes.getInt(0) != 0x464c457f || bytes.get(4) != 2 || bytes.get(5) != 1
                || u16(16) != 3 || u16(18) != machine) {
            throw new Unsound("is no shared library for this machine");
        }
        int sections = at(bytes.getLong(40));
        int size = u16(58);
        int count = within(u16(60), MOST_SECTIONS);
        for (int i = 0; i < count; i++) {
            int section = sections + i * size;
            if (bytes.getInt(section + 4) == 11) { // SHT_DYNSYM
                int strings = sections + within(bytes.getInt(section + 40), count) * size;
                dynamic(at(bytes.getLong(section + 24)), bytes.getLong(section + 32), at(bytes.getLong(strings + 24)));
            }
        }
    }

    private void dynamic(int table, long length, int strings) throws Unsound {
        int count = within(length / 24, MOST_SYMBOLS);
        for (int i = 0; i < count; i++) {
            int symbol = table + 24 * i;
            int info = bytes.get(symbol + 4) & 0xff;
            int hidden = bytes.get(symbol + 5) & 3; // 1 internal, 2 hidden
            if (u16(symbol + 6) != 0 && DEFINED_FOR_ALL.contains(info >> 4) && hidden != 1 && hidden != 2) {
                names.add(text(strings + bytes.getInt(symbol)));
            }
        }
    }

    private void pe(int machine) throws Unsound {
        int head = bytes.limit() < 64 || u16(0) != 0x5a4d ? 0 : at(bytes.getInt(60));
        if (head == 0 || bytes.getInt(head) != 0x4550 || u16(head + 4) != machine || u16(head + 24) != 0x20b) {
            throw new Unsound("is no shared library for this machine");
        }
        int exports = bytes.getInt(head + 24 + 112);
        if (exports != 0) {
            int table = mapped(head, exports);
            int count = within(bytes.getInt(table + 24), MOST_SYMBOLS);
            int list = mapped(head, bytes.getInt(table + 32));
            for (int i = 0; i < count; i++) {
                names.add(text(mapped(head, bytes.getInt(list + 4 * i))));
            }
        }
    }

    /** Where in the file the bytes lie that will be at an address. */
    private int mapped(int head, int address) throws Unsound {
        int sections = head + 24 + u16(head + 20);
        int count = within(u16(head + 6), MOST_SECTIONS);
        for (int i = 0; i < count; i++) {
            int section = sections + 40 * i;
            int from = bytes.getInt(section + 12);
            if (address >= from && address - from < bytes.getInt(section + 16)) {
                return at((long) bytes.getInt(section + 20) + address - from);
            }
        }
        throw new Unsound("is cut off or damaged");
    }

    private String text(int at) {
        int end = at;
        while (bytes.get(end) != 0 && end - at < LONGEST_NAME) {
            end++;
        }
        return new String(bytes.array(), at, end - at, StandardCharsets.US_ASCII);
    }

    private int at(long offset) {
        if (offset < 0 || offset >= bytes.limit()) {
            throw new IndexOutOfBoundsException();
        }
        return (int) offset;
    }

    private static int within(long count, int most) throws Unsound {
        if (count < 0 || count > most) {
            throw new Unsound("is cut off or damaged");
        }
        return (int) count;
    }

    private int u16(int at) {
        return bytes.getShort(at) & 0xffff;
    }
}
