// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.source.Control;
import mimir.api.source.Controls;
import mimir.engine.rig.TestRigs;
import mimir.engine.work.Recorder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceDirectoryTest {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(100);

    private DeviceDirectory directory;

    @BeforeEach
    void open() throws IOException {
        directory = new DeviceDirectory(TestRigs.none(), null, new Recorder().log());
    }

    /** An incarnation of a device with one control. Thread-safe. */
    private static final class Lamp implements Controls {
        private final Runnable whileWriting;
        private volatile long gain;

        Lamp(Runnable whileWriting) {
            this.whileWriting = whileWriting;
        }

        @Override
        public String id() {
            return "lamp";
        }

        @Override
        public List<Control> read() {
            return List.of(Control.whole("gain", 0, 100, "", gain, "how bright"));
        }

        @Override
        public void write(Map<String, Object> values) {
            gain = (Long) values.get("gain");
            whileWriting.run();
        }
    }

    @Test
    void shouldSetAgainWhatWasSet() {
        directory.addControls(new Lamp(() -> { }), Map.of());
        directory.set("lamp", Map.of("gain", "7"));
        var next = new Lamp(() -> { });
        directory.addControls(next, Map.of());

        assertThat(next.gain).isEqualTo(7);
    }

    @Test
    void shouldSetAgainWhatIsSetWhileTheNextIncarnationComes() throws InterruptedException {
        var next = new Lamp(() -> { });
        var comes = new AtomicReference<Thread>();
        directory.addControls(new Lamp(() -> {
            comes.set(Thread.ofPlatform().start(() -> directory.addControls(next, Map.of())));
            try {
                comes.get().join(LONG_ENOUGH); // it would be there by now if nothing kept it
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }), Map.of());

        directory.set("lamp", Map.of("gain", "7"));
        comes.get().join();

        assertThat(next.gain).isEqualTo(7);
    }
}
