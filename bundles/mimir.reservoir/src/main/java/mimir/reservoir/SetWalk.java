// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.List;
import mimir.api.reservoir.ItemSets;
import mimir.ring.Item;

/** Walks several sources side by side, each by its own clock. Confined; allocates nothing per set. */
final class SetWalk implements ItemSets {
    private final SetSource[] sources;
    private final ReservoirLog log;
    private final long toleranceNs;
    private boolean there; // a set that next() gave out
    private boolean jumped;
    private long instantNs;

    /** @param tracks of the sources, in the order of the sets */
    SetWalk(ReservoirLog log, List<SourceTrack> tracks, Clocks clocks, long fromNs, long toNs, long toleranceNs) {
        this.log = log;
        this.toleranceNs = toleranceNs;
        this.sources = tracks.stream().map(track -> new SetSource(log, track, clocks.of(track.id), fromNs, toNs))
                .toArray(SetSource[]::new);
    }

    @Override
    public boolean at(long ns) {
        finish();
        boolean any = false;
        for (var source : sources) {
            source.chosen = source.nearest(ns);
            any |= source.chosen;
        }
        instantNs = ns;
        jumped = true;
        return any;
    }

    /** The set that was given out is over. */
    private void finish() {
        for (var source : sources) {
            if (there && source.chosen) {
                source.done();
            }
            source.chosen = false;
        }
        there = false;
    }

    @Override
    public boolean next() {
        finish();
        for (var source : sources) {
            if (jumped) {
                source.rewind();
            }
        }
        jumped = false;
        var earliest = earliest();
        if (earliest == null) {
            return false;
        }
        long until = earliest.timeNs + toleranceNs;
        for (var source : sources) {
            if (!source.there && !source.isPast(until, log)) {
                return false;
            }
        }
        for (var source : sources) {
            source.chosen = source.there && source.timeNs <= until;
        }
        instantNs = earliest.timeNs;
        there = true;
        return true;
    }

    private SetSource earliest() {
        SetSource earliest = null;
        for (var source : sources) {
            if (source.fill() && (earliest == null || source.timeNs < earliest.timeNs)) {
                earliest = source;
            }
        }
        return earliest;
    }

    @Override
    public long instantNs() {
        return instantNs;
    }

    @Override
    public int sources() {
        return sources.length;
    }

    @Override
    public String source(int index) {
        return sources[index].id();
    }

    @Override
    public Item item(int index) {
        return sources[index].chosen ? sources[index].item() : null;
    }

    @Override
    public long errorNs(int index) {
        return sources[index].timeNs - instantNs;
    }

    @Override
    public long uncertaintyNs(int index) {
        return sources[index].uncertaintyNs();
    }

    @Override
    public long overtaken() {
        long all = 0;
        for (var source : sources) {
            all += source.overtaken();
        }
        return all;
    }
}
