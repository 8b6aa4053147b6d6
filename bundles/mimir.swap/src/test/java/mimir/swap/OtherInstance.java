// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Another platform of the same user at the same journal: a process of its own that has the lock of a file, for within
 * one process locks are not waited for. Confined to a test.
 */
final class OtherInstance implements AutoCloseable {
    private final Process process;
    private final BufferedReader says;
    private final PrintWriter hears;

    /** Has the lock. */
    OtherInstance(Path file) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var code = OtherInstance.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", code, OtherInstance.class.getName(),
                file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        says = new BufferedReader(new InputStreamReader(process.getInputStream()));
        hears = new PrintWriter(new OutputStreamWriter(process.getOutputStream()), true);
        says.readLine();
    }

    /** Makes the file the former one, begins a fresh one with a line, and only then gives the lock back. */
    void moveAndBegin(Path former, String line) throws IOException {
        hears.println(former);
        hears.println(line);
        says.readLine();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    /** The other process. */
    public static void main(String[] arguments) {
        var file = Path.of(arguments[0]);
        var in = new BufferedReader(new InputStreamReader(System.in));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE); var lock = channel.lock()) {
            System.out.println("locked " + lock.isValid());
            Files.move(file, Path.of(in.readLine()), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(file, in.readLine() + '\n');
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        System.out.println("moved");
    }
}
