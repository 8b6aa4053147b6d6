// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Corners;
import mimir.api.analysis.types.Flow;
import mimir.api.analysis.types.Grey;
import mimir.api.analysis.types.Pose;
import org.junit.jupiter.api.Test;

/** The pose of what moves, whose truth is known: after a flow made by hand, and after the chain in C. Confined. */
class PoseStageTest {
    private static final Map<String, String> DEFAULTS = Map.of("distance", "10", "quality", "0.01", "least", "2");
    private static final float TURN = 0.05f;

    @Test
    void shouldTellPlaceAndTurnOfWhatMovesAlone() throws Exception {
        look((input, results) -> turningBar(results.attach(Flow.class), 2), pose -> {
            assertThat(pose.points()).isEqualTo(10);
            assertThat(pose.x()).isCloseTo(160, within(1e-3f));
            assertThat(pose.y()).isCloseTo(120, within(1e-3f));
            assertThat(pose.dx()).isCloseTo(3, within(1e-3f));
            assertThat(pose.dy()).isCloseTo(-5, within(1e-3f));
            assertThat(pose.turn()).isCloseTo(TURN, within(1e-5f));
            assertThat(pose.residual()).isCloseTo(0, within(1e-2f));
            assertThat(pose.axis()).isCloseTo(0.5f, within(1e-4f));
            assertThat(pose.length()).isCloseTo(28.72f, within(0.01f));
            assertThat(pose.breadth()).isCloseTo(0, within(1e-2f));
        });
    }

    /** Ten points of a line that lies at 0.5 rad now, and two that rest. */
    private static void turningBar(Flow flow, int apart) {
        flow.framesApart(apart);
        flow.count(12);
        for (int i = 0; i < 10; i++) {
            double along = 10 * (i - 4.5);
            double now = 0.5;
            double before = now - TURN * apart;
            flow.x(i, (float) (160 + along * Math.cos(now)));
            flow.y(i, (float) (120 + along * Math.sin(now)));
            flow.dx(i, (float) (3 + along * (Math.cos(now) - Math.cos(before)) / apart));
            flow.dy(i, (float) (-5 + along * (Math.sin(now) - Math.sin(before)) / apart));
        }
        flow.x(10, 300);
        flow.x(11, 20);
    }

    @Test
    void shouldSayNothingOfOnePointThatMoves() throws Exception {
        for (int count = 0; count < 2; count++) {
            int moving = count;
            look((input, results) -> {
                var flow = results.attach(Flow.class);
                flow.count(3);
                flow.framesApart(1);
                flow.dx(0, 9 * moving);
            }, pose -> {
                assertThat(pose.points()).isEqualTo(moving);
                assertThat(new float[] {pose.x(), pose.y(), pose.dx(), pose.dy(), pose.turn(), pose.residual(),
                    pose.axis(), pose.length(), pose.breadth()}).containsOnly(Float.NaN);
            });
        }
    }

    @Test
    void shouldTellThatItIsNotOneThingThatMoves() throws Exception {
        look((input, results) -> {
            var flow = results.attach(Flow.class);
            flow.count(4);
            flow.framesApart(1);
            for (int i = 0; i < 4; i++) {
                flow.x(i, 100 + 40 * (i & 1));
                flow.y(i, 100 + 40 * (i >> 1));
                flow.dx(i, i % 3 == 0 ? 6 : -6);
            }
        }, pose -> assertThat(pose.residual()).isGreaterThan(5));
    }

    private interface Expected {
        void of(Pose pose);
    }

    private static void look(Analyzer flow, Expected expected) throws Exception {
        try (var studio = new Studio(Studio.PICTURES, null);
                var bench = new Bench(Studio.PICTURES, DEFAULTS, List.of(flow, new PoseAnalyzer()))
                    .place(Flow.class, 0).place(Pose.class, 0);
                var lease = studio.square(1, 0, 0)) {
            bench.look(lease, 0);
            expected.of(bench.result(Pose.class));
        }
    }

    @Test
    void shouldFollowASquareThroughTheWholeChain() throws Exception {
        var library = new AnalysisLibrary(StagesLifeTest.LIBRARY, StagesLifeTest.silent());
        try (var studio = new Studio(Studio.PICTURES, null);
                var bench = new Bench(Studio.PICTURES, DEFAULTS, List.of(new GreyAnalyzer(library),
                    new CornersAnalyzer(library), new FlowAnalyzer(library), (input, results) -> {
                        if (input.attachment(Flow.class) != null) {
                            posing().analyze(input, results);
                        }
                    })).place(Grey.class, (long) Studio.WIDTH * Studio.HEIGHT).place(Corners.class, 0)
                    .place(Flow.class, 0).place(Pose.class, 0)) {
            for (int n = 1; n < 5; n++) {
                try (var lease = studio.square(n, 50 + 4 * n, 100 - 2 * n)) {
                    bench.look(lease, 0);
                }
            }
            var pose = bench.result(Pose.class);
            assertThat(pose.points()).isEqualTo(4);
            assertThat(pose.x()).isCloseTo(66 + 19.5f, within(0.2f));
            assertThat(pose.y()).isCloseTo(92 + 19.5f, within(0.2f));
            assertThat(pose.dx()).isCloseTo(4, within(0.1f));
            assertThat(pose.dy()).isCloseTo(-2, within(0.1f));
            assertThat(pose.turn()).isCloseTo(0, within(0.01f));
            assertThat(pose.residual()).isLessThan(0.1f);
        } finally {
            library.close();
        }
    }

    private static PoseAnalyzer posing() {
        var analyzer = new PoseAnalyzer();
        analyzer.begin(new Bench.At(Studio.PICTURES, DEFAULTS));
        return analyzer;
    }
}
