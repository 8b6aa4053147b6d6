// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.engine.work.Recorder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a rig gives one sentence with the rig, the place and the remedy, and configures nothing. */
class BadRigTest {
    @TempDir
    Path scratch;

    private final FakeAdmin admin = new FakeAdmin();
    private RigLoader rigs;

    @BeforeEach
    void start() throws IOException {
        var shelf = new TreeMap<>(Map.of("tiny", scratch.toUri().toURL(), "six", scratch.toUri().toURL()));
        rigs = new RigLoader(shelf, name -> false, id -> false, admin.admin(), new LastRig(), new Recorder().log());
        rigs.addDriver(new FakeDriver("fake.one"));
        rigs.addDriver(new FakeDriver("fake.two"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvFileSource(resources = "bad-rigs.txt", delimiter = '|', quoteCharacter = '\0')
    void shouldSayWhatIsWrongAndWhatToDo(String json, String sentence) throws IOException {
        var text = json.replace("HEAD", "\"schema\":\"mimir.rig\",\"version\":\"1.0\",\"name\":\"x\"")
                .replace("CAM", "{\"driver\":\"fake.one\",\"id\":\"a\"}");
        var file = Files.writeString(scratch.resolve("bad.json"), text);

        assertThatThrownBy(() -> rigs.load(file.toString(), Map.of())).isInstanceOf(BadInputException.class)
                .hasMessage("rig " + file + (sentence.startsWith("needs") ? " " : "") + sentence);
        assertThat(admin.history).isEmpty();
    }

    @Test
    void shouldKnowItsRigsByName() {
        assertThat(rigs.names()).containsExactly("six", "tiny");
        assertThatThrownBy(() -> rigs.load("nowhere", Map.of())).isInstanceOf(BadInputException.class)
                .hasMessage("there is no rig 'nowhere'; name one of six, tiny, or give the path of a JSON file");
    }

    @Test
    void shouldRefuseFilesThatAreNoRigs() throws IOException {
        var large = Files.write(scratch.resolve("large"), new byte[(1 << 20) + 1]);
        var bytes = Files.write(scratch.resolve("bytes"), new byte[] {(byte) 0xC3, 0x28});

        assertRefused("gone.json", "rig gone.json does not exist; check the path");
        assertRefused(scratch.toString(), "rig " + scratch + " is not a file; give the path of a JSON file");
        assertRefused(large.toString(), "rig " + large + " is larger than 1 MiB, as no rig is; give another file");
        assertRefused(bytes.toString(), "rig " + bytes + " is not UTF-8 text; save it as UTF-8");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\0', value = {"[, 1500", "9, 5000", "{\"a\":, 2000"})
    void shouldRefuseWhatIsTooMuchToRead(String again, int times) throws IOException {
        var file = Files.writeString(scratch.resolve("much.json"), "{\"name\":" + again.repeat(times)).toString();

        assertThatThrownBy(() -> rigs.load(file, Map.of())).isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("rig " + file + ", line 1, column ")
                .hasMessageEndingWith(": is nested too deep, or a name or number is too long; shorten it there");
    }

    @Test
    void shouldRefuseVariablesThatDoNotFit() throws IOException {
        var rig = "{\"schema\":\"mimir.rig\",\"version\":\"1.0\",\"name\":\"x\",\"devices\":["
                + "{\"driver\":\"fake.one\",\"id\":\"a\",\"fps\":\"${fps:10}\",\"loop\":\"${loop:true}\"}]}";
        var file = Files.writeString(scratch.resolve("v.json"), rig).toString();

        assertRefused(file, Map.of("fps", "fast"), "rig " + file + ": --fps is 'fast'; give a number");
        assertRefused(file, Map.of("loop", "yes"), "rig " + file + ": --loop is 'yes'; give true or false");
        assertRefused(file, Map.of("data", "d"),
                "rig " + file + " has no use for --data; leave it out (it knows fps, loop)");
    }

    @Test
    void shouldFailWhenADriverCannotWork() throws IOException {
        var rig = "{\"schema\":\"mimir.rig\",\"version\":\"1.0\",\"name\":\"x\",\"devices\":["
                + "{\"driver\":\"fake.one\",\"id\":\"a\",\"lame\":true}]}";
        var file = Files.writeString(scratch.resolve("l.json"), rig).toString();

        assertThatThrownBy(() -> rigs.load(file, Map.of())).isInstanceOf(IllegalStateException.class)
                .hasMessage("rig " + file + ", devices[0]: the native library is missing; install its fragment");
    }

    private void assertRefused(String nameOrFile, String sentence) {
        assertRefused(nameOrFile, Map.of(), sentence);
    }

    private void assertRefused(String nameOrFile, Map<String, String> variables, String sentence) {
        assertThatThrownBy(() -> rigs.load(nameOrFile, variables)).isInstanceOf(BadInputException.class)
                .hasMessage(sentence);
        assertThat(admin.history).isEmpty();
    }
}
