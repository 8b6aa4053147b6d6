// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import mimir.api.time.TruthSource;
import mimir.ring.HostClock;
import mimir.ring.Ring;

/**
 * When an emulated camera took its frames. One stream is one epoch, and its frames are equally far apart; which frames
 * it did not send makes no difference to the others. An epoch is known from the first question after its start on.
 * Thread-safe.
 */
final class TwinTruth implements TruthSource {
    private static final int EPOCHS = 1 << 10;

    private final String id;
    private final Ring ring;
    private final Function<Place, Optional<TwinNative.Stream>> twin;
    private final AtomicReferenceArray<Begun> known = new AtomicReferenceArray<>(EPOCHS);
    private volatile Place place;

    private record Begun(int epoch, TwinNative.Stream stream) {
    }

    /** @param twin what runs at a place now */
    TwinTruth(String id, Ring ring, Function<Place, Optional<TwinNative.Stream>> twin) {
        this.id = id;
        this.ring = ring;
        this.twin = twin;
    }

    /** Where its camera is from now on; null: nowhere. */
    void at(Place now) {
        place = now;
    }

    /** Its camera streams: remembers that before it is pulled out again. */
    void begun() {
        begun(ring.stats().epoch());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long trueNs(int epoch, long sequence) {
        var begun = begun(epoch);
        if (begun == null || sequence < 0) {
            return UNKNOWN;
        }
        long trueNs = begun.stream.firstNs() + sequence * begun.stream.periodNs();
        return trueNs <= HostClock.nowNs() ? trueNs : UNKNOWN;
    }

    private Begun begun(int epoch) {
        var begun = known.get(Math.floorMod(epoch, EPOCHS));
        return begun != null && begun.epoch == epoch ? begun : look(epoch);
    }

    private Begun look(int epoch) {
        var where = place;
        if (where == null || epoch != ring.stats().epoch()) {
            return null;
        }
        var stream = twin.apply(where);
        if (stream.isEmpty() || epoch != ring.stats().epoch()) {
            return null;
        }
        var begun = new Begun(epoch, stream.get());
        known.set(Math.floorMod(epoch, EPOCHS), begun);
        return begun;
    }
}
