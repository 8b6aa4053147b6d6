// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import mimir.api.report.Alarm;
import mimir.api.report.Reporter;
import mimir.api.rig.Rigs;
import mimir.api.work.Worker;

/** A platform that does nothing and writes down what it was asked for. Confined. */
final class Diary {
    private final List<String> lines = new ArrayList<>();
    private boolean refusing;
    private boolean forgetful;

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns null, which is what a command of Gogo without a result returns. */
    Object write(String line) {
        lines.add(line);
        return null;
    }

    void refuseSources() {
        refusing = true;
    }

    /** As an engine does that began anew. */
    void forgetRig() {
        forgetful = true;
    }

    Rigs rigs() {
        return new Rigs() {
            @Override
            public List<String> names() {
                return List.of();
            }

            @Override
            public Rig load(String nameOrFile, Map<String, String> variables) {
                write("load " + nameOrFile + " " + variables);
                return new Rig(nameOrFile, List.of("cam.1"));
            }

            @Override
            public void awaitSources(Duration atMost) {
                write("await");
                if (refusing) {
                    throw new IllegalStateException("cam.1 did not come");
                }
            }

            @Override
            public Optional<Rig> current() {
                return forgetful ? Optional.empty() : Optional.of(new Rig("tiny", List.of("cam.1")));
            }

            @Override
            public void unload(Duration atMost) {
                write("unload");
            }
        };
    }

    Reporter reporter() {
        return new Reporter() {
            @Override
            public void begin(Duration warmup) {
                write("begin " + warmup.toMillis() + " ms");
            }

            @Override
            public void end() {
                write("end");
            }

            @Override
            public String json() {
                write("json");
                return "{\"schema\":\"mimir.report\"}";
            }

            @Override
            public List<String> findings() {
                write("findings");
                return List.of();
            }

            @Override
            public List<Alarm> alarms() {
                return List.of();
            }
        };
    }

    Worker worker() {
        return new Worker() {
            @Override
            public String name() {
                return "shell";
            }

            @Override
            public boolean stopping() {
                return false;
            }

            @Override
            public void count(long items) {
                write("count " + items);
            }

            @Override
            public void pause(long ns) {
                LockSupport.parkNanos(ns);
            }

            @Override
            public void wake() {
                write("wake");
            }

            @Override
            public boolean stop(Duration atMost) {
                return true;
            }
        };
    }
}
