// SPDX-License-Identifier: Apache-2.0
package mimir.api.recording;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.reservoir.Missing;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes windows of the reservoir as files that other people's tools open, while capture goes on, one export at a time.
 * Thread-safe; blocks. An interrupt gives an export up.
 */
@ProviderType
public interface Exporter {
    /**
     * Exports the last {@code lastNs} of some sources: frames as Y4M, audio as WAV (RF64 when long), one file per
     * source and epoch. Files are written under temporary names and appear under their own only when they are complete;
     * a failure leaves nothing behind. What was asked for and is not there any more, or never was, is told by reason.
     *
     * @param sources identities; empty for all that the reservoir holds
     * @param lastNs length of the window, ns, ending now
     * @param folder where to; made when it is missing
     * @param progress told one line now and then when it takes longer than two seconds, on the caller's thread
     * @return what was written, in order
     * @throws mimir.api.BadInputException for an unknown source, an empty window or a folder that cannot be made
     * @throws java.io.UncheckedIOException when the disk refuses; the message is one sentence
     * @throws java.util.concurrent.CancellationException when it was given up; the message is one sentence
     */
    List<Exported> export(List<String> sources, long lastNs, Path folder, Consumer<String> progress);

    /**
     * Exports a {@linkplain mimir.api.reservoir.Windows window} in the same way, once it is complete, and releases it;
     * an export that fails leaves it for another one.
     *
     * @param window its name
     * @param sources identities; empty for all that the window holds
     * @throws mimir.api.BadInputException also when no such window is kept
     */
    List<Exported> exportWindow(String window, List<String> sources, Path folder, Consumer<String> progress);

    /** Gives up the export that runs; it takes its files away. False when none runs. Does not block. */
    boolean cancel();

    /**
     * One file, or a source that is in no file because nothing is there of what it sent. Immutable.
     *
     * @param source whose items
     * @param file where; null when there is none
     * @param items frames or sample frames in it
     * @param seconds length by its own rate
     * @param bytes size of the file
     * @param missing items that were asked for and are not in it, nor in another one. To a file belongs the time up to
     * the next one of its source; to the first also what was asked for before it, to the last what comes after it
     * @param why the same by reason
     */
    record Exported(String source, Path file, long items, double seconds, long bytes, long missing, Missing why) {
        /** Nothing is missing but what the source lost. */
        public Exported(String source, Path file, long items, double seconds, long bytes, long missing) {
            this(source, file, items, seconds, bytes, missing, new Missing(0, 0, 0, 0, missing));
        }
    }
}
