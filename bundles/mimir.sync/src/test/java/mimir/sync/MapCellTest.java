// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MapCellTest {
    private final MapCell cell = new MapCell();

    @Test
    void shouldHaveNoMapBeforeTheFirst() {
        assertThat(cell.present()).isFalse();
        assertThat(cell.snapshot("a", "m")).isNull();
    }

    @Test
    void shouldNeverShowHalfAMap() throws InterruptedException {
        var over = new AtomicBoolean();
        var torn = new AtomicInteger();
        cell.publish(0, 0, 0, 0, 1, 0);
        var reader = new Thread(() -> {
            while (!over.get()) {
                var map = cell.snapshot("a", "m");
                boolean whole = map.canonicalReferenceNs() == 3 * map.deviceReference()
                        && map.uncertaintyNs() == map.deviceReference();
                torn.addAndGet(whole && cell.canonicalNs(1000) >= 1000 ? 0 : 1);
            }
        });
        reader.start();
        for (int i = 0; i < 1_000_000; i++) {
            cell.publish(0, 0, i, 3L * i, i < 1000 ? 1 : 3, i);
        }
        over.set(true);
        reader.join();
        assertThat(torn).hasValue(0);
    }
}
