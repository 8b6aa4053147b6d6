// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that let bundles in: trust, install, deploys. Threads: confined. */
class DeployCommandsTest {
    private static final String HASH = "A".repeat(63) + "b";

    @TempDir
    private Path folder;
    private final FakeTrustList trust = new FakeTrustList();
    private final FakeDeployer deployer = new FakeDeployer();
    private final Services services = new FakeServices(trust, deployer);

    @Test
    void shouldTrustJarsSignersAndHashes() {
        assertThat(run("trust lamp.jar lab.crt").text()).isEqualTo("KIND    SHA-256" + " ".repeat(59) + "NAME\n"
                + "hash    " + "a".repeat(64) + "  lamp.jar\nsigner  " + "c".repeat(64) + "  CN=lab");
        assertThat(run("trust " + HASH + " --json").text()).isEqualToIgnoringWhitespace(
                "[{\"kind\":\"hash\",\"sha256\":\"" + "a".repeat(64) + "\",\"name\":\"" + HASH + "\"}]");
        assertThat(trust.asked).containsExactly("lamp.jar", "lab.crt", HASH);
    }

    @Test
    void shouldFindFilesFromWhereTheCallerStandsAndByPatterns() throws Exception {
        Files.createFile(folder.resolve("a.jar"));
        Files.createFile(folder.resolve("b.jar"));

        ScopedValue.where(WholeFile.FOLDER, folder).call(() -> run("trust *.jar"));
        ScopedValue.where(WholeFile.FOLDER, folder).call(() -> run("trust " + HASH));
        var installed = ScopedValue.where(WholeFile.FOLDER, folder).call(() -> run("install ?.jar --json"));

        assertThat(trust.asked).containsExactly(folder.resolve("a.jar").toString(), folder.resolve("b.jar").toString(),
                HASH);
        assertThat(installed.text()).contains(folder.resolve("a.jar").toString(), folder.resolve("b.jar").toString());
    }

    @Test
    void shouldListAndForgetWhatIsTrusted() {
        assertThat(run("trust --list").text()).isEqualTo("Nothing but what Mimir shipped with.");
        assertThat(run("trust --list --json").text()).isEqualToIgnoringWhitespace("[]");
        run("trust lamp.jar");
        assertThat(run("trust --list").text()).contains("hash  " + "a".repeat(64) + "  lamp.jar");
        assertThat(run("trust --remove lamp.jar").text()).contains("  lamp.jar");
        assertThat(trust.trusted()).isEmpty();
        assertThatThrownBy(() -> run("trust --remove lamp.jar")).isInstanceOf(BadInputException.class)
                .hasMessage("'lamp.jar' is not trusted; see mimir:trust --list for what is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trust", "trust --list lamp.jar", "trust --remove"})
    void shouldNeedSomethingToTrust(String line) {
        assertThatThrownBy(() -> run(line)).isInstanceOf(BadInputException.class).hasMessage("trust needs a jar, the"
                + " certificate of a signer or a hash, or --list alone; see help trust");
        assertThat(trust.asked).isEmpty();
    }

    @Test
    void shouldTellWhatCameInAndWhatDidNot() {
        assertThat(run("deploys").text()).isEqualTo("No folder is watched.");
        deployer.watch(Path.of("/lab/load"));

        var answer = run("install a.jar b.jar");
        assertThat(answer.failure()).isNull();
        assertThat(answer.text().stripTrailing()).isEqualTo("""
                BUNDLE     OUTCOME    FILES
                lab.blink  installed  a.jar b.jar""");
        var bad = run("install bad.jar");
        assertThat(bad.failure()).isEqualTo("the new bundle did not run: no");
        assertThat(bad.text()).contains("lab.blink  rolled-back  bad.jar");
        assertThatThrownBy(() -> run("install unknown.jar")).isInstanceOf(BadInputException.class);

        assertThat(run("deploys").text().stripTrailing()).isEqualTo("""
                Jars that are dropped into /lab/load come in by themselves.
                BUNDLE     OUTCOME      FILES
                lab.blink  installed    a.jar b.jar
                lab.blink  rolled-back  bad.jar
                lab.blink: the new bundle did not run: no""");
        assertThat(run("deploys --json").text()).contains("\"folder\" : \"/lab/load\"",
                "\"at\" : \"2026-01-02T03:04:05Z\"", "\"reason\" : \"the new bundle did not run: no\"");
    }

    @Test
    void shouldSayWhichBundleIsAbsent() {
        for (var line : List.of("trust --list", "install a.jar", "deploys")) {
            assertThatThrownBy(() -> run(new FakeServices(), line)).isInstanceOf(IllegalStateException.class)
                    .hasMessage("mimir.swap does not run: 'lb mimir.swap' shows its state, and warnings above say why");
        }
    }

    private Answer run(String line) {
        return run(services, line);
    }

    private static Answer run(Services services, String line) {
        var words = List.of(line.split(" "));
        var command = new Commands(services).all().stream()
                .filter(one -> one.syntax().name().equals(words.getFirst())).findFirst().orElseThrow();
        return command.run(command.syntax().parse(words.subList(1, words.size())), told -> { });
    }
}
