// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.analysis.types.Grey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.log.Logger;

/** Native stages whose bundle goes at any moment. Threads: confined. */
class StagesLifeTest {
    static final Path LIBRARY = Path.of("target/native/libmimir_analysis.so");

    /** Nobody looks at its log. */
    static Logger silent() {
        return (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> null);
    }

    private static boolean isMapped(Path library) throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains(library.getFileName().toString());
    }

    @Test
    void shouldUnloadWithTheLastState(@TempDir Path directory) throws Exception {
        var file = Files.copy(LIBRARY, directory.resolve("lib_unload.so"));
        var library = new AnalysisLibrary(file, silent());
        var left = new GreyAnalyzer(library);
        left.begin(new Bench.At(Studio.PICTURES, Map.of()));
        assertThat(isMapped(file)).isTrue();

        library.close();

        assertThat(isMapped(file)).isFalse();
        left.close();
        assertThatThrownBy(() -> left.begin(new Bench.At(Studio.PICTURES, Map.of())))
            .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldEndUnderLoadWithoutHarm(@TempDir Path directory) throws Exception {
        for (int round = 0; round < 20; round++) {
            var file = Files.copy(LIBRARY, directory.resolve("lib_load" + round + ".so"));
            var library = new AnalysisLibrary(file, silent());
            var end = new AtomicReference<Throwable>();
            var running = new CountDownLatch(20);
            var load = Thread.ofPlatform().start(() -> lookForEver(library, running, end));
            running.await();

            library.close();
            load.join();

            assertThat(isMapped(file)).isFalse();
            assertThat(end.get()).isInstanceOf(IllegalStateException.class)
                .hasMessage("the native state of the analyser grey is gone with its bundle; attach it again");
        }
    }

    private static void lookForEver(AnalysisLibrary library, CountDownLatch running, AtomicReference<Throwable> end) {
        try (var studio = new Studio(Studio.PICTURES, null);
                var bench = new Bench(Studio.PICTURES, Map.of(), List.of(new GreyAnalyzer(library)))
                    .place(Grey.class, (long) Studio.WIDTH * Studio.HEIGHT);
                var lease = studio.square(1, 5, 5)) {
            while (true) {
                bench.look(lease, 0);
                running.countDown();
            }
        } catch (Exception ended) {
            end.set(ended);
            running.countDown();
        }
    }
}
