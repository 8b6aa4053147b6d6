// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import mimir.api.sync.SyncReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clocks of made-up devices in real rings, with workers that a test turns. */
class ClocksTest {
    private static final int CHUNK = 100;

    private final HandWorkers workers = new HandWorkers();
    private final Clocks clocks = new Clocks(workers);
    private final List<Device> devices = new ArrayList<>();

    @AfterEach
    void close() {
        clocks.close();
        devices.forEach(Device::close);
    }

    private Device device(String id) {
        var device = new Device(id);
        devices.add(device);
        clocks.addSource(device);
        return device;
    }

    private void run(Device device, double seconds) {
        for (int left = (int) (seconds * 750); left > 0; left -= CHUNK) {
            device.publish(Math.min(CHUNK, left));
            workers.turn("sync");
            workers.turn("sync-maps");
        }
    }

    private SyncReport newest(String id) {
        return clocks.reports().stream().filter(report -> report.map().sourceId().equals(id)).findFirst()
                .orElseThrow();
    }

    @Test
    void shouldMapAClockAndTellWhatThatIsKnownFrom() {
        run(device("mic"), 20);

        var report = newest("mic");
        assertThat(clocks.of("mic")).isEqualTo(report.map());
        assertThat(report.driftPpm()).isCloseTo(30, within(1.0));
        assertThat(report.map().uncertaintyNs()).isBetween(100L, 30_000L);
        assertThat(report.map().canonicalNs(14_000 * Device.BLOCK)).isCloseTo(Device.trueNs(14_000) + Device.DELAY_NS,
                within(30_000L));
        assertThat(report.observations()).isBetween(14_000L, 15_000L);
        assertThat(report.residuals().meanNs()).isBetween(20_000L, 80_000L);
        assertThat(report.residuals().mostNs()).isGreaterThan(report.residuals().meanNs());
        assertThat(clocks.history("mic")).last().isEqualTo(report);
    }

    @Test
    void shouldBeginASegmentAtAStepAndAnOffsetAtAnEpoch() {
        var mic = device("mic");
        run(mic, 10);
        mic.lose(20_000_000);
        run(mic, 5);
        assertThat(newest("mic").map().segment()).isEqualTo(1);
        assertThat(newest("mic").map().canonicalNs(0)).isCloseTo(Device.trueNs(15) + Device.DELAY_NS, within(100_000L));

        mic.begin();
        run(mic, 5);
        assertThat(newest("mic").map().epoch()).isEqualTo(2);
        assertThat(newest("mic").map().segment()).isZero();
        assertThat(clocks.history("mic")).extracting(report -> report.map().epoch()).isSorted().contains(1, 2);
        var lines = clocks.history("mic").stream().map(report -> report.map().epoch() + "/" + report.map().segment());
        assertThat(lines.distinct()).containsExactly("1/0", "1/1", "2/0");
    }

    /** The same items again, as from a recording, give the same reports, bit by bit. */
    @Test
    void shouldFindTheSameAgain() {
        run(device("one"), 10);
        run(device("two"), 10);

        assertThat(unnamed("one")).hasSizeGreaterThan(20).isEqualTo(unnamed("two"));
    }

    private List<String> unnamed(String id) {
        return clocks.history(id).stream().map(report -> report.toString().replace("sourceId=" + id, "")).toList();
    }

    @Test
    void shouldKnowNothingOfADeviceThatTellsNoTime() {
        run(device("mute").silent(), 2);

        assertThat(clocks.of("mute")).isNull();
        assertThat(clocks.of("nobody")).isNull();
        assertThat(clocks.reports()).isEmpty();
        assertThat(clocks.history("mute")).isEmpty();
    }

    @Test
    void shouldKeepTheNewestReportsOnlyAndLeaveOutWhatWasOverwritten() {
        var mic = device("mic");
        var course = new Course(new SourceClock(mic.ring(), mic.format()));
        for (int row = 0; row < Course.MOST + 2; row++) {
            tell(course, row);
            course.take();
        }
        assertThat(course.all()).hasSize(Course.MOST).first().extracting(SyncReport::atNs).isEqualTo(2L);

        for (int row = 0; row < Trace.ROWS + 5; row++) {
            tell(course, -row);
        }
        course.take();
        assertThat(course.all()).filteredOn(report -> report.atNs() < 0).hasSize(Trace.ROWS - 1)
                .first().extracting(SyncReport::atNs).isEqualTo(-6L);
        course.clock().close();
    }

    private static void tell(Course course, long atNs) {
        course.clock().trace().set(SourceClock.CANONICAL_NS, atNs);
        course.clock().trace().next();
    }

    @Test
    void shouldAllocateNothingForAnObservation() {
        var mic = device("mic");
        run(mic, 40);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var clock = new SourceClock(mic.ring(), mic.format());
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 40; round++) {
            mic.publish(500);
            long before = threads.getCurrentThreadAllocatedBytes();
            int items = clock.read();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(items).isGreaterThanOrEqualTo(500);
        }
        clock.close();

        assertThat(least).isLessThan(50); // what the measurement itself may take
    }

    @Test
    void shouldLetAnybodyEvaluateAMapWithoutAnAllocation() {
        var mic = device("mic");
        run(mic, 2);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int time = 0; time < 1000; time++) {
                sum += clocks.of("mic").canonicalNs(time);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(least).isLessThan(50);
        assertThat(sum).isPositive();
    }
}
