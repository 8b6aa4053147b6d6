// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./mimir read} and its C twin beside a running platform. */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class ReadTest {
    private static final Path EXAMPLE = Mimir.ROOT.resolve("native-fragments/examples/target/mimir_read");

    @TempDir
    Path scratch;

    private Mimir mimir(String name, String... words) throws IOException {
        return Mimir.with(Files.createDirectories(scratch.resolve(name)), words).environment("MIMIR_MANIFESTS",
                scratch.resolve("manifests").toString());
    }

    @Test
    void shouldReadFramesAndAudioInPlaceFromOtherProcesses() throws IOException {
        var platform = running();
        try {
            mimir("list", "read").run().exits(0).printed("sim.camera.1");
            var one = mimir("one", "read", "sim.camera.1", "--for", "1s", "--verify", "--json").start();
            var two = mimir("two", "read", "sim.camera.1", "--for", "1s", "--verify").start();
            var audio = mimir("audio", "read", "sim.audio.1", "--for", "1s", "--verify").start();
            var c = mimir("c").instead(EXAMPLE, "sim.audio.1", "--for", "1", "--verify").start();
            var nobody = mimir("nobody", "read", "no.such.ring").run();

            one.await(Duration.ofSeconds(30)).exits(0).printed("\"bytesCopied\":0,\"route\":\"shared\",\"hops\":1");
            for (var reader : new Mimir[] {two, audio, c}) {
                reader.await(Duration.ofSeconds(30)).exits(0).printed("0 wrong checksums").printed("1 hop, shared");
                assertTrue(!reader.out().contains("\n0 items"), reader::out);
            }
            nobody.exits(2).says("there is no ring 'no.such.ring'; there are sim.audio.1, sim.camera.1");
        } finally {
            platform.process().destroyForcibly();
        }
    }

    @Test
    void shouldTellTheDeathOfThePlatform() throws Exception {
        var platform = running();
        var reader = mimir("reader", "read", "sim.camera.1").start();
        reader.until(() -> reader.out().contains(" live\n"), Duration.ofSeconds(20), "it reads nothing");
        platform.process().destroyForcibly();
        reader.await(Duration.ofSeconds(40)).exits(1).says("is gone without ending its ring");
        mimir("none", "read").run().exits(1).says("start a platform first");

        mimir("next", "exec", "--rig", "tiny", "rings").run().exits(0);
        assertEquals(false, Files.exists(scratch.resolve("manifests")));
    }

    private Mimir running() throws IOException {
        return mimir("platform", "run", "--rig", "tiny", "--for", "60s").asShipped().start().untilItSays("running");
    }
}
