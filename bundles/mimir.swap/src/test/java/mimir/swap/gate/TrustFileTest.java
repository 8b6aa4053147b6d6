// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mimir.api.swap.Trusted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustFileTest {
    private static final int EACH = 60;

    @TempDir
    private Path folder;

    /** The other instance. */
    public static void main(String[] folder) {
        add(new TrustFile(Path.of(folder[0])), EACH);
    }

    private static void add(TrustFile file, int from) {
        for (int i = from; i < from + EACH; i++) {
            file.add(new Trusted(Trusted.Kind.HASH, "%064x".formatted(i), i + ".jar"));
        }
    }

    @Test
    void shouldBeReadableAgainWhateverIsTrusted() {
        var file = new TrustFile(folder);
        int hash = 0;
        for (var name : List.of("", " ", "a\u2028b", "a\u0085b", "a\u001b[31mb", "\ud800")) {
            file.add(new Trusted(Trusted.Kind.SIGNER, "%064x".formatted(hash++), name));
        }

        assertEquals(List.of("without a name", "without a name", "a b", "a b", "a [31mb", "without a name"),
                file.read().stream().map(Trusted::name).toList());
    }

    /** As on a full disk: the list cannot take the place of what is there. */
    @Test
    void shouldLeaveNothingWhenItCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("trust/in the way"));
        var file = new TrustFile(folder);

        var refused = assertThrows(IllegalStateException.class, () -> file.write(List.of()));
        assertTrue(refused.getMessage().startsWith(folder.resolve("trust") + " cannot be written ("),
                refused::toString);
        try (var left = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("trust")), left.toList());
        }
    }

    @Test
    void shouldLoseNothingThatTwoInstancesTrustAtOnce() throws Exception {
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var file = new TrustFile(folder);
        var other = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1", "-cp", path, TrustFileTest.class.getName(), folder.toString())
                .inheritIO().start();
        while (file.read().isEmpty() && other.isAlive()) {
            Thread.onSpinWait(); // both at once
        }
        add(file, 0);
        assertEquals(0, other.waitFor());

        assertEquals(IntStream.range(0, 2 * EACH).mapToObj(i -> i + ".jar").collect(Collectors.toSet()),
                file.read().stream().map(Trusted::name).collect(Collectors.toSet()));
        try (var left = Files.list(folder)) {
            assertEquals(List.of("trust rw-------", "trust.lock rw-------"), left.map(one -> one.getFileName() + " "
                    + permissions(one)).sorted().toList());
        }
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
