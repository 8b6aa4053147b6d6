// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * One bundle that was brought in, or should have been. Immutable.
 *
 * @param at when it was over
 * @param bundle symbolic name of the host; the name of the file where nobody could say which bundle it is
 * @param outcome what came of it
 * @param files its jars, host and fragments
 * @param reason one sentence when it does not run as given, null otherwise
 */
public record Deployed(Instant at, String bundle, Outcome outcome, List<Path> files, String reason) {

    /** Lists are copied. */
    public Deployed {
        files = List.copyOf(files);
    }

    /** What came of it. */
    public enum Outcome {
        /** It was not there before, and runs. */
        INSTALLED,
        /** It replaced the bytes of a bundle that ran. */
        SWAPPED,
        /** The same bytes run already. */
        UNCHANGED,
        /** It may not or cannot come in; nothing was touched. */
        REFUSED,
        /** It did not run, and what ran before runs again. */
        ROLLED_BACK,
        /** It does not run, nor does what ran before. */
        FAILED
    }
}
