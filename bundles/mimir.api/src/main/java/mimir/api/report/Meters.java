// SPDX-License-Identifier: Apache-2.0
package mimir.api.report;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** How loud sources are. Thread-safe; control threads; allocates, and reads the ring of the source in place. */
@ProviderType
public interface Meters {
    /**
     * Levels of the newest 100 ms that the ring of an audio source holds, one for each channel; empty when it holds
     * none.
     *
     * @param source id of the source
     * @throws mimir.api.BadInputException when there is no such source, or it sends no sound
     */
    List<Level> levels(String source);

    /**
     * Level of one channel, relative to full scale: 0 dBFS is a square wave between -1 and 1, a sine of the same height
     * has an RMS of -3.01. Immutable.
     *
     * @param channel from 1
     * @param peakDbfs largest sample, dBFS; negative infinity for silence
     * @param rmsDbfs root of the mean square, dBFS; negative infinity for silence
     * @param frames sample frames that were looked at
     * @param ageNs time since the newest of them arrived, ns
     */
    record Level(int channel, double peakDbfs, double rmsDbfs, long frames, long ageNs) {
    }
}
