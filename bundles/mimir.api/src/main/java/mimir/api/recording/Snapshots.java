// SPDX-License-Identifier: Apache-2.0
package mimir.api.recording;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Single frames as pictures. Thread-safe; control threads. */
@ProviderType
public interface Snapshots {
    /**
     * Writes the newest frame of a source as PNG, in RGB or grey. The frame is copied out of its ring once; capture
     * does not notice. The file appears when it is whole, in the place of a former one, or not at all. Blocks: waits up
     * to two seconds for a first frame, then codes and writes.
     *
     * @param source id of the source
     * @param file to be written; its name ends in .png and its folder exists
     * @throws mimir.api.BadInputException for a source that is not there or sends no frames, or a name that cannot be
     * @throws IllegalStateException when no frame came
     * @throws java.io.UncheckedIOException when the disk refuses; one sentence
     */
    Snapshot take(String source, Path file);

    /**
     * A frame on disk. Immutable.
     *
     * @param source id of the source
     * @param file where it is
     * @param epoch epoch of the frame
     * @param sequence its number at the device
     * @param width pixels
     * @param height pixels
     * @param bytes of the file
     */
    record Snapshot(String source, Path file, int epoch, long sequence, int width, int height, long bytes) {
    }
}
