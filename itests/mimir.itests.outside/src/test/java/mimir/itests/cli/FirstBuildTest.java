// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The build that a first start of {@code ./mimir} begins: Maven runs on the JDK that was found and selects no toolchain
 * then, and the {@code java} on the PATH may be an old one.
 */
class FirstBuildTest {
    private static final Pattern HEADER_STEP = Pattern.compile("<id>c-header</id>.*?<executable>(.*?)</executable>",
            Pattern.DOTALL);

    @TempDir
    Path scratch;

    @Test
    void shouldMakeTheCHeaderWhenTheJavaOnThePathIsTooOld() throws Exception {
        var module = Mimir.ROOT.resolve("bundles/mimir.analysis");
        var step = HEADER_STEP.matcher(Files.readString(module.resolve("pom.xml")));
        assertTrue(step.find());
        var header = scratch.resolve("types.h");

        assertEquals(0, run(step.group(1).replace("${project.basedir}", module.toString()), "-cp",
                System.getProperty("java.class.path"), "mimir.api.analysis.CHeader", header.toString(),
                "mimir.api.analysis.types.Grey"), this::said);
        assertTrue(Files.readString(header).contains("mimir_grey"));
    }

    @Test
    void shouldLeaveNoStepToTheJavaOnThePath() throws IOException {
        try (var poms = Files.walk(Mimir.ROOT, 3)) {
            assertEquals(List.of(), poms.filter(file -> file.endsWith("pom.xml")).filter(FirstBuildTest::takesAnyJava)
                    .toList());
        }
    }

    private static boolean takesAnyJava(Path pom) {
        try {
            return Files.readString(pom).matches("(?s).*<executable>\\s*javac?\\s*</executable>.*");
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** As Maven would run a program there. */
    private int run(String... command) throws IOException, InterruptedException {
        var old = Files.createDirectories(scratch.resolve("old/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho 'this java is too old' >&2\nexit 1\n");
        assertTrue(old.toFile().setExecutable(true));
        var shell = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\""));
        shell.addAll(List.of(command));
        var builder = new ProcessBuilder(shell).redirectErrorStream(true)
                .redirectOutput(scratch.resolve("out.txt").toFile());
        builder.environment().put("PATH", old.getParent() + ":/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MIMIR_JAVA_HOME");
        var process = builder.start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), this::said);
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String said() {
        try {
            return Files.readString(scratch.resolve("out.txt"));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
