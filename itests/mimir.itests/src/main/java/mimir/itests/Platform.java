// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mimir.api.rig.Rigs;

/** What the in-framework tests share: small rigs, and waiting on conditions. Thread-safe. */
final class Platform {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Platform() {
    }

    /** Loads a rig given as text and waits for its sources. */
    static Rigs.Rig load(Rigs rigs, String json) {
        Stalls.forget();
        try {
            var file = Files.createTempFile("mimir-itest", ".json");
            try {
                Files.writeString(file, json);
                var rig = rigs.load(file.toString(), Map.of());
                rigs.awaitSources(PATIENCE);
                return rig;
            } finally {
                Files.delete(file);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Such a rig: rings of two seconds, and a reservoir of 1 GiB, more than four seconds of six cameras. */
    static String rig(List<String> devices) {
        return """
                {"schema":"mimir.rig","version":"1.0","name":"itest","rings":{"seconds":2},
                "reservoir":{"bytes":1073741824},"devices":[%s]}
                """.formatted(String.join(",", devices));
    }

    /** A camera; {@code more} are further members of the scenario, each with a comma in front. */
    static String camera(String driver, String id, int width, int height, int fps, String more) {
        return """
                {"driver":"%s","id":"%s","kind":"camera","scenario":{"seed":%d,
                "mode":{"width":%d,"height":%d,"format":"YUYV"},"rateHz":%d%s}}"""
                .formatted(driver, id, id.hashCode() & 0xffff, width, height, fps, more);
    }

    /** An audio device with blocks of 64 sample frames. */
    static String audio(String driver, String id, int channels, int rateHz, String more) {
        return """
                {"driver":"%s","id":"%s","kind":"audio","scenario":{"seed":%d,
                "mode":{"channels":%d,"blockFrames":64},"rateHz":%d%s}}"""
                .formatted(driver, id, id.hashCode() & 0xffff, channels, rateHz, more);
    }

    /** Waits until a condition holds, at most {@link #PATIENCE}. */
    static void await(BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, otherwise);
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Entries of a folder of /proc/self. */
    static long count(String folder) {
        try (var entries = Files.list(Path.of("/proc/self", folder))) {
            return entries.count();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Lines of /proc/self/maps that hold a text. */
    static long mapped(String text) {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Different library files in /proc/self/maps whose path holds a text; a file is mapped in several pieces. */
    static Set<String> libraries(String text) {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(text)).map(line ->
                    line.substring(line.indexOf('/'))).collect(Collectors.toSet());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
