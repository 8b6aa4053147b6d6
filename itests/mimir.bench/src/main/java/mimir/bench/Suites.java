// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.stream.Stream;
import mimir.bench.analysis.AnalysisSuite;
import mimir.bench.calls.Jmh;
import mimir.bench.driver.DriverSuite;
import mimir.bench.frames.FramesSuite;
import mimir.bench.fromc.FromCSuite;
import mimir.bench.handoff.HandoffSuite;
import mimir.bench.hostile.HostileSuite;
import mimir.bench.ingest.IngestSuite;
import mimir.bench.ipc.IpcSuite;
import mimir.bench.publish.PublishSuite;
import mimir.bench.routing.RoutingSuite;
import mimir.bench.wake.WakeSuite;

/** Everything that can be measured. Immutable. */
public final class Suites {
    private static final List<Case> ALL = Stream.of(HandoffSuite.cases(), WakeSuite.cases(),
            IpcSuite.cases(), FromCSuite.cases(),
            FramesSuite.cases(), IngestSuite.cases(), PublishSuite.cases(), AnalysisSuite.cases(), HostileSuite.cases(),
            DriverSuite.cases(), RoutingSuite.cases(), Jmh.cases()).flatMap(List::stream).toList();

    private Suites() {
    }

    /** Names of the suites, in the order of a whole run. */
    public static List<String> names() {
        return ALL.stream().map(Case::suite).distinct().toList();
    }

    /** The trials of a suite, or of all when {@code suite} is null. */
    public static List<Case> of(String suite) {
        return ALL.stream().filter(each -> suite == null || each.suite().equals(suite)).toList();
    }

    /** One trial. */
    public static Case find(String suite, String name) {
        return of(suite).stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() ->
                new BadUseException("there is no trial " + suite + "/" + name));
    }
}
