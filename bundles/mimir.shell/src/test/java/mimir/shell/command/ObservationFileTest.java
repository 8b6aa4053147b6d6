// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.source.FrameSource;
import mimir.api.time.TruthSource;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sync --observations} on real rings, one of them with a truth. */
class ObservationFileTest {
    private static final RingFormat FORMAT = PixelFormat.GREY.packed(16, 16, 0, 500, 1, 1_000_000);

    @TempDir
    Path folder;
    private final RingStore rings = new RingStore(Map.of());
    private final RingOwner told = open("cam.1");
    private final RingOwner untold = open("cam.2");
    private final SyncCommand command = new SyncCommand(new FakeServices(source("cam.1", told),
            source("cam.2", untold), new Truth()));

    private record Frames(String id, String device, String driver, Ring ring, RingFormat format)
            implements FrameSource {
    }

    /** Of the first camera; its first item is too old. */
    private static final class Truth implements TruthSource {
        @Override
        public String id() {
            return "cam.1";
        }

        @Override
        public long trueNs(int epoch, long sequence) {
            return sequence == 0 ? UNKNOWN : 1_000 * sequence;
        }
    }

    private RingOwner open(String id) {
        return rings.open(new RingSpec(id, Abi.ITEM_FRAME, 500, FORMAT.payloadBytes(), FORMAT, RingSpec.Writer.JAVA),
                "test");
    }

    private static FrameSource source(String id, RingOwner owner) {
        return new Frames(id, "a lens", "mimir.driver.none", owner.ring(), FORMAT);
    }

    private static void publish(RingOwner owner, int clock, long sequence) {
        var to = owner.writer();
        to.claim();
        to.descriptor().sequence(sequence).hostTimeNs(7_000_000 + sequence).shape(owner.formatId(), 16, 16, 256)
                .deviceTime(clock, 2_000 * sequence);
        to.commit();
    }

    @AfterEach
    void close() {
        assertThat(told.ring().stats().readers()).as("readers that nobody closed").isEmpty();
        told.close();
        untold.close();
        rings.close();
    }

    private String run(String... words) {
        return command.run(command.syntax().parse(List.of(words)), line -> { }).text();
    }

    @Test
    void shouldWriteWhatClocksSayAndWhatIsTrue() throws Exception {
        for (long sequence = 0; sequence < 3; sequence++) {
            publish(told, Descriptor.CLOCK_TICKS, sequence);
        }
        publish(untold, Descriptor.CLOCK_NONE, 0);
        publish(untold, Descriptor.CLOCK_TICKS, 1);
        var file = folder.resolve("run.txt");

        assertThat(run("--observations", file.toString(), "--for", "1ms")).startsWith("4 observations of 2 sources");

        assertThat(Files.readAllLines(file)).containsExactly("mimir.observations 1", "clock 0 1000000.0 cam.1",
                "0 1 0 7000000", "0 1 2000 7000001 1000", "0 1 4000 7000002 2000", "clock 1 1000000.0 cam.2",
                "1 1 2000 7000001");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        assertThatThrownBy(() -> run("--observations", "x")).isInstanceOf(BadInputException.class)
                .hasMessage("sync --observations FILE --for DURATION goes with a source and nothing else");
        assertThatThrownBy(() -> run("mic", "--observations", "x", "--for", "1s"))
                .isInstanceOf(BadInputException.class).hasMessageContaining("mic");
        assertThatThrownBy(() -> run("--observations", folder.toString(), "--for", "1s"))
                .isInstanceOf(BadInputException.class).hasMessageContaining("is a folder");
    }
}
