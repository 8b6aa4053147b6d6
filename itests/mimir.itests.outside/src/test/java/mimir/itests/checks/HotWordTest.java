// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The memory orders of the ring as they are written, and that each of them would be missed: every acquire, release,
 * volatile access and fence is weakened once, in a copy of the source.
 *
 * <p>Threads: confined.
 */
class HotWordTest {
    private static final Map<String, String> WEAKER = Map.ofEntries(Map.entry("getAcquire", "getOpaque"),
        Map.entry("getVolatile", "getAcquire"), Map.entry("setRelease", "setOpaque"),
        Map.entry("setVolatile", "setRelease"), Map.entry("getAndAdd", "getAndAddRelease"),
        Map.entry("getAndSet", "getAndSetAcquire"), Map.entry("getOpaque", "get"), Map.entry("setOpaque", "set"),
        Map.entry("compareAndSet", "weakCompareAndSetPlain"), Map.entry("acquire", "RELAXED"),
        Map.entry("release", "RELAXED"), Map.entry("acq_rel", "ACQUIRE"), Map.entry("seq_cst", "ACQ_REL"));
    private static final HotWordCheck CHECK = new HotWordCheck(HotWords.parse(lines("cnf/hot-words")));
    private static final Map<String, String> SOURCES = sources();
    private static final Map<String, List<HotAccess>> ACCESSES = CHECK.accesses(SOURCES);

    /** One access of one source, weakened. */
    record Weakened(String source, HotAccess access, String by) {
        @Override
        public String toString() {
            return access + " -> " + (by.isEmpty() ? "nothing" : by);
        }
    }

    @Test
    void shouldFindTheSourcesAsTheTableSays() {
        assertThat(CHECK.offences(SOURCES)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldFindEachOrderThatIsWeakened(Weakened weakened) {
        var text = SOURCES.get(weakened.source);
        var copy = text.substring(0, weakened.access.from()) + weakened.by + text.substring(weakened.access.to());
        var accesses = new TreeMap<>(ACCESSES);
        accesses.put(weakened.source, CHECK.accesses(weakened.source, copy));

        assertThat(CHECK.offencesOf(accesses)).isNotEmpty();
    }

    static List<Weakened> shouldFindEachOrderThatIsWeakened() {
        return ACCESSES.entrySet().stream().flatMap(source -> source.getValue().stream()
            .flatMap(access -> weakened(source.getKey(), access))).toList();
    }

    private static Stream<Weakened> weakened(String source, HotAccess access) {
        boolean java = source.endsWith(".java");
        if (access.word().isEmpty() && java) {
            return Stream.of(new Weakened(source, access, ""));
        }
        if (!CHECK.rules().orders(access)) {
            return Stream.empty(); // a number that orders nothing
        }
        var order = access.mode().substring(access.mode().lastIndexOf('.') + 1);
        return WEAKER.containsKey(order) ? Stream.of(new Weakened(source, access, WEAKER.get(order))) : Stream.empty();
    }

    @Test
    void shouldFindTheMarkClearedAfterTheDoorbell() {
        var bell = "        int before = (int) Abi.INT.getAndAdd(memory, Abi.H_DOORBELL, 1);\n";
        var mark = "        Abi.INT.setVolatile(hints, Abi.W_WAITERS, 0);\n";
        var rules = HotWords.parse(List.of("word waiters setVolatile |", "word doorbell getAndAdd |",
            "in Bell.ring waiters.setVolatile doorbell.getAndAdd"));

        assertThat(new HotWordCheck(rules).offences(Map.of("Bell.java", inMethod(mark + bell)))).isEmpty();
        assertThat(new HotWordCheck(rules).offences(Map.of("Bell.java", inMethod(bell + mark)))).hasSize(1);
    }

    @Test
    void shouldFindAWordThatTheTableDoesNotName() {
        var rules = HotWords.parse(List.of());
        var sources = Map.of("Bell.java", inMethod("Abi.INT.getAcquire(m, Abi.H_STATE);\n"));

        assertThat(new HotWordCheck(rules).offences(sources))
            .singleElement().asString().contains("Bell.ring").contains("does not know the word");
    }

    @Test
    void shouldFindAPlainAccessToAHotWord() {
        var rules = HotWords.parse(List.of("word head getAcquire | load.acquire"));
        var java = inMethod("Abi.getLong(memory, Abi.H_HEAD);\nmemory.get(Abi.LE_LONG, Abi.H_HEAD);\n");
        var c = "static int look(const mimir_ring_reader *r) {\n    return r->header->head != 0;\n}\n";

        assertThat(new HotWordCheck(rules).offences(Map.of("Bell.java", java, "bell.c", c))).hasSize(3);
    }

    private static String inMethod(String body) {
        return "class Bell {\n    void ring() {\n" + body + "    }\n}\n";
    }

    private static Map<String, String> sources() {
        var sources = new TreeMap<String, String>();
        add(sources, Workspace.ROOT.resolve("bundles/mimir.ring/src/main/java/mimir/ring"), ".java");
        add(sources, Workspace.ROOT.resolve("native-fragments/ring/src"), ".c");
        return sources;
    }

    private static void add(Map<String, String> sources, Path folder, String suffix) {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
                sources.put(folder.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Workspace.ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
