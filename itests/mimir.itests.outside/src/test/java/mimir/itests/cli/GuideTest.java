// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guides for plug-in authors, word for word. */
@Tag("thorough")
class GuideTest {
    @TempDir
    Path folder;

    @Test
    void shouldTakeAStrangerFromNothingToResultsOfAnAnalysis() throws IOException, InterruptedException {
        var outputs = new Guide(folder, mimir()).follow(Mimir.ROOT.resolve("docs/write-an-analysis.md"));

        assertThat(outputs.get(outputs.size() - 2)).contains("lab.blink@1").contains("brightness").contains("levels")
                .containsPattern("sim\\.camera\\.1 +blink .*running").contains("float brightness;")
                .contains("blink is detached from sim.camera.1");
        assertThat(outputs.getLast()).as("out of the folder").containsPattern("blink .*lab\\.blink@1");
    }

    /**
     * Sources, classes and the platform as they were built; a build in the folder itself would write over what others
     * test now. That everything compiles is known from this build: the copy's need not show it again.
     */
    private Path mimir() throws IOException, InterruptedException {
        var copy = folder.resolve("mimir");
        int status = new ProcessBuilder("bash", "-c", """
                mkdir "$1" && cd "$0" && tar -c --exclude=test-classes --exclude='*.jar' \
                --exclude='*-reports' mimir pom.xml bnd.bnd .mvn cnf bundles run-configs \
                itests/*/pom.xml itests/mimir.tck native-fragments/*/pom.xml launcher/pom.xml | tar -x -C "$1" \
                && cp -a run-configs/target/mimir "$1"/run-configs/target \
                && printf '%s\\n' -Dmaven.main.skip -Dmaven.test.skip >> "$1"/.mvn/maven.config""",
                Mimir.ROOT.toString(), copy.toString()).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("the sources cannot be copied");
        }
        return copy;
    }
}
