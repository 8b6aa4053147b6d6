// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How JVMs of trials are started. Immutable. */
public final class Jvm {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch",
            "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // Agrona and Aeron do not start without it
            "-Dagrona.disable.bounds.checks=true"); // as their own benchmarks run
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC"); // there may be one
    private static final List<String> HANDED_ON = List.of("mimir.root", "mimir.bench.native");

    private Jvm() {
    }

    /** The flags that every trial has. */
    public static List<String> flags() {
        return FLAGS;
    }

    /** A command that starts {@code main} with the class path of this process. */
    public static ProcessBuilder command(Class<?> main, List<String> flags, List<String> arguments) {
        var words = new ArrayList<String>();
        words.add(JAVA.toString());
        FLAGS.stream().filter(flag -> !COLLECTOR.matcher(flag).matches() || flags.stream().noneMatch(other ->
                COLLECTOR.matcher(other).matches())).forEach(words::add);
        words.addAll(flags);
        for (var property : HANDED_ON) {
            if (System.getProperty(property) != null) {
                words.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(arguments);
        return new ProcessBuilder(words).redirectInput(new File("/dev/null"));
    }
}
