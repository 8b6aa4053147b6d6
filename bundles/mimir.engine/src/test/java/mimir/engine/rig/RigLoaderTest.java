// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.source.DeviceFault;
import mimir.engine.work.Recorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RigLoaderTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    Path scratch;

    private final FakeAdmin admin = new FakeAdmin();
    private final Recorder told = new Recorder();
    private final Set<String> writing = new HashSet<>();
    private final LastRig last = new LastRig();

    @ParameterizedTest
    @ValueSource(strings = {"six-cameras", "two-drivers", "recorded", "sync", "tiny", "ps3eye"})
    void shouldConfigureEveryRigOfThePlatform(String name) throws IOException {
        var rigs = loader();
        var variables = name.equals("recorded") ? Map.of("data", "2024", "fps", "12.5") : Map.<String, String>of();

        var rig = rigs.load(name, variables);

        assertThat(rigs.names()).containsExactly("ps3eye", "recorded", "six-cameras", "sync", "tiny", "two-drivers");
        assertThat(rig.name()).isEqualTo(name);
        boolean lasting = Set.of("six-cameras", "sync", "two-drivers").contains(name);
        assertThat(admin.history).hasSize(rig.sources().size() + (lasting ? 2 : 1));
        assertThat(admin.history).startsWith(lasting ? "+ mimir.ring" : "+ mimir.reservoir");
    }

    @Test
    void shouldHandEntriesAndBudgetOn() throws IOException {
        var rigs = loader();
        rigs.load("recorded", Map.of("data", "2024", "fps", "12.5"));
        assertThat(admin.stored.get("mimir.recording~rec")).isEqualTo(new Hashtable<>(Map.of("id", "rec",
                "folder", "2024", "fps", 12.5, "loop", true, "mimir.rig", "recorded",
                "service.pid", "mimir.recording~rec", "service.factoryPid", "mimir.recording")));

        rigs.load("tiny", Map.of());
        var camera = admin.stored.get("mimir.driver.sim~sim.camera.1");
        assertThat(camera.get("kind")).isEqualTo("camera");
        assertThat((String) camera.get("scenario")).startsWith("{\"seed\":1,\"mode\":{\"width\":320,\"height\":240,");
        assertThat(admin.stored.get("mimir.reservoir").get("budget.bytes")).isEqualTo(67_108_864L);
        assertThat(admin.stored).doesNotContainKey("mimir.recording~rec");
    }

    @Test
    void shouldReplaceTheDevicesAndKeepTheReservoir() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one\""), Map.of());
        rigs.load(file("b", "\"id\":\"two\""), Map.of());
        assertThat(rigs.current().orElseThrow().sources()).containsExactly("two");
        rigs.unload(LONG);
        assertThat(rigs.current()).isEmpty();

        assertThat(admin.history)
                .containsExactly("+ mimir.reservoir", "+ fake~one", "- fake~one", "+ fake~two", "- fake~two");
    }

    @Test
    void shouldKeepTheFormerRigWhenTheNextIsBad() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one\""), Map.of());

        assertThatThrownBy(() -> rigs.load(file("b", "\"odd\":1"), Map.of())).hasMessageContaining("even width");
        assertThat(admin.stored).containsKey("fake~one");
    }

    @Test
    void shouldRemoveEverythingWhenADeviceCannotBeConfigured() throws IOException {
        var rigs = loader();
        admin.broken = "fake~three";
        var file = file("half", "\"id\":\"one two three\"");

        assertThatThrownBy(() -> rigs.load(file, Map.of())).isInstanceOf(IllegalStateException.class)
                .hasMessage("rig " + file
                        + " could not be configured (no space left); nothing of it was kept, start Mimir anew");
        assertThat(admin.stored).containsOnlyKeys("mimir.reservoir");
        assertThatThrownBy(() -> rigs.awaitSources(SHORT)).hasMessage("no rig is loaded; load one first");
    }

    @Test
    void shouldKeepWhatMeansSomethingInAFilterOutOfThePid() throws IOException {
        assertThat(loader().load(file("odd", "\"id\":\"a*)(b~\""), Map.of()).sources()).containsExactly("a*)(b~");
        assertThat(admin.stored).containsKey("fake~a%2A%29%28b%7E");
    }

    @Test
    void shouldWaitForTheEndOfTheRings() throws IOException {
        var rigs = loader();
        rigs.load(file("slow", "\"id\":\"one two\""), Map.of());
        writing.add("two");
        rigs.unload(SHORT);
        assertThat(told.lines()).anyMatch(line -> line.contains("two did not go within 30 ms"));
    }

    @Test
    void shouldTakeAwayWhatAFormerLifeLeft() throws IOException {
        loader().load("tiny", Map.of());
        admin.stored.put("somebody.else", new Hashtable<>(Map.of("service.pid", "somebody.else")));

        loader();

        assertThat(admin.stored).containsOnlyKeys("somebody.else");
    }

    @Test
    void shouldGoOnWithTheDevicesOfItsFormerLife() throws IOException {
        var former = loader().load("tiny", Map.of());
        var before = List.copyOf(admin.history);
        writing.add("sim.camera.1");

        var rigs = loader();

        assertThat(admin.history).isEqualTo(before);
        writing.clear();
        rigs.unload(SHORT);
        assertThat(admin.history.subList(before.size(), admin.history.size())).hasSize(former.sources().size())
                .allMatch(entry -> entry.startsWith("- "));
    }

    @Test
    void shouldCheckTheSpaceForRingsBeforeAnythingIsMade() throws IOException {
        var file = file("big", "\"id\":\"one two\",\"ring.bytes\":4611686018427387000", scratch);

        assertThatThrownBy(() -> loader().load(file, Map.of())).isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("rig \\S+: rings.dir " + scratch + " has [0-9.]+ MiB free, the rings of this rig "
                        + "need 8796093022208.0 MiB; free space there, name another directory or leave rings out");
        assertThat(admin.history).isEmpty();
    }

    @Test
    void shouldMakeRingsLastAsLongAsTheRigSays() throws IOException {
        var rigs = loader();
        rigs.load(rings("a", "\"seconds\": 2", "\"id\":\"one\""), Map.of());
        assertThat(admin.stored.get("mimir.ring").get("seconds")).isEqualTo(2.0);
        assertThat(admin.stored.get("mimir.ring").get("dir")).isNull();
        var saved = Files.writeString(scratch.resolve("saved.json"), rigs.loaded().text(Map.of(), Map.of()));
        rigs.load(rings("b", "\"seconds\": 0.5, \"dir\": \"" + scratch + "\"", "\"id\":\"one\""), Map.of());
        assertThat(admin.stored.get("mimir.ring").get("seconds")).isEqualTo(0.5);
        assertThat(admin.stored.get("mimir.ring").get("dir")).isEqualTo(scratch.toString());

        rigs.load(saved.toString(), Map.of());
        assertThat(admin.stored.get("mimir.ring").get("seconds")).isEqualTo(2.0);
        rigs.load(file("c", "\"id\":\"one\""), Map.of());
        assertThat(admin.stored.get("mimir.ring").get("seconds")).isNull();
    }

    @Test
    void shouldRefuseRingsThatNeedMoreThanTheMachineHas() throws IOException {
        var rigs = loader();
        long half = RigSpec.machineBytes() / 4;
        var device = "\"id\":\"one two\",\"ring.bytes\":" + half + ",\"ring.seconds\":1.25";

        rigs.load(rings("fits", "\"seconds\": 2.5", device), Map.of());
        var file = rings("large", "\"seconds\": 2.6", device);
        assertThatThrownBy(() -> rigs.load(file, Map.of())).isInstanceOf(BadInputException.class)
                .hasMessageMatching("rig \\S+, rings.seconds: is 2.6, for which the rings of this rig need [0-9.]+ MiB,"
                        + " but this machine has [0-9.]+ MiB; give less");
        assertThat(rigs.current().orElseThrow().name()).isEqualTo("fits");
    }

    @Test
    void shouldShareTheMemoryOfTheReservoirBetweenItsRingsAndItsLog() throws IOException {
        var rigs = loader();
        var ring = "\"id\":\"one two\",\"ring.bytes\":1000000,\"ring.seconds\":1.5";
        var own = "\"reservoir\": {\"bytes\": 20000000, \"own\": [\"two\", \"one\", \"two\"]},";
        rigs.load(with("own", own, ring), Map.of());
        var rings = admin.stored.get("mimir.ring");
        assertThat((String[]) rings.get("deep")).containsExactly("two", "one");
        assertThat((double) rings.get("deep.seconds")).as("8 times as long is more than half").isBetween(5.999, 6.0);
        assertThat(admin.stored.get("mimir.reservoir").get("budget.bytes")).isEqualTo(12_000_000L);
        var saved = Files.writeString(scratch.resolve("saved.json"), rigs.loaded().text(Map.of(), Map.of()));

        rigs.load(with("shared", "\"reservoir\": {\"bytes\": 20000000},", ring), Map.of());
        assertThat(rings(admin)).isNull();
        assertThat(admin.stored.get("mimir.reservoir").get("budget.bytes")).isEqualTo(20_000_000L);
        rigs.load(saved.toString(), Map.of());
        assertThat((String[]) rings(admin)).containsExactly("two", "one");
    }

    private static Object rings(FakeAdmin admin) {
        return admin.stored.get("mimir.ring").get("deep");
    }

    @ParameterizedTest
    @CsvSource({"one,1000000,1.5,which is no device of this rig", "two,1000000,0.0,does not tell how large",
        "two,9000000,1.5,'8.6 MiB, but no more than half of reservoir.bytes, 8.0 MiB'"})
    void shouldRefuseRingsThatCannotBePartOfTheReservoir(String id, long bytes, double seconds, String sentence)
            throws IOException {
        var file = with("bad", "\"reservoir\": {\"bytes\": 16777216, \"own\": [\"" + id + "\"]},",
                "\"id\":\"two\",\"ring.bytes\":" + bytes + ",\"ring.seconds\":" + seconds);
        assertThatThrownBy(() -> loader().load(file, Map.of())).isInstanceOf(BadInputException.class)
                .hasMessageContaining(", reservoir.own: names ").hasMessageContaining(sentence);
        assertThat(admin.history).isEmpty();
    }

    @Test
    void shouldNeverDeleteTheConfigurationOfTheRings() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one\"", scratch), Map.of());
        assertThat(admin.stored.get("mimir.ring").get("dir")).isEqualTo(scratch.toString());
        rigs.load(file("b", "\"id\":\"one\""), Map.of());

        assertThat(admin.stored.get("mimir.ring").get("dir")).isNull();
        assertThat(admin.history).startsWith("+ mimir.ring").contains("= mimir.ring").doesNotContain("- mimir.ring");
    }

    @Test
    void shouldWaitForSourcesAndNameTheMissing() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one two\""), Map.of());
        rigs.registered().addSource("a source", "two");
        assertThatThrownBy(() -> rigs.awaitSources(SHORT)).isInstanceOf(IllegalStateException.class)
                .hasMessage("one of rig a did not come within 30 ms; the log says what their driver met");

        Thread.ofPlatform().start(() -> rigs.registered().addSource("another", "one"));
        rigs.awaitSources(LONG);
    }

    @Test
    void shouldTellTheFaultOfADevice() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one two\""), Map.of());
        rigs.addFault(new Fault("elsewhere", "fake", "not ours"));
        var fault = new Fault("two", "fake", "the device is in use; close the other program");
        rigs.addFault(fault);

        assertThatThrownBy(() -> rigs.awaitSources(LONG)).isInstanceOf(IllegalStateException.class)
                .hasMessage("two: the device is in use; close the other program");
    }

    @Test
    void shouldEndAWaitWhenTheRigIsTakenAway() throws Exception {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one\""), Map.of());
        var failure = new Throwable[1];
        var waiting = Thread.ofPlatform().start(() -> failure[0] = catchThrowable(
                () -> rigs.awaitSources(Duration.ofMinutes(5))));

        Recorder.await("the wait", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        rigs.unload(LONG);
        waiting.join();
        assertThat(failure[0]).hasMessage("rig a was taken away while its sources were awaited; load it again");
    }

    @Test
    void shouldWaitUntilTheSourcesAreGone() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one two\""), Map.of());
        rigs.registered().addSource("first", "one");
        rigs.registered().addSource("second", "two");
        admin.listener = entry -> {
            if (entry.equals("- fake~one")) {
                rigs.registered().removeSource("first");
            }
        };

        rigs.unload(SHORT);

        assertThat(told.lines())
                .containsExactly("warn: two did not go within 30 ms; their driver is still stopping them");
    }

    @Test
    void shouldWaitForADriverThatIsStillStarting() throws IOException {
        var rigs = new RigLoader(shelf(), name -> true, writing::contains, admin.admin(), last, told.log());
        var file = file("a", "\"id\":\"one\"");
        Thread.ofPlatform().start(() -> rigs.addDriver(new FakeDriver("fake")));

        assertThat(rigs.load(file, Map.of()).sources()).containsExactly("one");
    }

    @Test
    void shouldStopAndStartOneDevice() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one two\""), Map.of());
        rigs.registered().addSource("first", "one");
        admin.listener = entry -> {
            if (entry.equals("+ fake~two")) {
                rigs.registered().addSource("second", "two");
            }
        };

        rigs.stop("two", LONG);
        assertThat(admin.stored).containsKey("fake~one").doesNotContainKey("fake~two");
        rigs.awaitSources(LONG);
        assertThatThrownBy(() -> rigs.stop("two", LONG)).hasMessage(
                "two is stopped already; start two lets it go on");
        rigs.start("two", LONG);
        assertThat(admin.stored).containsKey("fake~two");
        assertThatThrownBy(() -> rigs.start("two", LONG)).hasMessage("two is not stopped; sources tells how it does");
        assertThatThrownBy(() -> rigs.stop("three", LONG)).isInstanceOf(BadInputException.class)
                .hasMessage("three is no device of rig a: only its own can be stopped");
    }

    @Test
    void shouldSaveWhatItWouldLoadAgain() throws IOException {
        var rigs = loader();
        rigs.load(file("a", "\"id\":\"one two\",\"folder\":\"${data}\",\"sub\":{\"list\":[1,2.5,true]}", scratch),
                Map.of("data", "there"));
        rigs.registered().addSource("any", "one");
        rigs.stop("two", LONG);
        var saved = rigs.loaded().text(Map.of("left", "one"), Map.of("one", Map.of("gain", 2.5)));

        var again = Files.writeString(scratch.resolve("again.json"), saved);
        rigs.registered().removeSource("any");
        assertThat(rigs.load(again.toString(), Map.of()).sources()).containsExactly("one");
        assertThat(rigs.loaded().text(rigs.loaded().aliases(), Map.of("one", rigs.loaded().controlsOnce("one").get())))
                .isEqualTo(saved);
        assertThat(admin.stored.get("fake~one").get("folder")).isEqualTo("there");
        assertThat(admin.stored.get("fake~one").get("sub")).isEqualTo("{\"list\":[1,2.5,true]}");
        assertThat(admin.stored.get("mimir.ring").get("dir")).isEqualTo(scratch.toString());
        assertThat(admin.stored).doesNotContainKey("fake~two");
    }

    private record Fault(String id, String driver, String sentence) implements DeviceFault {
    }

    private RigLoader loader() throws IOException {
        var rigs = new RigLoader(shelf(), name -> false, writing::contains, admin.admin(), last, told.log());
        List.of("mimir.driver.sim", "mimir.driver.sim.b", "mimir.driver.ps3eye", "mimir.recording", "fake")
                .forEach(name -> rigs.addDriver(new FakeDriver(name)));
        return rigs;
    }

    private static Map<String, URL> shelf() throws MalformedURLException {
        var shelf = new TreeMap<String, URL>();
        for (var name : List.of("six-cameras", "two-drivers", "recorded", "sync", "tiny", "ps3eye")) {
            var file = Path.of(System.getProperty("mimir.root"), "run-configs/rigs", name + ".json");
            shelf.put(name, file.toUri().toURL());
        }
        return shelf;
    }

    private String file(String name, String members) throws IOException {
        return file(name, members, null);
    }

    private String file(String name, String members, Path rings) throws IOException {
        return rings(name, rings == null ? null : "\"dir\": \"" + rings + "\"", members);
    }

    private String rings(String name, String rings, String members) throws IOException {
        return with(name, rings == null ? "" : "\"rings\": {" + rings + "},", members);
    }

    private String with(String name, String rest, String members) throws IOException {
        return Files.writeString(scratch.resolve(name + ".json"), """
                {"schema": "mimir.rig", "version": "1.0", "name": "%s", %s
                 "devices": [{"driver": "fake", %s}]}
                """.formatted(name, rest, members)).toString();
    }
}
