// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the C compiler what the generated header means. */
class CHeaderTest {
    private static final String FILLS = """
            #include <stdio.h>
            #include "types.h"
            int main(void) {
                test_sample_all_v3 s = {0};
                s.tiny = -7;
                s.small = -300;
                for (int i = 0; i < 3; i++) s.counts[i] = 1000000 * (i + 1);
                s.stamp_ns = INT64_C(-5000000000);
                for (int i = 0; i < 5; i++) s.levels[i] = 0.5f * (float) i;
                s.register_ = 6.25;
                s.last = 9;
                return fwrite(&s, 1, sizeof s, stdout) == sizeof s ? 0 : 1;
            }
            """;

    @TempDir
    Path folder;

    @AttachmentType(name = "test.pair", version = 12)
    interface Pair extends Attachment {
        @Field(order = 1, unit = "*/ int x; /* \n")
        byte auto();

        void auto(byte value);

        @Field(order = 2, length = 2)
        short meanRGBLevel(int index);

        void meanRGBLevel(int index, short value);
    }

    @Test
    void shouldHaveEveryOffsetAndSizeOfTheLayout() throws Exception {
        var layouts = List.of(AttachmentLayout.of(Sample.class), AttachmentLayout.of(Pair.class));
        writeHeader();
        var expected = new TreeMap<String, Long>();
        var program = new StringBuilder("#include <stdio.h>\n#include \"types.h\"\n#include \"types.h\"\n"
                + "int main(void) {\n");
        for (var layout : layouts) {
            var struct = CNames.structure(layout);
            expected.put(struct, layout.bytes());
            program.append("    printf(\"").append(struct).append(" %zu\\n\", sizeof(").append(struct).append("));\n");
            for (var field : layout.fields()) {
                var member = CNames.member(field.name());
                expected.put(struct + "." + member, field.offset());
                program.append("    printf(\"").append(struct).append('.').append(member)
                        .append(" %zu\\n\", offsetof(").append(struct).append(", ").append(member).append("));\n");
            }
        }
        var found = new TreeMap<String, Long>();
        new String(output(program + "    return 0;\n}\n"), StandardCharsets.UTF_8).lines()
                .forEach(line -> found.put(line.split(" ")[0], Long.valueOf(line.split(" ")[1])));

        assertEquals(expected, found);
        assertEquals(11, found.size());
        assertTrue(found.containsKey("test_pair_v12.mean_rgb_level"), found::toString);
    }

    @Test
    void shouldReadInJavaWhatCWrote() throws Exception {
        writeHeader();
        var sample = AttachmentLayout.flyweight(Sample.class);
        ((Flyweight) sample).lay(MemorySegment.ofArray(output(FILLS)), 0, 0);

        assertEquals(-7, sample.tiny());
        assertEquals(-300, sample.small());
        assertEquals(3_000_000, sample.counts(2));
        assertEquals(-5_000_000_000L, sample.stampNs());
        assertEquals(2f, sample.levels(4));
        assertEquals(6.25, sample.register());
        assertEquals(9, sample.last());
    }

    @Test
    void shouldAssertSizeAndEveryOffset() throws Exception {
        var layout = AttachmentLayout.of(Sample.class);
        var header = layout.header();
        assertEquals(layout.fields().size() + 1, header.lines().filter(line -> line.contains("_ASSERT(")).count());
        for (var wrong : List.of("uint8_t _pad1[1];", "int32_t counts[3];")) {
            Files.writeString(folder.resolve("types.h"), header.replace(wrong, "uint8_t wrong[64];"));
            assertTrue(compile(FILLS).exit() != 0, "a header whose structure is another one");
        }
    }

    @Test
    void shouldSayInOneSentenceWhatIsWrong() {
        var twice = AttachmentLayout.of(Pair.class);
        var same = assertThrows(IllegalArgumentException.class, () -> CHeader.text(List.of(twice, twice)));
        assertEquals("two types are called test_pair_v12 in C; write one header for each", same.getMessage());
    }

    @Test
    void shouldEndWithASentenceWhenItIsCalledWrongly() throws Exception {
        var missing = java(folder.resolve("no.h").toString(), "lab.Missing");
        assertEquals(2, missing.exit());
        assertEquals("there is no class lab.Missing on the class path; compile it first, and give its name as Java "
                + "prints it\n", missing.said());
        assertEquals(2, java("no.h").exit());
        var wrong = java(folder.resolve("no.h").toString(), String.class.getName());
        assertTrue(wrong.said().startsWith("the attachment type java.lang.String is not an interface"), wrong::said);
    }

    private void writeHeader() throws Exception {
        var written = java(folder.resolve("types.h").toString(), Sample.class.getName(), Pair.class.getName());
        assertEquals("", written.said());
        assertEquals(0, written.exit());
    }

    private record Outcome(int exit, String said) {
    }

    private static Outcome java(String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-cp", System.getProperty("java.class.path"), CHeader.class.getName()));
        command.addAll(List.of(args));
        return run(command);
    }

    private Outcome compile(String program) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("program.c"), program);
        return run(List.of("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o",
                folder.resolve("program").toString(), folder.resolve("program.c").toString()));
    }

    private byte[] output(String program) throws IOException, InterruptedException {
        var compiled = compile(program);
        assertEquals(0, compiled.exit(), compiled::said);
        var process = new ProcessBuilder(folder.resolve("program").toString()).start();
        var bytes = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return bytes;
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), said);
    }
}
