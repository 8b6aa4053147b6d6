// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import mimir.api.media.AudioView;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The samples of an audio source between two instants, in place and sample-exact: one run after the other, each within
 * a block or a gap, so that frames of runs and gaps add up to the time that passed. Two windows of which one begins
 * where the other ends share no sample and leave none out, as long as both use the same clock map.
 *
 * <p>The time of a sample is that of the source's clock map, when it has one for its epoch; else the block's host time
 * says when its last sample had come, and the nominal rate tells the others. Inside an epoch the device's own count of
 * samples says what is missing. Confined; allocates nothing per run; nothing blocks.
 *
 * <pre>{@code
 * var runs = reservoir.samples("sim.audio.1", fromNs, toNs);
 * while (runs.next()) {
 *     if (!runs.isGap()) {
 *         MemorySegment samples = runs.block().samples(channel, runs.first(), (int) runs.frames());
 *         ... read, then ask runs.block().item().intact() ...
 *     }
 * }
 * }</pre>
 */
@ProviderType
public interface SampleRuns {
    /** Goes on to the next run or gap; false at the end of the window or of what is there now. */
    boolean next();

    /** True when the samples of this run are missing: lost, evicted, or of no epoch. */
    boolean isGap();

    /** The block that the run lies in; of a gap the block that follows it. Valid until {@link #next}. */
    AudioView block();

    /** First sample frame of the run in the block, from 0. */
    int first();

    /**
     * Sample frames of the run. Of a gap, how many are missing; between epochs as many as fit into the time, which may
     * be none.
     */
    long frames();

    /** Of a gap: true when the device counted what is missing, false when it follows from the time that passed. */
    boolean isExact();

    /** Canonical time of the first sample frame, ns. */
    long fromNs();

    /** Canonical time at which the last sample frame ends, ns; of a gap that of the first one that is there again. */
    long toNs();

    /**
     * Half width of the interval that holds 95 % of the true errors of these times, ns. Without a clock map it is
     * stated, not measured: the length of a block, and 20 ms.
     */
    long uncertaintyNs();
}
