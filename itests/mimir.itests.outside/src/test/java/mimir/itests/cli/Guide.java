// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A guide of docs/ as a stranger would follow it: a block below a line with nothing but a file name in it is that file,
 * a block of {@code sh} is typed. Confined.
 */
final class Guide {
    private static final Pattern BLOCK = Pattern.compile("^(?:`([^`\\n]+)`\\n\\n)?```([a-z]+)\\n(.*?)^```$",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final long PATIENCE_S = 240;

    private final Path folder;
    private final Path mimir;
    private final List<String> outputs = new ArrayList<>();

    /** It is followed in {@code folder}, with {@code mimir} as Mimir's folder. */
    Guide(Path folder, Path mimir) {
        this.folder = folder;
        this.mimir = mimir;
    }

    /** Follows it from top to bottom and returns what each command printed. */
    List<String> follow(Path page) throws IOException, InterruptedException {
        var blocks = BLOCK.matcher(Files.readString(page));
        while (blocks.find()) {
            if (blocks.group(1) != null) {
                var file = folder.resolve(blocks.group(1));
                Files.createDirectories(file.getParent());
                Files.writeString(file, blocks.group(3));
            } else if (blocks.group(2).equals("sh")) {
                type(blocks.group(3));
            }
        }
        return outputs;
    }

    private void type(String commands) throws IOException, InterruptedException {
        var output = folder.resolve("output.txt");
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("MIMIR", mimir.toString());
        builder.environment().put("MIMIR_STATE", folder.resolve("state").toString());
        builder.environment().put("MIMIR_STATE", folder.resolve("state").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dmaven.repo.local="
                + repository());
        builder.environment().put("MIMIR_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        var process = builder.start();
        boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly().waitFor();
            throw new AssertionError((ended ? "status " + process.exitValue() : "not over") + " of: " + commands
                    + Files.readString(output));
        }
        outputs.add(Files.readString(output));
    }

    /** What Maven has downloaded already, by hard links, and nothing that was installed before. */
    private Path repository() throws IOException, InterruptedException {
        var copy = folder.resolve("repository");
        if (!Files.exists(copy)) {
            var known = System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
            var made = new ProcessBuilder("bash", "-c", """
                    cp -al "$0" "$1" 2> /dev/null || { rm -rf "$1"; cp -a "$0" "$1"; }; rm -rf "$1/mimir"
                    """, known, copy.toString()).start().waitFor();
            if (made != 0) {
                throw new IOException(known + " cannot be copied");
            }
        }
        return copy;
    }
}
