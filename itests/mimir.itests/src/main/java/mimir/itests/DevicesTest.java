// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.report.Reporter;
import mimir.api.rig.Devices;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;

/** Devices by name, by commands of the shell: aliases, single ones stopped and started, controls, alarms. */
class DevicesTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final int LIGHT = 28; // of the mark of a frame: permille above what it is without controls

    @TempDir
    Path scratch;
    @InjectService(timeout = 10_000)
    Devices devices;
    @InjectService(timeout = 10_000)
    Reporter reporter;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;

    private Prompt prompt;

    @BeforeEach
    void open() {
        prompt = new Prompt(processor);
    }

    @AfterEach
    void leaveNoAlias() {
        devices.aliases().stream().filter(Devices.Alias::kept).forEach(alias -> devices.removeAlias(alias.name()));
    }

    private static String camera(String id, String more) {
        return Platform.camera(SIM, id, 64, 48, 100, more);
    }

    @Test
    void shouldStopAndStartADeviceWithoutItsNeighboursAndKeepWhatWasSet() throws Exception {
        Platform.load(rigs, Platform.rig(List.of(camera("dev.one", ""), camera("dev.two", ""),
                Platform.audio(SIM, "dev.audio", 2, 48_000, ""))));
        assertEquals("left is dev.one\n", prompt.run("alias dev.o left"));
        prompt.run("set left gain=2 exposure=2500 led=on");
        awaitLight("dev.one", 0, -500);

        assertEquals("dev.one is stopped\n", prompt.run("stop left"));
        assertEquals(Abi.STATE_ENDED, rings.find("dev.one").orElseThrow().stats().state());
        assertTrue(prompt.run("sources").contains("dev.one is stopped; start dev.one lets it go on"));
        assertUsage("stop left", "dev.one is stopped already");
        long before = published("dev.two");
        Platform.await(() -> published("dev.two") > before + 50, () -> "the neighbour stands");
        assertEquals(List.of(), reporter.alarms(), "what people stop is no alarm");

        assertEquals("dev.one is running\n", prompt.run("start l*"));
        assertEquals(-500, firstLight("dev.one", 2), "set again before the first frame");
        assertTrue(prompt.run("sources").lines().anyMatch(line -> line.matches("dev.one +left .* live")),
                () -> prompt.run("sources"));
        for (var neighbour : List.of("dev.two", "dev.audio")) {
            assertEquals(1, epoch(neighbour));
            Stalls.assertNothingLost(rings.find(neighbour).orElseThrow());
        }
        assertUsage("stop lab.blink", "there is no source 'lab.blink'; there are dev.audio, dev.one and dev.two; for");
        assertUsage("set left gain=99", "gain cannot be '99': give a number, 0.1 to 16");
        assertUsage("set left tilt=1", "dev.one has no control 'tilt'; it has exposure, gain, led");
        assertUsage("levels dev.", "'dev.' may be dev.audio, dev.one or dev.two");
    }

    @Test
    void shouldKnowADeviceAtAnotherPortAndTellTwinsApart() throws Exception {
        var replug = "{\"atS\":2,\"forS\":0.2,\"port\":\"usb-7\"}"; // after it was set
        var twin = ",\"device\":{\"serial\":\"0000\",\"model\":\"cheap\",\"port\":\"%s\"}%s";
        Platform.load(rigs, Platform.rig(List.of(
                camera("twin.a", twin.formatted("usb-1", ",\"unplugs\":[" + replug + "]")),
                camera("twin.b", twin.formatted("usb-2", "")))));
        prompt.run("alias usb-1 door");
        prompt.run("set door gain=0.5");
        assertUsage("set 0000 gain=2", "'0000' may be twin.a or twin.b; type more of the one you mean");

        Platform.await(() -> devices.named("twin.a").size() == 1 && devices.list().getFirst().identity().path()
                .equals("usb-7"), () -> "it never told its new port: " + devices.list());
        assertEquals(List.of("twin.a"), devices.named("usb-7"));
        assertEquals(List.of("twin.a"), devices.named("door"));
        assertEquals(-500, firstLight("twin.a", 2));
        prompt.run("swap mimir.driver.sim");
        assertEquals(-500, firstLight("twin.a", 3));
        assertEquals(0, firstLight("twin.b", 2), "its twin has other settings");
        assertTrue(prompt.run("alias --list").lines().anyMatch(line ->
                line.matches("door +twin.a +cheap +0000 +usb-1 +always +yes")), () -> prompt.run("alias"));
        rigs.unload(Platform.PATIENCE);
        assertUsage("set door", "door is twin.a with serial number 0000, which is not here; there is none");
    }

    @Test
    void shouldSaveTheRigAsItRunsAndBringItUpAgain() throws Exception {
        Platform.load(rigs, Platform.rig(List.of(camera("save.one", ""), camera("save.two", ""),
                Platform.audio(SIM, "save.audio", 2, 48_000, ",\"events\":{\"periodMs\":0}"))));
        prompt.run("alias save.one left");
        prompt.run("set save.audio level=-20 muted=off");
        prompt.run("set save.two gain=2");
        prompt.run("stop save.two");
        var file = scratch.resolve("saved.json");
        assertEquals("Rig in " + file + "\n", prompt.run("rig save " + file));
        var saved = Files.readString(file);
        leaveNoAlias();

        var rig = rigs.load(file.toString(), Map.of());
        rigs.awaitSources(Platform.PATIENCE);
        assertEquals(List.of("save.one", "save.audio"), rig.sources());
        assertEquals(saved, devices.rig());
        assertEquals(List.of("save.one"), devices.named("left"));
        prompt.run("start save.two");
        assertEquals(1000, firstLight("save.two", 2));
        assertUsage("rig save " + scratch + "/none/r.json", scratch + "/none/r.json cannot be written");
        assertLevels();
    }

    /** A sawtooth between -0.25 and 0.25, 20 dB down, over a whole number of its periods more or less. */
    private void assertLevels() throws Exception {
        Platform.await(() -> prompt.run("levels save.audio --json").contains("\"frames\" : 4800"), () -> "no sound");
        var levels = JSON.std.listFrom(prompt.run("levels save.audio --json"));
        assertEquals(2, levels.size());
        var first = (Map<?, ?>) levels.getFirst();
        assertEquals(-32.04, ((Number) first.get("peakDbfs")).doubleValue(), 1.5);
        assertEquals(-36.8, ((Number) first.get("rmsDbfs")).doubleValue(), 3);
        assertUsage("levels save.one", "save.one sends no sound; levels are of audio sources");
    }

    @Test
    void shouldTakeAPictureWholly() throws Exception {
        Platform.load(rigs, Platform.rig(List.of(camera("shot", ""))));
        var file = scratch.resolve("a.png");
        assertTrue(prompt.run("snapshot sh " + file).lines().anyMatch(line -> line.startsWith("shot    " + file)));
        assertEquals("89504e470d0a1a0a", HexFormat.of().formatHex(Files.readAllBytes(file), 0, 8));
        assertUsage("snapshot shot " + scratch.resolve("a.jpg"), scratch.resolve("a.jpg") + " cannot be a picture");
        assertEquals(List.of(file), Files.list(scratch).toList());
    }

    @Test
    void shouldRaiseOneAlarmForADeadSourceUntilItIsBack() {
        Platform.load(rigs, Platform.rig(List.of(camera("dies", ",\"unplugs\":[{\"atS\":0.3,\"forS\":6}]"))));
        reporter.begin(Duration.ZERO); // what is told is of this run, not of the end of one before
        var cause = "is silent: its device is unplugged; plug it in again, at any port";
        Platform.await(() -> !reporter.alarms().isEmpty(), () -> "no alarm");
        assertEquals(cause, reporter.alarms().getFirst().cause());
        assertTrue(reporter.findings().contains("dies " + cause), () -> reporter.findings().toString());
        var sources = prompt.run("sources");
        assertTrue(sources.contains("dead\ndies " + cause), sources);
        Platform.await(() -> reporter.alarms().isEmpty(), () -> "the alarm stays: " + reporter.alarms());
        assertFalse(prompt.run("sources").contains("dead"));
    }

    private void assertUsage(String line, String sentence) {
        var refused = assertThrows(BadInputException.class, () -> prompt.tryRun(line));
        assertTrue(refused.getMessage().startsWith(sentence), refused::getMessage);
    }

    private void awaitLight(String source, int least, int light) {
        try (var reader = rings.find(source).orElseThrow().reader("light", Profile.EVERY, Start.OLDEST)) {
            Platform.await(() -> {
                try (var lease = reader.next()) {
                    return lease != null && lease.descriptor().epoch() > least
                            && lease.memory().get(ValueLayout.JAVA_INT, lease.offset() + LIGHT) == light;
                }
            }, () -> "no frame of " + source + " has a light of " + light);
        }
    }

    /** What the first frame of an epoch tells. */
    private int firstLight(String source, int epoch) {
        var light = new int[1];
        try (var reader = rings.find(source).orElseThrow().reader("first", Profile.EVERY, Start.OLDEST)) {
            Platform.await(() -> {
                try (var lease = reader.next()) {
                    boolean found = lease != null && lease.descriptor().epoch() == epoch;
                    light[0] = found ? lease.memory().get(ValueLayout.JAVA_INT, lease.offset() + LIGHT) : 0;
                    return found;
                }
            }, () -> "no frame of " + source + " in epoch " + epoch);
        }
        return light[0];
    }
}
