// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payload that is tested and copied in one go, part by part where it is large. */
@Timeout(60)
class TestedCopyTest {
    private static final long MARGIN = 192;

    @ParameterizedTest
    @CsvSource({"2048, false", "65535, false", "65536, false", "65537, false", "614400, false", "614400, true"})
    void shouldTestAndCopy(int bytes, boolean onFile, @TempDir Path directory) {
        var sent = new byte[bytes];
        new Random(bytes).nextBytes(sent);
        try (var store = RingStore.unseen(onFile ? Map.of("dir", directory.toString()) : Map.of());
                var owner = store.open(Fixture.spec("test.frames", bytes), "test");
                var memory = MappedMemory.anonymous(2 * MARGIN + bytes);
                var reader = owner.ring().reader("reader", Profile.EVERY, Start.OLDEST)) {
            for (int damaged : new int[] {-1, bytes - 1, 0, -2}) {
                publish(owner, sent, damaged);
                var lease = reader.next();
                memory.segment().fill((byte) 0);
                assertThat(lease.copyOutTested(memory, MARGIN)).isEqualTo(damaged == -1 ? Checksum.RIGHT
                        : damaged == -2 ? Checksum.ABSENT : Checksum.WRONG);
                var copy = memory.segment().asSlice(MARGIN, bytes);
                assertThat(copy.mismatch(MemorySegment.ofArray(sent))).as("made in any case").isEqualTo(Math.max(-1,
                        damaged));
                assertThat(memory.segment().asSlice(0, MARGIN).mismatch(MemorySegment.ofArray(new byte[(int) MARGIN])))
                        .isEqualTo(-1);
                assertThat(memory.segment().asSlice(MARGIN + bytes).mismatch(MemorySegment.ofArray(
                        new byte[(int) MARGIN]))).isEqualTo(-1);
                assertThat(lease.release()).isTrue();
            }
            assertThat(reader.stats().checksumErrors()).isEqualTo(2);
            assertThat(reader.stats().copiedPerDelivered()).isEqualTo(1.0);
            publish(owner, sent, -1);
            var lease = reader.next();
            assertThatThrownBy(() -> lease.copyOutTested(memory, 2 * MARGIN + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** @param damaged byte that is changed behind the back of the checksum; -1 for none, -2 for no checksum */
    private static void publish(RingOwner owner, byte[] sent, int damaged) {
        var crc = new CRC32C();
        crc.update(sent);
        var writer = owner.writer();
        long at = writer.claim();
        var slot = writer.memory().asSlice(at, sent.length).copyFrom(MemorySegment.ofArray(sent));
        writer.descriptor().shape(1, 16, 16, sent.length);
        if (damaged > -2) {
            writer.descriptor().crc32c((int) crc.getValue());
        }
        if (damaged >= 0) {
            slot.asSlice(damaged, 1).fill((byte) ~sent[damaged]);
        }
        writer.commit();
    }

    @ParameterizedTest
    @CsvSource({"8192", "614400"})
    void shouldSayWhenTheWriterCame(int bytes) {
        try (var store = RingStore.unseen(); var owner = store.open(Fixture.spec("test.frames", bytes), "test");
                var memory = MappedMemory.anonymous(bytes);
                var reader = owner.ring().reader("reader", Profile.EVERY, Start.OLDEST)) {
            var sent = new byte[bytes];
            publish(owner, sent, -1);
            var lease = reader.next();
            var other = new byte[bytes];
            other[bytes / 2] = 1;
            for (int i = 0; i < owner.ring().stats().slotCount(); i++) {
                publish(owner, other, -1);
            }
            assertThat(lease.copyOutTested(memory, 0)).isEqualTo(Checksum.OVERTAKEN);
            assertThat(lease.release()).isFalse();
            assertThat(reader.stats().checksumErrors()).isZero();
        }
    }
}
