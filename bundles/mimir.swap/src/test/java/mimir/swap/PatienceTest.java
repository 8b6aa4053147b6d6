// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final RingStore store = RingStore.unseen();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldWaitForTwentyPeriodsOfASlowSourceAndTwoSecondsOfOthers() {
        assertEquals(Duration.ofSeconds(2), firstItem("fast", Abi.ITEM_FRAME, 60, 1, 8));
        assertEquals(Duration.ofSeconds(40), firstItem("slow", Abi.ITEM_FRAME, 1, 2, 8));
        assertEquals(Duration.ofSeconds(2), firstItem("sound", Abi.ITEM_AUDIO, 48_000, 1, 64));
        assertEquals(Duration.ofSeconds(20), firstItem("long blocks", Abi.ITEM_AUDIO, 1_000, 1, 1_000));
    }

    private Duration firstItem(String id, int kind, int rate, int per, int height) {
        var format = new RingFormat(1, 0, 1, height, rate, per, List.of(0L), List.of(8), 64, 0);
        try (var owner = store.open(new RingSpec(id, kind, 1, 64, format, RingSpec.Writer.JAVA), "driver")) {
            return Patience.USUAL.firstItem(owner.ring().stats());
        }
    }

    @Test
    void shouldNotCountWhatAMachineThatStandsStillTakes() {
        var deadline = new Deadline(Duration.ofMillis(250));
        long end = System.nanoTime() + 300_000_000;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        assertFalse(deadline.passed(), "one look after 300 ms counts for 100 ms");
        assertFalse(new Deadline(Duration.ofSeconds(2)).passed());
        assertTrue(new Deadline(Duration.ZERO).passed());
        assertEquals("2 s and 250 ms", new Deadline(Duration.ofSeconds(2)) + " and " + deadline);
    }
}
