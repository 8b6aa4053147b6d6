// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined; lines are written by the log's own. */
class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldWriteOneLineAnEntryForItsUserOnlyAndGoOnInTheNextRun() throws IOException {
        var file = folder.resolve("lab.log");
        for (var word : new String[] {"one", "two"}) {
            try (var log = new LogFile(file)) {
                log.add(0, "WARN", "mimir.engine", word, null);
            }
        }

        assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  mimir\\.engine: (one|two)"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void shouldNeverTakeMoreThanTwiceItsLimitAndALine() throws IOException {
        var file = folder.resolve("lab.log");
        try (var log = new LogFile(file, 2_000)) {
            for (int n = 0; n < 400; n++) {
                log.add(0, "INFO", "mimir.engine", "entry " + n, null);
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(folder::relativize).map(Path::toString))
                .containsExactlyInAnyOrder("lab.log", "lab.log.1");
        }
        assertThat(Files.size(file)).isLessThan(2_200);
        assertThat(Files.size(folder.resolve("lab.log.1"))).isLessThan(2_200);
        assertThat(Files.readString(file)).endsWith("entry 399\n");
    }

    @Test
    void shouldSayOnceThatTheDiskIsFullAndGoOn() {
        var full = Path.of("/dev/full"); // a device on which there is never any room
        var said = new ByteArrayOutputStream();
        var standardError = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (var log = new LogFile(full)) {
            log.add(0, "INFO", "mimir.engine", "one", null);
            log.add(0, "INFO", "mimir.engine", "two", null);
        } finally {
            System.setErr(standardError);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).lines()).singleElement().asString()
            .startsWith("The log /dev/full cannot be written (No space left on device): Mimir goes on without it");
    }

    @Test
    @Timeout(60)
    void shouldHoldNobodyUpAndCountWhatIsLostWhileStandardErrorStandsStill() throws IOException {
        int entries = 10_000;
        var file = folder.resolve("lab.log");
        var read = new CountDownLatch(1);
        var said = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                try {
                    read.await();
                } catch (InterruptedException nobodyDoes) {
                    Thread.currentThread().interrupt();
                }
                super.write(bytes, from, length);
            }
        };
        var standardError = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (var log = new LogFile(file)) {
            Console.keep(log);
            for (int n = 0; n < entries; n++) {
                Console.log("WARN", "mimir.engine", "entry " + n, null);
            }
            read.countDown();
        } finally {
            Console.keep(null);
            System.setErr(standardError);
        }

        var kept = Files.readAllLines(file);
        long missing = kept.stream().filter(line -> line.contains(" entries are missing here"))
            .mapToLong(line -> Long.parseLong(line.replaceAll(".*: (\\d+) entries.*", "$1"))).sum();
        assertThat(missing).isPositive();
        assertThat(kept.stream().filter(line -> line.contains("entry ")).count()).isEqualTo(entries - missing);
        assertThat(said.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(entries - missing);
    }
}
