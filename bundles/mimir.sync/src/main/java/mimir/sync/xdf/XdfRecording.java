// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An XDF 1.0 file of the Lab Streaming Layer, every stream mapped to the recorder's clock by Mimir's estimator.
 * Immutable.
 *
 * @param streams in the order of their headers
 */
public record XdfRecording(List<XdfStream> streams) {
    public XdfRecording {
        streams = List.copyOf(streams);
    }

    /**
     * Reads a file from front to back; blocks. Keeps some 100 bytes for a measurement of a clock, nothing for a sample.
     *
     * @throws XdfException if it is no XDF: one sentence with the byte at which that shows
     * @throws IOException if it cannot be read
     */
    public static XdfRecording read(Path file) throws IOException {
        var streams = new ArrayList<XdfStream>();
        XdfReader.read(file).forEach((id, track) -> streams.add(new XdfClock(id, track).map()));
        return new XdfRecording(streams);
    }
}
