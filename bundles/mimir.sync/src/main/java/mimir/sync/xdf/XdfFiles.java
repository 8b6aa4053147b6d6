// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.sync.RecordedClock;
import mimir.api.sync.RecordedClocks;
import org.osgi.service.component.annotations.Component;

/** Recordings as the shell and automation see them. Thread-safe. */
@Component
public final class XdfFiles implements RecordedClocks {
    @Override
    public List<RecordedClock> read(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInputException(file + " cannot be read as a file; give a recording, such as session.xdf");
        }
        try {
            return XdfRecording.read(file).streams().stream().map(XdfFiles::clock).toList();
        } catch (XdfException malformed) {
            throw new BadInputException(file + " is no sound XDF: " + malformed.getMessage());
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read (" + refused.getMessage() + "); copy it again");
        }
    }

    private static RecordedClock clock(XdfStream stream) {
        return new RecordedClock(stream.id(), stream.name(), stream.type(), stream.channels(), stream.nominalHz(),
                stream.samples(), stream.outliers(), stream.pieces().stream().map(piece -> new RecordedClock.Piece(
                        piece.fromS(), piece.untilS(), piece.measurements(), piece.offsetS(), piece.driftPpm(),
                        piece.uncertaintyS(), piece.measuredS(), piece.residualS())).toList(),
                stream.resets().stream().map(reset -> new RecordedClock.Reset(reset.afterS(), reset.beforeS(),
                        reset.jumpS())).toList());
    }
}
