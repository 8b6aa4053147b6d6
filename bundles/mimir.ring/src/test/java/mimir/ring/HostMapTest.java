// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times by the clocks of other hosts, which come and go with the incarnations of a source. */
class HostMapTest {
    private static final long S = 1_000_000_000L;
    private static final long NEAR = S; // who is kept waiting by the machine is not far off yet
    private static final long CLOCK_A = 1;
    private static final long CLOCK_B = 2;
    private static final long AHEAD_A = 5_000 * S;
    private static final long AHEAD_B = -3_000 * S;

    private final RingStore store = new RingStore(Map.of());

    @AfterEach
    void giveBack() {
        store.close();
    }

    @Test
    void shouldForgetTheMapOfAClockWhenItsSourceComesBackWithAnother() {
        try (var owner = open(CLOCK_A, 64)) {
            owner.ring().hostMap(CLOCK_A, mapOf(AHEAD_A));
        }
        try (var owner = open(CLOCK_B, 64); var reader = reader(owner, Start.NOW)) {
            commit(owner, AHEAD_B, 0);

            assertThat(reader.next().descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs(), within(NEAR));
            assertThat(owner.ring().stats().lastCommitNs()).isCloseTo(HostClock.nowNs(), within(NEAR));
        }
    }

    @Test
    void shouldKeepTheMapOfAClockForARegionThatIsMadeAnew() {
        try (var owner = open(CLOCK_A, 64)) {
            owner.ring().hostMap(CLOCK_A, mapOf(AHEAD_A));
        }
        try (var owner = open(CLOCK_A, 4096); var reader = reader(owner, Start.NOW)) {
            commit(owner, AHEAD_A, 7 * S);

            assertThat(reader.next().descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs() - 7 * S, within(NEAR));
        }
    }

    @Test
    void shouldReadWhatIsLeftOfTheFormerClockByThatOne() {
        RingReader reader;
        try (var owner = open(CLOCK_A, 64)) {
            reader = reader(owner, Start.NOW);
            owner.ring().hostMap(CLOCK_A, mapOf(AHEAD_A));
            commit(owner, AHEAD_A, 7 * S);
        }
        try (reader; var owner = open(CLOCK_B, 64)) {
            owner.ring().hostMap(CLOCK_B, mapOf(AHEAD_B));
            owner.ring().hostMap(CLOCK_A, mapOf(0)); // told too late: it is nobody's clock now
            commit(owner, AHEAD_B, 3 * S);

            var lease = reader.next();
            assertThat(lease.hostClockId()).isEqualTo(CLOCK_A);
            assertThat(lease.descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs() - 7 * S, within(NEAR));
            lease.release();
            lease = reader.next();
            assertThat(lease.hostClockId()).isEqualTo(CLOCK_B);
            assertThat(lease.descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs() - 3 * S, within(NEAR));
        }
    }

    @Test
    void shouldNotTakeAnOldItemForOneOfJustNow() {
        try (var owner = open(CLOCK_A, 64); var reader = reader(owner, Start.OLDEST)) {
            commit(owner, AHEAD_A, 2 * S);
            assertThat(owner.ring().stats().lastCommitNs()).as("nobody knows yet").isPositive();
            commit(owner, AHEAD_A, 0);

            var lease = reader.next();
            assertThat(lease.descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs() - 2 * S, within(NEAR));
            lease.release();
            assertThat(reader.next().descriptor().hostTimeNs()).isCloseTo(HostClock.nowNs(), within(NEAR));
        }
    }

    private RingOwner open(long clock, long payloadBytes) {
        return store.open(Fixture.spec("other", payloadBytes).onHostClock(clock), "test");
    }

    private static RingReader reader(RingOwner owner, Start start) {
        return owner.ring().reader("test", Profile.EVERY, start);
    }

    private static HostMap mapOf(long aheadNs) {
        long now = HostClock.nowNs();
        return new HostMap(now + aheadNs, now, 1);
    }

    /** An item that was taken so long ago, by a clock that is ahead of this one. */
    private static void commit(RingOwner owner, long aheadNs, long agoNs) {
        var writer = owner.writer();
        writer.claim();
        writer.descriptor().hostTimeNs(HostClock.nowNs() - agoNs + aheadNs).shape(1, 16, 16, 64);
        writer.commit();
    }
}
