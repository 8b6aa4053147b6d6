// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.DeviceIdentity;
import mimir.driver.sim.Scenario.Happening;
import mimir.driver.sim.Scenario.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioTest {
    private static final long MS = 1_000_000;

    private static Scenario camera(String json) {
        return ScenarioReader.read("cam", ScenarioReader.CAMERA, json);
    }

    private static Scenario audio(String json) {
        return ScenarioReader.read("mic", ScenarioReader.AUDIO, json);
    }

    @Test
    void shouldFillInTheReferenceLoad() {
        var picture = camera("{}").mode();
        var block = audio("{}").mode();

        assertThat(picture.device()).isEqualTo("simulated camera 640x480 YUYV");
        assertThat(picture.itemsPerSecond()).isEqualTo(60);
        assertThat(picture.format().payloadBytes()).isEqualTo(640 * 480 * 2);
        assertThat(picture.format().deviceTickHz()).isEqualTo(1_000_000);
        assertThat(block.itemsPerSecond()).isEqualTo(3000);
        assertThat(block.format().payloadBytes()).isEqualTo(8 * 64 * 4);
    }

    @Test
    void shouldReadEveryMember() {
        var scenario = camera("""
                {"seed": 7, "mode": {"width": 320, "height": 240, "format": "NV12"}, "rateHz": 29.97, "phaseMs": 2.5,
                 "clock": {"driftPpm": -12.5, "wanderPpm": 3, "wanderPeriodS": 120, "tickHz": 90000,
                           "steps": [{"atS": 4, "byMs": -20}]},
                 "jitter": {"delayUs": 300, "medianUs": 40, "sigma": 0.7, "tailProbability": 0.01, "tailMeanUs": 900},
                 "batchMs": 4, "missing": {"probability": 0.001, "sequences": [3, 4]},
                 "stalls": [{"atS": 1, "forMs": 200}, {"atS": 2, "forMs": 100, "items": "late"}],
                 "unplugs": [{"atS": 3, "forS": 0.5, "port": "usb-2"}],
                 "events": {"periodMs": 500}, "hangOnStop": true}""");

        assertThat(scenario.seed()).isEqualTo(7);
        assertThat(scenario.mode().format().rateNumerator()).isEqualTo(29970);
        assertThat(scenario.clock()).isEqualTo(new Scenario.Clock(-12.5, 3, 120));
        assertThat(scenario.jitter()).isEqualTo(new Scenario.Jitter(300, 40, 0.7, 0.01, 900));
        assertThat(scenario.missing()).isEqualTo(new Scenario.Missing(0.001, List.of(3L, 4L)));
        assertThat(scenario.hangOnStop()).isTrue();
        assertThat(scenario.identity(0)).isEqualTo(new DeviceIdentity("simulated camera", "SIM-00017FCF", "sim/cam"));
        assertThat(scenario.identity(1)).isEqualTo(scenario.identity(0).at("usb-2"));
        assertThat(scenario.moments()).containsExactly(
                new Moment(Happening.STALL_LOST, 1000 * MS, 200 * MS), new Moment(Happening.STALL_LATE, 2000 * MS,
                100 * MS),
                new Moment(Happening.UNPLUG, 3000 * MS, 500 * MS), new Moment(Happening.STEP, 4000 * MS, -20 * MS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                               | cam: scenario is not valid JSON: Unexpected end-of-input
            []                              | cam: scenario must be a JSON object in braces
            {"rateHz":60,"rateHz":30}       | cam: scenario is not valid JSON: Duplicate field 'rateHz'
            {"rate":60}                     | cam: scenario: there is no member 'rate'; there are seed, clock, mode
            {"rateHz":"fast"}               | cam: scenario.rateHz must be a number, not the text "fast"
            {"rateHz":5000}                 | cam: scenario.rateHz is 5000, but it must be from 0.1 to 1000
            {"seed":-1}                     | cam: scenario.seed is -1, but it must be from 0 to
            {"mode":7}                      | cam: scenario.mode must be an object in braces, not 7
            {"mode":{"channels":2}}         | cam: scenario.mode: there is no member 'channels'; there are width, height
            {"mode":{"width":641}}          | cam: scenario.mode: YUYV needs an even width, not 641
            {"mode":{"width":32}}           | cam: scenario.mode.width is 32, but it must be from 64 to 8192
            {"mode":{"height":17,"format":"NV12"}} | cam: scenario.mode: NV12 needs an even height, not 17
            {"mode":{"format":"MJPEG"}}     | cam: scenario.mode.format is MJPEG; give one of GREY, YUYV, YUV444, NV12
            {"mode":{"width":8192,"height":8192},"rateHz":500} | cam: scenario: half a second of it takes 32.0 GiB
            {"clock":{"drift":1}}           | cam: scenario.clock: there is no member 'drift'; there are tickHz, drift
            {"clock":{"wanderPeriodS":9}}   | cam: scenario.clock: wanderPeriodS without wanderPpm means nothing; give
            {"clock":{"steps":[{"atS":1}]}} | cam: scenario.clock.steps[0].byMs is missing; give it from -60000 to
            {"jitter":{"tailProbability":1}} | cam: scenario.jitter: tailProbability and tailMeanUs go together; give
            {"missing":{"sequences":[-2]}}  | cam: scenario.missing.sequences must hold whole numbers from 0 on, not -2
            {"missing":{"sequences":3}}     | cam: scenario.missing.sequences must be an array in brackets, not 3
            {"stalls":[3]}                  | cam: scenario.stalls[0] must be an object in braces, not 3
            {"stalls":[{"atS":1,"forMs":2,"items":"x"}]} | cam: scenario.stalls[0].items is x; give one of lost, late
            {"unplugs":[{"forS":1}]}        | cam: scenario.unplugs[0].atS is missing; give it from 0 to 86400
            {"events":{"periodMs":5}}       | cam: scenario.events: periodMs is 5.0, but events need at least 100 ms
            {"hangOnStop":1}                | cam: scenario.hangOnStop must be true or false, not 1
            """)
    void shouldSayWhatIsWrongWithACamera(String json, String sentence) {
        assertThatThrownBy(() -> camera(json)).isInstanceOf(BadInputException.class).message().startsWith(sentence)
                .doesNotContain("\n");
    }

    @Test
    void shouldRefuseFaultsThatOverlap() {
        assertThatThrownBy(() -> camera("{\"stalls\":[{\"atS\":1,\"forMs\":200},{\"atS\":1.1,\"forMs\":5}]}"))
                .hasMessage("cam: scenario: two stalls overlap at 1.100 s; begin the second when the first is over");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"mode":{"width":640}}       | mic: scenario.mode: there is no member 'width'; there are channels
            {"mode":{"channels":0}}      | mic: scenario.mode.channels is 0, but it must be from 1 to 64
            {"rateHz":44100.5}           | mic: scenario.rateHz must be a whole number, not 44100.5
            {"mode":{"blockFrames":16},"rateHz":768000} | mic: scenario.mode: blocks of 16 frames at 768000 Hz are
            {"clock":{"tickHz":1000}}    | mic: scenario.clock: there is no member 'tickHz'; there are driftPpm
            """)
    void shouldSayWhatIsWrongWithAnAudioDevice(String json, String sentence) {
        assertThatThrownBy(() -> audio(json)).isInstanceOf(BadInputException.class).message().startsWith(sentence);
    }

    @Test
    void shouldPlanOneDeviceForAnEntry() {
        var planned = SimDriver.check(Map.of("id", "sim.camera.1", "kind", "camera", "scenario", "{\"seed\":3}"));

        assertThat(planned).containsExactlyInAnyOrderEntriesOf(Map.of("id", "sim.camera.1", "kind", "camera",
                "scenario", "{\"seed\":3}", "ring.bytes", 39_337_984L, "ring.seconds", 64 / 60.0));
    }

    @Test
    void shouldRefuseEntriesThatAreNoDevice() {
        assertThatThrownBy(() -> SimDriver.check(Map.of("kind", "camera")))
                .hasMessage("mimir.driver.sim: a simulated device needs an id of 1 to 127 bytes, such as sim.camera.1");
        assertThatThrownBy(() -> SimDriver.check(Map.of("id", "a")))
                .hasMessage("a: kind is missing; give one of camera, audio");
        assertThatThrownBy(() -> SimDriver.check(Map.of("id", "a", "kind", "midi")))
                .hasMessage("a: kind is midi; give one of camera, audio");
        assertThatThrownBy(() -> SimDriver.check(Map.of("id", "a", "kind", "audio", "mode", "{}")))
                .hasMessage("a: there is no member 'mode'; there are id, kind, scenario");
    }
}
