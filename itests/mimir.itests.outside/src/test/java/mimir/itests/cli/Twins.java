// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;

/**
 * Emulated PS3 Eyes for a platform: its JVM finds them through the system's own libusb and plugs them in and out as it
 * is told here (native-fragments/mimir.driver.ps3eye.native/test/door.c). Confined.
 */
final class Twins implements AutoCloseable {
    /** With the twins and what checks their pictures. */
    static final Path LIBRARY = Mimir.ROOT.resolve(
            "native-fragments/mimir.driver.ps3eye.native/target/twin/libmimir_ps3eye_twin.so");

    /** Shows the system what is plugged in; to be preloaded behind the library. */
    static final String PRELOAD = "libumockdev-preload.so.0";

    private final Path folder;
    private SocketChannel door;
    private BufferedReader answers;
    private long pluggedMs;

    /** What the model of a camera tells; its members stand in the order of {@code mimir_twin_counts}. Immutable. */
    record Counts(long sent, long skipped, long starved, long queued, boolean streams) {
        private static Counts of(long[] words) {
            assertEquals(0, words[0], "counts of a camera that was never plugged in");
            return new Counts(words[1], words[2], words[12], words[9], words[4] == 1);
        }
    }

    /** @param folder holds what the platform needs to see them */
    Twins(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where there is no umockdev, or no libusb that is to be tested. */
    static void assumeInstalled() throws IOException, InterruptedException {
        var builder = new ProcessBuilder("true").redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", PRELOAD + ":libumockdev.so.0:libusb-1.0.so.0");
        var process = builder.start();
        var complaints = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assumeTrue(complaints.isEmpty(), "umockdev or libusb is not installed");
    }

    /** The platform will have them: its JVM, and none of the programs that start it, has them preloaded. */
    Mimir under(Mimir mimir) throws IOException {
        var jdk = Path.of(System.getProperty("java.home"));
        var wrapped = folder.resolve("jdk");
        Files.createDirectories(wrapped.resolve("bin"));
        Files.copy(jdk.resolve("release"), wrapped.resolve("release"));
        var java = Files.writeString(wrapped.resolve("bin/java"), "#!/bin/sh\nLD_PRELOAD=" + LIBRARY + ":" + PRELOAD
                + " exec " + jdk.resolve("bin/java") + " \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return mimir.environment("MIMIR_JAVA_HOME", wrapped.toString()).environment("MIMIR_TWIN", socket().toString());
    }

    private Path socket() {
        return folder.resolve("twin");
    }

    /** Waits for its door. */
    Twins await(Mimir mimir) throws IOException {
        mimir.until(() -> Files.exists(socket()) && connected(), Duration.ofSeconds(30), "no door to the twins");
        answers = new BufferedReader(Channels.newReader(door, StandardCharsets.US_ASCII));
        return this;
    }

    private boolean connected() {
        try {
            door = SocketChannel.open(StandardProtocolFamily.UNIX);
            return door.connect(UnixDomainSocketAddress.of(socket()));
        } catch (IOException notYet) {
            return false;
        }
    }

    private long[] ask(String format, Object... words) {
        try {
            door.write(ByteBuffer.wrap((format.formatted(words) + "\n").getBytes(StandardCharsets.US_ASCII)));
            return Arrays.stream(answers.readLine().split(" ")).mapToLong(Long::parseLong).toArray();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Plugs one in; {@code identity} stands in its pictures. Returns its handle. */
    long plug(int bus, int port, int identity) {
        var answer = ask("plug %d %d %d", bus, port, identity);
        long camera = answer[0];
        pluggedMs = answer[1];
        assertTrue(camera > 0, () -> "a camera could not be plugged in at " + bus + "-" + port + ": " + camera);
        return camera;
    }

    void unplug(long camera) {
        var answer = ask("unplug %d", camera);
        assertEquals(0, answer[0]);
        pluggedMs = answer[1];
    }

    /** When the last one was begun to be plugged in or out, in ms since 1970. */
    long pluggedMs() {
        return pluggedMs;
    }

    /** Opening any of them is refused with this errno from now on; 0: no longer. */
    void refuse(int errno) {
        assertEquals(0, ask("refuse %d", errno)[0]);
    }

    /** Also of one that was unplugged, until the next is plugged in. */
    Counts counts(long camera) {
        return Counts.of(ask("counts %d", camera));
    }

    @Override
    public void close() throws IOException {
        if (door != null) {
            door.close();
        }
    }
}
