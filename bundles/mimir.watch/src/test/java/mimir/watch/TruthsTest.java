// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.sync.TruthReport;
import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.api.time.TruthSource;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.Logger;

/** Clock maps that are off by what a test says, against a truth that is one millisecond before. */
class TruthsTest {
    private static final long DELAY_NS = 1_000_000;
    private static final long PERIOD_NS = 200_000_000;
    private static final int EPOCH = 0; // of a descriptor that nobody has published

    private final List<String> logged = new ArrayList<>();
    private final Map<String, Looks> looks = new TreeMap<>();
    private final Truths truths = new Truths(looks, id -> id.charAt(0), logger());
    private final Descriptor item = new Descriptor();
    private ClockMap map;
    private final ClockMaps maps = id -> map;
    private long sequence;

    /** A device whose truth is known: an item every 200 ms. */
    private record Known(String id) implements TruthSource {
        @Override
        public long trueNs(int epoch, long sequence) {
            return epoch == EPOCH ? sequence * PERIOD_NS : UNKNOWN;
        }
    }

    private Looks looks(String id) {
        var of = looks.computeIfAbsent(id, Looks::new);
        of.truth(new Known(id));
        return of;
    }

    /** Looks at a source whose map is off. */
    private void look(String id, int times, long errorNs, long statedNs) {
        var of = looks(id);
        map = new ClockMap(id, EPOCH, 1, 0, DELAY_NS + errorNs, PERIOD_NS, statedNs, "test");
        for (int i = 0; i < times; i++) {
            sequence++;
            of.look(item.sequence(sequence).deviceTime(Descriptor.CLOCK_COUNTER, sequence), maps);
        }
    }

    private TruthReport report(String id) {
        return truths.judge().get(id);
    }

    @Test
    void shouldTellErrorsApartFromTheConstantDelay() {
        look("a1", 80, 0, 5_000);
        look("a1", 20, 8_000, 5_000);

        var report = report("a1");
        assertThat(report.delayNs()).isEqualTo(DELAY_NS);
        assertThat(report.samples()).isEqualTo(100);
        assertThat(report.insideShare()).isCloseTo(0.8, within(1e-9));
        assertThat(report.errorNs()).isEqualTo(8_000);
        assertThat(report.errorP95Ns()).isEqualTo(8_000);
        assertThat(report.statedNs()).isEqualTo(5_000);
        assertThat(report.alarm()).isNull();
        assertThat(truths.of("a1")).hasSize(100).last().isEqualTo(new TruthReport.Look(sequence * PERIOD_NS + DELAY_NS
                + 8_000, EPOCH, 1, 8_000, 5_000));
        assertThat(truths.of("nobody")).isEmpty();
    }

    /** What a grid hides from one device does not count as its delay, for the others of its kind know better. */
    @Test
    void shouldTakeTheDelayFromTheDevicesOfAKindThatAreSure() {
        look("a1", 50, 0, 1_000);
        look("a2", 50, 250_000, 333_000);
        look("b1", 50, 70_000, 1_000);

        assertThat(report("a2").errorNs()).isEqualTo(250_000);
        assertThat(report("a2").insideShare()).isEqualTo(1);
        assertThat(report("b1").delayNs()).isEqualTo(DELAY_NS + 70_000);
        assertThat(report("b1").errorNs()).isZero();
    }

    @Test
    void shouldRaiseAnAlarmOnceAndClearIt() {
        look("a1", 200, 0, 5_000);
        look("a2", 30, 400_000, 20_000);
        truths.judge();

        assertThat(report("a2").alarm()).isEqualTo("has a wrong clock map: off by 400 us where it states 20 us; "
                + "restart a2 begins it anew");
        assertThat(truths.alarms()).containsExactly("a2 " + report("a2").alarm());
        assertThat(report("a1").alarm()).isNull();

        look("a2", 60, 2_000, 5_000);
        assertThat(report("a2").alarm()).isNull();
        assertThat(truths.alarms()).isEmpty();
        assertThat(logged).containsExactly("{} {}", "{} has a right clock map again");
    }

    @Test
    void shouldLookAtNothingThatIsNotKnown() {
        var of = looks("a1");
        of.look(item.sequence(1).deviceTime(Descriptor.CLOCK_COUNTER, 1), null);
        of.look(item, maps);
        map = new ClockMap("a1", EPOCH + 1, 0, 0, 0, 1, 1, "of another epoch");
        of.look(item, maps);
        map = null;
        of.look(item, maps);
        of.look(item.deviceTime(Descriptor.CLOCK_NONE, 0), maps);
        new Looks("a2").look(item, maps);

        assertThat(of.taken()).isZero();
        assertThat(truths.judge()).isEmpty();
    }

    @Test
    void shouldKeepTheNewestInMemoryThatIsMadeOnce() {
        look("a1", 100, 50_000, 1_000);
        look("a1", Looks.MOST, 0, 1_000);
        assertThat(looks.get("a1").all()).hasSize(Looks.MOST - 1).extracting(Looks.Raw::errorNs)
                .containsOnly(DELAY_NS);

        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            least = Math.min(least, allocated());
        }
        assertThat(least).isLessThan(100 + 500);
    }

    /** By 500 looks, and a truth and a map to look at. */
    private long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        look("a1", 500, 0, 1_000);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> {
                    logged.add((String) arguments[0]);
                    return null;
                });
    }
}
