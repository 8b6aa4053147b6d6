// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScenariosTest {
    @Test
    void shouldReadAllThatComeAlong() {
        assertThat(Scenarios.NAMES).allSatisfy(name -> assertThat(Scenarios.builtIn(name).name()).isEqualTo(name));
    }

    @Test
    void shouldGiveTheSameItemsForTheSameSeed() {
        var one = new Device(Scenarios.builtIn("b1"), 3);
        var same = new Device(Scenarios.builtIn("b1"), 3);
        var other = new Device(Scenarios.builtIn("b1"), 4);
        for (int i = 0; i < 1000; i++) {
            assertThat(one.next() && same.next() && other.next()).isTrue();
            assertThat(one.hostNs()).isEqualTo(same.hostNs()).isNotEqualTo(other.hostNs());
            assertThat(one.deviceTime()).isEqualTo(same.deviceTime());
        }
    }

    @Test
    void shouldDriftDelayAndDeliverOnTheGridAsTold() {
        var device = new Device(Scenarios.parse("s", """
                {"kind": "camera", "seconds": 100, "drift": {"ppm": 50}, "delay": {"floorUs": 5},
                 "gridUs": 4000}"""), 1);
        device.next();
        long begin = device.hostNs();
        long ticks = device.deviceTime();
        for (int i = 0; i < 3000; i++) {
            device.next();
            assertThat((device.hostNs() - begin) % 4_000_000).isIn(0L, 1L, 3_999_999L);
            assertThat(device.error(device.hostNs())).isBetween(5e3 - 1, 4_005e3 + 1);
        }
        double passed = device.hostNs() - begin;
        assertThat(passed / (1e3 * (device.deviceTime() - ticks))).isCloseTo(1 + 50e-6, within(1e-4));
        assertThat(device.rate()).isCloseTo(50e-6, within(1e-12));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowWithASentence() {
        refuses("{\"speed\": 3}", "s: there is no member 'speed'; there are name, about, kind, seconds, tickHz, "
                + "itemTicks, drift, delay, stalls, ready, gridUs, missing, busy, steps");
        refuses("{\"missing\": 2}", "s: missing is a number from 0 to 0.9, not 2");
        refuses("{\"kind\": \"radio\"}", "kind is audio or camera, not radio");
        refuses("{\"steps\": [{\"when\": 3}]}", "s, steps: there is no member 'when'; there are atS, byUs, lostItems, "
                + "phaseUs");
        refuses("[]", "s is not an object");
        assertThatThrownBy(() -> Scenarios.parse("s", "{")).isInstanceOf(BadUseException.class)
                .hasMessageStartingWith("s is no JSON: ");
    }

    @Test
    void shouldAnswerBadUseWithStatusTwo() {
        assertThat(run("--seeds", "0")).startsWith("2 --seeds is a number from 1 to 999, not 0");
        assertThat(run("--scenario", "nowhere.json")).startsWith("2 there is no scenario nowhere.json");
        assertThat(run("--json")).startsWith("2 --json needs a value; usage: ./mimir sync-bench");
        assertThat(run("--fast", "1")).startsWith("2 there is no option --fast");
        assertThat(run("--help")).startsWith("0 usage: ./mimir sync-bench");
    }

    private static void refuses(String text, String message) {
        assertThatThrownBy(() -> Scenarios.parse("s", text)).isInstanceOf(BadUseException.class).hasMessage(message);
    }

    private static String run(String... words) {
        var text = new ByteArrayOutputStream();
        var out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status = Main.run(words, out, out);
        return status + " " + text.toString(StandardCharsets.UTF_8);
    }
}
