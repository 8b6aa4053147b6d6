// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class LayeringTest {
    private final Layering layering = new Layering(name -> name.equals("mimir.api.source") || name.equals("mimir.ring")
            || name.equals("mimir.engine.rig") ? List.of(new Version("1.1.0")) : List.of());

    @Test
    void shouldTakeWhatStaysInItsLayer() {
        layering.check(bundle().with("Import-Package", "mimir.ring;version=\"[1.0,2)\","
                + "mimir.api.source;version=\"[1.1,1.2)\",org.osgi.framework,mimirror")
                .with("DynamicImport-Package", "org.lab.*").with("Require-Bundle", "lab.base")
                .with("Export-Package", "lab.lamp.words").jar("l.jar"));
    }

    @Test
    void shouldRefuseWhatReachesIntoTheThirdLayer() {
        assertEquals("l.jar imports mimir.engine.rig of another bundle of Mimir; import only mimir.ring and mimir.api,"
                + " and meet the others through services", refusal("Import-Package", "mimir.engine.rig"));
        assertEquals("l.jar imports what it likes of Mimir (DynamicImport-Package: *); import packages of mimir.ring"
                + " and mimir.api by name", refusal("DynamicImport-Package", "lab.words,*"));
        assertEquals("l.jar imports what it likes of Mimir (DynamicImport-Package: mimir.engine.*); import packages of"
                + " mimir.ring and mimir.api by name", refusal("DynamicImport-Package", "mimir.engine.*"));
        assertEquals("l.jar requires the bundle mimir.engine as a whole; import packages of mimir.ring and mimir.api"
                + " by name", refusal("Require-Bundle", "mimir.engine;bundle-version=\"0.1\""));
        assertEquals("l.jar exports the package mimir.ring, and only mimir.ring and mimir.api export such; import"
                + " packages of mimir.ring and mimir.api by name",
                refusal("Export-Package", "lab.words;version=\"1,2\",mimir.ring"));
    }

    @Test
    void shouldRefuseWhatWasBuiltAgainstAnotherMimir() {
        assertEquals("l.jar imports mimir.api.source [2.0,3), but this Mimir has 1.1.0; build it against this Mimir",
                refusal("Import-Package", "mimir.api.source;version=\"[2.0,3)\""));
        assertEquals("l.jar imports mimir.api.dance, but this Mimir has no such package; build it against this Mimir",
                refusal("Import-Package", "mimir.api.dance"));
        assertEquals("l.jar imports mimir.ring in the versions '[1', which are none; build it with bnd",
                refusal("Import-Package", "mimir.ring;version=\"[1\""));
    }

    @Test
    void shouldRefuseManifestsThatAreNone() {
        assertEquals("l.jar has no Bundle-ManifestVersion 2; build it as a bundle",
                refusal("Bundle-ManifestVersion", "1"));
        assertEquals("l.jar has the version 'one', which is none; build it with one like 1.2.3",
                refusal("Bundle-Version", "one"));
        assertEquals("l.jar has a symbolic name that is none; build it with one like lab.blink",
                refusal("Bundle-SymbolicName", "a b"));
        assertEquals("l.jar is a jar but no bundle; build it as one, with a Bundle-SymbolicName",
                refusal("Bundle-SymbolicName", ""));
    }

    private String refusal(String header, String value) {
        return assertThrows(BadInputException.class, () -> layering.check(bundle().with(header, value).jar("l.jar")))
                .getMessage();
    }

    private static TestJar bundle() {
        return TestJar.bundle("lab.lamp");
    }
}
