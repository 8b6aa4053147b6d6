// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentState;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million attachments, looks and overtakings at once: no result is torn, and none is another item's. */
@Tag("thorough")
@Timeout(120)
class ResultStressTest {
    private static final int OPERATIONS = 1_000_000;
    private static final int READERS = 3;
    private static final long TAIL = 4096; // few slots, so that readers are overtaken all the time

    private final Lab lab = new Lab().camera("cam");
    private final AtomicLong newest = new AtomicLong(-1);
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong found = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();
    private final Descriptor item = new Descriptor();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldNeverShowATornOrForeignResult() throws InterruptedException {
        var made = new Declaration.Made(Blink.class, AttachmentLayout.of(Blink.class));
        var home = lab.results.home("cam", made.layout(), "");
        var format = ResultDescriptor.format(made.layout(), TAIL);
        var owner = lab.rings.open(new RingSpec(home.identity, Abi.ITEM_RESULT, 60_000, 32 * TAIL, format,
                RingSpec.Writer.NATIVE), "test");
        home.opened(owner.ring(), new Progress());
        lab.results.changed();
        var outputs = new Outputs(List.of(new Output(made, home, owner, TAIL, false)));
        var threads = new ArrayList<Thread>();
        for (int reader = 0; reader < READERS; reader++) {
            int seed = reader;
            threads.add(Thread.ofPlatform().start(() -> read(seed)));
        }
        write(outputs);
        for (var thread : threads) {
            thread.join();
        }
        outputs.close();

        assertThat(foreign).hasValue(0);
        assertThat(found.get()).isPositive();
        lab.note("%d operations: %d results found whole, %d overtaken while they were read", operations.get(),
                found.get(), overtaken.get());
    }

    /** Every third item has no result, and sequences leave holes. */
    private void write(Outputs outputs) {
        var random = new Random(7);
        long key = 0;
        while (operations.get() < OPERATIONS) {
            key += 1 + random.nextInt(3) / 2;
            outputs.begin();
            var blink = outputs.attach(Blink.class, TAIL);
            blink.value(key);
            blink.first((int) ~key);
            if (random.nextInt(3) == 0) {
                outputs.abort();
            } else {
                outputs.commit(item.sequence(key), false, key, false);
            }
            newest.setRelease(key);
            operations.incrementAndGet();
        }
        done.set(true);
    }

    private void read(int seed) {
        var random = new Random(seed);
        try (var blinks = lab.results.open("cam", Blink.class, Map.of())) {
            while (!done.get()) {
                long wanted = Math.max(0, newest.getAcquire() - random.nextInt(40_000));
                var state = blinks.look(0, wanted);
                if (state == AttachmentState.PRESENT) {
                    check(blinks, wanted);
                } else if (random.nextInt(4) == 0 && blinks.next()) {
                    check(blinks, blinks.sequence());
                }
                operations.incrementAndGet();
            }
        }
    }

    private void check(ResultReader<Blink> blinks, long wanted) {
        boolean right = blinks.sequence() == wanted && blinks.get().value() == wanted
                && blinks.get().first() == (int) ~wanted && blinks.completedNs() == wanted;
        if (!blinks.intact()) {
            overtaken.incrementAndGet();
        } else if (right) {
            found.incrementAndGet();
        } else {
            foreign.incrementAndGet();
        }
    }
}
