// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A platform that is killed while it writes: nothing half-written has a name, and the next one tidies up. */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class KilledExportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("sim.audio.1.wav", "sim.camera.1.y4m");
    private static final int FRAME = "FRAME\n".length() + 640 * 480 * 2;
    private static final long GROWN = 4 << 20;

    @TempDir
    Path scratch;

    private Mimir killed;

    @AfterEach
    void end() {
        if (killed != null) {
            killed.process().destroyForcibly();
        }
    }

    @Test
    void shouldLeaveNothingHalfWrittenUnderItsNameAndTidyUpAtTheNextStart() throws Exception {
        var rig = Files.writeString(scratch.resolve("rig.json"), Files.readString(Mimir.ROOT.resolve(
                "run-configs/rigs/tiny.json")).replace("67108864", "536870912")
                .replace("\"width\": 320", "\"width\": 640").replace("\"height\": 240", "\"height\": 480")
                .replace("\"rateHz\": 30", "\"rateHz\": 60"));
        var out = scratch.resolve("out");
        killed = Mimir.with(scratch, "run", "--rig", rig.toString(), "--at", "8s", "export --last 6s --to out").start();
        killed.until(() -> size(part(out, NAMES.getLast())) > GROWN, PATIENCE, "no file grows");
        killed.process().destroyForcibly().waitFor();

        assertEquals(NAMES.stream().map(name -> part(out, name)).toList(), files(out));
        assertTrue(size(part(out, NAMES.getLast())) < 6 * 60L * FRAME, "it was killed in the middle");

        var other = Files.createFile(scratch.resolve(".other.part"));
        var next = Mimir.with(scratch, "run", "--rig", rig.toString(), "--for", "5s", "--exec",
                "export --last 2s --to out --json").run().exits(0);
        for (var name : NAMES) {
            next.says("an export was cut off when Mimir was killed; its unfinished file ").says("/out/." + name
                    + ".part is taken away");
        }
        assertEquals(NAMES.stream().map(out::resolve).toList(), files(out));
        assertWhole(out);
        assertTrue(Files.exists(other), "a file that no note names stays");
        assertFalse(Files.exists(scratch.resolve("state/exports"))
                && !files(scratch.resolve("state/exports")).isEmpty(), "a note is left");
    }

    private static void assertWhole(Path out) throws IOException {
        var wav = ByteBuffer.wrap(Files.readAllBytes(out.resolve(NAMES.getFirst()))).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(wav.capacity() - 8, wav.getInt(4));
        var y4m = Files.readAllBytes(out.resolve(NAMES.getLast()));
        int head = new String(y4m, 0, 200, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
        assertEquals(0, (y4m.length - head) % FRAME);
        assertTrue((y4m.length - head) / FRAME >= 119, "two seconds");
    }

    private static Path part(Path out, String name) {
        return out.resolve("." + name + ".part");
    }

    private static long size(Path file) {
        return file.toFile().length(); // 0 where there is none
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
