// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile and damaged archives: one sentence each, in little time and memory. */
class JarTest {
    private static final int CENTRAL = 0x02014b50;

    @Test
    void shouldReadWhatIsSound() {
        var jar = TestJar.bundle("lab.lamp").entry("a/", "").entry("a/b.txt", "light").entry("empty", "").jar("l.jar");

        assertEquals("lab.lamp", jar.name());
        assertEquals("", jar.host());
        assertEquals("1.0.0", jar.version().toString());
        assertArrayEquals("light".getBytes(StandardCharsets.UTF_8), jar.archive().content("a/b.txt"));
        assertArrayEquals(new byte[0], jar.archive().content("empty"));
        assertEquals(64, jar.sha256().length());
    }

    @Test
    void shouldRefuseWhatIsCutOff() {
        var whole = TestJar.bundle("lab.lamp").entry("content.txt", "light").bytes();

        for (int length = 0; length < whole.length; length++) {
            assertEquals("it is no zip or is cut off", why(Arrays.copyOf(whole, length)));
        }
    }

    @Test
    void shouldComeToAnEndWhateverIsDamaged() {
        var whole = TestJar.bundle("lab.lamp").entry("content.txt", "light ".repeat(100)).bytes();
        var random = new Random(1);
        for (int run = 0; run < 20_000; run++) {
            var damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Jar.of(Path.of("x.jar"), damaged);
            } catch (BadInputException refused) {
                assertEquals("x.jar is no sound jar (", refused.getMessage().substring(0, 23));
            }
        }
    }

    @Test
    void shouldRefuseADamagedEntry() {
        var bytes = TestJar.bundle("lab.lamp").entry("content.txt", "light").bytes();
        bytes[indexOf(bytes, "content.txt", 0) + "content.txt".length() + 2] ^= 0x10;

        assertEquals("its entry content.txt is damaged", why(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/passwd", "a\\..\\evil", "C:evil", "a//b"})
    void shouldRefusePathsThatLeadOut(String path) {
        assertEquals("its entry '" + path + "' has a path that leads out of a jar",
                why(TestJar.bundle("lab.lamp").entry(path, "x").bytes()));
    }

    @Test
    void shouldRefuseNamesThatAreNotWhatTheySeem() {
        var bytes = TestJar.bundle("lab.lamp").entry("first", "1").entry("other", "2").bytes();
        var twice = bytes.clone();
        rename(twice, "other", "first", true);
        rename(bytes, "other", "first", false);

        assertEquals("its entry first is there twice", why(twice));
        assertEquals("its entry first has another name inside", why(bytes));
        assertEquals("its manifest is called meta-inf/manifest.mf",
                why(TestJar.bundle("lab.lamp").entry("meta-inf/manifest.mf", "Bundle-SymbolicName: evil").bytes()));
        assertEquals("its entry 'a?b' has a path that leads out of a jar",
                why(TestJar.bundle("lab.lamp").entry("a\nb", "x").bytes()));
    }

    @Test
    void shouldRefuseTooManyEntries() {
        var jar = TestJar.bundle("lab.lamp");
        for (int i = 0; i < ZipEntries.MOST_ENTRIES; i++) {
            jar.entry("e" + i, "");
        }

        assertEquals("it has 10001 entries, more than 10000", why(jar.bytes()));
    }

    @Test
    void shouldRefuseWhatUnpacksToTooMuch() {
        var ratio = TestJar.bundle("lab.lamp").entry("zeros", new byte[20 << 20]).bytes();
        assertEquals("it unpacks to " + (20 << 20) / ratio.length + " times its size, more than 100",
                why(ratio).replaceAll("unpacks to \\d+", "unpacks to " + (20 << 20) / ratio.length));

        var huge = TestJar.bundle("lab.lamp").entry("zeros", "0").bytes();
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(central(huge, "zeros") + 24, Integer.MAX_VALUE);
        assertEquals("its entry zeros unpacks to 2047 MiB, more than 256", why(huge));

        var liar = TestJar.bundle("lab.lamp").entry("zeros", new byte[1 << 20]).bytes();
        ByteBuffer.wrap(liar).order(ByteOrder.LITTLE_ENDIAN).putInt(central(liar, "zeros") + 24, 100);
        assertEquals("its entry zeros is damaged", why(liar));
    }

    @Test
    void shouldRefuseEntriesThatShareTheirBytes() throws Exception {
        var inner = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(inner)) {
            stored(zip, "inner", "twice".getBytes(StandardCharsets.UTF_8));
        }
        var local = Arrays.copyOf(inner.toByteArray(), 30 + 5 + 5); // header, name and content of the inner entry
        var outer = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(outer)) {
            stored(zip, "outer", local);
            stored(zip, "inner", "twice".getBytes(StandardCharsets.UTF_8));
        }
        var bytes = outer.toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(central(bytes, "inner") + 42, 30 + 5);

        assertEquals("its entry inner lies across another", why(bytes));
    }

    @Test
    void shouldRefuseEntriesThatNoJarHas() {
        var encrypted = TestJar.bundle("lab.lamp").entry("secret", "x").bytes();
        encrypted[central(encrypted, "secret") + 8] |= 1;
        var link = TestJar.bundle("lab.lamp").entry("link", "x").bytes();
        ByteBuffer.wrap(link).order(ByteOrder.LITTLE_ENDIAN).putInt(central(link, "link") + 38, 0xa1ff << 16);

        assertEquals("its entry secret is encrypted or packed in a way that no jar is", why(encrypted));
        assertEquals("its entry link is a link", why(link));
    }

    @Test
    void shouldRefuseWhatIsBiggerThanTheHeapCanBear() {
        var refusal = assertThrows(BadInputException.class, () ->
                Jar.of(Path.of("x.jar"), new byte[Jar.MOST_BYTES + 1]));

        assertEquals("x.jar has more than " + (Jar.MOST_BYTES >> 20) + " MiB, which is too much; give the right jar",
                refusal.getMessage());
    }

    /** The reason in brackets; around it stands the same sentence each time. */
    private static String why(byte[] bytes) {
        var sentence = assertThrows(BadInputException.class, () -> Jar.of(Path.of("x.jar"), bytes)).getMessage();
        assertEquals("x.jar is no sound jar (", sentence.substring(0, 23));
        assertEquals("); build or copy it again", sentence.substring(sentence.length() - 25));
        return sentence.substring(23, sentence.length() - 25);
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws Exception {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** In the directory, and where told so in front of the content as well. */
    private static void rename(byte[] bytes, String from, String to, boolean everywhere) {
        int at = indexOf(bytes, from, 0);
        int central = indexOf(bytes, from, at + 1);
        var name = to.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(name, 0, bytes, central, name.length);
        if (everywhere) {
            System.arraycopy(name, 0, bytes, at, name.length);
        }
    }

    /** Where the directory's header of an entry begins. */
    private static int central(byte[] bytes, String name) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = bytes.length - 46; at >= 0; at--) {
            if (buffer.getInt(at) == CENTRAL && indexOf(bytes, name, at) == at + 46) {
                return at;
            }
        }
        throw new AssertionError("no such entry");
    }

    private static int indexOf(byte[] bytes, String text, int from) {
        var wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = from; at <= bytes.length - wanted.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
