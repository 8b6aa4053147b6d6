// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Clocks of recordings that others made, mapped again. Thread-safe; control threads. */
@ProviderType
public interface RecordedClocks {
    /**
     * The streams of an XDF 1.0 file of the Lab Streaming Layer, in the order of their headers. Reads the file from
     * front to back: blocks and allocates.
     *
     * @throws mimir.api.BadInputException when it cannot be read or is no XDF: one sentence, with the byte at which
     * that shows
     */
    List<RecordedClock> read(Path file);
}
