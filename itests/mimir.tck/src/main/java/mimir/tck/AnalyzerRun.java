// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import mimir.api.analysis.Attachment;

/** What an analyser did on the bench. Immutable. */
public final class AnalyzerRun {
    private final List<Outcome.Key> published;
    private final List<Outcome> outcomes;
    private final Watch watch;
    private final String cause;

    AnalyzerRun(List<Outcome.Key> published, List<Outcome> outcomes, Watch watch, String cause) {
        this.published = List.copyOf(published);
        this.outcomes = List.copyOf(outcomes);
        this.watch = watch;
        this.cause = cause;
    }

    /** Items that its first source published; lost ones are not among them. */
    public int items() {
        return published.size();
    }

    /** All results of a type, in order; copies that stay. */
    public <T extends Attachment> List<T> results(Class<T> type) {
        return outcomes.stream().filter(outcome -> outcome.type() == type).map(outcome -> type.cast(outcome.value()))
                .toList();
    }

    /**
     * The result of one item.
     *
     * @param item number among those that were published, from 0
     * @return null when it has none
     */
    public <T extends Attachment> T result(Class<T> type, int item) {
        var key = published.get(Objects.checkIndex(item, published.size()));
        return outcomes.stream().filter(outcome -> outcome.type() == type && outcome.key().equals(key)).findFirst()
                .map(outcome -> type.cast(outcome.value())).orElse(null);
    }

    /**
     * Published items that it did not look at to the end: passed over, or failed. One to which it chose to attach
     * nothing is not among them, as in the account of the platform; {@link #results} tells how many have a result.
     */
    public int absent() {
        return (int) published.stream().filter(key -> !watch.answered(key)).count();
    }

    /** What it threw, in order; after five in a row it is disabled, as in the platform. */
    public List<Throwable> failures() {
        return watch.failures().stream().map(Watch.Failure::thrown).toList();
    }

    /** Why it was disabled, as the shell would say it; empty when it was not. */
    public String cause() {
        return cause;
    }

    /** Bytes that it allocates on the Java heap for an item, once it is warm. */
    public long bytesPerItem() {
        return watch.bytesPerItem();
    }

    /** Time that it takes for an item, once it is warm: half of the items take less. */
    public Duration timePerItem() {
        return Duration.ofNanos(watch.nsPerItem());
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    List<Outcome.Key> published() {
        return published;
    }

    Watch watch() {
        return watch;
    }
}
