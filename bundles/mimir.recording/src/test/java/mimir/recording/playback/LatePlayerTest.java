// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;

class LatePlayerTest {
    private static final long BEGIN_NS = 1_000_000_000;
    private static final long LATE_NS = 2_000_000_000;

    @Test
    void shouldTellTheTimeThatItWasTooSlowForAsAGap() {
        var recording = new Rehearsal(); // 1,000 items a second
        var spec = new RingSpec("late", Abi.ITEM_FRAME, 1000, recording.format().payloadBytes(), recording.format(),
                RingSpec.Writer.JAVA);
        try (var store = new RingStore(Map.of()); var owner = store.open(spec, "test");
                var reader = owner.ring().reader("reader", Profile.EVERY, Start.OLDEST)) {
            var player = new Player(recording, owner);
            player.start(BEGIN_NS);
            playOne(player, BEGIN_NS);
            playOne(player, BEGIN_NS + LATE_NS);

            assertThat(owner.ring().stats().droppedAtSource()).isEqualTo(Map.of(DropReason.OVERRUN, 1999L));
            assertThat(sequence(reader)).isZero();
            try (var lease = reader.next()) {
                assertThat(lease.descriptor().has(Descriptor.GAP_BEFORE)).isTrue();
                assertThat(lease.descriptor().gapItems()).isEqualTo(1999);
                assertThat(lease.descriptor().sequence()).isEqualTo(2000);
                assertThat(lease.descriptor().deviceTime()).isEqualTo(2000);
            }
        }
    }

    private static void playOne(Player player, long nowNs) {
        assertThat(player.decode()).isTrue();
        player.play(nowNs);
    }

    private static long sequence(RingReader reader) {
        try (var lease = reader.next()) {
            return lease.descriptor().sequence();
        }
    }
}
