// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Workers that go round once when a test turns them. Confined to the thread of a test. */
final class HandWorkers implements Workers {
    private final Map<String, Hand> hands = new HashMap<>();

    void turn(String name) {
        hands.get(name).turn();
    }

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        var hand = new Hand(name, task);
        hands.put(name, hand);
        return hand;
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        return () -> { };
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }

    private static final class Hand implements Worker {
        private final String name;
        private final Task task;
        private boolean paused;

        Hand(String name, Task task) {
            this.name = name;
            this.task = task;
        }

        void turn() {
            paused = false;
            try {
                task.run(this);
            } catch (Exception failure) {
                throw new AssertionError(name + " failed", failure);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean stopping() {
            return paused;
        }

        @Override
        public void count(long items) {
            // the accounts of threads are the engine's
        }

        @Override
        public void pause(long ns) {
            paused = true;
        }

        @Override
        public void wake() {
            // the test turns whom it wants to see
        }

        @Override
        public boolean stop(Duration atMost) {
            return true;
        }
    }
}
