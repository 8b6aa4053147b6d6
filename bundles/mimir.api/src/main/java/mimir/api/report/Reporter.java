// SPDX-License-Identifier: Apache-2.0
package mimir.api.report;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Keeps the account of a run; the report's fields are documented in docs/report.md. Thread-safe. */
@ProviderType
public interface Reporter {
    /**
     * Begins the account anew: processor time and allocation are measured from {@code warmup} after this call on. Does
     * not block.
     */
    void begin(Duration warmup);

    /**
     * Ends the measurement of processor time, rates and allocation; counters of items go on until the report is made.
     * Does not block.
     */
    void end();

    /**
     * The report as JSON, version 1.0. Waits up to two seconds until readers have drained what was published before the
     * call.
     */
    String json();

    /**
     * What is wrong with the run so far, one sentence each: loss, torn items, wrong checksums, broken conservation,
     * and the {@link #alarms}. Empty when all is well.
     */
    List<String> findings();

    /**
     * Sources that should deliver and do not, in order of their ids: a device that cannot run, whose driver is away, or
     * that has been silent for two seconds and for 20 of its periods. One that somebody stopped is not among them.
     * Empty when all is well. Does not block.
     */
    List<Alarm> alarms();
}
