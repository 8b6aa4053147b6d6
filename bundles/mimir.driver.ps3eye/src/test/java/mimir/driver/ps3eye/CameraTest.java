// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.Control;
import mimir.api.source.DeviceIdentity;
import mimir.ring.Abi;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of a camera, from a rig without one to the end. */
class CameraTest {
    private static final long GONE = 3;
    private static final long HALTED = 4;

    private final RingStore rings = new RingStore(Map.of());
    private final FakeEyes eyes = new FakeEyes();
    private final List<String> told = new ArrayList<>();
    private Camera camera;

    @AfterEach
    void close() {
        rings.close();
    }

    private void begin(Object... members) {
        camera = new Camera(Table.settings("eye.1", members), eyes, eyes, spec -> rings.open(spec, "test"),
                new Notes());
        camera.look();
    }

    /** Writes down what it is told. */
    private final class Notes implements Camera.Told {
        @Override
        public void published(Camera opened, DeviceIdentity identity) {
            told.add("published " + identity.path());
            eyes.done.add("published");
        }

        @Override
        public void moved(DeviceIdentity identity) {
            told.add("moved '" + identity.path() + "'");
        }

        @Override
        public void fault(String sentence) {
            told.add("fault " + sentence);
        }

        @Override
        public void runs(String sentence) {
            told.add(sentence);
        }

        @Override
        public void warn(String sentence) {
            told.add(sentence);
        }
    }

    @Test
    void shouldWaitForACameraAndStartItWithWhatTheRigSets() {
        begin("controls", "{\"exposure\":9}");
        camera.look();
        assertThat(told).containsExactly(
                "fault no PS3 Eye (USB 1415:2000) is plugged in; plug it in, and it starts by itself");
        assertThat(eyes.places().refusals()).containsOnlyKeys("eye.1");

        eyes.plugged.add(Table.eye("1-1", ""));
        camera.look();
        assertThat(eyes.done).containsExactly("add 1-1", "set [9]", "published", "start");
        assertThat(told.subList(1, 4)).containsExactly("fault ", "published 1-1",
                "runs at 1-1: 640x480 BAYER_GRBG8 60 Hz");
        assertThat(eyes.places().refusals()).isEmpty();
        assertThat(camera.close()).isTrue();
    }

    @Test
    void shouldComeBackAtAnotherPort() {
        eyes.plugged.add(Table.eye("1-1", ""));
        begin();
        told.clear();
        eyes.plugged.clear();
        eyes.state(GONE);
        camera.look();
        camera.look();
        assertThat(told).containsExactly("was unplugged at 1-1", "moved ''",
                "does not run: no PS3 Eye (USB 1415:2000) is plugged in; plug it in, and it starts by itself");

        eyes.plugged.add(Table.eye("2-4", ""));
        camera.look();
        assertThat(eyes.done).endsWith("attach 2-4", "start");
        assertThat(told).endsWith("moved '2-4'", "runs at 2-4: 640x480 BAYER_GRBG8 60 Hz");
        assertThat(camera.close()).isTrue();
        assertThat(rings.find("eye.1").orElseThrow().stats().state()).isEqualTo(Abi.STATE_ENDED);
    }

    /** The system still lists a camera whose transfers have ended already. */
    @Test
    void shouldBeNowhereWhenItWentBeforeItWasOpenedAgain() {
        eyes.plugged.add(Table.eye("1-1", ""));
        begin();
        eyes.state(GONE);
        eyes.refusal = "the camera at 1-1 was unplugged just now";
        camera.look();
        assertThat(told).endsWith("was unplugged at 1-1", "moved ''");
        assertThat(camera.pauseNs()).isBetween(1L, 100_000_000L);
        camera.look();
        assertThat(told).endsWith("moved '1-1'", "does not run: the camera at 1-1 was unplugged just now");

        eyes.plugged.clear();
        camera.look();
        assertThat(told.subList(told.size() - 2, told.size()).getFirst()).isEqualTo("moved ''");
        assertThat(camera.link()).isEmpty();
        eyes.refusal = "";
        assertThat(camera.close()).isTrue();
    }

    @Test
    void shouldRestLongerEachTimeThatItHalts() {
        eyes.plugged.add(Table.eye("1-1", ""));
        begin();
        long last = 0;
        for (int halts = 0; halts < 4; halts++) {
            eyes.state(HALTED);
            camera.look();
            assertThat(camera.pauseNs()).isGreaterThan(last);
            last = camera.pauseNs();
            camera.look();
        }
        assertThat(eyes.done).filteredOn("start"::equals).hasSize(5);
        assertThat(camera.close()).isTrue();
    }

    @Test
    void shouldKeepItsRingAndItsRoomOnTheBusWhenItCannotBeOpened() {
        eyes.plugged.add(Table.eye("1-1", ""));
        eyes.refusal = "the camera at 1-1 is used by another program; end that one, and this starts by itself";
        begin();
        assertThat(told).containsExactly("fault " + eyes.refusal);
        assertThat(eyes.places().planner(eyes.plugged, null).taken(1)).isZero();

        eyes.refusal = "";
        camera.look();
        assertThat(camera.owner().epoch()).isEqualTo(1);
        assertThat(eyes.places().planner(eyes.plugged, null).taken(1)).isEqualTo(18_540_720);
        eyes.hangs = true;
        assertThat(camera.close()).isFalse();
        assertThat(rings.find("eye.1").orElseThrow().stats().state()).isEqualTo(Abi.STATE_PARKED);
    }

    @Test
    void shouldSetControlsInOneBatchOrNone() {
        eyes.plugged.add(Table.eye("1-1", ""));
        begin();
        var controls = new Ps3EyeControls("eye.1", eyes, camera.handle(), Table.KNOBS, Map.of());
        assertThat(controls.read()).extracting(Control::value).containsExactly(120L, true);
        controls.write(Map.of("agc", false, "exposure", 200L));
        assertThat(eyes.done).endsWith("set [200, 0]");
        assertThat(controls.read()).extracting(Control::value).containsExactly(200L, false);
        assertThatThrownBy(() -> controls.write(Map.of("agc", true, "exposure", 256L)))
                .isInstanceOf(BadInputException.class)
                .hasMessage("exposure cannot be '256': give a whole number, 0 to 255");
        assertThatThrownBy(() -> controls.write(Map.of("zoom", 1L))).hasMessage("eye.1 has no control 'zoom'");
        assertThat(eyes.done).filteredOn(one -> one.startsWith("set")).hasSize(1);
        assertThat(camera.close()).isTrue();
        controls.close();
        assertThatThrownBy(controls::read).hasMessage("eye.1 is gone; look for it with sources");
    }
}
