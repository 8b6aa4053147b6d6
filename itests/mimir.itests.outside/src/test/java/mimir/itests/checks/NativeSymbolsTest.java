// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What a host names for the gate is what its code looks up in the library of its fragment. Threads: confined. */
class NativeSymbolsTest {
    private static final String HEADER = "Mimir-Native-Symbols";
    private static final String SYMBOL = "mimir_(?!twin_)[a-z0-9_]+"; // a twin is in the process, or nowhere

    @Test
    void shouldNameWhatTheHostLooksUp() throws IOException {
        int hosts = 0;
        for (var jar : Workspace.jars()) {
            var lookedUp = lookedUp(jar);
            var header = BuiltBundle.read(jar).headers().getValue(HEADER);
            assertEquals(String.join(", ", lookedUp), header == null ? "" : header, () -> jar.getFileName()
                    + ": its bnd.bnd must say " + HEADER + ": " + String.join(", ", lookedUp));
            hosts += lookedUp.isEmpty() ? 0 : 1;
        }
        assertTrue(hosts >= 3, "drivers and analysers with native code: " + hosts);
    }

    private static Set<String> lookedUp(Path jar) throws IOException {
        var symbols = new TreeSet<String>();
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().filter(one -> one.getName().endsWith(".class")).toList()) {
                var model = ClassFile.of().parse(file.getInputStream(entry).readAllBytes());
                if (looksUp(model)) {
                    StreamSupport.stream(model.constantPool().spliterator(), false)
                            .filter(StringEntry.class::isInstance).map(one -> ((StringEntry) one).stringValue())
                            .filter(text -> text.matches(SYMBOL)).forEach(symbols::add);
                }
            }
        }
        return symbols;
    }

    private static boolean looksUp(ClassModel model) {
        return StreamSupport.stream(model.constantPool().spliterator(), false).anyMatch(entry ->
                entry instanceof MemberRefEntry member
                && member.owner().asInternalName().equals("java/lang/foreign/SymbolLookup")
                && member.name().stringValue().startsWith("find"));
    }
}
