// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import mimir.api.sync.SyncReports;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReports;
import mimir.api.time.ClockMaps;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** A source whose times are by another host's clock, such as a helper's that reads QPC. */
@Timeout(60)
class OtherHostTest extends RingsTest {
    private static final String ID = "other.host";
    private static final int LOOKS = 30;            // five a second
    private static final double USUAL = 0.7;        // of the first six seconds
    private static final double WELL_NS = 1e6;      // beside builds on both processors
    private static final long MS = 1_000_000;
    private static final long NEAR_NS = 5_000 * MS; // the other clock is years away; a reader may be kept waiting

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    ClockMaps maps;
    @InjectService(timeout = 10_000)
    SyncReports reports;
    @InjectService(timeout = 10_000)
    TruthReports truths;

    @Test
    void shouldGiveEverybodyCanonicalTime() {
        try (var device = new OtherHostDevice(rings, ID)) {
            var registrations = device.start(context);
            try {
                Platform.await(() -> truths.looks(ID).size() > LOOKS && truth().insideShare() > USUAL,
                        () -> truths.truths() + " " + reports.reports());
                assertMap();
                assertHostTimes(device);
            } finally {
                registrations.forEach(registration -> registration.unregister());
            }
        }
    }

    private void assertMap() {
        var truth = truth();
        assertThat(truth.alarm()).isNull();
        assertThat(Math.abs((double) truth.errorNs())).as(truth.toString()).isLessThan(WELL_NS);
        assertThat(truth.delayNs()).as("a block and a little").isBetween(2 * MS, 4 * MS);
        var report = reports.history(ID).getLast();
        assertThat(report.evidence()).contains("another host");
        assertThat(report.driftPpm()).isCloseTo((OtherHostDevice.DEVICE_RATE - 1) * 1e6, within(20.0));
        Platform.await(() -> reports.history(ID).getLast().map().equals(maps.of(ID)), // two more in any second
                () -> maps.of(ID) + " is not the map of " + reports.history(ID).getLast());
    }

    private TruthReport truth() {
        return truths.truths().stream().filter(one -> one.source().equals(ID)).findFirst().orElseThrow();
    }

    /** Any reader sees when an item arrived by the clock of this host; only who asks for it sees the writer's. */
    private static void assertHostTimes(OtherHostDevice device) {
        assertThat(device.ring().hostClockId()).isEqualTo(OtherHostDevice.CLOCK).isNotEqualTo(HostClock.id());
        assertThat(device.ring().stats().lastCommitNs()).isCloseTo(HostClock.nowNs(), within(NEAR_NS));
        try (var reader = device.ring().reader("itest", Profile.EVERY, Start.NOW)) {
            long before = 0;
            for (int item = 0; item < 50;) {
                reader.await(MS);
                var lease = reader.next();
                if (lease != null) {
                    long hereNs = lease.descriptor().hostTimeNs();
                    assertThat(hereNs).isGreaterThan(before).isCloseTo(HostClock.nowNs(), within(NEAR_NS));
                    assertThat(lease.writerHostNs()).isGreaterThan(1L << 57);
                    before = hereNs;
                    lease.release();
                    item++;
                }
            }
        }
    }
}
