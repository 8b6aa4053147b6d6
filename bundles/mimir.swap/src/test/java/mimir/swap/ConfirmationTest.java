// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.swap.Swapped.Gap;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.swap.Confirmation.Former;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
    private static final RingFormat FORMAT = new RingFormat(1, 0, 8, 8, 60, 1, List.of(0L), List.of(8), 64, 0);
    private static final Duration TIME = Duration.ofMillis(50);
    private static final Patience SHORT = new Patience(TIME, TIME, TIME, TIME, TIME, TIME);

    private final RingStore store = new RingStore(Map.of());
    private final RingOwner before = open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldMeasureTheGapFromTheLastItemBeforeToTheFirstGoodOneAfter() {
        publish(before, 100, 0);
        publish(before, 200, 0);
        before.close();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            var after = open();
            publish(after, 900, Descriptor.CORRUPT);
            after.writer().claim();
            after.writer().descriptor().hostTimeNs(950).shape(1, 8, 8, 64).crc32c(12345);
            after.writer().commit();
            publish(after, 1000, 0);
            publish(after, 1100, 0);

            assertEquals(List.of(new Gap("cam", 800, 1, 2)), gaps(confirmation));
        }
        assertEquals(0, before.ring().stats().readers().size(), "its readers are closed");
    }

    @Test
    void shouldNotTakeAParkedThreadForTheNextIncarnation() {
        publish(before, 100, 0);
        var parked = before.writer();
        before.park();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            parked.claim();
            parked.descriptor().hostTimeNs(200).shape(1, 8, 8, 64);
            parked.commit();
            assertEquals("source cam gave no good item within 333 ms", assertThrows(IllegalStateException.class, () ->
                    gaps(confirmation)).getMessage());

            publish(open(), 300, 0);
            assertEquals(List.of(new Gap("cam", 200, 1, 2)), gaps(confirmation));
        }
    }

    @Test
    void shouldWaitUntilTheSourceIsPublishedToo() {
        before.close();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            publish(open(), 300, 0);

            assertThrows(IllegalStateException.class, () -> confirmation.await(id -> null, id -> false, Set::of));
        }
    }

    @Test
    void shouldKnowNoGapWhereThereWasNothingBefore() {
        before.close();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            publish(open(), 300, 0);

            assertEquals(List.of(new Gap("cam", -1, 1, 2)), gaps(confirmation));
        }
    }

    @Test
    void shouldNotWaitForASourceThatSomebodyStopsMeanwhile() {
        publish(before, 100, 0);
        before.close();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            assertEquals(List.of(), confirmation.await(id -> null, "cam"::equals, Set::of));
            assertEquals(List.of(), confirmation.await(id -> null, "cam"::equals, () -> Set.of("cam")));
        }
        assertEquals(0, before.ring().stats().readers().size(), "its readers are closed");
    }

    @Test
    void shouldNotFailForASourceThatWasAwayBefore() {
        publish(before, 100, 0);
        before.close();
        try (var confirmation = new Confirmation(formers(), SHORT)) {
            assertEquals(List.of(), confirmation.await(id -> "its camera is away", "cam"::equals, Set::of));
            assertEquals(List.of(), confirmation.await(id -> "its camera is away", "cam"::equals, () -> Set.of("cam")));
            assertThrows(IllegalStateException.class, () -> confirmation.await(id -> "its camera is away",
                    id -> false, Set::of));

            publish(open(), 1000, 0);
            assertEquals(List.of(new Gap("cam", 900, 1, 2)), confirmation.await(id -> null, "cam"::equals,
                    () -> Set.of("cam")), "one that comes all the same has its gap");
        }
    }

    private static List<Gap> gaps(Confirmation confirmation) {
        return confirmation.await(id -> null, id -> false, () -> Set.of("cam"));
    }

    private List<Former> formers() {
        return Former.of(Map.of("cam", before.ring()));
    }

    private RingOwner open() {
        return store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, 64, FORMAT, RingSpec.Writer.JAVA), "driver");
    }

    private static void publish(RingOwner owner, long hostTimeNs, int flags) {
        var writer = owner.writer();
        writer.claim();
        writer.descriptor().hostTimeNs(hostTimeNs).shape(1, 8, 8, 64).addFlags(flags);
        writer.commit();
    }
}
