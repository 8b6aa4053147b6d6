// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the C compiler for every offset and size of the ABI and compares them with the Java twin. */
class LayoutTest {
    private static final Path NATIVE = Path.of(System.getProperty("mimir.root"), "native-fragments", "ring");
    private static final Map<String, String> STRUCTS = Map.of("mimir_ring_header", "H_", "mimir_ring_format", "F_",
            "mimir_ring_descriptor", "D_", "mimir_ring_hints", "W_", "mimir_ring_seat",
            "S_");

    @TempDir
    Path scratch;

    @Test
    void shouldHaveEveryOffsetAndSizeOfTheHeader() throws Exception {
        var c = dump();
        var java = constants();

        var offsets = new TreeMap<String, Long>();
        STRUCTS.forEach((struct, prefix) -> c.forEach((fact, value) -> {
            if (fact.startsWith(struct + ".") && !fact.contains("reserved")) {
                offsets.put(prefix + fact.substring(struct.length() + 1).toUpperCase(), value);
            }
        }));
        assertTrue(offsets.size() > 50, () -> "the C side told only " + offsets.size() + " members");
        offsets.forEach((name, offset) -> assertEquals(offset, java.get(name), name));
        java.keySet().stream().filter(name -> name.matches("[HFDWS]_.*"))
                .forEach(name -> assertTrue(offsets.containsKey(name), () -> name + " has no member in C"));
        assertEquals(c.get("sizeof mimir_ring_header"), Abi.HEADER_BYTES);
        assertEquals(c.get("sizeof mimir_ring_format"), Abi.FORMAT_BYTES);
        assertEquals(c.get("sizeof mimir_ring_descriptor"), Abi.SLOT_BYTES);
        assertEquals(c.get("sizeof mimir_ring_hints"), Abi.HINTS_BYTES);
        assertEquals(c.get("sizeof mimir_ring_seat"), Gate.SEAT_BYTES);
        assertEquals(Abi.HINTS_BYTES, Gate.seat(Gate.SEATS));
    }

    private Map<String, Long> dump() throws Exception {
        var program = scratch.resolve("layout");
        run("gcc", "-std=c11", "-I", NATIVE.resolve("include").toString(), "-o", program.toString(),
                NATIVE.resolve("tools/layout_dump.c").toString());
        var facts = new HashMap<String, Long>();
        for (var line : run(program.toString()).split("\n")) {
            var words = line.split(" ");
            if (words[1].equals(".")) {
                facts.put("sizeof " + words[0], Long.decode(words[2]));
            } else if (!words[0].equals("const")) {
                facts.put(words[0], Long.decode(words[1]));
            }
        }
        return facts;
    }

    private static Map<String, Long> constants() throws IllegalAccessException {
        var values = new HashMap<String, Long>();
        for (var field : Abi.class.getDeclaredFields()) {
            if (field.getType() == long.class) {
                values.put(field.getName(), field.getLong(null));
            }
        }
        return values;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
