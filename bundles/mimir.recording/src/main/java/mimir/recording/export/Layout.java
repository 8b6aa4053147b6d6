// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.ring.Abi;
import mimir.ring.Item;

/**
 * How the items of one source and format stand in a file. A unit is a frame or a sample frame. Confined: one for each
 * file.
 */
sealed interface Layout permits WavLayout, Y4mLayout {
    /** End of the file's name. */
    String suffix();

    /** Units per second. */
    double rateHz();

    /** Bytes before the first unit. */
    long headBytes();

    /** Bytes of a unit. */
    long unitBytes();

    /** Units in an item. */
    long unitsOf(Item item);

    /** Writes the head. */
    void begin(Output out) throws IOException;

    /** Writes an item where it lies. */
    void write(Output out, Item item) throws IOException;

    /** Writes something in place of units that were lost: silence, or the frame before once more. */
    void fill(Output out, Item before, long units) throws IOException;

    /** Completes the file, which has this many units. */
    void end(Output out, long units) throws IOException;

    /** The layout for items like this one. Throws {@link BadInputException} when no file can hold them. */
    static Layout of(String source, Item item) {
        if (item.descriptor().payloadKind() != Abi.PAYLOAD_MEMORY) {
            throw new BadInputException("the items of " + source
                    + " do not lie in memory; export the other sources by name");
        }
        return item.format().code() == SampleFormat.F32_PLANAR.code()
                ? new WavLayout(source, item)
                : new Y4mLayout(source, pixelFormat(source, item), item);
    }

    private static PixelFormat pixelFormat(String source, Item item) {
        try {
            return PixelFormat.of(item.format().code());
        } catch (IllegalArgumentException unknown) {
            throw new BadInputException("source " + source + " has " + unknown.getMessage()
                    + "; export the other sources by name");
        }
    }
}
