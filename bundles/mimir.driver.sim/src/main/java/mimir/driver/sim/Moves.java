// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.time.Duration;
import java.util.function.Consumer;
import mimir.api.source.DeviceIdentity;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.RingOwner;

/**
 * Follows a device that is plugged in again at other ports: each time is an epoch of its ring. Only devices whose
 * scenario moves them have one. Single-writer: its worker.
 */
final class Moves {
    private static final long LOOK_NS = 20_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Scenario scenario;
    private final RingOwner owner;
    private final Consumer<DeviceIdentity> tell;
    private Worker worker;

    Moves(Scenario scenario, RingOwner owner, Consumer<DeviceIdentity> tell) {
        this.scenario = scenario;
        this.owner = owner;
        this.tell = tell;
    }

    void begin(Workers workers) {
        worker = workers.start("ports " + owner.ring().identity(), WorkClass.LOW, false, this::follow);
    }

    private void follow(Worker self) {
        var told = scenario.identity();
        int last = scenario.ports().size();
        for (int replugs = 0; replugs < last && !self.stopping();) {
            self.pause(LOOK_NS);
            replugs = owner.ring().stats().epoch() - owner.epoch();
            var now = scenario.identity(replugs);
            if (!now.equals(told) && !self.stopping()) {
                tell.accept(now);
                told = now;
            }
        }
    }

    /** Waits until it tells no more. */
    void end() {
        worker.stop(PATIENCE);
    }
}
