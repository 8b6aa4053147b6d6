// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Two rings side by side on one machine, each in a JVM of its own: whatever the machine is, it is the same for both.
 * They take turns of some ms, and each turn opens a new ring, because where the system puts it decides by chance which
 * cache lines it shares (0.79 to 1.35 x for equal work). The least time of each counts. Immutable.
 *
 * @param before class path of the ring to compare with
 * @param now class path of the ring that is judged
 * @param burden percent of the items of {@code now} that go twice and count once: a planted regression
 */
record Contest(String before, String now, int burden) {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    /** The compiler is waited for, so that it makes the same code in nearly every JVM. */
    private static final List<String> FLAGS = List.of("-Xbatch", "-XX:+UseSerialGC", "-Xms64m", "-Xmx64m",
            "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED");

    /**
     * What an item costs on one way. Immutable.
     *
     * @param beforeNs with the ring to compare with
     * @param nowNs with the ring that is judged
     */
    record Cost(double beforeNs, double nowNs) {
        Cost least(Cost other) {
            return new Cost(Math.min(beforeNs, other.beforeNs), Math.min(nowNs, other.nowNs));
        }
    }

    /** What each way costs in two fresh JVMs, the least in so many rings. Blocks for a second or two. */
    Map<Way, Cost> run(int places) throws IOException {
        try (var ofBefore = new Side(before, 0); var ofNow = new Side(now, burden)) {
            for (var way : Way.values()) { // what is still being compiled need not take turns
                ofBefore.ask(way);
                ofNow.ask(way);
            }
            for (var way : Way.values()) {
                ofBefore.answer();
                ofNow.answer();
            }
            var costs = new EnumMap<Way, Cost>(Way.class);
            for (int place = 0; place < places; place++) {
                for (var way : Way.values()) {
                    ofBefore.ask(way);
                    double beforeNs = ofBefore.answer();
                    ofNow.ask(way);
                    costs.merge(way, new Cost(beforeNs, ofNow.answer()), Cost::least);
                }
            }
            return costs;
        }
    }

    /** One JVM. Confined. */
    private static final class Side implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Side(String classPath, int burden) throws IOException {
            var words = new ArrayList<>(List.of(JAVA.toString()));
            words.addAll(FLAGS);
            words.addAll(List.of("-cp", classPath, RoutingCost.class.getName(), Integer.toString(burden)));
            process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void ask(Way way) throws IOException {
            process.getOutputStream().write((way + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        double answer() throws IOException {
            var ns = answers.readLine();
            if (ns == null) {
                throw new IOException("a JVM that measures the ring ended; it says why on standard error. Where the"
                        + " interface of the baseline no longer fits, cnf/baseline/README.md tells how to replace it");
            }
            return Double.parseDouble(ns);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
