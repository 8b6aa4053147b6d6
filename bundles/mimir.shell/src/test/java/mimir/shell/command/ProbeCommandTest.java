// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The probe on real rings: one that a thread writes, and one that nobody does. */
@Timeout(30)
class ProbeCommandTest {
    private static final RingFormat FORMAT = PixelFormat.GREY.packed(16, 16, 0, 500, 1, 0);

    private final RingStore rings = new RingStore(Map.of());
    private final RingOwner busy = open("cam.1");
    private final RingOwner silent = open("cam.2");
    private final Services services = new Told(source("cam.1", busy), source("cam.2", silent));
    private final List<String> progress = new ArrayList<>();
    private final Thread writer = Thread.ofPlatform().daemon().start(this::write);
    private volatile boolean over;

    /** One of them tells where it is. */
    private static final class Told extends FakeServices {
        Told(Object... services) {
            super(services);
        }

        @Override
        public <T> List<Map<String, Object>> properties(Class<T> type) {
            return type != Source.class ? List.of() : List.of(Map.of(SourceProperties.ID, "cam.1",
                    SourceProperties.PATH, "1-2", SourceProperties.LINK, "USB high speed, bus 1"));
        }
    }

    private record Frames(String id, String device, String driver, Ring ring, RingFormat format)
            implements FrameSource {
    }

    private RingOwner open(String id) {
        return rings.open(new RingSpec(id, Abi.ITEM_FRAME, 500, FORMAT.payloadBytes(), FORMAT, RingSpec.Writer.JAVA),
                "test");
    }

    private static Source source(String id, RingOwner owner) {
        return new Frames(id, "a lens", "mimir.driver.none", owner.ring(), FORMAT);
    }

    private void write() {
        for (long sequence = 0; !over; sequence++) {
            var to = busy.writer();
            to.claim();
            to.descriptor().sequence(sequence).hostTimeNs(HostClock.nowNs()).shape(busy.formatId(), 16, 16, 256);
            to.commit();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        over = true;
        writer.join();
        assertThat(busy.ring().stats().readers()).as("readers that nobody closed").isEmpty();
        busy.close();
        silent.close();
        rings.close();
    }

    private Answer run(String words) {
        var command = new ProbeCommand(services);
        return command.run(command.syntax().parse(List.of(words.split(" "))), progress::add);
    }

    @Test
    void shouldTellWhatASourceSendsAndHowItIsConnected() throws Exception {
        var answer = run("cam.1 --warm-up 50ms --for 300ms --json");

        var row = (Map<?, ?>) JSON.std.listFrom(answer.text()).getFirst();
        assertThat(row.get("source")).isEqualTo("cam.1");
        assertThat(row.get("askedHz")).isEqualTo(500.0);
        assertThat(((Number) row.get("measuredHz")).doubleValue()).isBetween(1.0, 1000.0);
        assertThat(((Number) row.get("rateP99Hz")).doubleValue()).isLessThanOrEqualTo(
                ((Number) row.get("rateP50Hz")).doubleValue());
        assertThat(row.get("missing")).isEqualTo(0);
        assertThat(List.of(row.get("path"), row.get("link"))).containsExactly("1-2", "USB high speed, bus 1");
        assertThat(answer.failure()).isNull();
        assertThat(progress).isEmpty();
    }

    @Test
    void shouldSayWhoSentNothingAndHowFarItIs() {
        LockSupport.parkNanos(1);
        var answer = run("cam.2 --warm-up 1s --for 1100ms");

        assertThat(answer.failure()).isEqualTo("cam.2 sent nothing after the warm-up; sources says why");
        assertThat(answer.text().lines().toList().getLast()).startsWith("cam.2  ").endsWith("-");
        assertThat(progress).startsWith("probing 1 source: 0 of 2 s");
    }

    @Test
    void shouldTellWhatItSawWhenItIsStopped() {
        Thread.currentThread().interrupt();
        var answer = run("cam.1 --for 1h");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.failure()).matches("probe was stopped 360\\d\\.\\d s before its end");
    }

    @Test
    void shouldRefuseWhatIsNoSource() {
        assertThatThrownBy(() -> run("cam.7")).isInstanceOf(BadInputException.class)
                .hasMessage("there is no source 'cam.7'; there are cam.1 and cam.2");
        assertThatThrownBy(() -> run("cam.1 --for never")).isInstanceOf(BadInputException.class);
        assertThat(new ProbeCommand(services).candidates(null, List.of())).containsExactly("cam.1", "cam.2");
    }
}
