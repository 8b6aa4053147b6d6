// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads: confined. */
class MediaPathTest {
    private static final String OFFENDER = "mimir.itests.checks.MediaOffender";

    @Test
    void shouldFindNoOffenceInTheMediaPathsOfWhatWasBuilt() throws IOException {
        var paths = MediaPaths.read(Workspace.ROOT.resolve("cnf/media-paths"));

        assertThat(paths.entries()).isNotEmpty();
        assertThat(MediaPathCheck.offences(paths, builtClasses())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        newArray          | allocates an array
        newObjects        | allocates an array
        newGrid           | allocates an array
        copySegment       | copies in bulk
        copyArray         | copies in bulk
        putBuffer         | copies in bulk
        box               | boxes a number
        concatenate       | builds a string
        synchronize       | takes a lock
        synchronizedWhole | takes a lock
        lock              | takes a lock
        sleep             | sleeps
        pollSize          | asks a concurrent queue for its size
        pollEmpty         | asks a concurrent queue for its size
        inLambda          | allocates an array
        print             | logs or prints
        """)
    void shouldReportEachPlantedOffence(String method, String reason) throws IOException {
        var paths = MediaPaths.parse(List.of(OFFENDER + " only " + method));

        assertThat(MediaPathCheck.offences(paths, offender())).singleElement().asString()
            .startsWith(OFFENDER).contains(method).contains(reason);
    }

    @Test
    void shouldLeaveOutConstructorsAndExceptedMethods() throws IOException {
        var paths = MediaPaths.parse(List.of(OFFENDER + " except newArray newObjects newGrid copySegment copyArray "
            + "putBuffer box concatenate synchronize synchronizedWhole lock sleep pollSize pollEmpty inLambda print"));

        assertThat(MediaPathCheck.offences(paths, offender())).isEmpty();
    }

    @Test
    void shouldReportALineThatNamesNoClass() {
        assertThat(MediaPathCheck.offences(MediaPaths.parse(List.of("mimir.ring.Gone")), Map.of()))
            .containsExactly("cnf/media-paths names no class: mimir.ring.Gone");
    }

    private static Map<String, byte[]> offender() throws IOException {
        try (var bytes = MediaPathTest.class.getResourceAsStream("MediaOffender.class")) {
            return Map.of(OFFENDER, bytes.readAllBytes());
        }
    }

    private static Map<String, byte[]> builtClasses() throws IOException {
        var classes = new HashMap<String, byte[]>();
        for (var jar : Workspace.jars()) {
            try (var file = new JarFile(jar.toFile())) {
                for (var entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                    var name = entry.getName().replace('/', '.').replaceFirst("\\.class$", "");
                    classes.put(name, file.getInputStream(entry).readAllBytes());
                }
            }
        }
        return classes;
    }
}
