// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingManifestTest {
    private static final RingManifest MANIFEST = new RingManifest("cam \n=%1ä", "bundle", 0x8000_0000_0000_00ffL,
            new ProcessMark(12, 34), new ProcessMark(56, 78), 9, Path.of("/tmp/100 %/x.ring"), 10);

    @Test
    void shouldBeReadAsItWasWritten() {
        assertEquals(MANIFEST, RingManifest.parse(MANIFEST.text()));
        assertEquals(9, MANIFEST.text().lines().count());
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertEquals("not a sound manifest: it has no writer", messageOf(MANIFEST.text().replace("writer=", "riter=")));
        assertTrue(messageOf("mimir.ring=2\n").startsWith("not a manifest of this release"));
        assertTrue(messageOf(MANIFEST.text().replace("12 34", "12")).contains("'12' is no process"));
    }

    private static String messageOf(String text) {
        return assertThrows(RingException.class, () -> RingManifest.parse(text)).getMessage();
    }

    @Test
    void shouldNeverFailOtherwiseOnDamagedText() {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder(MANIFEST.text());
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            text.setLength(random.nextInt(2) == 0 ? text.length() : random.nextInt(text.length()));
            try {
                assertFalse(RingManifest.parse(text.toString()).identity().length() > text.length());
            } catch (RingException said) {
                assertFalse(said.getMessage().isBlank());
            }
        }
    }

    @Test
    void shouldTellProcessesApart() {
        assertTrue(ProcessMark.self().alive());
        assertFalse(new ProcessMark(ProcessMark.self().pid(), ProcessMark.self().startTicks() + 1).alive());
        assertFalse(ProcessMark.of(999_999_999).alive());
        try (var watch = new WriterWatch(ProcessMark.self());
                var other = new WriterWatch(new ProcessMark(ProcessMark.self().pid(), 1))) {
            assertFalse(watch.gone());
            assertTrue(other.gone());
        }
    }
}
