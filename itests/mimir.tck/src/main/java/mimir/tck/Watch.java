// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mimir.engine.analysis.Declaration;
import mimir.ring.Item;

/** What is seen of one analyser during one run. Single-writer: the thread of the bench. */
final class Watch {
    private static final int WINDOWS = 8;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    final boolean guarded;
    private final Declaration declaration;
    private final long[] bytes;
    private final long[] times;
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> undeclared = new ArrayList<>();
    private final Set<Outcome.Key> answered = new HashSet<>();
    private String occasion = "";
    private int calls;
    private long bytesBefore;
    private long before;

    /** An exception: at which call, and what was special about it. */
    record Failure(int call, String occasion, Throwable thrown) {
    }

    private Watch(Declaration declaration, int items, boolean guarded) {
        this.declaration = declaration;
        this.bytes = new long[items];
        this.times = new long[items];
        this.guarded = guarded;
    }

    /** The analyser gets what it would get in the platform, and its calls are measured. */
    static Watch measuring(Declaration declaration, int items) {
        return new Watch(declaration, items, false);
    }

    /** It gets copies that end with each call, so that whoever keeps one is found out. */
    static Watch guarding(Declaration declaration, int items) {
        return new Watch(declaration, items, true);
    }

    /** What is special about the next item, for sentences. */
    void occasion(String now) {
        occasion = now;
    }

    void enter() {
        bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        before = System.nanoTime();
    }

    void leave() {
        long time = System.nanoTime() - before;
        if (calls < bytes.length) {
            times[calls] = time;
            bytes[calls] = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        }
        calls++;
    }

    /** It has looked at an item of the first source to the end; null: there was none in the set. */
    void answers(Item item) {
        if (item != null) {
            answered.add(new Outcome.Key(item.descriptor().epoch(), item.descriptor().sequence()));
        }
    }

    boolean answered(Outcome.Key key) {
        return answered.contains(key);
    }

    void failed(Throwable thrown) {
        failures.add(new Failure(calls, occasion, thrown));
    }

    void keeps(String what) {
        if (!kept.contains(what)) {
            kept.add(what);
        }
    }

    /** The attacher refused a type. */
    void refused(Class<?> type) {
        boolean declares = declaration.outputs().stream().anyMatch(made -> made.type() == type);
        if (!declares && !undeclared.contains(type.getName())) {
            undeclared.add(type.getName());
        }
    }

    int calls() {
        return calls;
    }

    List<Failure> failures() {
        return failures;
    }

    List<String> kept() {
        return kept;
    }

    List<String> undeclared() {
        return undeclared;
    }

    private int measured() {
        return Math.min(calls, bytes.length);
    }

    /** The median of some stretches: what the virtual machine allocates once while it compiles is nobody's. */
    long bytesPerItem() {
        int first = measured() / 2;
        int length = Math.max(1, (measured() - first) / WINDOWS);
        var means = new ArrayList<Long>();
        for (int from = first; from + length <= measured(); from += length) {
            means.add((Arrays.stream(bytes, from, from + length).sum() + length - 1) / length);
        }
        return median(means.stream().mapToLong(Long::longValue).toArray());
    }

    long nsPerItem() {
        return median(Arrays.copyOfRange(times, measured() / 2, measured()));
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values.length == 0 ? 0 : values[(values.length - 1) / 2];
    }
}
