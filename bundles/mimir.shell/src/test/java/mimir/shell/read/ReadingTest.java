// SPDX-License-Identifier: Apache-2.0
package mimir.shell.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class ReadingTest {
    private static final String FOLDER = "mimir.manifests";

    @TempDir
    Path scratch;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private RingStore store;
    private RingOwner owner;

    @BeforeEach
    void publish() {
        System.setProperty(FOLDER, scratch.resolve("manifests").toString());
        store = new RingStore(Map.of());
        var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), 256, 0);
        owner = store.open(new RingSpec("frames", Abi.ITEM_FRAME, 60, 256, format, RingSpec.Writer.JAVA), "test");
    }

    @AfterEach
    void close() {
        store.close();
        System.clearProperty(FOLDER);
    }

    private int read(String... words) {
        var nobody = new PrintStream(PrintStream.nullOutputStream());
        return new Reading(List.of(words), nobody, new PrintStream(said, true)).run();
    }

    @Test
    void shouldNameBothVersionsWhereARingIsOfAnotherRelease() {
        owner.writer().memory().set(ValueLayout.JAVA_SHORT, 8, (short) 2);
        owner.writer().memory().set(ValueLayout.JAVA_SHORT, 10, (short) 3);

        assertThat(read("frames")).isEqualTo(1);
        assertThat(read()).isEqualTo(1);
        assertThat(said.toString().lines().distinct()).containsExactly("the ring was written with ABI 2.3, this reader"
                + " knows 1.0; use the same release on both sides");
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        assertThat(read("--for", "x")).as(said::toString).isEqualTo(2);
        assertThat(read("frames", "--for", "x")).isEqualTo(2);
        assertThat(read("nobody")).isEqualTo(2);
        assertThat(said.toString()).endsWith("there is no ring 'nobody'; there are frames\n");
    }

    @Test
    void shouldListWhatCanBeRead() {
        assertThat(read()).as(said::toString).isZero();
        assertThat(read("--json")).isZero();
        assertThat(said.toString()).isEmpty();
    }
}
