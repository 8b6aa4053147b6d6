// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.api.swap.Swapped;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStats;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final int BYTES = 4096;
    private static final RingFormat FORMAT = new RingFormat(1, 0, 64, 64, 60, 1, List.of(0L), List.of(64), BYTES, 0);

    private final RingStore store = new RingStore(Map.of());
    private final RingOwner owner = store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, BYTES, FORMAT,
            RingSpec.Writer.JAVA), "driver");
    private final RingReader reader = owner.ring().reader("reservoir", Profile.EVERY, Start.OLDEST);
    private long sequence;
    private long items;

    @AfterEach
    void close() {
        reader.close();
        owner.close();
        store.close();
    }

    @Test
    void shouldReportEveryFieldOfVersionOne() throws Exception {
        var account = new Account(this::sample);
        publish(10);
        account.begin(Duration.ZERO);
        publish(600);
        items = 600;
        drain();
        account.end();
        var report = report(account,
                List.of(new Swapped("driver", Swapped.Outcome.ROLLED_BACK, 5, "because", List.of(), List.of())));

        assertEquals(List.of("mimir.report", "1.0"), List.of(report.get("schema"), report.get("version")));
        var source = first(report, "sources");
        assertEquals(List.of("cam", "frame", "driver", 1, 60.0),
                List.of(source.get("id"), source.get("kind"), source.get("bundle"),
                source.get("epochs"), source.get("rateAskedHz")));
        assertEquals(60.0, (double) source.get("rateMeasuredHz"), 1e-6, "600 items one sixtieth of a second apart");
        assertEquals(610, source.get("published"));
        var from = first(source, "readers");
        assertEquals(List.of("reservoir", "EVERY", 0, 0, 0, 0.0),
                List.of(from.get("name"), from.get("profile"), from.get("pending"),
                from.get("torn"), from.get("checksumErrors"), from.get("bytesCopiedPerByteDelivered")));
        assertEquals(Map.of("offsetNs", 0, "driftPpb", 0),
                without(source.get("clock"), "uncertaintyNs", "truthErrorNs"));
        assertEquals(List.of("driver", "rolled-back", 5, "because"), first(report, "swaps").values().stream().toList());
        assertTrue(((Map<?, ?>) report.get("process")).keySet().containsAll(List.of("cpuPercentOfOneCore", "rssBytes",
                "minorFaultsPerS")));
    }

    @Test
    void shouldCallAllocationPerItemNothingOnlyWhenItIs() throws Exception {
        var account = new Account(this::sample);
        account.begin(Duration.ZERO);
        items = 1000;
        account.end();
        var threads = list(report(account, List.of()), "threads");

        assertEquals(0.0, threads.get(0).get("allocatedBytesPerItem"), "0.4 bytes per item is a rounding of the JVM's");
        assertEquals(24.0, threads.get(1).get("allocatedBytesPerItem"));
        assertNull(threads.get(2).get("allocatedBytesPerItem"), "not a media thread");
    }

    @Test
    void shouldTellAWrongChecksumInReportAndFindings() throws Exception {
        publish(2);
        long slab = owner.region().byteSize() - 64L * BYTES;
        owner.region().set(ValueLayout.JAVA_BYTE, slab + 11, (byte) 1);
        drain();
        var account = new Account(this::sample);
        account.begin(Duration.ZERO);

        assertEquals(1, first(first(report(account, List.of()), "sources"), "readers").get("checksumErrors"));
        assertEquals(List.of("reader reservoir of cam found wrong checksums: 1"), Findings.of(rings().values()));
    }

    @Test
    void shouldTellLoss() {
        publish(500);
        drain();
        assertEquals(List.of("reader reservoir of cam was too slow, lost items: " + reader.stats().overtaken()),
                Findings.of(rings().values()));
    }

    @Test
    void shouldLookInPlaceWithoutCopyOrAllocation() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var inPlace = new InPlaceReader();
        inPlace.add(owner.ring());
        long allocated = 0;
        for (int i = 0; i < 60_000; i++) {
            publish(1);
            long before = threads.getCurrentThreadAllocatedBytes();
            inPlace.look();
            allocated += i < 30_000 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated / 30_000, "bytes per look");
        var stats = owner.ring().stats().readers().stream().filter(one ->
                one.name().equals("watch")).findFirst().orElseThrow();
        assertEquals(List.of(60_000L, 0L, 0L), List.of(stats.delivered(), stats.bytesCopied(), stats.checksumErrors()));
        inPlace.close();
    }

    private void publish(int count) {
        var payload = new byte[BYTES];
        var crc = new CRC32C();
        crc.update(payload);
        for (int i = 0; i < count; i++) {
            var writer = owner.writer();
            writer.claim();
            writer.descriptor().sequence(sequence).hostTimeNs(1_000_000_000L
                    + Math.round(sequence * 1e9 / 60)).shape(1, 64, 64, BYTES)
                    .crc32c((int) crc.getValue());
            writer.commit();
            sequence++;
            if (count > 500 && i % 32 == 0) {
                drain();
            }
        }
    }

    private void drain() {
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            lease.verify();
            lease.release();
        }
    }

    private Sample sample() {
        return Sample.take(List.of(thread("a", true, items * 4 / 10), thread("b", true, items * 24),
                thread("c", false, items * 24)), rings());
    }

    private ThreadStats thread(String name, boolean media, long allocated) {
        return new ThreadStats(name, 1, false, WorkClass.NORMAL, media, "OTHER", "OTHER", 0, allocated, items, 0,
                false);
    }

    private Map<String, RingStats> rings() {
        return Map.of("cam", owner.ring().stats());
    }

    private Map<String, Object> report(Account account, List<Swapped> swaps) throws Exception {
        var known = new KnownSource("cam", "frame", "test", "driver", FORMAT, owner.ring());
        return JSON.std.mapFrom(new ReportJson(account.span(), List.of(known), rings(), Map.of(), swaps,
                List.of()).text());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> tree, String name) {
        return (List<Map<String, Object>>) tree.get(name);
    }

    private static Map<String, Object> first(Map<String, Object> tree, String name) {
        return list(tree, name).getFirst();
    }

    private static Map<?, ?> without(Object map, String... keys) {
        var copy = new HashMap<>((Map<?, ?>) map);
        List.of(keys).forEach(copy::remove);
        return copy;
    }
}
