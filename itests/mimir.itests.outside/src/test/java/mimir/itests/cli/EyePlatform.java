// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.security.auth.module.UnixSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import mimir.shell.remote.Call;
import mimir.shell.remote.Calling;

/**
 * {@code ./mimir run} as a process of its own on a rig of emulated cameras, with what is to be known of it: its log as
 * it is written, commands into it, the rings that it publishes. Confined.
 */
final class EyePlatform implements AutoCloseable {
    private static final String NAME = "eyes";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Twins twins;
    private final Mimir mimir;
    private final StringBuilder log = new StringBuilder();
    private long logAt;

    /** Starts it; cameras are to be plugged in while it does. */
    EyePlatform(Path folder, String devices) throws IOException {
        this.folder = Files.createDirectories(folder);
        var rig = Files.writeString(folder.resolve("eyes.json"), """
                {"schema":"mimir.rig","version":"1.0","name":"eyes","reservoir":{"bytes":67108864},"devices":[%s]}
                """.formatted(devices));
        twins = new Twins(folder);
        mimir = twins.under(Mimir.with(folder, "run", "--rig", rig.toString(), "--name", NAME)).asShipped().start();
        twins.await(mimir);
    }

    /** An entry of its rig: source {@code eye.IDENTITY}, wherever its camera is plugged in. */
    static String device(int identity, int width, int height, String format, int rateHz) {
        return device(identity, width, height, format, rateHz, "");
    }

    /** The same with further members, each after a comma. */
    static String device(int identity, int width, int height, String format, int rateHz, String more) {
        return """
                {"driver":"mimir.driver.ps3eye","id":"eye.%d","mode":{"width":%d,"height":%d,"format":"%s"},
                "rateHz":%d%s}
                """.formatted(identity, width, height, format, rateHz, more);
    }

    Twins twins() {
        return twins;
    }

    Mimir mimir() {
        return mimir;
    }

    /** Reads the pictures of a source. */
    EyeReader reader(int identity) {
        return new EyeReader(folder.resolve("manifests"), identity);
    }

    /** Waits for that, half a minute at the most. */
    void await(BooleanSupplier condition, String otherwise) {
        mimir.until(condition, PATIENCE, otherwise);
    }

    /** What commands print; they must succeed. */
    String command(String words) {
        var socket = folder.resolve("tmp/mimir-" + new UnixSystem().getUid() + "/" + NAME + ".sock");
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        try {
            int status = new Calling(NAME, socket, out, err).call(new Call(folder, words), mimir.process()::isAlive);
            assertEquals(0, status, () -> words + ":\n" + out + err + mimir.err());
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException silent) {
            throw new UncheckedIOException(silent);
        }
    }

    /** True when its log has said that since {@link #forgetLog}. */
    boolean logged(String words) {
        try (var file = new RandomAccessFile(folder.resolve("state/" + NAME + ".log").toFile(), "r")) {
            var bytes = new byte[(int) (file.length() - logAt)];
            file.seek(logAt);
            file.readFully(bytes);
            logAt += bytes.length;
            log.append(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return log.indexOf(words) >= 0;
    }

    /** When it said that since then, in ms since 1970; a thread that writes or reads late does not count. */
    long saidMs(String words) {
        var line = log.toString().lines().filter(one -> one.contains(words)).findFirst().orElseThrow();
        return Instant.parse(line.substring(0, line.indexOf(' '))).toEpochMilli();
    }

    /** What it said before does not count any more. */
    void forgetLog() {
        logged("");
        log.setLength(0);
    }

    /** Entries of a folder of {@code /proc/PID}. */
    long count(String of) {
        return Path.of("/proc", Long.toString(mimir.process().pid()), of).toFile().list().length;
    }

    /** Its mappings in whose names that stands. */
    long mappings(String part) {
        try (var maps = Files.lines(Path.of("/proc", Long.toString(mimir.process().pid()), "maps"))) {
            return maps.filter(line -> line.contains(part)).count();
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    /** Ends it as a user does; nothing may be left. */
    void end() {
        command("exit");
        mimir.await(PATIENCE).exits(0).leavesNothing();
    }

    @Override
    public void close() throws IOException {
        mimir.process().destroyForcibly();
        twins.close();
    }
}
