// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users of the API and of the distribution get: payload by handle and never as an array, and nothing in the run
 * that only tests or diagnoses.
 *
 * <p>Threads: confined.
 */
class SurfaceTest {
    private static final Pattern PAYLOAD_ARRAY = Pattern.compile("\\[[BSIJFD]");
    private static final Pattern HOT = Pattern.compile(
        "mimir/(ring|api/(media|source|reservoir|analysis(/types)?))/[^/]+\\.class");
    private static final Set<String> DATA_PLANE = Set.of("mimir.ring", "mimir.api", "mimir.reservoir", "mimir.swap");

    @Test
    void shouldHandOutNoArraysOfPayload() {
        var classes = Workspace.jars().stream().flatMap(SurfaceTest::hotClasses).toList();

        assertThat(classes).hasSizeGreaterThan(40);
        assertThat(classes.stream().flatMap(SurfaceTest::arrays)).isEmpty();
    }

    @Test
    void shouldReportAnArrayInASignature() throws IOException {
        try (var bytes = Planted.class.getResourceAsStream("SurfaceTest$Planted.class")) {
            assertThat(arrays(ClassFile.of().parse(bytes.readAllBytes()))).singleElement().asString()
                .contains("samples([F)V");
        }
    }

    /** An offence. */
    public static final class Planted {
        /** Repacks samples. */
        public void samples(float[] target) {
            target[0] = 1;
        }
    }

    @Test
    void shouldRunWithoutWhatOnlyTestsOrDiagnoses() throws IOException {
        try (var files = Files.list(Workspace.ROOT.resolve("run-configs/target/mimir/bundles"))) {
            var bundles = files.map(BuiltBundle::read).toList();

            assertThat(bundles).hasSizeGreaterThan(15);
            assertThat(bundles).noneMatch(bundle -> bundle.name()
                .matches(".*(junit|assertj|itests|diagnos|bridge).*"));
            assertThat(bundles.stream().filter(bundle -> DATA_PLANE.contains(bundle.name()))).hasSameSizeAs(DATA_PLANE)
                .noneMatch(bundle -> String.valueOf(bundle.headers().getValue("Import-Package")).contains("jackson"));
        }
    }

    private static Stream<ClassModel> hotClasses(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().filter(entry -> HOT.matcher(entry.getName()).matches())
                .map(entry -> parse(file, entry.getName())).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassModel parse(JarFile file, String entry) {
        try (var bytes = file.getInputStream(file.getEntry(entry))) {
            return ClassFile.of().parse(bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> arrays(ClassModel type) {
        List<MethodModel> methods = (type.flags().flagsMask() & ClassFile.ACC_PUBLIC) == 0 ? List.of() : type.methods();
        return methods.stream()
            .filter(method -> (method.flags().flagsMask() & (ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED)) != 0)
            .map(method -> type.thisClass().asInternalName() + "." + method.methodName().stringValue()
                + method.methodType().stringValue())
            .filter(signature -> PAYLOAD_ARRAY.matcher(signature).find());
    }
}
