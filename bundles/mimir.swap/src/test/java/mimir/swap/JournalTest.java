// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String LINE = "{\"number\":%d}";

    @TempDir
    private Path folder;
    private final List<String> warnings = new ArrayList<>();

    @Test
    void shouldKeepLinesOverRunsForItsUserOnly() throws Exception {
        journal().add(LINE.formatted(1));
        journal().add(LINE.formatted(2));

        assertEquals(List.of(LINE.formatted(1), LINE.formatted(2)), journal().lines());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldHaveABound() throws Exception {
        for (int number = 10; number < 90; number++) {
            new Journal(folder, 200, warnings::add).add(LINE.formatted(number));
        }
        try (var files = Files.list(folder)) {
            var sizes = files.mapToLong(one -> one.toFile().length()).toArray();
            assertEquals(2, sizes.length);
            assertTrue(Arrays.stream(sizes).allMatch(size -> size <= 200), () -> Arrays.toString(sizes));
        }
        var lines = journal().lines();
        assertEquals(LINE.formatted(89), lines.getLast());
        assertEquals(lines.stream().sorted().toList(), lines, "oldest first, none twice");
        assertTrue(lines.size() > 12, lines::toString);
    }

    /** It waits for the lock of the full file; by the time it has it, that is the former one. */
    @Test
    void shouldNotMoveTheFreshFileThatAnotherInstanceHasBegun() throws Exception {
        var lines = new ArrayList<String>();
        for (int number = 10; number < 24; number++) {
            lines.add(LINE.formatted(number));
            new Journal(folder, 200, warnings::add).add(lines.getLast());
        }
        lines.add(LINE.formatted(30));
        lines.add(LINE.formatted(31));
        try (var other = new OtherInstance(file())) {
            var writing = Thread.ofPlatform().start(() ->
                    new Journal(folder, 200, warnings::add).add(LINE.formatted(31)));
            awaitOpen();
            other.moveAndBegin(folder.resolve("swaps.1.jsonl"), LINE.formatted(30));
            writing.join();
        }

        assertEquals(lines, journal().lines());
        assertEquals(List.of(), warnings);
    }

    private void awaitOpen() throws IOException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!isOpen()) {
            assertTrue(System.nanoTime() < deadline, "it does not open its file");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** By this process. */
    private boolean isOpen() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            for (var one : open.toList()) {
                if (one.toFile().getCanonicalFile().equals(file().toFile().getCanonicalFile())) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void shouldPassOverALineThatWasNotWrittenToItsEnd() throws Exception {
        journal().add(LINE.formatted(1));
        Files.writeString(file(), "{\"number\":", StandardOpenOption.APPEND);
        journal().add(LINE.formatted(2));

        assertEquals(List.of(LINE.formatted(1), LINE.formatted(2)), journal().lines());
    }

    @Test
    void shouldKeepALineThoughItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        journal().add(LINE.formatted(1));

        assertTrue(Thread.interrupted(), "whoever looks next shall see it, too");
        assertEquals(List.of(LINE.formatted(1)), journal().lines());
        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldPassOverWhatIsNoText() throws Exception {
        journal().add(LINE.formatted(1));
        Files.write(file(), new byte[] {'{', (byte) 0xff, (byte) 0xfe, 0}, StandardOpenOption.APPEND);
        journal().add(LINE.formatted(2));

        assertEquals(List.of(LINE.formatted(1), LINE.formatted(2)), journal().lines());
    }

    @Test
    void shouldSayInOneSentenceThatItCannotBeWritten() throws Exception {
        Files.createDirectory(file());
        journal().add(LINE.formatted(1));

        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().startsWith("this swap is not in the journal: " + file()
                + " cannot be written ("), warnings.getFirst());
    }

    @Test
    void shouldRememberWhatTheDiskDidNotTakeAndWriteItLater() throws Exception {
        var full = Files.createDirectory(folder.resolve("full"));
        var journal = new Journal(full.resolve("gone"), warnings::add);
        journal.add(LINE.formatted(1));
        assertEquals(List.of(LINE.formatted(1)), journal.lines());

        Files.createDirectory(full.resolve("gone"));
        journal.add(LINE.formatted(2));
        assertEquals(1, warnings.size());
        assertEquals(List.of(LINE.formatted(1), LINE.formatted(2)), journal.lines());
        assertEquals(journal.lines(), Files.readAllLines(full.resolve("gone/swaps.jsonl")));
    }

    @Test
    void shouldWriteAnyTextAsJson() {
        var values = new LinkedHashMap<String, Object>();
        values.put("text", "\"\\\n\u2028é");
        values.put("list", List.of(1, true, "a"));
        values.put("none", null);

        assertEquals("{\"text\":\"\\\"\\\\\\u000a\\u2028\\u00e9\",\"list\":[1,true,\"a\"],\"none\":null}",
                JsonText.of(values));
    }

    @Test
    void shouldFindTheInnermostMessageOfATrace() {
        assertEquals("no light", Components.cause("a.B: outer\n\tat x\nCaused by: c.D: no light\n\tat y\n"));
        assertEquals("outer", Components.cause("a.B: outer\n\tat x\n"));
        assertEquals("a.B", Components.cause("a.B\n\tat x\n"));
        assertEquals("it does not say why", Components.cause(null));
    }

    private Journal journal() {
        return new Journal(folder, warnings::add);
    }

    private Path file() {
        return folder.resolve("swaps.jsonl");
    }
}
