// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Analyzers.Trial;
import mimir.api.analysis.Analyzers.Warm;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.swap.Swapped;
import mimir.api.time.ClockMap;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import mimir.ring.RingStats;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportTest {
    /** Every field of version 1 as docs/report.md lists them, and what it is; what may be null has a question mark. */
    private static final String FIELDS = """
            schema=String version=String durationS=Number warmupS=Number
            process.cpuPercentOfOneCore=Number process.rssBytes=Number process.minorFaultsPerS=Number
            process.stolenPercentOfOneCore=Number? process.threads=Number
            sources.id=String sources.kind=String sources.bundle=String sources.device=String sources.state=String
            sources.epochs=Number sources.rateAskedHz=Number sources.rateMeasuredHz=Number? sources.sampleRateHz=Number?
            sources.published=Number sources.gaps=Number sources.droppedAtSource=Map
            sources.bytesCopiedPerByteWritten=Number
            sources.readers.name=String sources.readers.profile=String sources.readers.published=Number
            sources.readers.delivered=Number sources.readers.dropped.overtaken=Number
            sources.readers.dropped.skipped=Number sources.readers.pending=Number sources.readers.mostPending=Number
            sources.readers.torn=Number
            sources.readers.checksumErrors=Number sources.readers.bytesCopiedPerByteDelivered=Number
            sources.clock.offsetNs=Number sources.clock.driftPpb=Number sources.clock.uncertaintyNs=Number?
            sources.clock.truthErrorNs=Number?
            reservoir.budgetBytes=Number reservoir.presentBytes=Number reservoir.usedBytes=Number
            reservoir.pinnedBytes=Number reservoir.depthS=Number
            threads.name=String threads.class=String threads.media=Boolean threads.native=Boolean
            threads.policyAsked=String threads.policyGranted=String threads.cpuPercent=Number threads.items=Number
            threads.allocatedBytesPerItem=Number? threads.minorFaults=Number
            analysers.name=String analysers.sources=List analysers.parameters=Map analysers.class=String
            analysers.state=String analysers.cause=String? analysers.users=Number analysers.items=Number
            analysers.results=Number analysers.late=Number analysers.absent=Number analysers.overtaken=Number
            analysers.failures=Number analysers.misses=Number analysers.trialItems=Number analysers.trialMisses=Number
            analysers.timePerItemNs=Number?
            analysers.longestNs=Number analysers.cpuPercent=Number analysers.allocatedBytesPerItem=Number
            analysers.warmItems=Number analysers.warmAbsent=Number analysers.warmMisses=Number
            results.id=String results.state=String results.published=Number results.readers.name=String
            results.readers.pending=Number
            swaps.bundle=String swaps.outcome=String swaps.gapNs=Number? swaps.reason=String?
            findings=List
            """;
    private static final ReservoirStats MEMORY = new ReservoirStats(8000, 6000, 4000, 2000, 0,
            1_500_000_000, 0, 0, List.of());

    private final Camera camera = new Camera();
    private long items;
    private String state = "disabled";
    private Warm warm = Warm.NOT_YET;

    @AfterEach
    void close() {
        camera.close();
    }

    @Test
    void shouldHaveEveryFieldOfVersionOne() throws Exception {
        var report = report(new Account(this::sample), List.of(swapped(5, "because")));

        for (var field : FIELDS.strip().split("\\s+")) {
            var path = field.substring(0, field.indexOf('='));
            var type = field.substring(field.indexOf('=') + 1);
            var value = at(report, path);
            var is = switch (value) {
                case null -> "null";
                case String text -> "String";
                case Number number -> "Number";
                case Boolean truth -> "Boolean";
                case List<?> list -> "List";
                default -> "Map";
            };
            assertTrue(is.equals(type.replace("?", "")) || type.endsWith("?") && is.equals("null"),
                    () -> path + " is " + is + " and not " + type);
        }
    }

    @Test
    void shouldDocumentEveryField() throws Exception {
        var page = Files.readString(Path.of(System.getProperty("mimir.root"), "docs", "report.md"));

        for (var field : FIELDS.strip().split("\\s+")) {
            var name = field.substring(0, field.indexOf('=')).replaceFirst(".*\\.", "");
            assertTrue(page.contains(name), () -> "docs/report.md does not say what " + name + " is");
        }
    }

    @Test
    void shouldMeasureRatesAfterTheWarmUp() throws Exception {
        camera.publish(10);
        var account = new Account(this::sample);
        camera.publish(600);
        camera.drain();
        account.end();
        var source = first(report(account, List.of()), "sources");

        assertEquals(List.of("cam", "frame", "driver", 1, 60.0), List.of(source.get("id"), source.get("kind"),
                source.get("bundle"), source.get("epochs"), source.get("rateAskedHz")));
        assertEquals(60.0, (double) source.get("rateMeasuredHz"), 1e-6, "600 items one sixtieth of a second apart");
        assertEquals(610, source.get("published"));
        var reader = first(source, "readers");
        assertEquals(List.of("reservoir", "EVERY", 610, 0, 32, 0, 0.0), List.of(reader.get("name"),
                reader.get("profile"), reader.get("delivered"), reader.get("pending"), reader.get("mostPending"),
                reader.get("checksumErrors"), reader.get("bytesCopiedPerByteDelivered")));
    }

    @Test
    void shouldTellHowMuchOfTheMemoryIsThere() throws Exception {
        assertEquals("[8000, 6000, 4000, 2000, 1.5]",
                ((Map<?, ?>) report(new Account(this::sample), List.of()).get("reservoir")).values().toString());
    }

    @Test
    void shouldTellSwapsWithAndWithoutAGap() throws Exception {
        var swaps = list(report(new Account(this::sample), List.of(swapped(5, "because"), swapped(-1, null))), "swaps");

        assertEquals(List.of("driver", "rolled-back", 5, "because"), List.copyOf(swaps.get(0).values()));
        assertNull(swaps.get(1).get("gapNs"), "no source, no gap");
    }

    @Test
    void shouldTellOffsetAndDriftOfAClockMap() throws Exception {
        var map = new ClockMap("cam", 1, 0, 60, 1_500_000_000L, 1e9 / 60 * 1.000002, 1_000, "test");
        var mapped = clock(Map.of("cam", map));
        var unmapped = clock(Map.of());

        assertEquals(List.of(500_000_000, 2000.0, 1000), List.of(mapped.get("offsetNs"), mapped.get("driftPpb"),
                mapped.get("uncertaintyNs")), "60 frames of a sixtieth stand at 1.5 s, each 2 ppm too long");
        assertEquals(List.of(0, 0.0), List.of(unmapped.get("offsetNs"), unmapped.get("driftPpb")));
        assertNull(unmapped.get("uncertaintyNs"));
    }

    @Test
    void shouldCallAllocationPerItemNothingOnlyWhenItIs() throws Exception {
        var account = new Account(this::sample);
        items = 1000;
        account.end();
        var threads = list(report(account, List.of()), "threads");

        assertEquals(0.0, threads.get(0).get("allocatedBytesPerItem"), "0.4 bytes per item is a rounding of the JVM's");
        assertEquals(24.0, threads.get(1).get("allocatedBytesPerItem"));
        assertNull(threads.get(2).get("allocatedBytesPerItem"), "not a media thread");
    }

    @Test
    void shouldTellAWrongChecksumInReportAndFindings() throws Exception {
        camera.publish(2);
        camera.damage(0);
        camera.drain();
        var source = first(report(new Account(this::sample), List.of()), "sources");

        assertEquals(1, first(source, "readers").get("checksumErrors"));
        assertEquals(List.of("reader reservoir of cam found wrong checksums: 1"),
                Findings.of(rings().values(), List.of(), List.of(), List.of()));
    }

    @Test
    void shouldTellLoss() {
        camera.publish(500);
        camera.drain();

        assertEquals(List.of("reader reservoir of cam was too slow, lost items: "
                + camera.reader().stats().overtaken()), Findings.of(rings().values(), List.of(), List.of(), List.of()));
    }

    @Test
    void shouldMeasureFromTheEndOfTheWarmUpOnly() {
        var account = new Account(this::sample);
        account.begin(Duration.ofHours(1));
        account.tick();
        assertEquals(0, account.span().warmupS(), "the warm-up is not over");

        account.begin(Duration.ofNanos(1));
        items = 7;
        account.tick();
        account.end();
        assertEquals(7 * 24, account.span().from().threads().get(1).allocatedBytes());
        assertTrue(account.span().warmupS() > 0 && account.span().durationS() >= account.span().warmupS());
    }

    @Test
    void shouldTellWhatAStageDidAndWhatItCostAfterTheWarmUp() throws Exception {
        camera.publish(1);
        items = 100;
        var account = new Account(this::sample);
        items = 1100;
        account.end();
        var stage = first(report(account, List.of()), "analysers");

        assertEquals(List.of("flow", List.of("cam"), Map.of("near", "2"), "NORMAL", "disabled", "no light"),
                List.of(stage.get("name"), stage.get("sources"), stage.get("parameters"), stage.get("class"),
                        stage.get("state"), stage.get("cause")));
        assertEquals(List.of(1100, 1098, 3, 2, 1, 7, 5, 2_000), List.of(stage.get("items"), stage.get("results"),
                stage.get("late"), stage.get("absent"), stage.get("overtaken"), stage.get("failures"),
                stage.get("misses"), stage.get("timePerItemNs")));
        assertEquals(List.of(40, 6), List.of(stage.get("trialItems"), stage.get("trialMisses")));
        assertEquals(24.0, stage.get("allocatedBytesPerItem"), "24000 bytes in the 1000 items that were measured");
        assertTrue((double) stage.get("cpuPercent") > 0);
        assertEquals(List.of(0, 0, 0), List.of(stage.get("warmItems"), stage.get("warmAbsent"),
                stage.get("warmMisses")));
        warm = new Warm(500, 3, 1, 200);
        stage = first(report(new Account(this::sample), List.of()), "analysers");
        assertEquals(List.of(0.0, 500, 3, 1), List.of(stage.get("allocatedBytesPerItem"), stage.get("warmItems"),
                stage.get("warmAbsent"), stage.get("warmMisses")), "what came before it was warm does not count");
    }

    @Test
    void shouldTellTheStateOfAStageBeforeItsDeviceWent() throws Exception {
        var account = new Account(this::sample);
        account.end();
        state = "waiting";

        assertEquals("disabled", first(report(account, List.of()), "analysers").get("state"));
    }

    @Test
    void shouldTellWhyAStageDoesNotRunAndNotBlameItsReader() {
        camera.publish(500);
        try (var own = camera.ring().reader("flow", Profile.EVERY, Start.OLDEST)) {
            camera.publish(100);
            var lease = own.next();
            camera.publish(100);
            assertFalse(lease.release(), "it was overtaken");
            camera.drain();

            assertEquals(List.of("reader reservoir of cam was too slow, lost items: "
                    + camera.reader().stats().overtaken(), "analyser flow of cam was too slow, lost items: "
                    + own.stats().overtaken(), "analyser flow of cam is disabled: no light"),
                    Findings.of(rings().values(), rings().values(), stages(), List.of()));
        }
    }

    private List<StageStats> stages() {
        return List.of(new StageStats("flow", List.of("cam"), Map.of("near", "2"), WorkClass.NORMAL, state,
                "no light", 1, items, items - 2, 3, 2, 1, 7, 5, items * 1_000, items * 2_000, 900_000, items * 24,
                warm, new Trial(true, 40, 6)));
    }

    private AnalysisJson analysis(Account account) {
        return new AnalysisJson(account.span(), stages(), List.of(camera.stats()));
    }

    private Sample sample() {
        return Sample.take(List.of(thread("a", true, items * 4 / 10), thread("b", true, items * 24),
                thread("c", false, items * 24)), rings(), stages());
    }

    private ThreadStats thread(String name, boolean media, long allocated) {
        return new ThreadStats(name, 1, false, WorkClass.NORMAL, media, "OTHER", "OTHER", 0, allocated, items, 0,
                false);
    }

    private static Swapped swapped(long gapNs, String reason) {
        return new Swapped("driver", Swapped.Outcome.ROLLED_BACK, gapNs, reason, List.of(), List.of(), List.of());
    }

    private Map<String, RingStats> rings() {
        return Map.of("cam", camera.stats());
    }

    private Map<String, Object> report(Account account, List<Swapped> swaps) throws Exception {
        return JSON.std.mapFrom(new ReportJson(account.span(), List.of(KnownSource.of(camera)), rings(),
                new ClocksJson(Map.of(), Map.of()), MEMORY, swaps, analysis(account),
                Findings.of(rings().values(), List.of(), List.of(), List.of())).text());
    }

    private Map<?, ?> clock(Map<String, ClockMap> maps) throws Exception {
        var account = new Account(this::sample);
        var json = new ReportJson(account.span(), List.of(KnownSource.of(camera)), rings(),
                new ClocksJson(maps, Map.of()), null, List.of(), analysis(account), List.of()).text();
        return (Map<?, ?>) first(JSON.std.mapFrom(json), "sources").get("clock");
    }

    /** The value at a path; of a list, its first entry. */
    private static Object at(Map<?, ?> tree, String path) {
        int dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        assertTrue(tree.containsKey(name), () -> "there is no " + name + " in " + tree);
        var value = tree.get(name);
        return dot < 0 ? value : at((Map<?, ?>) (value instanceof List<?> list ? list.getFirst() : value),
                path.substring(dot + 1));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> tree, String name) {
        return (List<Map<String, Object>>) tree.get(name);
    }

    private static Map<String, Object> first(Map<String, Object> tree, String name) {
        return list(tree, name).getFirst();
    }
}
