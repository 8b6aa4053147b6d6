// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.RingSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an item costs: no byte of the heap, and of time what is printed. */
class StageCostTest {
    private static final int WARM_UP = 60_000;
    private static final int ITEMS = 20_000;
    private static final int BATCH = 32;
    private static final int BATCHES = 10_000;

    private final ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Lab lab = new Lab().camera("cam").camera("other").microphone("mic");
    private final Lab.Publisher cam = lab.writer("cam");
    private final Lab.Publisher other = lab.writer("other");

    private final Descriptor item = new Descriptor();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldAllocateNothingPerItem() {
        lab.offer("blink", Lab::blinker);
        lab.offer("sum", Profile.LATEST, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> to.attach(Sum.class).value(input.frame().attachment(Blink.class).value()));
        lab.offer("pair", Profile.EVERY, Lab.BUDGET_NS, List.of("frame", "frame"), List.of(Sum.class), List.of(),
                () -> (input, to) -> to.attach(Sum.class).value(input.missed()));
        lab.attach("sum", "cam").attach("pair", "other", "cam");
        var sums = lab.results.reader("cam", Sum.class);
        int unread = items(sums, WARM_UP, 0);
        long before = beans.getCurrentThreadAllocatedBytes();
        unread += items(sums, ITEMS, WARM_UP);
        long allocated = beans.getCurrentThreadAllocatedBytes() - before;

        assertThat(unread).isZero();
        assertThat(lab.stage("pair").results()).isEqualTo(WARM_UP + ITEMS);
        assertThat(allocated / ITEMS).as("bytes an item, of %d in all", allocated).isZero();
    }

    /** Publishes, lets three stages look, and reads; returns how many results were not there. */
    private int items(AttachmentReader<Sum> sums, int count, long first) {
        int unread = 0;
        for (int i = 0; i < count; i++) {
            long now = HostClock.nowNs();
            other.publish(now);
            cam.publish(now);
            lab.nudgeAll(now);
            unread += sums.look(1, first + i) == AttachmentState.PRESENT && sums.get().value() == first + i ? 0 : 1;
        }
        return unread;
    }

    @Test
    void shouldTellWhatAttachingAndReadingCosts() {
        var made = new Declaration.Made(Blink.class, AttachmentLayout.of(Blink.class));
        var home = lab.results.home("cam", made.layout(), "");
        var format = ResultDescriptor.format(made.layout(), 0);
        var owner = lab.rings.open(new RingSpec(home.identity, Abi.ITEM_RESULT, 60, format.payloadBytes(), format,
                RingSpec.Writer.NATIVE), "test");
        home.opened(owner.ring(), new Progress());
        lab.results.changed();
        var outputs = new Outputs(List.of(new Output(made, home, owner, 0, false)));
        var blinks = lab.blinks("cam");
        var attach = new long[BATCHES];
        var read = new long[BATCHES];
        long wrong = 0;
        for (int batch = 0; batch < 6 * BATCHES; batch++) {
            long first = (long) batch * BATCH;
            long t0 = System.nanoTime();
            attach(outputs, first, t0);
            long t1 = System.nanoTime();
            wrong += BATCH - read(blinks, first);
            long t2 = System.nanoTime();
            attach[batch % BATCHES] = t1 - t0;
            read[batch % BATCHES] = t2 - t1;
        }
        Arrays.sort(attach);
        Arrays.sort(read);
        outputs.close();

        assertThat(wrong).isZero();
        lab.note("attach and commit %.1f ns, find and read %.1f ns (medians of batches of %d)",
                attach[BATCHES / 2] / (double) BATCH, read[BATCHES / 2] / (double) BATCH, BATCH);
        assertThat((attach[BATCHES / 2] + read[BATCHES / 2]) / BATCH).as("ns, on a machine that may be busy")
                .isLessThan(5_000);
    }

    private void attach(Outputs outputs, long first, long nowNs) {
        for (int i = 0; i < BATCH; i++) {
            item.sequence(first + i);
            outputs.begin();
            var blink = outputs.attach(Blink.class);
            blink.value(first + i);
            blink.first(i);
            outputs.commit(item, false, nowNs, false);
        }
    }

    private int read(ResultReader<Blink> blinks, long first) {
        int right = 0;
        for (int i = 0; i < BATCH; i++) {
            boolean there = blinks.look(0, first + i) == AttachmentState.PRESENT;
            var blink = blinks.get();
            right += there && blink.value() == first + i && blink.first() == i && blinks.intact() ? 1 : 0;
        }
        return right;
    }
}
