// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The least that is a shared library with these exported names. Confined to one call. */
final class TestLibrary {
    private static final int BYTES = 1 << 14;

    private TestLibrary() {
    }

    /** For Linux on x86-64: header, one dynamic symbol table, its strings. A name that begins with ! is not defined. */
    static byte[] elf(String... names) {
        var elf = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int sections = 64;
        int table = sections + 3 * 64;
        int strings = table + 24 * (names.length + 1);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).putShort(16, (short) 3).putShort(18, (short) 62);
        elf.putLong(40, sections).putShort(58, (short) 64).putShort(60, (short) 3);
        elf.putInt(sections + 64 + 4, 11).putLong(sections + 64 + 24, table)
                .putLong(sections + 64 + 32, 24L * (names.length + 1)).putInt(sections + 64 + 40, 2);
        elf.putInt(sections + 128 + 4, 3).putLong(sections + 128 + 24, strings);
        int text = 1;
        for (int i = 0; i < names.length; i++) {
            int symbol = table + 24 * (i + 1);
            elf.putInt(symbol, text).put(symbol + 4, (byte) 0x12)
                    .putShort(symbol + 6, (short) (names[i].startsWith("!") ? 0 : 1));
            text = put(elf, strings, text, names[i]);
        }
        return elf.array();
    }

    /** For Windows on x86-64: headers, one section at 0x1000, its export table. */
    static byte[] pe(String... names) {
        var pe = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int head = 128;
        int section = head + 24 + 240;
        int file = 1024;
        pe.putShort(0, (short) 0x5a4d).putInt(60, head).putInt(head, 0x4550).putShort(head + 4, (short) 0x8664)
                .putShort(head + 6, (short) 1).putShort(head + 20, (short) 240).putShort(head + 24, (short) 0x20b)
                .putInt(head + 24 + 112, 0x1000);
        pe.putInt(section + 12, 0x1000).putInt(section + 16, BYTES - file).putInt(section + 20, file);
        int list = 64;
        int strings = list + 4 * names.length;
        pe.putInt(file + 24, names.length).putInt(file + 32, 0x1000 + list);
        int text = 0;
        for (int i = 0; i < names.length; i++) {
            pe.putInt(file + list + 4 * i, 0x1000 + strings + text);
            text = put(pe, file + strings, text, names[i]);
        }
        return pe.array();
    }

    private static int put(ByteBuffer to, int strings, int text, String name) {
        var bytes = name.getBytes(StandardCharsets.US_ASCII);
        to.put(strings + text, bytes);
        return text + bytes.length + 1;
    }
}
