// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Workers that start nothing: tests do the work step by step. Immutable. */
final class IdleWorkers implements Workers {
    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        return new Worker() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean stopping() {
                return false;
            }

            @Override
            public void count(long items) {
                // nobody asks
            }

            @Override
            public void pause(long ns) {
                throw new AssertionError("nobody runs here");
            }

            @Override
            public void wake() {
                // nobody sleeps
            }

            @Override
            public boolean stop(Duration atMost) {
                return true;
            }
        };
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        throw new AssertionError("nobody is adopted here");
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }
}
