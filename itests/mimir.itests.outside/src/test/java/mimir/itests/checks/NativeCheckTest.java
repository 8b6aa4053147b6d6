// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Devices are native and decide nothing; the core decides and touches no device.
 *
 * <p>Threads: confined.
 */
class NativeCheckTest {
    private static final Path FRAGMENTS = Workspace.ROOT.resolve("native-fragments");
    private static final Path PLANTED = Path.of("mimir.driver.sim.native");
    private static final String ENGINE = "mimir.driver.sim.native/src/engine.c";

    @Test
    void shouldFindNothingInTheFragments() {
        assertThat(sources()).containsKeys(ENGINE, "ring/src/writer.c").hasSizeGreaterThan(15);
        assertThat(NativeCheck.offences(sources())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "../mimir.analysis.native/src/flow.c | static int flow_process( | malloc(1); | flow_process calls malloc, on",
        "../mimir.analysis.native/src/track.c | static double structure( | puts(s); | structure calls puts, on",
        "src/device.c | void mimir_sim_device_step( | free(d); | device_step calls free, on the way",
        "src/device.c | static void publish( | pthread_mutex_lock(&m); | publish calls pthread_mutex_lock, on",
        "src/content.c | uint32_t mimir_sim_picture_fill( | printf(\"x\"); | fill calls printf, on the way",
        "src/engine.c | int mimir_sim_add( | realloc(e, 8); | mimir_sim_add calls realloc, which grows",
        "src/engine.c | int mimir_sim_open( | setpriority(0, 0, 1); | open calls setpriority, which is policy",
        "src/engine.c | int mimir_sim_open( | getenv(\"X\"); | mimir_sim_open calls getenv, which is policy",
        "src/engine.c | int mimir_sim_open( | std::deque<int> q; | engine.c uses std::deque"})
    void shouldFindWhatIsPlanted(String file, String function, String offence, String told) {
        var sources = sources();
        sources.computeIfPresent(PLANTED.resolve(file).normalize().toString(),
            (name, text) -> planted(text, function, offence));

        assertThat(NativeCheck.offences(sources)).anyMatch(line -> line.contains(told));
    }

    private static String planted(String text, String function, String offence) {
        int body = text.indexOf(") {\n", text.indexOf(function)) + 4;
        return text.substring(0, body) + "    " + offence + "\n" + text.substring(body);
    }

    /**
     * Two classes ask the operating system for memory and for policy, one calls the kernels of analysis; nobody else
     * outside of drivers calls C.
     */
    @Test
    void shouldFindNoDeviceCodeInTheCore() {
        var callers = Workspace.jars().stream().filter(jar -> !jar.getFileName().toString().startsWith("mimir.driver."))
            .flatMap(jar -> callersOfC(jar).stream()).toList();

        assertThat(callers).containsExactlyInAnyOrder("mimir/ring/Posix.class", "mimir/engine/work/LinuxPolicy.class",
            "mimir/analysis/ProcessorNative.class");
    }

    private static List<String> callersOfC(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class"))
                .filter(name -> callsC(file, name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean callsC(JarFile jar, String entry) {
        try (var bytes = jar.getInputStream(jar.getEntry(entry))) {
            var pool = ClassFile.of().parse(bytes.readAllBytes()).constantPool();
            return StreamSupport.stream(pool.spliterator(), false).anyMatch(constant ->
                constant instanceof ClassEntry type && type.asInternalName().equals("java/lang/foreign/Linker"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> sources() {
        var sources = new TreeMap<String, String>();
        try (var files = Files.walk(FRAGMENTS)) {
            for (var file : files.filter(f -> f.toString().matches(".*/(src|include)/.*\\.(c|h|cc|cpp|hpp)")
                    && !f.toString().contains("/target/")).toList()) {
                sources.put(FRAGMENTS.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }
}
